"""Value and rate of return of cash flows."""

from __future__ import annotations

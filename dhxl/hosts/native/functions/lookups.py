"""Looking values up."""

from __future__ import annotations

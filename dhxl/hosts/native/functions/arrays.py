"""Arrays made, sorted, filtered and cut."""

from __future__ import annotations

"""Sums and counts over a table with headers."""

from __future__ import annotations

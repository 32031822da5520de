"""Dates and times."""

from __future__ import annotations

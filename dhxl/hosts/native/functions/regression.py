"""Trends and correlation."""

from __future__ import annotations

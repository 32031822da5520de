"""Sums and counts of what meets a criterion."""

from __future__ import annotations

"""Totals that leave out hidden rows and other totals."""

from __future__ import annotations

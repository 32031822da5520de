"""Depreciation."""

from __future__ import annotations

"""Bonds and bills."""

from __future__ import annotations

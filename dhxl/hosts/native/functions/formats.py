"""Numbers as texts."""

from __future__ import annotations

"""Mean, spread, order and distributions."""

from __future__ import annotations

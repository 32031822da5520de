"""Units of measure, number systems and other functions of engineers."""

from __future__ import annotations

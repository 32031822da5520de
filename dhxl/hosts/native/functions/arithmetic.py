"""Powers, logarithms, whole numbers and combinations."""

from __future__ import annotations

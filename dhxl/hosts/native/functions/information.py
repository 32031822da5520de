"""What kind of value or cell there is."""

from __future__ import annotations

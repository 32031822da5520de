"""Expected values as a source shows them."""

from __future__ import annotations

import pytest


def published(text: str) -> object:
    """Return what equals each number that a source would show with these digits."""
    decimals = len(text.partition(".")[2])
    return pytest.approx(float(text), abs=0.5001 * 10.0**-decimals, rel=0)


def exactly(value: float) -> object:
    """Return what equals a number to the digits that Excel compares."""
    return pytest.approx(value, rel=1e-14, abs=1e-300)

"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DHXL_COMPILE", "1")  # before dhxl is imported: the tests prove the compiled dispatch

from tests.libreoffice import libreoffice

__all__ = ["libreoffice", "reference", "reference_series"]

REPOSITORY = Path(__file__).parents[1]
SERIES = REPOSITORY.parent / "shared" / "reference" / "series"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], dict[str, Any]]:
    """Return a reader of the reference values in tests/reference."""

    def read(name: str) -> dict[str, Any]:
        with (REPOSITORY / "tests" / "reference" / f"{name}.toml").open("rb") as file:
            return tomllib.load(file)

    return read


@pytest.fixture(scope="session")
def reference_series() -> Callable[[str], Path]:
    """Return a finder of measured series that may be read but not shipped; skips where they are absent."""

    def find(name: str) -> Path:
        path = SERIES / name
        if not path.exists():
            pytest.skip(f"{name} is not on this machine")
        return path

    return find

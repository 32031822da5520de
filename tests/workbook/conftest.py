"""The shipped workbook, calculated once for all tests of its finance model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from tests.shipped import BOOK


class _Indexed(Model):
    """A workbook that looks each of its names up once: these tests read some 30,000."""

    def __init__(self, package: Package, **settings: Any) -> None:
        super().__init__(package, **settings)
        self._places: dict[str, Reference] = {}

    def reference(self, name: str) -> Reference:
        if name not in self._places:
            self._places[name] = super().reference(name)
        return self._places[name]


@pytest.fixture(scope="session")
def financed() -> Iterator[Model]:
    """The shipped workbook with all functions; a test that changes it puts it back."""
    with _Indexed.open(BOOK) as model:
        model.calculate()
        yield model

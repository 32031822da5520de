"""Which input cells the formulas of a workbook make a result rest on, read from their text alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from dhxl.workbook.lint.parts import taken_apart
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package

_STATE = "engine_live"
_Place = tuple[str, int, int]
_Node = Reference | _Place


class FormulaGraph:
    """The references of all formulas of a workbook; a condition counts as if both of its branches were read.

    ``inputs`` are single cells, by the names that the answers use. The name ``engine_live``, which stands before every
    call of a function, counts for nothing: inputs only trigger it, and it says the same whatever they are.
    """

    def __init__(self, package: Package, inputs: Mapping[str, Reference]) -> None:
        self._package = package
        self._inputs = list(inputs)
        self._bits = {_place(place): 1 << number for number, place in enumerate(inputs.values())}
        self._found: dict[_Node, int] = {}

    def inputs_of(self, place: Reference) -> frozenset[str]:
        """Return the inputs from which a chain of formulas leads to a cell."""
        self._follow(_place(place))
        mask = self._found[_place(place)]
        return frozenset(name for number, name in enumerate(self._inputs) if mask >> number & 1)

    def _follow(self, start: _Node) -> None:
        waiting: list[tuple[_Node, bool]] = [(start, False)]
        while waiting:
            node, ready = waiting.pop()
            if node in self._found:
                continue
            sources = self._sources(node)
            if ready or not sources:
                mask = 0 if isinstance(node, Reference) else self._bits.get(node, 0)
                for source in sources:
                    mask |= self._found[source]
                self._found[node] = mask
            else:
                waiting.append((node, True))
                waiting += [(source, False) for source in sources if source not in self._found]

    def _sources(self, node: _Node) -> list[_Node]:
        if isinstance(node, Reference):
            return list(self._within(node))
        sheet, row, col = node
        anchor = self._package.cells(sheet).children.get((row, col), (row, col))
        cell = self._package.cells(sheet).cells.get(anchor)
        return list(self._referred(sheet, cell.formula)) if cell and cell.formula else []

    def _within(self, area: Reference) -> Iterator[_Node]:
        known = self._known[area.sheet]
        places = area.cells() if area.rows * area.columns <= len(known) else iter(known)
        for row, col in places:
            inside = area.first_row <= row <= area.last_row and area.first_col <= col <= area.last_col
            if inside and (row, col) in known:
                yield (area.sheet, row, col)

    def _referred(self, sheet: str, formula: str) -> Iterator[Reference]:
        parts = taken_apart(formula)
        for name in {use.name.casefold() for use in parts.names}:
            if name in self._names and name != _STATE:
                yield self._names[name]
        for area in parts.areas:
            yield Reference(area.sheet or sheet, *area.corners)

    @cached_property
    def _names(self) -> dict[str, Reference]:
        found = ((name.name.casefold(), name.reference) for name in self._package.names if name.sheet is None)
        return {name: place for name, place in found if place}

    @cached_property
    def _known(self) -> dict[str, set[tuple[int, int]]]:
        """Return the cells of each sheet that are an input or hold a formula."""
        found = {}
        for sheet in (entry.name for entry in self._package.sheets if entry.kind == "worksheet"):
            cells = self._package.cells(sheet)
            formulas = (at for at, cell in cells.cells.items() if cell.formula is not None)
            found[sheet] = {*formulas, *cells.children, *((row, col) for on, row, col in self._bits if on == sheet)}
        return found


def _place(reference: Reference) -> _Place:
    return (reference.sheet, reference.first_row, reference.first_col)


def cells_of(place: Reference) -> Iterable[Reference]:
    """Return each cell of a range."""
    return [Reference(place.sheet, row, col, row, col) for row, col in place.cells()]

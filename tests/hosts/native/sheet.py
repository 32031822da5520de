"""A sheet of a few cells on which formulas are calculated by dhxl's own rules, without the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dhxl.functions.cells import CellError
from dhxl.hosts.native import syntax
from dhxl.hosts.native.evaluate import Env, Leaf, compiled, result
from dhxl.hosts.native.library import Here
from dhxl.hosts.native.lowering import Scope, lowered
from dhxl.hosts.native.values import Grid, Scalar
from dhxl.workbook.names import cell_position

Cells = Mapping[str, object]
Answer = float | str | bool | None | list[list[object]]


@dataclass
class Facts:
    """What functions ask of the workbook."""

    date1904: bool = False
    path: str = "/towns/[Town.xlsx]"
    hidden: frozenset[int] = frozenset()
    filtered: frozenset[int] = frozenset()
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def moment(self) -> datetime:
        return datetime(2026, 3, 5, 12, 0)

    def is_hidden(self, _sheet: str, row: int) -> bool:
        return row in self.hidden or row in self.filtered

    def is_filtered(self, _sheet: str, row: int) -> bool:
        return row in self.filtered

    def formula(self, _sheet: str, row: int, col: int) -> str | None:
        return self.formulas.get((row, col))

    def sheet_number(self, sheet: str) -> int | None:
        return 1 if sheet == "S" else None

    def sheet_count(self) -> int:
        return 1


def value_of(
    formula: str,
    cells: Cells | None = None,
    at: str = "Z100",
    *,
    array: bool = False,
    names: Mapping[str, str] | None = None,
    facts: Facts | None = None,
) -> Answer:
    """Return what a formula gives: an error value as its code, an array as rows.

    Parameters
    ----------
    formula : str
        As typed, with ``=``.
    cells : mapping of str to value, optional
        The sheet's cells by address: numbers, texts, booleans; ``"#N/A"`` and the like are error values.
    at : str
        The cell that holds the formula.
    array : bool
        Whether it is an array formula.
    names : mapping of str to str, optional
        Defined names and their texts.
    facts : Facts, optional
        What functions ask of the workbook.
    """
    stored = {cell_position(address): _scalar(value) for address, value in (cells or {}).items()}
    row, col = cell_position(at)
    texts = {name.casefold(): text for name, text in (names or {}).items()}
    scope = Scope("S", row, col, lambda name, _sheet: texts.get(name.casefold()), lambda _place: None)
    node = lowered(syntax.parsed(formula.removeprefix("=")), scope, array=array).node
    leaves: dict[syntax.Node, Leaf] = {}
    arguments: list[Scalar | Grid] = []
    for place in _cells_in(node):
        if place not in leaves:
            leaves[place] = Leaf(len(arguments), place)
            arguments.append(_filled(stored, place))
    env = Env(arguments, Here("S", row, col, facts or Facts()))
    value = result(compiled(node, leaves, top=not array), env)
    if isinstance(value, Grid):
        return [[_shown(one) for one in line] for line in value.rows]
    return 0.0 if value is None else _shown(value)


def _scalar(value: object) -> Scalar:
    if isinstance(value, str) and value.startswith("#"):
        return CellError(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[return-value]


def _shown(value: object) -> object:
    return value.code if isinstance(value, CellError) else value


def _filled(stored: Mapping[tuple[int, int], Scalar], place: syntax.Cells) -> Scalar | Grid:
    if place.single:
        return stored.get((place.first_row, place.first_col))
    last_row = min(place.last_row, max((row for row, _ in stored), default=1))
    last_col = min(place.last_col, max((col for _, col in stored), default=1))
    rows = range(place.first_row, max(last_row, place.first_row) + 1)
    cols = range(place.first_col, max(last_col, place.first_col) + 1)
    return Grid([[stored.get((row, col)) for col in cols] for row in rows])


def _cells_in(node: syntax.Node) -> Iterator[syntax.Cells]:
    if isinstance(node, syntax.Cells):
        yield node
    elif isinstance(node, syntax.Call):
        for one in node.arguments:
            yield from _cells_in(one)
    elif isinstance(node, syntax.Union):
        for one in node.parts:
            yield from _cells_in(one)
    elif isinstance(node, syntax.Binary):
        yield from _cells_in(node.first)
        yield from _cells_in(node.second)
    elif isinstance(node, (syntax.Unary, syntax.Percent)):
        yield from _cells_in(node.operand)

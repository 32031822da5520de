"""Trees made ready for one cell: names resolved, and ranges reduced to the one cell that a place wants.

Outside array formulas, a range that stands where one value is wanted means its cell in the formula's own row or column
(implicit intersection). Array formulas, and the arguments of functions such as SUMPRODUCT, take whole ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from dhxl.hosts.native import syntax
from dhxl.hosts.native.library import LIBRARY
from dhxl.workbook.formulas import shifted
from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, Reference, column_letters, quoted_sheet

__all__ = ["Lowered", "Scope", "kind_of", "lowered"]

_DEEPEST: Final = 20  # names that stand for names
# Kinds of the arguments of what is compiled specially; "=" passes on what is wanted of the call itself.
_SPECIAL: Final = {"IF": "V=", "CHOOSE": "V=", "IFERROR": "VV", "IFNA": "VV", "IFS": "V=", "SWITCH": "VV=", "LET": "="}
_BESIDE: Final = ("SUMIF", "AVERAGEIF")  # of the third argument the first cell counts, the first gives its size
# Of these a range gives several values in array formulas only: =SUM(ROW(A5:A9)) is 5.
_FIRST_OF_RANGE: Final = ("ROW", "COLUMN")
_FORCED_SINGLE: Final = ("IF", "CHOOSE")  # of these the first argument is one value even within SUMPRODUCT


@dataclass(frozen=True, slots=True)
class Scope:
    """What a formula's names and references are read by.

    ``name`` returns the text of a defined name as seen from a sheet (name, sheet that qualifies it or the formula's
    own), None where there is none; ``array`` the cells of the array formula that begins in a cell, if any.
    """

    sheet: str
    row: int
    col: int
    name: Callable[[str, str], str | None]
    array: Callable[[Reference], Reference | None]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A tree for one cell.

    ``positional`` tells that it does not hold for another cell with the same formula, moved; ``changed`` that it is
    another tree than the formula's own text; ``unknown`` are the names that do not exist.
    """

    node: syntax.Node
    positional: bool
    changed: bool
    unknown: tuple[str, ...]


def lowered(node: syntax.Node, scope: Scope, *, array: bool) -> Lowered:
    """Return a formula's tree for a cell.

    Parameters
    ----------
    node : Node
        The tree as parsed.
    scope : Scope
        The cell and what its workbook defines.
    array : bool
        Whether it is an array formula.
    """
    work = _Work(scope)
    new = work.lower(node, "R" if array else "V", array=array, forced=False)
    return Lowered(new, work.positional, work.changed, tuple(dict.fromkeys(work.unknown)))


def kind_of(call: syntax.Call, index: int) -> str:
    """Return which kind of argument a function takes in a place, empty where it is not known."""
    kinds = _SPECIAL.get(call.name)
    if kinds:
        return kinds[min(index, len(kinds) - 1)]
    of = LIBRARY.get(call.name)
    if of is None:
        return ""
    if call.name == "CELL" and index == 1:
        first = call.arguments[0]
        about = str(first.value).lower() if isinstance(first, syntax.Constant) else ""
        return "R" if about in ("contents", "type", "") else "P"
    return of.kind(index)


class _Work:
    """One tree on its way down."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.positional = False
        self.changed = False
        self.unknown: list[str] = []
        self.depth = 0
        self.bound: list[str] = []

    def lower(self, node: syntax.Node, wanted: str, *, array: bool, forced: bool) -> syntax.Node:
        """Return a node; ``wanted`` is V for one value, R for anything; ``forced`` tells of a SUMPRODUCT around it."""
        if isinstance(node, syntax.Cells):
            return self.cells(node) if wanted == "R" or array else self.one(node)
        if isinstance(node, syntax.Name):
            return self.named(node, wanted, array=array, forced=forced)
        if isinstance(node, syntax.Call):
            return self.call(node, wanted, array=array, forced=forced)
        if isinstance(node, (syntax.Unary, syntax.Percent)):
            return replace(node, operand=self.lower(node.operand, "V", array=array, forced=forced))
        if isinstance(node, syntax.At):
            self.changed = True
            return self.lower(node.operand, "V", array=False, forced=False)
        if isinstance(node, syntax.Spill):
            return self.lower(self.spilled(node), wanted, array=array, forced=forced)
        if isinstance(node, syntax.RangeOf):
            return self.ranged(node, wanted, array=array)
        if isinstance(node, syntax.Union):
            return self.union(node, wanted, array=array)
        if isinstance(node, syntax.Binary):
            if node.sign == " ":
                return self.common(node, wanted, array=array, forced=forced)
            first, rest = syntax.spine(node)
            first = self.lower(first, "V", array=array, forced=forced)
            lowered_rest = [(sign, self.lower(one, "V", array=array, forced=forced)) for sign, one in rest]
            return syntax.operations(first, lowered_rest)
        return node

    def cells(self, node: syntax.Cells) -> syntax.Cells:
        """Return cells as they are, their sheet filled in."""
        return node if node.sheet else replace(node, sheet=self.scope.sheet)

    def one(self, node: syntax.Cells) -> syntax.Node:
        """Return the cell of a range in the formula's own row or column."""
        node = self.cells(node)
        if node.single:
            return node
        self.changed = True
        row, col = self.scope.row, self.scope.col
        if node.first_col == node.last_col and node.first_row <= row <= node.last_row:
            self.positional |= (node.first_row, node.last_row) != (1, LAST_ROW)
            return _cell(node.sheet, row, node.first_col, f"${column_letters(node.first_col)}{row}")
        if node.first_row == node.last_row and node.first_col <= col <= node.last_col:
            self.positional |= (node.first_col, node.last_col) != (1, LAST_COLUMN)
            return _cell(node.sheet, node.first_row, col, f"{column_letters(col)}${node.first_row}")
        self.positional = True
        if node.first_row == node.last_row and node.first_col == node.last_col:
            return replace(node, single=True)
        return syntax.ErrorConstant("#VALUE!")

    def named(self, node: syntax.Name, wanted: str, *, array: bool, forced: bool) -> syntax.Node:
        """Return what a name stands for."""
        if not node.sheet and node.name.casefold() in self.bound:
            return node
        text = self.scope.name(node.name, node.sheet or self.scope.sheet)
        if text is None:
            self.unknown.append(node.name)
            return syntax.ErrorConstant("#NAME?")
        if "#REF!" in text:
            self.changed = True
            return syntax.ErrorConstant("#REF!")
        if self.depth > _DEEPEST:
            raise syntax.SyntaxFault(f"the name {node.name} stands for itself")
        moved = shifted(text, self.scope.row - 1, self.scope.col - 1)
        if shifted(text, 1, 1) != text:  # it means other cells in each cell, which only dhxl follows
            self.positional = self.changed = True
        self.changed |= bool(node.sheet) or self.scope.name(node.name, "") != text
        self.depth += 1
        tree = syntax.parsed(moved)
        self.changed |= not isinstance(tree, syntax.Cells)
        found = self.lower(tree, wanted, array=array, forced=forced)
        self.depth -= 1
        return found

    def call(self, node: syntax.Call, wanted: str, *, array: bool, forced: bool) -> syntax.Node:
        """Return a call with its arguments made ready, each for what its place takes."""
        if node.name in ("SINGLE", "ANCHORARRAY") and len(node.arguments) == 1:
            inner = node.arguments[0]
            return self.lower(
                syntax.At(inner) if node.name == "SINGLE" else syntax.Spill(inner), wanted, array=array, forced=forced
            )
        bound = len(self.bound)
        arguments: list[syntax.Node] = []
        for index, one in enumerate(node.arguments):
            names = node.name == "LET" and index % 2 == 0 and index < len(node.arguments) - 1
            if names and isinstance(one, syntax.Name):
                arguments.append(one)
                continue
            if node.name == "LAMBDA" and index < len(node.arguments) - 1 and isinstance(one, syntax.Name):
                arguments.append(one)
                self.bound.append(one.name.casefold())
                continue
            kind = kind_of(node, index)
            over, forced_here = array, forced
            if kind == "A":
                over, forced_here = True, forced or not array
            elif forced and index == 0 and node.name in _FORCED_SINGLE:
                over = False
            needs = wanted if kind == "=" else "R" if kind in ("R", "A", "P", "") else "V"
            arguments.append(self.lower(one, needs, array=over, forced=forced_here))
            if node.name == "LET" and index % 2 == 1 and isinstance(arguments[index - 1], syntax.Name):
                name = arguments[index - 1]
                assert isinstance(name, syntax.Name)
                self.bound.append(name.name.casefold())
        del self.bound[bound:]
        if node.name in _BESIDE and len(arguments) == 3:
            arguments[2] = self.beside(arguments[2], arguments[0])
        if node.name in _FIRST_OF_RANGE and arguments and not array:
            arguments[0] = self.first(arguments[0])
        return syntax.Call(node.name, tuple(arguments))

    def first(self, node: syntax.Node) -> syntax.Node:
        """Return the first cell of a range."""
        if not isinstance(node, syntax.Cells) or node.single:
            return node
        self.changed = True
        return _area(node.sheet, (node.first_row, node.first_col, node.first_row, node.first_col))

    def beside(self, target: syntax.Node, cells: syntax.Node) -> syntax.Node:
        """Return the range that begins where the target begins and is as large as other cells."""
        if not (isinstance(target, syntax.Cells) and isinstance(cells, syntax.Cells)):
            return target
        last_row = min(LAST_ROW, target.first_row + cells.last_row - cells.first_row)
        last_col = min(LAST_COLUMN, target.first_col + cells.last_col - cells.first_col)
        if (last_row, last_col) == (target.last_row, target.last_col):
            return target
        self.changed = self.positional = True
        return _area(target.sheet, (target.first_row, target.first_col, last_row, last_col))

    def spilled(self, node: syntax.Spill) -> syntax.Node:
        """Return the cells of the array that begins in a cell."""
        anchor = self.lower(node.anchor, "R", array=True, forced=False)
        self.changed = True
        if isinstance(anchor, syntax.Cells) and anchor.single:
            place = Reference(anchor.sheet, anchor.first_row, anchor.first_col, anchor.first_row, anchor.first_col)
            area = self.scope.array(place)
            if area is not None:
                self.positional = True
                return _area(area.sheet, (area.first_row, area.first_col, area.last_row, area.last_col))
        return syntax.ErrorConstant("#REF!")

    def ranged(self, node: syntax.RangeOf, wanted: str, *, array: bool) -> syntax.Node:
        """Return the range between two references."""
        first, second = (self.lower(one, "R", array=True, forced=False) for one in (node.first, node.second))
        if not (isinstance(first, syntax.Cells) and isinstance(second, syntax.Cells)):
            return syntax.RangeOf(first, second)
        self.changed = self.positional = True
        rows = (first.first_row, first.last_row, second.first_row, second.last_row)
        cols = (first.first_col, first.last_col, second.first_col, second.last_col)
        if first.sheet.casefold() != second.sheet.casefold() and second.text.count("!"):
            return syntax.ErrorConstant("#VALUE!")
        area = _area(first.sheet, (min(rows), min(cols), max(rows), max(cols)))
        return area if wanted == "R" or array else self.one(area)

    def union(self, node: syntax.Union, wanted: str, *, array: bool) -> syntax.Node:
        """Return several references as one."""
        if wanted != "R" and not array:
            return syntax.ErrorConstant("#VALUE!")
        parts = [self.lower(part, "R", array=True, forced=False) for part in node.parts]
        flat = [one for part in parts for one in (part.parts if isinstance(part, syntax.Union) else (part,))]
        return syntax.Union(tuple(flat))

    def common(self, node: syntax.Binary, wanted: str, *, array: bool, forced: bool) -> syntax.Node:
        """Return the cells that two references have in common."""
        first, second = (self.lower(one, "R", array=True, forced=False) for one in (node.first, node.second))
        self.changed = self.positional = True
        for one in (first, second):
            if isinstance(one, syntax.ErrorConstant):
                return one
        if not (isinstance(first, syntax.Cells) and isinstance(second, syntax.Cells)):
            return syntax.Binary(" ", first, second)
        top, bottom = max(first.first_row, second.first_row), min(first.last_row, second.last_row)
        left, right = max(first.first_col, second.first_col), min(first.last_col, second.last_col)
        if first.sheet.casefold() != second.sheet.casefold() or top > bottom or left > right:
            return syntax.ErrorConstant("#NULL!")
        return self.lower(_area(first.sheet, (top, left, bottom, right)), wanted, array=array, forced=forced)


def _cell(sheet: str, row: int, col: int, text: str) -> syntax.Cells:
    return syntax.Cells(sheet, row, col, row, col, True, f"{quoted_sheet(sheet)}!{text}")


def _area(sheet: str, corners: tuple[int, int, int, int]) -> syntax.Cells:
    first_row, first_col, last_row, last_col = corners
    single = (first_row, first_col) == (last_row, last_col)
    text = f"${column_letters(first_col)}${first_row}"
    if not single:
        text += f":${column_letters(last_col)}${last_row}"
    return syntax.Cells(sheet, *corners, single, f"{quoted_sheet(sheet)}!{text}")

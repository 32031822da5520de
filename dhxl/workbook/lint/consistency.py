"""One formula along a row or a long column (W115), and formulas that depend on themselves (W116)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dhxl.workbook.lint.parts import Formula
from dhxl.workbook.lint.portable import OF_PLACES
from dhxl.workbook.lint.rules import Spot
from dhxl.workbook.lint.view import BookView, SheetView
from dhxl.workbook.names import cell_address

__all__ = ["circle_spots", "row_spots"]

_SHORTEST_ROW: Final = 4  # cells side by side that are taken for a row of the same formula
_SHORTEST_COLUMN: Final = 12
_ROW_SHARE: Final = 0.6  # of the cells that must agree for the others to stand out
_COLUMN_SHARE: Final = 0.9
_MOST_CIRCLES: Final = 20
_SOLUTION: Final = re.compile(r"\b([A-Za-z_]\w*_)([1-9])\b")
_CONSTANT: Final = ""
_READ_BY_CELL: Final = ("contents", "prefix", "type")  # what CELL tells of the value

_Place = tuple[int, int]
_Node = tuple[str, int, int]


def row_spots(book: BookView) -> Iterator[Spot]:
    """Yield the cells that hold another formula, or a plain number, where their neighbours share one formula."""
    for sheet in book.sheets:
        plain = _plain_numbers(book, sheet)
        for across in (True, False):
            forms = {place: _numbered(form, place, across=across) for place, form in sheet.forms.items()}
            for place, text in _outsiders(forms, plain, across=across):
                yield Spot("W115", sheet.name, *place, text)


def _plain_numbers(book: BookView, sheet: SheetView) -> frozenset[_Place]:
    inputs = book.inputs[sheet.name]
    return frozenset(
        place
        for place, cell in sheet.cells.cells.items()
        if cell.formula is None
        and type(cell.value) is float
        and place not in inputs
        and place not in sheet.cells.children
    )


def _numbered(form: str, place: _Place, *, across: bool) -> str:
    """Return a formula in which names of solutions count from its own column or row: npv_eur_2 beside npv_eur_1."""
    at = place[1] if across else place[0]
    return _SOLUTION.sub(lambda found: f"{found[1]}<{int(found[2]) - at}>", form)


def _outsiders(forms: Mapping[_Place, str], plain: frozenset[_Place], *, across: bool) -> Iterator[tuple[_Place, str]]:
    """Yield the cells that stand out of a line, and why.

    At the ends of a run another formula may be a title or a total; there it stands out only where a neighbouring line
    goes on with its one formula. A number before the first formula is the start of a count.
    """
    stretches: dict[int, list[tuple[str, int, int, int, int]]] = {}
    for line, run in _lines((*forms, *plain), across=across):
        places = [(line, at) if across else (at, line) for at in run]
        form = _shared([forms.get(place, _CONSTANT) for place in places], across=across)
        if form:
            agreeing = [at for at, place in zip(run, places, strict=True) if forms.get(place) == form]
            stretches.setdefault(line, []).append((form, agreeing[0], agreeing[-1], run[0], run[-1]))
    for line, found in stretches.items():
        for form, agrees_from, agrees_to, run_first, run_last in found:
            beside = [one for near in (-2, -1, 1, 2) for one in stretches.get(line + near, ())]
            start = (line, run_first) if across else (run_first, line)
            goes_back = any(one[1] == run_first and one[2] >= agrees_to for one in beside)
            goes_on = any(one[2] == run_last and one[1] <= agrees_from for one in beside)
            first = run_first if goes_back and start in forms else agrees_from
            last = run_last if goes_on else agrees_to
            places = [(line, at) if across else (at, line) for at in range(first, last + 1)]
            like = next(place for place in places if forms.get(place) == form)
            for place in places:
                other = forms.get(place, _CONSTANT)
                if other != form:
                    what = "holds another formula than" if other else "holds a number where a formula stands in"
                    yield place, f"{what} {cell_address(*like)} and its neighbours in the {_LINE[across]}"


def _lines(places: Iterable[_Place], *, across: bool) -> Iterator[tuple[int, list[int]]]:
    """Yield the rows, or columns, with each run of neighbouring cells in them."""
    lines: dict[int, list[int]] = {}
    for place in places:
        line, at = place if across else place[::-1]
        lines.setdefault(line, []).append(at)
    for line, taken in lines.items():
        run: list[int] = []
        for at in sorted(taken):
            if run and at != run[-1] + 1:
                yield line, run
                run = []
            run.append(at)
        yield line, run


def _shared(forms: list[str], *, across: bool) -> str:
    """Return the formula that nearly all cells of a run have; nothing where there is none."""
    shortest, share = (_SHORTEST_ROW, _ROW_SHARE) if across else (_SHORTEST_COLUMN, _COLUMN_SHARE)
    if len(forms) < shortest:
        return ""
    form, count = Counter(forms).most_common(1)[0]
    return form if count >= share * len(forms) else ""


_LINE: Final = {True: "row", False: "column"}


def circle_spots(book: BookView) -> Iterator[Spot]:
    """Yield a cell of each circle of formulas."""
    for number, circle in enumerate(_Circles(book).found()):
        if number == _MOST_CIRCLES:
            return
        cells = " -> ".join(f"{sheet}!{cell_address(row, col)}" for sheet, row, col in (*circle[:4], circle[0]))
        yield Spot("W116", *circle[0], f"depends on itself ({cells})" if len(circle) <= 4 else "depends on itself")


class _Circles:
    """A depth-first walk along the references of all formulas.

    Of a column's formulas those that are done are skipped in one step, so that long ranges cost no more than cells.
    """

    def __init__(self, book: BookView) -> None:
        self.book = book
        self.sheets = {sheet.name.casefold(): sheet for sheet in book.sheets}
        self.anchors: dict[_Node, _Node] = {}
        self.rows: dict[tuple[str, int], list[int]] = {}
        for sheet in book.sheets:
            self._collect(sheet)
        self.columns: dict[str, list[int]] = {sheet.name: [] for sheet in book.sheets}
        for name, col in sorted(self.rows):
            self.columns[name].append(col)
        self.following = {key: list(range(len(rows) + 1)) for key, rows in self.rows.items()}

    def _collect(self, sheet: SheetView) -> None:
        places: dict[_Place, _Place] = {place: place for place in sheet.forms}
        places.update((child, anchor) for child, anchor in sheet.cells.children.items() if anchor in sheet.forms)
        for (row, col), anchor in sorted(places.items()):
            self.rows.setdefault((sheet.name, col), []).append(row)
            if (row, col) != anchor:
                self.anchors[sheet.name, row, col] = (sheet.name, *anchor)

    def found(self) -> Iterator[list[_Node]]:
        """Yield circles as far as a walk meets them."""
        done: set[_Node] = set()
        for (sheet, col), rows in self.rows.items():
            for row in rows:
                start = self.anchors.get((sheet, row, col), (sheet, row, col))
                if start not in done:
                    yield from self._walk(start, done)

    def _walk(self, start: _Node, done: set[_Node]) -> Iterator[list[_Node]]:
        path, on_path = [start], {start}
        waiting = [self._sources(start)]
        while path:
            for place in waiting[-1]:
                node = self.anchors.get(place, place)
                if node in on_path:
                    yield path[path.index(node) :]
                elif node not in done:
                    path.append(node)
                    on_path.add(node)
                    waiting.append(self._sources(node))
                    break
                else:
                    self._skip(place)
            else:
                waiting.pop()
                node = path.pop()
                on_path.remove(node)
                done.add(node)
                self._skip(node)

    def _sources(self, node: _Node) -> Iterator[_Node]:
        """Yield the cells with a formula, not yet done, that a cell's formula refers to."""
        sheet, row, col = node
        text = self.sheets[sheet.casefold()].cells.cells[row, col].formula or ""
        formula = self.book.formula(text)
        unread = _unread(formula)
        places = [
            place
            for area in formula.areas
            if not _inside(area.start, unread)
            for place in self.book.areas_of(area, sheet)
        ]
        named = [self.book.place(use, sheet) for use in formula.names if not _inside(use.start, unread)]
        for place in dict.fromkeys((*places, *named)):
            if place:
                corners = (place.first_row, place.first_col, place.last_row, place.last_col)
                yield from self._within(place.sheet, corners)

    def _within(self, sheet: str, corners: tuple[int, int, int, int]) -> Iterator[_Node]:
        first_row, first_col, last_row, last_col = corners
        columns = self.columns[sheet]
        for col in columns[bisect_left(columns, first_col) : bisect_right(columns, last_col)]:
            rows = self.rows.get((sheet, col))
            at = self._open(sheet, col, bisect_left(rows, first_row)) if rows else 0
            while rows and at < len(rows) and rows[at] <= last_row:
                yield sheet, rows[at], col
                at = self._open(sheet, col, at + 1)

    def _open(self, sheet: str, col: int, at: int) -> int:
        """Return the next formula of a column that is not done."""
        following = self.following[sheet, col]
        end = at
        while following[end] != end:
            end = following[end]
        while following[at] != end:
            following[at], at = end, following[at]
        return end

    def _skip(self, place: _Node) -> None:
        sheet, row, col = place
        at = bisect_left(self.rows[sheet, col], row)
        if self.following[sheet, col][at] == at:
            self.following[sheet, col][at] = at + 1


def _unread(formula: Formula) -> list[tuple[int, int]]:
    """Return the arguments of which a formula reads the place only."""
    found = []
    for call in formula.calls:
        if call.name in OF_PLACES and call.arguments:
            first = formula.text[slice(*call.arguments[0])].strip('"').lower()
            if call.name == "OFFSET":
                found.append(call.arguments[0])
            elif call.name != "CELL" or first not in _READ_BY_CELL:
                found += call.arguments
    return found


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)

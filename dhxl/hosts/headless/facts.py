"""What formulas ask of their workbook beside values: hidden rows, formulas, sheets, the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dhxl.hosts.headless.engine import fixed_clock
from dhxl.workbook.names import range_position
from dhxl.workbook.package import Package
from dhxl.workbook.tables import tables
from dhxl.workbook.xmltext import attributes

__all__ = ["NoBook", "PackageFacts"]


@dataclass(slots=True)
class PackageFacts:
    """The facts of an open workbook file; the clock stands still from the first question on."""

    package: Package
    _hidden: dict[str, frozenset[int]] = field(default_factory=dict)
    _filters: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _moment: datetime | None = None

    @property
    def date1904(self) -> bool:
        """Return whether days count from 1904."""
        return self.package.date1904

    @property
    def path(self) -> str:
        """Return folder and file as CELL("filename") shows them, the file in brackets."""
        place = self.package.path.absolute()
        return f"{place.parent}/[{place.name}]".replace("//", "/")

    def moment(self) -> datetime:
        """Return the time that NOW shows."""
        if self._moment is None:
            fixed = fixed_clock()
            self._moment = fixed.replace(tzinfo=None) if fixed else datetime.now()
        return self._moment

    def is_hidden(self, sheet: str, row: int) -> bool:
        """Return whether a row is hidden, by hand or by a filter."""
        return row in self._hidden_rows(sheet)

    def is_filtered(self, sheet: str, row: int) -> bool:
        """Return whether a row is hidden by a filter."""
        return row in self._hidden_rows(sheet) and any(first <= row <= last for first, last in self._filtered(sheet))

    def formula(self, sheet: str, row: int, col: int) -> str | None:
        """Return the formula of a cell without ``=``, None where it holds none."""
        cells = self.package.cells(sheet)
        cell = cells.cells.get(cells.children.get((row, col), (row, col)))
        return cell.formula if cell else None

    def sheet_number(self, sheet: str) -> int | None:
        """Return the place of a sheet in tab order from 1, None where there is none."""
        names = [one.name.casefold() for one in self.package.sheets]
        return names.index(sheet.casefold()) + 1 if sheet.casefold() in names else None

    def sheet_count(self) -> int:
        """Return the number of sheets."""
        return len(self.package.sheets)

    def _hidden_rows(self, sheet: str) -> frozenset[int]:
        key = sheet.casefold()
        if key not in self._hidden:
            cells = self.package.cells(sheet)
            self._hidden[key] = frozenset(
                number
                for number, row in cells.rows.items()
                if b"hidden" in (tag := cells.xml[row.start : row.tag_end])
                and attributes(tag).get(b"hidden") in (b"1", b"true")
            )
        return self._hidden[key]

    def _filtered(self, sheet: str) -> list[tuple[int, int]]:
        """Return first and last row of the lists on a sheet that a filter is on."""
        key = sheet.casefold()
        if key not in self._filters:
            cells = self.package.cells(sheet)
            found = []
            tail = cells.xml[cells.data[1] :]
            at = tail.find(b"autoFilter")
            if at >= 0 and b"filterColumn" in tail:
                ref = attributes(tail[at : tail.index(b">", at)]).get(b"ref", b"").decode()
                if ref:
                    first, _, last, _ = range_position(ref)
                    found.append((first + 1, last))
            found += [
                (one.first_row + one.header_rows, one.last_row)
                for one in tables(self.package)
                if one.sheet.casefold() == key
            ]
            self._filters[key] = found
        return self._filters[key]


@dataclass(frozen=True, slots=True)
class NoBook:
    """The facts of a formula that stands in no workbook."""

    date1904: bool = False
    path: str = ""

    def moment(self) -> datetime:
        """Return the time that NOW shows."""
        fixed = fixed_clock()
        return fixed.replace(tzinfo=None) if fixed else datetime.now()

    def is_hidden(self, _sheet: str, _row: int) -> bool:
        """Return that no row is hidden."""
        return False

    def is_filtered(self, _sheet: str, _row: int) -> bool:
        """Return that no row is hidden."""
        return False

    def formula(self, _sheet: str, _row: int, _col: int) -> str | None:
        """Return that no cell holds a formula."""
        return None

    def sheet_number(self, _sheet: str) -> int | None:
        """Return that there is no sheet."""
        return None

    def sheet_count(self) -> int:
        """Return the number of sheets, which is none."""
        return 0

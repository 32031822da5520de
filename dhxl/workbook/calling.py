"""What in a workbook calls functions that a plain copy of it cannot have: DH_ ones and those of its own macros."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dhxl.workbook.formulas import calls_any, function_calls
from dhxl.workbook.name_uses import names_used
from dhxl.workbook.names import quoted_sheet
from dhxl.workbook.package import Package
from dhxl.workbook.xmltext import attributes, plain

__all__ = ["Calling"]

_CALLED: Final = re.compile(r"(?<![\w.\\])([^\W\d][\w.\\]*)\s*\(")
_NEWER: Final = re.compile(r"_XL(?:FN|WS)\.")
_NAME: Final = re.compile(rb"<((?:\w+:)?definedName)\b([^<>]*?)(?:/>|>([^<]*)</\1\s*>)")
_NAMES: Final = re.compile(rb"<((?:\w+:)?definedNames)>\s*</\1\s*>")
_MACRO_MARKS: Final = (b"vbProcedure", b"xlm", b"function")
_OUTSIDE: Final = re.compile(rb"<((?:\w+:)?(?:formula[12]?|f))\b[^<>]*>([^<]*)</\1\s*>")
_COLUMN: Final = re.compile(rb"<((?:\w+:)?(?:calculatedColumnFormula|totalsRowFormula))\b[^<>]*>([^<]*)</\1\s*>")


@dataclass(frozen=True)
class Calling:
    """The calls in a workbook; ``foreign`` tells by its name in upper case whether a function is one of a macro."""

    package: Package
    foreign: Callable[[str], bool]

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the defined names, in lower case, whose formula makes such a call, directly or by another name."""
        texts = {one.name.casefold(): one.text for one in self.package.names}
        found: frozenset[str] = frozenset()
        while more := {name for name, text in texts.items() if name not in found and self._calls(text, found)}:
            found |= more
        return found

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(one.name.upper() for one in self.package.names)

    def calls(self, formula: str) -> bool:
        """Return whether a formula calls such a function, directly or by a defined name."""
        return self._calls(formula, self.names)

    def cells(self, sheet: str) -> list[tuple[int, int]]:
        """Return the cells of a worksheet whose formulas call such a function."""
        known: dict[str, bool] = {}
        found = []
        for at, cell in self.package.cells(sheet).cells.items():
            if cell.formula and cell.formula_kind != "table":
                if cell.formula not in known:
                    known[cell.formula] = self.calls(cell.formula)
                if known[cell.formula]:
                    found.append(at)
        return found

    def obstacles(self) -> list[str]:
        """Return a sentence on each format, validation and chart that makes such a call: it has no value to keep."""
        sheets = {sheet.part: sheet for sheet in self.package.sheets if sheet.kind == "worksheet"}
        found = []
        for part in self.package.part_names:
            if part in sheets:
                content, name = self.package.part(part), sheets[part].name
                start, end = self.package.cells(name).data
                content, where = content[:start] + content[end:], f"{quoted_sheet(name)}: a format or validation rule"
            elif "/charts/" in part and part.endswith(".xml"):
                content, where = self.package.part(part), f"{part}: a chart"
            else:
                continue
            formulas = dict.fromkeys(plain(text) for _, text in _OUTSIDE.findall(content))
            found += [
                f"{where} calls a function that a frozen copy cannot have (={formula}); "
                "put the call into a cell and refer to the cell"
                for formula in formulas
                if self.calls(formula)
            ]
        return found

    def plain_names(self) -> bytes:
        """Return the workbook's main part without the names that make such a call or stand for a macro."""

        def kept(found: re.Match[bytes]) -> bytes:
            marks = attributes(found[2])
            macro = any(marks.get(mark) in (b"1", b"true") for mark in _MACRO_MARKS)
            return b"" if macro or plain(marks.get(b"name", b"")).casefold() in self.names else found[0]

        return _NAMES.sub(b"", _NAME.sub(kept, self.package.part(self.package.main)))

    def plain_tables(self) -> dict[str, bytes]:
        """Return the tables in which a column's own formula makes such a call, without that formula."""
        found = {}
        for part in self.package.part_names:
            if posixpath.dirname(part).endswith("tables") and part.endswith(".xml"):
                content = self.package.part(part)
                new = _COLUMN.sub(lambda one: b"" if self.calls(plain(one[2])) else one[0], content)
                if new != content:
                    found[part] = new
        return found

    def _calls(self, formula: str, names: frozenset[str]) -> bool:
        if calls_any(formula) or self._calls_foreign(formula):
            return True
        called = (call.name for call in function_calls(formula)) if names else ()
        return bool(names) and any(name.casefold() in names for name in (*names_used(formula), *called))

    def _calls_foreign(self, formula: str) -> bool:
        spelled = [name.upper() for name in _CALLED.findall(formula)]
        doubtful = {name for name in spelled if not _NEWER.match(name) and name not in self._own and self.foreign(name)}
        return bool(doubtful) and any(call.name in doubtful for call in function_calls(formula))

"""A hidden sheet of texts put behind the sheets of an existing workbook, whose other parts stay as they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from typing import Final

from dhxl.workbook.macro_free import Parts
from dhxl.workbook.names import cell_address
from dhxl.workbook.package import Package, relations_name
from dhxl.workbook.xmltext import MAIN_SPACE, OFFICE_SPACE, attributes, escaped, whole_number, with_last_child

__all__ = ["with_hidden_sheet"]

_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_SHEETS_END: Final = re.compile(rb"</(\w+:)?sheets\s*>")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*?>")
_BOUND: Final = re.compile(rb"""xmlns:(\w+)\s*=\s*["']%b["']""" % OFFICE_SPACE)


def with_hidden_sheet(package: Package, parts: Parts, name: str, rows: Iterable[Sequence[str]]) -> Parts:
    """Return a workbook's parts with one sheet more, the last and very hidden, that holds rows of texts.

    Parameters
    ----------
    package : Package
        The workbook.
    parts : Parts
        Its parts as they have been changed already.
    name : str
        The sheet's name, which no other sheet has.
    rows : iterable of sequences of str
        The texts; empty ones leave their cell blank.
    """
    folder = posixpath.dirname(package.main.replace("\\", "/"))
    relations, types = map(package.spelled, (relations_name(package.main), "[Content_Types].xml"))
    main, related, stated = (parts.content(package, one) for one in (package.main, relations, types))
    place = next(one for one in _numbered(f"{folder}/worksheets/sheet%d.xml") if not package.has_part(one))
    taken = {attributes(entry).get(b"Id") for entry in _RELATION.findall(related)}
    identity = next(one.encode() for one in _numbered("rId%d") if one.encode() not in taken)
    number = 1 + max(whole_number(attributes(one).get(b"sheetId", b"").decode()) or 0 for one in _SHEET.findall(main))
    bound = _BOUND.search(main)
    prefix = bound[1] if bound else b"r"
    space = b"" if bound else b' xmlns:r="%b"' % OFFICE_SPACE
    kind = OFFICE_SPACE + b"/worksheet"
    entry = b'sheet name="%b" sheetId="%d" state="veryHidden" %b:id="%b"%b/>' % (
        escaped(name).encode(), number, prefix, identity, space,
    )  # fmt: skip
    end = _SHEETS_END.search(main)
    assert end, "a workbook lists its sheets"
    target = f"worksheets/{posixpath.basename(place)}".encode()
    relation = b'<Relationship Id="%b" Type="%b" Target="%b"/>' % (identity, kind, target)
    changed = {
        package.main: main[: end.start()] + b"<" + (end[1] or b"") + entry + main[end.start() :],
        relations: with_last_child(related, relation),
        types: with_last_child(stated, b'<Override PartName="/%b" ContentType="%b"/>' % (place.encode(), _TYPE)),
    }
    return Parts({**parts.changed, **changed}, parts.removed, {**(parts.added or {}), place: _content(rows)})


def _content(rows: Iterable[Sequence[str]]) -> bytes:
    told = []
    for row, texts in enumerate(rows, start=1):
        cells = [
            f'<c r="{cell_address(row, col)}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'
            for col, text in enumerate(texts, start=1)
            if text
        ]
        told.append(f'<row r="{row}">{"".join(cells)}</row>')
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%b"><sheetData>' % MAIN_SPACE
    return head + "".join(told).encode() + b"</sheetData></worksheet>"


def _numbered(pattern: str) -> Iterable[str]:
    return (pattern % number for number in range(1, 1_000_000))

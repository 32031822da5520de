"""The file that the calculation engine loads: built anew, with nothing in it that calculation does not need."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

from dhxl.workbook.names import DefinedName, defined_names, quoted_sheet
from dhxl.workbook.package import Package
from dhxl.workbook.xmltext import MAIN_SPACE, OFFICE_SPACE, escaped, escaped_string, parsed_xml, quoted

__all__ = ["minimal_package"]

_MAIN: Final = MAIN_SPACE.decode()
_OFFICE: Final = OFFICE_SPACE.decode()
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_CELLS: Final = b'<worksheet xmlns="%b"><sheetData/></worksheet>' % MAIN_SPACE
_ENGINES_OWN: Final = "Sheet1"  # formualizer 0.13 opens with it and mixes it up with a first sheet spelled otherwise


def minimal_package(package: Package, sheets: Mapping[str, bytes], workbook: bytes) -> bytes:
    """Return the engine's copy of a workbook as the bytes of a file.

    It holds worksheets, texts, defined names and the settings of calculation; no other part of the workbook, so that
    its form does not matter. Sheets without cells stand in it as blank ones by a name that no sheet can have.

    Parameters
    ----------
    package : Package
        The workbook.
    sheets : mapping of str to bytes
        The content of each worksheet by its name; those that the workbook does not have come last.
    workbook : bytes
        The main part, whose defined names the engine is to know.
    """
    entries = [
        (sheet.name, sheets[sheet.name]) if sheet.name in sheets else (f"[{place}]", _NO_CELLS)
        for place, sheet in enumerate(package.sheets, start=1)
    ]
    own = {sheet.name for sheet in package.sheets}
    entries += [(name, xml) for name, xml in sheets.items() if name not in own]
    first = entries[0][0] if entries else ""
    shift = first != _ENGINES_OWN and first.lower() == _ENGINES_OWN.lower()
    if shift:
        entries.insert(0, ("[0]", _NO_CELLS))
    root = parsed_xml(workbook, f"{package.path}: {package.main}")
    names = defined_names(root, tuple(sheet.name for sheet in package.sheets))
    strings = package.main_relation("sharedStrings") is not None
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("[Content_Types].xml", _types(len(entries), strings=strings))
        file.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        file.writestr("xl/workbook.xml", _workbook(package, [name for name, _ in entries], names))
        related = [(f"rId{place}", "worksheet", f"worksheets/sheet{place}.xml") for place in _places(entries)]
        if strings:
            related.append(("rId0", "sharedStrings", "sharedStrings.xml"))
            file.writestr("xl/sharedStrings.xml", _strings(package.shared_strings))
        file.writestr("xl/_rels/workbook.xml.rels", _relations(related))
        for place, (_, xml) in zip(_places(entries), entries, strict=True):
            file.writestr(f"xl/worksheets/sheet{place}.xml", xml)
    return content.getvalue()


def _places(entries: list[tuple[str, bytes]]) -> range:
    return range(1, len(entries) + 1)


def _types(sheets: int, *, strings: bool) -> str:
    parts = {"/xl/workbook.xml": "sheet.main"}
    parts |= {f"/xl/worksheets/sheet{place}.xml": "worksheet" for place in range(1, sheets + 1)}
    if strings:
        parts["/xl/sharedStrings.xml"] = "sharedStrings"
    listed = (f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts.items())
    suffix = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{suffix}{"".join(listed)}</Types>'


def _relations(related: Iterable[tuple[str, str, str]]) -> str:
    listed = (f'<Relationship Id="{one}" Type="{_OFFICE}/{kind}" Target="{part}"/>' for one, kind, part in related)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'


def _workbook(package: Package, sheets: list[str], names: Iterable[DefinedName]) -> str:
    places = {name: place for place, name in enumerate(sheets)}
    spelled = {name.casefold(): name for name in sheets}
    entries = (
        f'<sheet name={quoted(name)} sheetId="{place}" r:id="rId{place}"/>'
        for place, name in enumerate(sheets, start=1)
    )
    told = (_name(one, places, spelled) for one in names)
    settings = "".join(f" {name}={quoted(text)}" for name, text in package.calculation.items() if _is_told(name))
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<workbookPr date1904="{int(package.date1904)}"/><sheets>{"".join(entries)}</sheets>'
        f"<definedNames>{''.join(told)}</definedNames><calcPr{settings}/></workbook>"
    )


def _is_told(setting: str) -> bool:
    """Return whether the engine is told a setting: not what it would iterate, which depends on where it begins."""
    return ":" not in setting and not setting.startswith("iterate")


def _name(one: DefinedName, places: Mapping[str, int], spelled: Mapping[str, str]) -> str:
    """Return the element of a defined name; nothing for one of a sheet that has no cells."""
    if one.sheet is not None and one.sheet not in places:
        return ""
    text = one.text
    if one.reference and (sheet := spelled.get(one.reference.sheet.casefold())) not in (None, one.reference.sheet):
        text = f"{quoted_sheet(sheet)}!{text.rpartition('!')[2]}"  # the engine minds the case in names alone
    own = f' localSheetId="{places[one.sheet]}"' if one.sheet is not None else ""
    return f"<definedName name={quoted(one.name)}{own}>{escaped(text)}</definedName>"


def _strings(texts: Iterable[str]) -> str:
    items = (f'<si><t xml:space="preserve">{escaped_string(text)}</t></si>' for text in texts)
    return f'{_HEAD}<sst xmlns="{_MAIN}">{"".join(items)}</sst>'

"""One workbook in the forms that other writers give it; spreadsheet programs open them all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Final

from tests.workbook.books import members

Parts = dict[str, bytes]

_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OFFICE: Final = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKBOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"


def zipped(parts: Parts, *, wide: bool = False, packed: bool = True) -> bytes:
    """Return a zip file; ``wide`` writes 64-bit sizes, as Apple Numbers does."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, part in parts.items():
            with file.open(name, "w", force_zip64=wide) as member:
                member.write(part)
    return content.getvalue()


def in_form(form: str, content: bytes) -> bytes:
    """Return a workbook file in another form."""
    parts = members(content)
    changed = FORMS[form](parts) if form in FORMS else parts
    raw = zipped(changed, wide=form == "zip64")
    if form == "backslashes":  # zipfile itself writes none
        for name in changed:
            if "/" in name and not name.startswith("_rels"):
                raw = raw.replace(name.encode(), name.replace("/", "\\").encode())
    return raw


def _each(change: Callable[[bytes], bytes], wanted: Callable[[str], bool]) -> Callable[[Parts], Parts]:
    return lambda parts: {name: change(part) if wanted(name) else part for name, part in parts.items()}


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _in_workbook(name: str) -> bool:
    return name.startswith("xl/") and name.endswith(".xml") and "theme" not in name


def _default_type(parts: Parts) -> Parts:
    types = re.sub(rb'<Override PartName="/xl/workbook.xml"[^>]*/>', b"", parts[_TYPES])
    types = re.sub(rb'<Default Extension="xml"[^>]*/>', b'<Default Extension="xml" ContentType="%b"/>' % _TYPE, types)
    return {**parts, _TYPES: types}


def _renamed(old: str, new: str, target: bytes) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        relations = parts[_RELATIONS].replace(old.removeprefix("xl/").encode(), target)
        types = parts[_TYPES].replace(b"/" + old.encode(), b"/" + new.encode())
        swapped = {new if name == old else name: part for name, part in parts.items()}
        return {**swapped, _RELATIONS: relations, _TYPES: types}

    return change


def _absolute(parts: Parts) -> Parts:
    relations = re.sub(rb'Target="([^/"])', rb'Target="/xl/\1', parts[_RELATIONS])
    root = re.sub(rb'Target="([^/"])', rb'Target="/\1', parts["_rels/.rels"])
    return {**parts, _RELATIONS: relations, "_rels/.rels": root}


def _other_sheet(kind: bytes, part: str, content: bytes, content_type: bytes) -> Callable[[Parts], Parts]:
    def change(parts: Parts) -> Parts:
        entry = b'<sheets><sheet name="Other" sheetId="99" r:id="rId99"/>'
        workbook = re.sub(
            rb' localSheetId="(\d+)"',
            lambda found: b' localSheetId="%d"' % (int(found[1]) + 1),
            parts[_WORKBOOK].replace(b"<sheets>", entry),
        )
        target = part.removeprefix("xl/").encode()
        relation = b'<Relationship Id="rId99" Type="%b" Target="%b"/></Relationships>' % (kind, target)
        override = b'<Override PartName="/%b" ContentType="%b"/></Types>' % (part.encode(), content_type)
        return {
            **parts,
            _WORKBOOK: workbook,
            _RELATIONS: parts[_RELATIONS].replace(b"</Relationships>", relation),
            _TYPES: parts[_TYPES].replace(b"</Types>", override),
            part: content,
        }

    return change


def _module(parts: Parts) -> Parts:
    entry = b'<sheet name="Module1" sheetId="99" state="veryHidden" r:id=""/></sheets>'
    return {**parts, _WORKBOOK: parts[_WORKBOOK].replace(b"</sheets>", entry)}


def _strict(parts: Parts) -> Parts:
    pairs = (
        (_MAIN, b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (_OFFICE, b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (b"<workbook ", b'<workbook conformance="strict" '),
    )
    changed = dict(parts)
    for name, part in parts.items():
        if name != _TYPES:
            for old, new in pairs:
                part = part.replace(old, new)  # noqa: PLW2901 - one after the other
            changed[name] = part
    return changed


def _prefixed(xml: bytes) -> bytes:
    xml = xml.replace(b'xmlns="%b"' % _MAIN, b'xmlns:x="%b"' % _MAIN)
    return re.sub(rb"(</?)(?=[A-Za-z])(?!\w+:)", rb"\1x:", xml)


def _utf16(xml: bytes) -> bytes:
    return xml.decode().replace('encoding="UTF-8"', 'encoding="utf-16"').encode("utf-16")


def _latin(xml: bytes) -> bytes:
    return xml.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1", "xmlcharrefreplace")


def _without_places(xml: bytes) -> bytes:
    """Leave out all places of rows and cells; blank ones are put where there was none."""
    head, rows, tail = re.split(rb"(?<=<sheetData>)|(?=</sheetData>)", xml)
    told, last = [], 0
    for number, content in re.findall(rb'<row r="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', rows, re.DOTALL):
        told.append(b"<row/>" * (int(number) - last - 1))
        last, cells, at = int(number), [], 0
        for letter, cell in re.findall(rb'<c r="([A-Z])\d+"(.*?(?:/>|</c>))', content, re.DOTALL):
            cells.append(b"<c/>" * (letter[0] - 65 - at) + b"<c" + cell)
            at = letter[0] - 64
        told.append(b"<row>" + b"".join(cells) + b"</row>")
    return head + b"".join(told) + tail


def _without_strings(parts: Parts) -> Parts:
    texts = re.findall(rb"<si><t(?: [^>]*)?>([^<]*)</t></si>", parts["xl/sharedStrings.xml"])

    def inline(found: re.Match[bytes]) -> bytes:
        return b'%b t="inlineStr"><is><t><![CDATA[%b]]></t></is>' % (
            found[1],
            unescape(texts[int(found[2])].decode()).encode(),
        )

    changed = _each(lambda xml: re.sub(rb'(<c [^>]*) t="s"><v>(\d+)</v>', inline, xml), lambda name: "/sheet" in name)
    return _without_part("xl/sharedStrings.xml")(changed(parts))


def _without_part(part: str) -> Callable[[Parts], Parts]:
    target = part.removeprefix("xl/").encode()

    def change(parts: Parts) -> Parts:
        relations = re.sub(rb'<Relationship [^>]*Target="%b"/>' % target, b"", parts[_RELATIONS])
        types = re.sub(rb'<Override PartName="/%b"[^>]*/>' % part.encode(), b"", parts[_TYPES])
        return {**{name: kept for name, kept in parts.items() if name != part}, _RELATIONS: relations, _TYPES: types}

    return change


def _linked(parts: Parts) -> Parts:
    part = "xl/externalLinks/externalLink1.xml"
    book = b'<externalLink xmlns="%b"><externalBook xmlns:r="%b" r:id="rId1"/></externalLink>' % (_MAIN, _OFFICE)
    relation = b'<Relationship Id="rId1" Type="%b/externalLinkPath" Target="a.xlsx" TargetMode="External"/>' % _OFFICE
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    links = b'</sheets><externalReferences><externalReference r:id="rId99"/></externalReferences>'
    more = b'<Relationship Id="rId99" Type="%b/externalLink" Target="externalLinks/externalLink1.xml"/>' % _OFFICE
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    override = b'<Override PartName="/%b" ContentType="%b"/>' % (part.encode(), kind)
    return {
        **parts,
        _WORKBOOK: parts[_WORKBOOK].replace(b"</sheets>", links),
        _RELATIONS: parts[_RELATIONS].replace(b"</Relationships>", more + b"</Relationships>"),
        _TYPES: parts[_TYPES].replace(b"</Types>", override + b"</Types>"),
        part: book,
        "xl/externalLinks/_rels/externalLink1.xml.rels": b'<Relationships xmlns="%b">%b</Relationships>'
        % (space, relation),
    }


_DIALOG = b'<dialogsheet xmlns="%b"><sheetPr/></dialogsheet>' % _MAIN
_MACRO = (
    b'<xm:macrosheet xmlns="%b" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData/>' % _MAIN
)

_PRICES: Final = "xl/worksheets/sheet1.xml"

FORMS: Final[dict[str, Callable[[Parts], Parts]]] = {
    "default content type": _default_type,
    "zip64": dict,
    "backslashes": dict,
    "absolute targets": _absolute,
    "escaped target": _renamed(_PRICES, "xl/worksheets/the prices.xml", b"worksheets/the%20prices.xml"),
    "escaped part": _renamed(_PRICES, "xl/worksheets/my%20prices.xml", b"worksheets/my%20prices.xml"),
    "other case": _renamed(_PRICES, "xl/worksheets/Sheet1.xml", b"WORKSHEETS/sheet1.xml"),
    "module sheet": _module,
    "dialog sheet": _other_sheet(
        _OFFICE + b"/dialogsheet", "xl/dialogsheets/sheet1.xml", _DIALOG,
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.dialogsheet+xml",
    ),
    "macro sheet": _other_sheet(
        b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "xl/macrosheets/sheet1.xml",
        _MACRO + b"</xm:macrosheet>", b"application/vnd.ms-excel.macrosheet+xml",
    ),
    "strict": _strict,
    "prefix": _each(_prefixed, _in_workbook),
    "byte order mark": _each(lambda xml: b"\xef\xbb\xbf" + xml, _is_xml),
    "utf-16": _each(_utf16, _is_xml),
    "latin": _each(_latin, _is_xml),
    "no places": _each(_without_places, lambda name: "/sheet" in name),
    "no strings": _without_strings,
    "no styles": _without_part("xl/styles.xml"),
    "no properties": lambda parts: {name: part for name, part in parts.items() if not name.startswith("docProps")},
    "external link": _linked,
}  # fmt: skip

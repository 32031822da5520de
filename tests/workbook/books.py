"""Workbooks made for the tests of the file format."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import xlsxwriter
from openxml_audit import OpenXmlValidator

# one module with the macro Calculate and the document modules of three sheets, made with pyOpenVBA 6.5.0
VBA_PROJECT = Path(__file__).with_name("vbaProject.bin")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PLANT = "xl/worksheets/sheet1.xml"
TOWN = "xl/worksheets/sheet2.xml"

SHARED = (
    b'<row r="40"><c r="A40"><v>1</v></c>'
    b'<c r="B40"><f t="shared" ref="B40:B42" si="0">A40*$A$40+A41</f><v>2</v></c></row>'
    b'<row r="41"><c r="A41"><v>1</v></c><c r="B41"><f t="shared" si="0"/><v>2</v></c></row>'
    b'<row r="42"><c r="A42"><v>1</v></c><c r="B42"><f t="shared" si="0"/><v>1</v></c></row>'
)


def sheet_xml(data: str, before: str = "", after: str = "") -> bytes:
    """Return a worksheet part around hand-written rows."""
    text = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text.encode()


def members(content: bytes | Path) -> dict[str, bytes]:
    """Return all parts of a zip file, read by the standard library."""
    with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(
    content: bytes, change: Callable[[str, bytes], bytes | None], extra: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a zip file with its parts changed, left out (None) or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members(content).items():
            new = change(name, data)
            if new is not None:
                archive.writestr(zipfile.ZipInfo(name, (2024, 5, 17, 9, 30, 12)), new, zipfile.ZIP_DEFLATED)
        for name, data in (extra or {}).items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 17, 9, 30, 12)), data, zipfile.ZIP_STORED)
    return stream.getvalue()


def small_book(data: str = '<row r="1"><c r="A1"><v>1</v></c></row>', **options: str) -> bytes:
    """Return a workbook of one sheet, ``Plant``, with hand-written rows."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True})
    workbook.add_worksheet("Plant")
    workbook.close()
    xml = sheet_xml(data, **options)
    return rezipped(stream.getvalue(), lambda name, old: xml if name == PLANT else old)


def picture() -> bytes:
    """Return a small PNG file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + bytes(range(0, 240, 10)) for _ in range(8))
    header = struct.pack(">2I5B", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def town_book(path: Path) -> Path:
    """Write a macro workbook with nearly everything that a user's file may hold, and return its path."""
    workbook = xlsxwriter.Workbook(path)
    workbook.add_vba_project(VBA_PROJECT)
    workbook.set_vba_name("ThisWorkbook")
    workbook.set_calc_mode("auto", 191029)
    plant = workbook.add_worksheet("Plant")
    town = workbook.add_worksheet("Bob's town")
    hidden = workbook.add_worksheet("Hidden")
    for number, sheet in enumerate((plant, town, hidden), start=1):
        sheet.set_vba_name(f"Sheet{number}")
    hidden.hide()
    bold = workbook.add_format({"bold": True, "num_format": "0.00"})
    for row in range(10):
        plant.write_number(row, 0, row + 0.1, bold)
        plant.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * (row + 0.1))
    plant.write_string("D1", "gas boiler & <more>")
    plant.write_rich_string("D2", "heat ", bold, "pump")
    plant.write_formula("D3", '=D1&" x"', None, "gas boiler & <more> x")
    plant.write_formula("D4", "=A1>0", None, True)
    plant.write_formula("D5", "=1/0", None, "#DIV/0!")
    plant.write_array_formula("F1:F3", "{=A1:A3*10}", None, 1)
    plant.write_number("F2", 11)
    plant.write_number("F3", 21)
    plant.write_dynamic_array_formula("G1:G2", "=_xlfn.UNIQUE(A1:A2)", None, 0.1)
    plant.write_number("G2", 1.1)
    plant.insert_image("H1", "picture.png", {"image_data": io.BytesIO(picture())})
    plant.insert_button("H10", {"macro": "Calculate", "caption": "Calculate"})
    plant.write_comment("A1", "A comment")
    plant.conditional_format("A1:A10", {"type": "data_bar", "data_bar_2010": True})
    plant.conditional_format("B1:B10", {"type": "cell", "criteria": ">", "value": 5, "format": bold})
    plant.add_sparkline("C1", {"range": "Plant!A1:A10"})
    plant.data_validation("A1", {"validate": "decimal", "criteria": ">", "value": 0})
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": "=Plant!$A$1:$A$10"})
    plant.insert_chart("J1", chart)
    town.add_table("A1:B4", {"name": "Units", "columns": [{"header": "unit"}, {"header": "heat_mw"}]})
    for row, (unit, heat) in enumerate((("pump", 2.5), ("chp", 1.5), ("boiler", 9)), start=1):
        town.write_row(row, 0, [unit, heat])
    town.write_formula("D2", "=SUM(heat)", None, 13)
    workbook.define_name("heat", "='Bob''s town'!$B$2:$B$4")
    workbook.define_name("discount_rate", "=Plant!$A$1")
    workbook.define_name("Hidden!local", "=Hidden!$A$1")
    workbook.define_name("tax_share", "=0.24")
    workbook.close()

    def with_shared(name: str, data: bytes) -> bytes:
        return data.replace(b"</sheetData>", SHARED + b"</sheetData>") if name == PLANT else data

    custom = {"customXml/item1.xml": b"<note>kept</note>", "xl/unknown.bin": bytes(range(256))}
    path.write_bytes(rezipped(path.read_bytes(), with_shared, custom))
    return path


def reprefixed(xml: bytes) -> bytes:
    """Return a part whose elements carry the prefix ``x:``, as some libraries write them."""
    xml = xml.replace(b"xmlns=", b"xmlns:x=", 1)
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", xml)


def validator_findings(path: Path, thinned: Path) -> list[str]:
    """Return what a validator of office files finds in a workbook whose long sheets and charts are thinned.

    Of rows beyond 300 every 97th stays, and charts lose their caches: in all the rows are a hundred thousand cells of
    the same kinds, which take more than a minute.
    """

    def thin(name: str, data: bytes) -> bytes:
        if name.startswith("xl/charts/"):
            return re.sub(rb"<c:(num|str)Cache>.*?</c:\1Cache>", b"", data, flags=re.DOTALL)
        return re.sub(rb'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', kept, data, flags=re.DOTALL)

    def kept(row: re.Match[bytes]) -> bytes:
        return row[0] if int(row[1]) <= 300 or int(row[1]) % 97 == 0 else b""

    thinned.write_bytes(rezipped(path.read_bytes(), thin))
    return [str(one) for one in OpenXmlValidator().validate(str(thinned)).errors]

"""Variants of the shipped workbook: with other values in its cells, and as a user has made it their own."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import xlsxwriter

from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_values
from tests.conftest import REPOSITORY
from tests.workbook.books import members, picture

BOOK = REPOSITORY / "workbook.xlsm"
OWN_SHEET = "My town"

_OWN = "901"  # number of the user's parts, so that none has the name of an existing one
_OWN_PART = re.compile(r"\b(sheet|drawing|chart|vmlDrawing|comments|image)1\.")
_OWN_ROWS = """
<row r="1"><c r="A1" t="inlineStr"><is><t>My town</t></is></c><c r="B1"><v>7</v></c></row>
<row r="2"><c r="B2"><f>npv_eur_2/1000</f></c><c r="C2"><f t="array" ref="C2:C8">category_eur_1/1000</f></c></row>
<row r="3"><c r="B3"><f>SUM(payback_years_1,payback_years_2,payback_years_3,payback_years_4)</f></c><c r="C3"/></row>
<row r="4"><c r="B4"><f>MAX(hourly_demand_mw)</f></c><c r="C4"/></row>
<row r="5"><c r="B5" t="str"><f>IF(npv_eur_2&gt;npv_eur_1,"store pays","no store")</f><v>?</v></c><c r="C5"/></row>
<row r="6"><c r="B6"><f>DH_LHD(heat_sold_mwh_4,trench_length_m)</f><v>0</v></c><c r="C6"/></row>
<row r="7"><c r="B7"><f>heat_tariff_eur_per_mwh+$B$1</f><v>0</v></c><c r="C7"/></row>
<row r="8"><c r="A8"><v>1</v></c><c r="B8"><f t="shared" ref="B8:B10" si="0">A8*npv_eur_1/A9</f></c><c r="C8"/></row>
<row r="9"><c r="A9"><v>2</v></c><c r="B9"><f t="shared" si="0"/></c></row>
<row r="10"><c r="A10"><v>6</v></c><c r="B10"><f t="shared" si="0"/></c></row>
<row r="11"><c r="A11"><v>30</v></c></row>
"""


@cache
def _names(book: Path) -> Package:
    return Package.open(book)


def cell_of(name: str, row: int = 1, column: int = 1, book: Path = BOOK) -> Reference:
    """Return a cell of a defined name, counted from 1 inside it; negative numbers count from its end."""
    place = _names(book).resolve(name)
    at_row = place.first_row + row - 1 if row > 0 else place.last_row + row + 1
    at_column = place.first_col + column - 1
    return Reference(place.sheet, at_row, at_column, at_row, at_column)


def written(cells: Mapping[Reference, object], target: Path, book: Path = BOOK) -> Path:
    """Write a workbook with some other values in its cells, nothing recalculated, and return its path."""
    package = Package.open(book)
    by_sheet: dict[str, dict[tuple[int, int], object]] = {}
    for place, value in cells.items():
        by_sheet.setdefault(place.sheet, {})[place.first_row, place.first_col] = value
    parts = {package.sheet(one).part: with_values(package.cells(one), values) for one, values in by_sheet.items()}
    target.write_bytes(package.rebuilt(parts, compress=False))
    return target


def with_workbook_part(target: Path, pattern: str, replacement: str, book: Path = BOOK) -> Path:
    """Write the workbook with a change of the part that lists sheets and names, and return its path."""
    package = Package.open(book)
    before = package.part(package.main).decode()
    after = re.sub(pattern, replacement, before)
    assert after != before, pattern
    target.write_bytes(package.rebuilt({package.main: after.encode()}, compress=False))
    return target


def users_variant(target: Path) -> Path:
    """Write the shipped workbook with a sheet of a user's own and parts that dhxl does not know, and return its path.

    The sheet holds formulas on our names (shared and array ones too), a chart, a picture, a button with a macro, a
    comment and conditional formats. Members differ in date and packing, as those of files that several programs wrote.
    """
    parts = members(BOOK)
    own = {_renamed(name): _own_content(name, data) for name, data in members(_own_book()).items()}
    kept = re.compile(rf"(sheet|drawing|chart|vmlDrawing|comments|image){_OWN}\.")
    parts |= {name: data for name, data in own.items() if kept.search(name)}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>", f'<sheet name="{OWN_SHEET}" sheetId="{_OWN}" r:id="rId{_OWN}"/></sheets>'.encode()
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relation = f'<Relationship Id="rId{_OWN}" Type="{kind}" Target="worksheets/sheet{_OWN}.xml"/></Relationships>'
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", relation.encode())
    types = "[Content_Types].xml"
    overrides = re.findall(rb"<Override [^>]*?%b\.[^>]*/>" % _OWN.encode(), own[types])
    defaults = re.findall(rb'<Default Extension="(?:png|vml)"[^>]*/>', own[types])
    unknown = b'<Default Extension="dat" ContentType="application/octet-stream"/>'
    parts[types] = parts[types].replace(b"</Types>", b"".join([*defaults, unknown, *overrides, b"</Types>"]))
    parts |= {"customXml/item1.xml": b"<note>kept</note>", "xl/unknown.dat": bytes(range(256))}
    with zipfile.ZipFile(target, "w") as archive:
        for number, (name, data) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2001 + number % 20, 1 + number % 12, 17, 9, 30, 2 * (number % 30)))
            packing = zipfile.ZIP_STORED if number % 7 == 3 else zipfile.ZIP_DEFLATED
            archive.writestr(info, data, packing, compresslevel=1 + number % 9)
    return target


def _own_book() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_vba_project(REPOSITORY / "tests" / "workbook" / "vbaProject.bin")
    sheet = book.add_worksheet(OWN_SHEET)
    sheet.insert_image("H1", "picture.png", {"image_data": io.BytesIO(picture())})
    sheet.insert_button("H10", {"macro": "Calculate", "caption": "Calculate"})
    sheet.write_comment("A1", "A comment")
    sheet.conditional_format("A8:A11", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("B2:B11", {"type": "3_color_scale"})
    bold = book.add_format({"bold": True})
    sheet.conditional_format("C2:C8", {"type": "cell", "criteria": ">", "value": 5, "format": bold})
    sheet.add_sparkline("D1", {"range": f"'{OWN_SHEET}'!A8:A11"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{OWN_SHEET}'!$B$8:$B$10"})
    sheet.insert_chart("J1", chart)
    book.close()
    return stream.getvalue()


def _renamed(name: str) -> str:
    return _OWN_PART.sub(rf"\g<1>{_OWN}.", name)


def _own_content(name: str, data: bytes) -> bytes:
    if name.endswith((".rels", "[Content_Types].xml")):
        return _renamed(data.decode()).encode()
    rows = f"<sheetData>{_OWN_ROWS}</sheetData>".replace("\n", "").encode()
    return re.sub(rb"<sheetData/>|<sheetData>.*</sheetData>", lambda _: rows, data) if "sheets/sheet" in name else data

"""What is too large ends with a sentence before memory runs out; many sheets cost no more than their number."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dhxl.errors import WorkbookError
from dhxl.hosts.headless import limits
from dhxl.studies.check import check
from dhxl.studies.freeze import freeze
from dhxl.studies.run import run
from dhxl.workbook import cells as cells_module
from dhxl.workbook import lint as lint_module
from dhxl.workbook.package import Package
from tests.forms import Parts, zipped
from tests.hosts.books import feasibility_book
from tests.workbook.books import MAIN, members

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = 2000


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return members(feasibility_book(tmp_path_factory.mktemp("plain") / "book.xlsx"))


def with_more_sheets(parts: Parts, path: Path, data: str, count: int = 1) -> Path:
    """Return the small workbook with more sheets, each with these rows and names of its own."""
    entries = "".join(f'<sheet name="M{n}" sheetId="{n + 99}" r:id="rIdM{n}"/>' for n in range(count))
    names = "".join(
        f'<definedName name="own" localSheetId="{n + 5}">M{n}!$A$1</definedName>'
        f'<definedName name="mine_{n}">M{n}!$A$1</definedName>'
        for n in range(count)
    )
    related = "".join(
        f'<Relationship Id="rIdM{n}" Type="{OFFICE}/worksheet" Target="worksheets/m{n}.xml"/>' for n in range(count)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    stated = "".join(f'<Override PartName="/xl/worksheets/m{n}.xml" ContentType="{kind}"/>' for n in range(count))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'.encode()
    changed = dict(parts)
    for name, end, more in (
        ("xl/workbook.xml", "</sheets>", entries),
        ("xl/workbook.xml", "</definedNames>", names),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", related),
        ("[Content_Types].xml", "</Types>", stated),
    ):
        changed[name] = changed[name].replace(end.encode(), (more + end).encode())
    path.write_bytes(zipped({**changed, **{f"xl/worksheets/m{n}.xml": sheet for n in range(count)}}))
    return path


def test_a_declared_array_of_ten_million_cells_ends_at_once(parts: Parts, tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><f t="array" ref="A1:XFD610">ROW(A1:A610)</f><v>1</v></c></row>'
    book = with_more_sheets(parts, tmp_path / "book.xlsx", row)
    started = time.process_time()
    sentence = "M0!A1:XFD610: array formulas may cover at most 1,000,000 cells in all, got 9,994,288"
    with pytest.raises(WorkbookError, match=sentence):
        run(book, tmp_path / "out.xlsx")
    with pytest.raises(WorkbookError, match=sentence):
        freeze(book, tmp_path / "frozen.xlsx")
    assert [one.text for one in check(book).findings if one.rule == "W602"] == [sentence]
    assert time.process_time() - started < 10
    assert not list(tmp_path.glob("*out*")) + list(tmp_path.glob("frozen*"))


def test_many_sheets_with_names_of_their_own_cost_little_time(parts: Parts, tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><v>3</v></c><c r="B1"><f>own*2+mine_7</f><v>9</v></c></row>'
    book = with_more_sheets(parts, tmp_path / "book.xlsx", row, SHEETS)
    started = time.process_time()
    assert run(book, tmp_path / "out.xlsx").checks_total == 0
    package = Package.open(tmp_path / "out.xlsx")
    assert [package.cells(f"M{n}").value(1, 2) for n in range(SHEETS)] == [9] * SHEETS
    assert len([one for one in check(book).findings if one.rule == "W302"]) == SHEETS
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("module", "limit", "sentence"),
    [
        (limits, "MOST_FORMULAS", "at most 3 formulas can be calculated headlessly, got"),
        (limits, "MOST_CALLING", "at most 3 formulas may call worksheet functions, got"),
        (cells_module, "MOST_CELLS", "the workbook has more than 3 cells"),
    ],
)
def test_a_workbook_beyond_a_limit_is_refused_with_the_number(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, limit: str, sentence: str
) -> None:
    (tmp_path / "book.xlsx").write_bytes(zipped(parts))
    monkeypatch.setattr(module, limit, 3)
    with pytest.raises(WorkbookError, match=sentence):
        run(tmp_path / "book.xlsx")


def test_a_check_of_too_many_formulas_is_refused_with_the_number(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.xlsx").write_bytes(zipped(parts))
    monkeypatch.setattr(lint_module, "MOST_FORMULAS", 3)
    with pytest.raises(WorkbookError, match="at most 3 formulas can be looked through, got"):
        check(tmp_path / "book.xlsx")


def test_the_cells_of_all_sheets_count(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = with_more_sheets(parts, tmp_path / "book.xlsx", '<row r="1"><c r="A1"/><c r="B1"/></row>', 3)
    monkeypatch.setattr(cells_module, "MOST_CELLS", 5)
    package = Package.open(book)
    package.cells("M0"), package.cells("M1")
    with pytest.raises(WorkbookError, match="sheet 'M2': the workbook has more than 5 cells"):
        package.cells("M2")


@pytest.mark.parametrize("length", [10_000, 1_000_000])
def test_what_a_sentence_quotes_is_cut(parts: Parts, tmp_path: Path, length: int) -> None:
    row = f'<row r="1"><c r="A1"><v>{"1" * length}x</v></c></row>'
    with pytest.raises(WorkbookError) as caught:
        run(with_more_sheets(parts, tmp_path / "book.xlsx", row))
    assert "A1: holds '1111" in str(caught.value)
    assert len(str(caught.value)) < 1000

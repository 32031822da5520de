"""Frozen copies of a user's variant of the shipped workbook, and what outsiders' edits in them become."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dhxl.cli import main
from dhxl.errors import WorkbookError
from dhxl.hosts.headless import Model
from dhxl.studies import freeze as module
from dhxl.studies.differences import differences, structure_changes
from dhxl.studies.freeze import frozen, saved_cells
from dhxl.workbook.calling import Calling
from dhxl.workbook.formulas import calls_any
from dhxl.workbook.macro_free import custom_properties, without_macros
from dhxl.workbook.package import Package
from dhxl.workbook.patch import without_caches
from dhxl.workbook.sheets.buttons import BUTTONS
from dhxl.workbook.values import ErrorValue
from tests.conftest import REPOSITORY
from tests.libreoffice import Office
from tests.shipped import BOOK, OWN_SHEET, cell_of, users_variant, with_workbook_part, written
from tests.workbook.books import members, rezipped, small_book, town_book, validator_findings

pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")  # openpyxl on sparklines

Capture = pytest.CaptureFixture[str]
TARIFF = "heat_tariff_eur_per_mwh"
MADE_AT = "2026-01-01 00:00"
_EPOCH = "1767225600"
_MACRO_CALL = '<c r="D1"><f>Surcharge(B1)</f><v>70</v></c>'
SERVICE_SHEETS = ("xlwings.conf", "_IntelliSense_")
_BUTTON = re.compile(rb"<x:FmlaMacro>")
_NEW_TARIFF = 125.5


@dataclass(frozen=True)
class Books:
    """A calculated workbook, its frozen copy, and what was told of it."""

    live: Path
    frozen: Path
    constants: int
    made_at: str
    results: dict[str, frozenset[tuple[int, int]]]


def with_more_macros(content: bytes) -> bytes:
    """Return a workbook with a ribbon, a picture and a cell that call macros."""

    def change(name: str, data: bytes) -> bytes:
        if name == "_rels/.rels":
            kind = b"http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
            relation = b'<Relationship Id="ribbon" Type="%b" Target="customUI/customUI14.xml"/>' % kind
            return data.replace(b"</Relationships>", relation + b"</Relationships>")
        if name == "xl/drawings/drawing901.xml":
            return data.replace(b'macro=""', b'macro="[0]!Calculate"', 1)
        if name == "xl/worksheets/sheet901.xml":
            return data.replace(b"<v>7</v></c></row>", b"<v>7</v></c>" + _MACRO_CALL.encode() + b"</row>")
        return data

    ribbon = b'<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui" onLoad="Loaded"/>'
    return rezipped(content, change, {"customUI/customUI14.xml": ribbon})


@pytest.fixture(scope="module")
def clock() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SOURCE_DATE_EPOCH", _EPOCH)
        yield


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, clock: None) -> Books:
    folder = tmp_path_factory.mktemp("freeze")
    live, copy = users_variant(folder / "town.xlsm"), folder / "frozen.xlsx"
    live.write_bytes(with_more_macros(live.read_bytes()))
    assert main(["run", "--stale", str(live)]) == 0
    before = live.read_bytes()
    kept: list[module.Frozen] = []

    def keeping(*arguments: Any) -> module.Frozen:
        kept.append(frozen(*arguments))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "frozen", keeping)
        report = module.freeze(live, copy)
    assert live.read_bytes() == before
    assert [
        note for note in report.notes if not {"Surcharge", "SURCHARGE", "kept"} & set(re.findall(r"\w+", note))
    ] == []
    return Books(live, copy, report.constants, report.frozen_at, kept[0].results)


@pytest.fixture(scope="module")
def base(books: Books) -> Package:
    return Package.open(books.frozen)


def value_of(path: Path, name: str) -> object:
    package = Package.open(path)
    return package.values(package.resolve(name))[0][0]


def formulas(package: Package) -> list[str]:
    cells = (package.cells(sheet.name).cells.values() for sheet in package.sheets)
    return [cell.formula for sheet in cells for cell in sheet if cell.formula]


def found_in(path: Path, base: Package, books: Books) -> tuple[list[tuple[str, object]], list[str]]:
    edited = Package.open(path)
    if changes := structure_changes(base, edited):
        return [], changes
    saved = {sheet.name: saved_cells(base, sheet.name) for sheet in base.sheets}
    found = differences(base, edited, books.results, saved)
    return [(edit.place.address, edit.new) for edit in found.edits], found.formulas + found.results


def test_no_formula_of_the_copy_calls_a_function_of_dhxl_or_a_macro(books: Books, base: Package) -> None:
    live, kept = formulas(Package.open(books.live)), formulas(base)
    assert not [text for text in kept if calls_any(text) or "Surcharge" in text]
    assert sum(map(calls_any, live)) + 1 == len(live) - len(kept) == books.constants
    assert not [name.name for name in base.names if calls_any(name.text)]
    parts = members(books.frozen)
    assert not [
        name for name, data in parts.items() if b"DH_" in data and b"<f" in data and b"DH_" in formula_text(data)
    ]
    assert base.cells(OWN_SHEET).value(1, 4) == 70.0


def formula_text(xml: bytes) -> bytes:
    return b"\n".join(re.findall(rb"<(?:\w+:)?(?:f|formula\d?|definedName)\b[^>]*>([^<]*)<", xml))


def test_nothing_of_the_macros_is_left_and_a_validator_finds_nothing(
    books: Books, base: Package, tmp_path: Path
) -> None:
    assert not base.macros
    before, after = members(books.live), members(books.frozen)
    sheets = {sheet.part for sheet in Package.open(books.live).sheets if sheet.name in SERVICE_SHEETS}
    assert len(sheets) == 2
    assert set(before) - set(after) == {"xl/vbaProject.bin", "customUI/customUI14.xml", *sheets}
    assert set(after) - set(before) == {"docProps/custom.xml"}
    everything = b"".join(after.values())
    assert b"[0]!Calculate" in b"".join(before.values()) and _BUTTON.search(b"".join(before.values()))
    for mark in (b"codeName", b"vbaProject", b"[0]!", b"FmlaMacro", b"extensibility", b"macroEnabled"):
        assert mark not in everything, mark
    known, found = (validator_findings(path, tmp_path / path.name) for path in (books.live, books.frozen))
    assert [one for one in found if one not in known] == []


def test_buttons_go_and_other_shapes_stay(books: Books) -> None:
    live, copy = Package.open(books.live), Package.open(books.frozen)
    gone = 0
    for name in (name for name in copy.part_names if name.endswith(".vml")):
        before, after = (re.findall(rb"<v:shape .*?</v:shape>", one.part(name), re.DOTALL) for one in (live, copy))
        assert [b'ObjectType="Button"' in shape for shape in after] == [False] * len(after)
        others = [shape for shape in before if b'ObjectType="Button"' not in shape]
        assert others == after
        gone += len(before) - len(after)
    assert gone > len(BUTTONS)


@pytest.mark.libreoffice
def test_libreoffice_shows_no_button(books: Books, libreoffice: Office) -> None:
    source = """
    book = opened(arguments["path"])
    pages = [sheet.DrawPage for sheet in book.Sheets]
    shapes = [page.getByIndex(k) for page in pages for k in range(page.Count)]
    result = len([one for one in shapes if one.supportsService("com.sun.star.drawing.ControlShape")])
    """
    seen = [libreoffice.run(source, path=str(libreoffice.copy(book))) for book in (books.live, books.frozen)]
    assert seen[0] > len(BUTTONS)
    assert seen[1] == 0


def test_places_of_sheets_move_up_where_hidden_ones_before_them_go(books: Books, tmp_path: Path) -> None:
    names = [sheet.name for sheet in Package.open(books.live).sheets]
    own, hidden = len(names) - 1, names.index(SERVICE_SHEETS[0])
    assert names[hidden : hidden + 2] == list(SERVICE_SHEETS) and own > hidden + 1
    listed = f'<definedName name="mine" localSheetId="{own}">Cover!$A$1</definedName>'
    listed += f'<definedName name="theirs" localSheetId="{hidden}">Cover!$A$2</definedName></definedNames>'

    def change(name: str, data: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return data
        return data.replace(b"</definedNames>", listed.encode())

    path, plain = tmp_path / "town.xlsm", tmp_path / "plain.xlsx"
    path.write_bytes(rezipped(books.live.read_bytes(), change))
    package = Package.open(path)
    plain.write_bytes(without_macros(package, {}).rebuilt(package))
    after = Package.open(plain)
    assert [sheet.name for sheet in after.sheets] == [name for name in names if name not in SERVICE_SHEETS]
    local = [(one.name, one.sheet, one.text) for one in package.names if one.sheet is not None and one.name != "theirs"]
    assert [(one.name, one.sheet, one.text) for one in after.names if one.sheet is not None] == local
    assert ("mine", names[own], "Cover!$A$1") in local


def test_a_button_that_excel_has_saved_is_hidden_in_its_drawing_too(tmp_path: Path) -> None:
    """Excel keeps a form button twice: in VML, and in the drawing, tied together by the shape's identity."""
    vml = (
        b'<xml><v:shape id="_x0000_s1025" style="position:absolute"><x:ClientData ObjectType="Button">'
        b"<x:FmlaMacro>[0]!Go</x:FmlaMacro></x:ClientData></v:shape>"
        b'<v:shape id="_x0000_s1026" style="position:absolute"><x:ClientData ObjectType="Note"/></v:shape></xml>'
    )
    drawn = b"".join(
        b'<xdr:sp macro="[0]!Go"><xdr:nvSpPr><xdr:cNvPr id="%d" name="One"><a:ext><a14:compatExt spid="_x0000_s%d"/>'
        b"</a:ext></xdr:cNvPr></xdr:nvSpPr></xdr:sp>" % (number, number)
        for number in (1025, 1026)
    )

    def change(name: str, data: bytes) -> bytes:
        return drawn if name == "xl/drawings/drawing1.xml" else vml if name.endswith("vmlDrawing1.vml") else data

    path = tmp_path / "town.xlsm"
    tied = {"xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>"}
    path.write_bytes(rezipped((REPOSITORY / "workbook.xlsm").read_bytes(), change, tied))
    package = Package.open(path)
    after = without_macros(package, {}).changed
    seen = [after["xl/drawings/vmlDrawing1.vml"], after["xl/drawings/drawing1.xml"]]
    assert seen[0].count(b"visibility:hidden") == 1 and b'style="visibility:hidden;position:absolute"' in seen[0]
    assert re.findall(rb'cNvPr hidden="1" id="(\d+)"', seen[1]) == [b"1025"]
    assert b"[0]!" not in b"".join(seen)


def test_the_copy_says_when_and_of_what_it_was_made(books: Books, base: Package) -> None:
    assert books.made_at == MADE_AT
    told = custom_properties(base)
    assert told["dhxl frozen at (UTC)"] == MADE_AT and told["dhxl frozen from"] == "town.xlsm"
    assert (value_of(books.frozen, "frozen_at"), value_of(books.live, "frozen_at")) == (MADE_AT, None)
    assert value_of(books.frozen, "engine_live") is False
    assert value_of(books.frozen, "ChecksTotal") == 0.0


def test_charts_pictures_rules_and_unknown_parts_stay_byte_identical(books: Books) -> None:
    def raw(path: Path) -> dict[str, bytes]:
        content = path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            found = {}
            for one in archive.infolist():
                lengths = content[one.header_offset + 26 : one.header_offset + 30]
                start = one.header_offset + 30 + lengths[0] + 256 * lengths[1] + lengths[2] + 256 * lengths[3]
                found[one.filename] = content[start : start + one.compress_size]
        return found

    before, after = raw(books.live), raw(books.frozen)
    differing = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    sheets = {name for name in differing if name.startswith("xl/worksheets/sheet")}
    buttons = {name for name in differing if re.fullmatch(r"xl/drawings/vmlDrawing\d{1,2}\.vml", name)}
    assert all(b"FmlaMacro" not in Package.open(books.frozen).part(name) for name in buttons)
    assert differing - sheets - buttons == {
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/workbook.xml",
        "xl/drawings/drawing901.xml",
        "xl/drawings/vmlDrawing901.vml",
    }
    old, new = Package.open(books.live), Package.open(books.frozen)
    for sheet in new.sheets:
        a, b = old.cells(sheet.name), new.cells(sheet.name)
        aside = re.compile(rb' codeName="\w+"|<dimension [^>]*>')
        assert aside.sub(b"", a.xml[: a.data[0]]) == aside.sub(b"", b.xml[: b.data[0]])
        assert a.xml[a.data[1] :] == b.xml[b.data[1] :], f"{sheet.name}: rules, links, print set-up"
        assert [at for at, cell in a.cells.items() if cell.style != b.cells[at].style] == []


def test_the_copy_shows_the_results_of_the_workbook(books: Books, base: Package) -> None:
    live = Package.open(books.live)
    differing = {}
    for sheet in base.sheets:
        a, b = live.cells(sheet.name), base.cells(sheet.name)
        differing.update({(sheet.name, at): b.value(*at) for at in a.cells if a.value(*at) != b.value(*at)})
    engine = live.resolve("engine_live")
    assert differing.pop((engine.sheet, (engine.first_row, engine.first_col))) is False
    assert not [value for value in differing.values() if isinstance(value, ErrorValue)]
    heads = {place for place in differing if place[1] == (3, 3)}
    said = {place: value for place, value in differing.items() if place not in heads}
    alerts = value_of(books.live, "AlertsTotal")
    assert {differing[place] for place in heads} == {f"Checks 0 · Alerts {alerts:.0f} · frozen results fit the inputs"}
    assert len(said) <= 12, "besides, only what says whether the functions are at hand"
    assert {sheet for sheet, _ in said} == {"Cover", "Saved"}


def test_the_banner_of_the_copy_names_the_workbook_and_the_time(books: Books) -> None:
    assert value_of(books.live, "results_banner") == (
        f"Results fit the inputs: calculated by the functions, last saved {value_of(books.live, 'saved_at')} UTC"
    )
    assert value_of(books.frozen, "results_banner") == (
        f"Frozen copy of town.xlsm, from {MADE_AT} UTC: results fit the inputs"
    )
    assert [value_of(books.live, name) for name in ("frozen_at", "frozen_from")] == [None, None]


def test_a_changed_input_makes_the_results_of_the_copy_old(books: Books, tmp_path: Path) -> None:
    with Model.open(books.frozen, registered=False) as model:
        model.set("peak_load_mw", 30.0)
        model.calculate()
        assert model.value("results_banner") == (
            f"Frozen copy of town.xlsm, from {MADE_AT} UTC: inputs changed, results of the functions are old"
        )
        assert model.value("status_red") == 1.0


@pytest.fixture(scope="module")
def edited_live(books: Books, tmp_path_factory: pytest.TempPathFactory, clock: None) -> Path:
    """The live workbook with another tariff, calculated."""
    path = tmp_path_factory.mktemp("live") / "edited.xlsm"
    written({cell_of(TARIFF): _NEW_TARIFF}, path, books.live)
    assert main(["run", "--stale", str(path)]) == 0
    return path


@dataclass(frozen=True)
class Returned:
    """What LibreOffice computed of the copy, and the copy with another tariff as it saved it, with its NPVs."""

    computed: dict[str, list[list[Any]]]
    path: Path
    npv_eur: list[float]


@pytest.fixture(scope="module")
def returned(books: Books, libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Returned:
    path = tmp_path_factory.mktemp("returned") / "returned.xlsx"
    tariff, package = cell_of(TARIFF), Package.open(books.frozen)
    stripped = libreoffice.copy(books.frozen)
    stripped.write_bytes(
        package.rebuilt({sheet.part: without_caches(package.cells(sheet.name)) for sheet in package.sheets})
    )
    computed, npv = libreoffice.run(
        """
        book = opened(arguments["path"])
        book.calculateAll()
        before = numbers(book)
        set_value(book, *arguments["cell"], arguments["value"])
        book.calculateAll()
        result = [before, [named_value(book, "npv_eur_%d" % k) for k in (1, 2, 3, 4)]]
        saved(book, arguments["out"])
        """,
        path=str(stripped),
        cell=[tariff.sheet, tariff.address.rpartition("!")[2]],
        value=_NEW_TARIFF,
        out=str(path),
    )
    return Returned(computed, path, npv)


@pytest.mark.libreoffice
def test_libreoffice_computes_the_same_numbers_from_the_copy(base: Package, returned: Returned) -> None:
    compared = 0
    for sheet in base.sheets:
        for (row, col), cell in base.cells(sheet.name).cells.items():
            if cell.formula and type(cell.value) is float:
                computed = returned.computed[sheet.name][row - 1][col - 1]
                assert computed == pytest.approx(cell.value, rel=1e-9, abs=1e-5), (sheet.name, row, col)
                compared += 1
    assert compared > 3000


@pytest.mark.libreoffice
def test_a_tariff_moves_the_npv_of_the_copy_as_that_of_the_live_workbook(
    books: Books, edited_live: Path, returned: Returned
) -> None:
    live = [value_of(edited_live, f"npv_eur_{k}") for k in (1, 2, 3, 4)]
    assert returned.npv_eur == pytest.approx(live, rel=1e-9)
    assert live[0] != pytest.approx(value_of(books.live, "npv_eur_1"), rel=0.01)


@pytest.mark.libreoffice
def test_an_edit_saved_by_libreoffice_is_all_that_thaw_carries(
    books: Books, edited_live: Path, returned: Returned, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "live.xlsm"
    assert main(["thaw", str(returned.path), "--from", str(books.live), "-o", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    tariff = cell_of(TARIFF)
    old = value_of(books.live, TARIFF)
    assert said["edits"] == [{"cell": tariff.address, "name": TARIFF, "old": old, "new": _NEW_TARIFF}]
    assert members(out) == members(edited_live), "macros, formulas and all: as if edited in the live workbook"


def test_thawing_an_unedited_copy_gives_the_original_back(
    books: Books, tmp_path: Path, capsys: Capture, clock: None
) -> None:
    out = tmp_path / "live.xlsm"
    assert main(["thaw", str(books.frozen), "--from", str(books.live), "-o", str(out)]) == 0
    assert "no input was edited" in capsys.readouterr().out
    assert out.read_bytes() == books.live.read_bytes()


def test_every_formula_of_the_other_shipped_workbook_comes_back_and_a_validator_finds_nothing(tmp_path: Path) -> None:
    live = Path(shutil.copyfile(REPOSITORY / "templates" / "biomass.xlsm", tmp_path / "live.xlsm"))
    copy, out = tmp_path / "frozen.xlsx", tmp_path / "thawed.xlsm"
    assert main(["freeze", str(live), "-o", str(copy)]) == 0
    assert not [text for text in formulas(Package.open(copy)) if calls_any(text)]
    assert main(["thaw", str(copy), "--from", str(live), "-o", str(out)]) == 0
    assert formulas(Package.open(out)) == formulas(Package.open(live))
    assert members(out) == members(live)
    assert validator_findings(live, tmp_path / "short.xlsm") == []


def test_what_openpyxl_saves_differs_by_the_edits_only(base: Package, books: Books, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(books.frozen)
    tariff = cell_of(TARIFF)
    book[tariff.sheet].cell(tariff.first_row, tariff.first_col).value = 99
    book.save(tmp_path / "openpyxl.xlsx")
    assert found_in(tmp_path / "openpyxl.xlsx", base, books) == ([(tariff.address, 99.0)], [])
    formula = cell_of("npv_eur_1")
    book[formula.sheet].cell(formula.first_row, formula.first_col).value = 1e6
    book[tariff.sheet].cell(tariff.first_row, tariff.first_col).value = "=100+20"
    book[OWN_SHEET]["B4"] = "=MAX(hourly_demand_mw)*2"
    book.save(tmp_path / "b.xlsx")
    carried, problems = found_in(tmp_path / "b.xlsx", base, books)
    assert carried == []
    assert [problem.partition(" (=")[0] for problem in problems] == [
        f"{tariff.address}: holds a formula now",
        f"{formula.address}: its formula was overwritten by 1000000",
        f"'{OWN_SHEET}'!B4: its formula was changed from =MAX(hourly_demand_mw) to =MAX(hourly_demand_mw)*2",
    ]


@pytest.mark.libreoffice
def test_inserted_rows_and_new_sheets_are_refused(
    books: Books, base: Package, libreoffice: Office, tmp_path: Path
) -> None:
    tariff = cell_of(TARIFF)
    libreoffice.run(
        """
        book = opened(arguments["path"])
        insert_rows(book, arguments["sheet"], arguments["row"])
        saved(book, arguments["rows"])
        book.Sheets.insertNewByName("Bank", 0)
        saved(book, arguments["more"])
        """,
        path=str(libreoffice.copy(books.frozen)),
        sheet=tariff.sheet,
        row=tariff.first_row,
        rows=str(tmp_path / "rows.xlsx"),
        more=str(tmp_path / "more.xlsx"),
    )
    problems = found_in(tmp_path / "rows.xlsx", base, books)[1]
    assert [one for one in problems if one.startswith(f"the name {TARIFF} refers to")]
    assert all(one.endswith("; rows or columns were inserted, deleted or moved") for one in problems)
    assert found_in(tmp_path / "more.xlsx", base, books)[1] == [
        "sheets were added: Bank; take them out, they cannot be carried over"
    ]


def test_changed_sheets_and_names_are_refused(base: Package, books: Books, tmp_path: Path) -> None:
    renamed = with_workbook_part(tmp_path / "a.xlsx", f'name="{OWN_SHEET}"', 'name="Bank"', books.frozen)
    assert found_in(renamed, base, books)[1] == [
        f"sheets were removed or renamed: '{OWN_SHEET}' is missing (it has Bank instead)"
    ]
    pattern = rf'<definedName name="{TARIFF}">[^<]*</definedName>'
    unnamed = with_workbook_part(tmp_path / "b.xlsx", pattern, "", books.frozen)
    assert found_in(unnamed, base, books)[1] == [f"the name {TARIFF} was removed"]


def test_what_cannot_be_carried_is_listed_cell_by_cell(base: Package, books: Books, tmp_path: Path) -> None:
    result = cell_of("linear_heat_density_mwh_per_m")
    assert base.cells(result.sheet).cells[result.first_row, result.first_col].formula is None
    title, tariff = cell_of("units_1"), cell_of(TARIFF)
    path = written({result: 9.9, title: "plant", tariff: 99.0}, tmp_path / "a.xlsx", books.frozen)
    carried, problems = found_in(path, base, books)
    assert carried == [(tariff.address, 99.0)]
    assert sorted(problems) == sorted(
        [
            f"{result.address}: a calculated result was overwritten, {stored(base, result)!r} by 9.9",
            f"{title.address}: the title of a table's column was changed to 'plant'",
        ]
    )


def stored(package: Package, place: Any) -> object:
    return package.cells(place.sheet).value(place.first_row, place.first_col)


def test_a_changed_original_and_a_live_copy_are_refused(
    books: Books, edited_live: Path, tmp_path: Path, capsys: Capture, clock: None
) -> None:
    out = tmp_path / "out.xlsm"
    assert main(["thaw", str(books.frozen), "--from", str(edited_live), "-o", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{edited_live}: was changed since {books.frozen} was made of it, and gives other results")
    assert not out.exists()
    assert main(["thaw", str(books.live), "--from", str(books.live), "-o", str(out)]) == 1
    assert "is no frozen copy, its functions are live" in capsys.readouterr().err


def test_targets_that_would_harm_or_mislead_are_refused(books: Books, tmp_path: Path, capsys: Capture) -> None:
    copy = Path(shutil.copyfile(books.frozen, tmp_path / "copy.xlsx"))
    before = copy.read_bytes()
    for arguments, sentence in (
        (["freeze", str(books.live), "-o", str(books.live)], "must end in .xlsx as a frozen copy holds no macros"),
        (["freeze", str(copy), "-o", str(copy)], "is the workbook that is read; write to another file"),
        (["thaw", str(copy), "--from", str(books.live), "-o", str(books.live)], "is the workbook that is read"),
        (["thaw", str(copy), "--from", str(books.live), "-o", str(tmp_path / "a.xlsx")], "must end in .xlsm"),
    ):
        assert main(arguments) == 1
        assert sentence in capsys.readouterr().err
    assert copy.read_bytes() == before


def no_space(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")])
def test_a_failure_while_writing_leaves_the_old_copy_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str]
) -> None:
    made = module.Frozen(b"new", MADE_AT, "town.xlsm", "", {}, 0, ())
    monkeypatch.setattr(module, "frozen", lambda *_: made)
    monkeypatch.setattr(module, "_calculated", lambda _: (b"new", []))
    target = tmp_path / "copy.xlsx"
    target.write_bytes(b"old")
    monkeypatch.setattr(*step, no_space)
    with pytest.raises(WorkbookError, match="No space left"):
        module.freeze(BOOK, target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def changed_town(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    town_book(path)
    path.write_bytes(rezipped(path.read_bytes(), change))
    return path


_NAMES = (
    "</sheets><definedNames>"
    '<definedName name="lhd">DH_LHD(Plant!$A$1,Plant!$B$1)</definedName><definedName name="twice">lhd*2</definedName>'
    '<definedName name="plain">Plant!$A$1</definedName><definedName name="Old" vbProcedure="1">#REF!</definedName>'
    "</definedNames>"
)
_CELLS = (
    '<row r="1"><c r="A1"><v>6000</v></c><c r="B1"><f>twice+1</f><v>5</v></c><c r="C1"><f>"DH_LHD("&amp;plain</f></c>'
    '<c r="D1"><f>Surcharge(_xlfn.STDEV.S(A1:A2))</f></c><c r="E1"><f>MMULT(A1,A1)+lhdx</f></c></row>'
)
_RULES = (
    '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>DH_LHD(A1,2)&gt;1</formula>'
    '</cfRule></conditionalFormatting><dataValidations count="1"><dataValidation type="decimal" sqref="A1">'
    "<formula1>twice</formula1></dataValidation></dataValidations>"
)


def test_calls_are_found_through_names_and_rules_that_call_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.xlsx"
    content = small_book(_CELLS, after=_RULES)
    path.write_bytes(rezipped(content, lambda _, data: data.replace(b"</sheets>", _NAMES.encode())))
    calling = Calling(Package.open(path), lambda function: function == "SURCHARGE")
    assert calling.names == {"lhd", "twice"}
    assert calling.cells("Plant") == [(1, 2), (1, 4)]
    assert re.findall(rb'definedName name="(\w+)"', calling.plain_names()) == [b"plain"]
    first, second = calling.obstacles()
    assert first.startswith("Plant: a format or validation rule calls a function that a frozen copy cannot have")
    assert "(=DH_LHD(A1,2)>1)" in first and "(=twice)" in second


def test_macros_leave_a_package_with_other_binary_parts_whole(tmp_path: Path) -> None:
    def with_chain(name: str, data: bytes) -> bytes:
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
        if name == "xl/_rels/workbook.xml.rels":
            relation = f'<Relationship Id="chain" Type="{kind}" Target="/xl/calcChain.xml"/></Relationships>'
            return data.replace(b"</Relationships>", relation.encode())
        return data

    path = changed_town(tmp_path / "town.xlsm", with_chain)
    path.write_bytes(rezipped(path.read_bytes(), lambda _, data: data, {"xl/calcChain.xml": b"<calcChain/>"}))
    package = Package.open(path)
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(without_macros(package, {}).rebuilt(package))
    after = members(plain)
    assert set(members(path)) - set(after) == {"xl/vbaProject.bin", "xl/calcChain.xml"}
    assert b'Extension="bin" ContentType="application/octet-stream"' in after["[Content_Types].xml"]
    assert after["xl/unknown.bin"] == bytes(range(256))
    assert not Package.open(plain).macros
    assert openpyxl.load_workbook(plain).sheetnames == ["Plant", "Bob's town", "Hidden"]

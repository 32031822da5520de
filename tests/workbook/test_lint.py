"""The linter: a workbook without a fault, each fault alone, and all of them together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font, NamedStyle, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula

from dhxl.workbook.lint import RULES, Finding, lint
from dhxl.workbook.lint.portable import PORTABLE
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY
from tests.workbook.books import rezipped

Change = Callable[[openpyxl.Workbook], None]
SHEETS = ("Inputs", "Model", "Notes")
OF_DHXL = {rule for rule in RULES if rule.startswith(("W5", "W6"))} | {"W208", "W210", "W211"}


def clean_book() -> openpyxl.Workbook:
    """Return a small model that keeps to every rule and has no name of dhxl."""
    book = openpyxl.Workbook()
    book.calculation.fullCalcOnLoad = False
    inputs, model, notes = (book.create_sheet(name) for name in SHEETS)
    book.remove(book.worksheets[0])
    marked = NamedStyle("Model Input", font=Font(color="0000FF"), fill=PatternFill("solid", fgColor="FFFBE0"))
    marked.protection = Protection(locked=False)
    book.add_named_style(marked)
    limits = DataValidation("decimal", "between", "0", "1000000")
    inputs.add_data_validation(limits)
    rows = (
        ("heat_mwh", "Heat sold", 6000, "MWh/a", "meter readings 2024"),
        ("tariff", "Tariff", 114, "EUR/MWh", "price list"),
        ("growth", "Growth", 0.02, "-", "assumption"),
    )
    for row, (name, *texts) in enumerate(rows, start=4):
        for col, text in enumerate(texts, start=2):
            inputs.cell(row, col, text)
        inputs.cell(row, 3).style = "Model Input"
        limits.add(f"C{row}")
        book.defined_names[name] = DefinedName(name, attr_text=f"Inputs!$C${row}")
    inputs["B8"] = "Months"
    for row in range(9, 13):
        inputs.cell(row, 2, row - 8).style = "Model Input"
        limits.add(f"B{row}")
    model["B4"], model["B5"], model["B6"], model["B7"] = "Year", "Revenue", "Factor", "Largest"
    model["C4"] = 1
    for col in "DEFGHI":
        model[f"{col}4"] = f"={chr(ord(col) - 1)}4+1"
    for col in "CDEFGHI":
        model[f"{col}5"] = f"=heat_mwh*tariff*(1+growth)^{col}$4"
        model[f"{col}6"] = f"=IF({col}4>1,1/(1+growth)^{col}4,1)"
    model["C7"] = "=MAX(C5:I5)"
    model["C8"] = "=SUMPRODUCT(C5:I5,C6:I6)+SUM(Inputs!B9:B12)"
    notes["B2"] = "Notes"
    for sheet in book.worksheets:
        sheet["B1"] = sheet.title
        sheet.print_area = "A1:J40"
        sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
        sheet.oddHeader.center.text = "Town"
        sheet.oddFooter.center.text = "&P"
        sheet.freeze_panes = "A4"
    return book


def found(book: openpyxl.Workbook, path: Path) -> tuple[Finding, ...]:
    book.save(path)
    return lint(Package.open(path))


def cell(address: str, content: object) -> Change:
    sheet, _, place = address.partition("!")
    return lambda book: book[sheet].__setitem__(place, content)


def named(name: str, text: str) -> Change:
    return lambda book: book.defined_names.__setitem__(name, DefinedName(name, attr_text=text))


def each(*changes: Change) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        for one in changes:
            one(book)

    return change


def put(target: str, **settings: object) -> Change:
    """Return a change that sets attributes of a sheet, or of an object in it, by its path."""

    def change(book: openpyxl.Workbook) -> None:
        sheet, *path = target.split(".")
        place = book[sheet]
        for step in path:
            place = getattr(place, step)
        for name, value in settings.items():
            setattr(place, name, value)

    return change


def styled(address: str, style: str) -> Change:
    sheet, _, place = address.partition("!")
    return lambda book: setattr(book[sheet][place], "style", style)


def without_validation(place: str) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        (rule,) = book["Inputs"].data_validations.dataValidation
        rule.sqref.remove(place)

    return change


def linked(book: openpyxl.Workbook) -> None:
    link = ExternalLink(ExternalBook(sheetNames=None))
    link.file_link = openpyxl.packaging.relationship.Relationship(
        type="externalLinkPath", Target="other.xlsx", TargetMode="External", Id="rId1"
    )
    book._external_links.append(link)


def scoped(book: openpyxl.Workbook) -> None:
    book["Notes"].defined_names["local"] = DefinedName("local", attr_text="Notes!$B$2")


def hidden_sheet(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Back")
    sheet["B2"], sheet["C2"] = "Label", "text"
    sheet["C2"].style = "Model Input"
    sheet.sheet_state = "hidden"


LONG = "=" + "+".join(["growth"] * 24)

# rule -> (change, where it is found)
FAULTS: dict[str, tuple[Change, str]] = {
    "W101": (cell("Model!B20", LONG), "Model!B20"),
    "W102": (cell("Model!B22", "=heat_mwh*0.95"), "Model!B22"),
    "W103": (cell("Model!B24", "=IF(tariff>1,IF(growth>0,1,0),0)"), "Model!B24"),
    "W104": (cell("Model!B26", "=TODAY()+tariff"), "Model!B26"),
    "W105": (cell("Model!B28", '=INDIRECT("Inputs!C4")'), "Model!B28"),
    "W106": (cell("Model!B30", "=SUM(Notes!D:D)"), "Model!B30"),
    "W107": (cell("Model!B32", "=SUM(Town[heat])"), "Model!B32"),
    "W108": (cell("Model!B34", "=_xlfn.XLOOKUP(tariff,C5:I5,C6:I6)"), "Model!B34"),
    "W109": (cell("Model!B36", "=SUM(LEN(Inputs!B4:B6))"), "Model!B36"),
    "W110": (linked, ""),
    "W111": (cell("Model!B38", "=SUM(Inputs:Model!J30)"), "Model!B38"),
    "W112": (cell("Model!B40", "=SUM(#REF!)+growth"), "Model!B40"),
    "W113": (cell("Model!B42", "=heat_mhw*tariff"), "Model!B42"),
    "W114": (cell("Model!B44", ArrayFormula("B44:B46", "=C44:C46*1")), "Model!B44"),
    "W115": (cell("Model!F5", 700000), "Model!F5"),
    "W116": (each(cell("Model!E50", "=G50+1"), cell("Model!G50", "=E50*growth")), "Model!E50"),
    "W117": (cell("Notes!D10", "#DIV/0!"), "Notes!D10"),
    "W118": (cell("Model!B52", "=NPV(growth,C5:I5)"), "Model!B52"),
    "W201": (each(cell("Model!B54", "=growth*1"), styled("Model!B54", "Model Input")), "Model!B54"),
    "W202": (each(cell("Notes!D12", 3.7), cell("Model!B56", "=Notes!D12*growth")), "Notes!D12"),
    "W203": (lambda book: setattr(book["Inputs"]["C4"], "protection", Protection(locked=True)), "Inputs!C4"),
    "W204": (without_validation("C5"), "Inputs!C5"),
    "W205": (each(cell("Notes!D14", "x"), styled("Notes!D14", "Model Input")), "Notes!D14"),
    "W206": (cell("Inputs!D5", None), "Inputs!C5"),
    "W207": (cell("Inputs!E6", None), "Inputs!C6"),
    "W209": (cell("Inputs!B10", "12.5"), "Inputs!B10"),
    "W301": (named("lost", "Inputs!#REF!"), ""),
    "W302": (scoped, "Notes!B2"),
    "W303": (named("moving", "Inputs!B8"), "Inputs!B8"),
    "W401": (hidden_sheet, "Back"),
    "W402": (lambda book: book["Model"].merge_cells("C7:E7"), "Model!C7"),
    "W403": (lambda book: setattr(book["Notes"], "print_area", None), "Notes"),
    "W404": (put("Notes.sheet_properties.pageSetUpPr", fitToPage=False), "Notes"),
    "W405": (put("Notes.oddFooter.center", text=None), "Notes"),
    "W406": (put("Notes", freeze_panes=None), "Notes"),
    "W407": (lambda book: setattr(book["Inputs"].row_dimensions[12], "hidden", True), "Inputs!B12"),
    "W408": (lambda book: setattr(book.calculation, "calcMode", "manual"), ""),
}  # fmt: skip


def spilling(path: Path) -> None:
    """Make the array formula of the model one that spills, as Excel marks it."""

    def marked(name: str, part: bytes) -> bytes:
        return part.replace(b'<c r="B44"', b'<c r="B44" cm="1"') if name.endswith("sheet2.xml") else part

    path.write_bytes(rezipped(path, marked))


def where(finding: Finding) -> str:
    return finding.cell or finding.sheet


def test_a_workbook_that_keeps_to_the_rules_has_no_finding(tmp_path: Path) -> None:
    assert found(clean_book(), tmp_path / "clean.xlsx") == ()


def test_every_rule_has_a_fault_that_is_seeded_here_or_among_the_checks_of_dhxl() -> None:
    assert set(FAULTS) == set(RULES) - OF_DHXL


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_under_its_rule_only(rule: str, tmp_path: Path) -> None:
    book = clean_book()
    change, place = FAULTS[rule]
    change(book)
    path = tmp_path / "one.xlsx"
    book.save(path)
    if rule == "W114":
        spilling(path)
    got = [(finding.rule, where(finding)) for finding in lint(Package.open(path))]
    assert got == [(rule, place)]


def test_all_faults_together_are_exactly_those_found(tmp_path: Path) -> None:
    book = clean_book()
    for change, _ in FAULTS.values():
        change(book)
    path = tmp_path / "all.xlsx"
    book.save(path)
    spilling(path)
    got = lint(Package.open(path))
    assert sorted((finding.rule, where(finding)) for finding in got) == sorted(
        (rule, place) for rule, (_, place) in FAULTS.items()
    )
    assert all(finding.text and finding.fix for finding in got)


def test_the_page_of_the_rules_has_every_rule_and_every_portable_function() -> None:
    text = (REPOSITORY / "docs" / "check.md").read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if line.startswith("| W")] == [
        f"| {rule.id} | {rule.demand} | {rule.fix} |" for rule in RULES.values()
    ]
    listed = text.rpartition("compares each of them:")[2].replace("\n", " ").strip().removesuffix(".")
    assert set(listed.split(", ")) == PORTABLE

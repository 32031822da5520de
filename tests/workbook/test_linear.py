"""Long and hostile content of a file costs time in proportion to its length."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from dhxl.hosts.headless.engine_copy import engine_copy
from dhxl.studies.feeding import _sheets_named, _words
from dhxl.workbook.calling import _CALLED
from dhxl.workbook.cells import LONGEST_FORMULA, scan
from dhxl.workbook.lint.input_rules import _is_number
from dhxl.workbook.lint.parts import taken_apart
from dhxl.workbook.names import quoted_sheet, reference_of
from dhxl.workbook.package import Package
from dhxl.workbook.spelling import same_formula
from dhxl.workbook.tables import Table, plain_references
from dhxl.workbook.validations import validations
from dhxl.workbook.xmltext import attributes, elements, escaped, plain, unescaped_string
from tests.forms import zipped
from tests.workbook.books import PLANT, members, sheet_xml

SECONDS = 5.0  # of processor time; what grows with the square takes minutes
SALES = Table("Sales", "Town", 1, 2, 4, 1, 0, ("year", "heat"))
PIECES = (
    "a", "A", "1", "'", '"', "[", "]", "(", ")", "!", ":", "$", ".", ",", "-", "#", "{", " ", "\n", "_", "\\", "é",
    "''a", "A1:", "a!", "'a!", "::", "Sales[", "[1]", "DH_LHD(", "SUM(", "IF(", "1+", "1E", "#REF!", "a:a", "_x",
    "TRUE()", "[0]!",
)  # fmt: skip
ON_FORMULAS: dict[str, Callable[[str], Any]] = {
    "taken apart": taken_apart,
    "compared": partial(same_formula, "1"),
    "tables": lambda text: plain_references(text, {"sales": SALES}, 1),
    "called": _CALLED.findall,
    "feeding": lambda text: (list(_sheets_named(text)), list(_words(text))),
    "reference": lambda text: (reference_of(text), quoted_sheet(text)),
    "number": lambda text: _is_number(f"1{text}x"),
    "text": unescaped_string,
}


def test_the_engines_copy_of_such_formulas_costs_little_time(tmp_path: Path) -> None:
    formulas = [(f"1+{piece * LONGEST_FORMULA}")[:LONGEST_FORMULA] for piece in PIECES]
    rows = [
        f'<row r="{row}"><c r="A{row}"><f>{escaped(one)}</f></c></row>' for row, one in enumerate(formulas, start=1)
    ]
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as empty:
        empty.add_worksheet("Own")
    parts = members(book)
    book.write_bytes(zipped({**parts, PLANT: sheet_xml("".join(rows))}, packed=False))
    started = time.process_time()
    engine_copy(Package.open(book))
    assert time.process_time() - started < 3 * SECONDS


@pytest.mark.parametrize("reading", ON_FORMULAS)
def test_a_formula_of_the_greatest_length_costs_little_time(reading: str) -> None:
    slow = {}
    for piece in PIECES:
        for head in ("1+", "'", '"'):
            text = (head + piece * LONGEST_FORMULA)[:LONGEST_FORMULA]
            started = time.process_time()
            ON_FORMULAS[reading](text)
            if (taken := time.process_time() - started) > SECONDS:
                slow[head + piece] = taken
    assert slow == {}


@pytest.mark.parametrize(
    "piece", [b"a", b" ", b"a=", b'a="', b"<a ", b"<shape ", b"<shape>", b"<shape/>", b"&#", b"</"]
)
def test_broken_xml_costs_little_time(piece: bytes) -> None:
    xml = piece * (1_000_000 // len(piece))
    started = time.process_time()
    attributes(xml)
    list(elements(xml, "shape"))
    plain(xml)
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "tail",
    [
        '<dataValidation type="list"/>' * 40_000,
        "<!--" + "<dataValidation >" * 60_000 + "-->",
        f'<dataValidations><dataValidation prompt="{"> " * 200_000}" sqref="A1"/></dataValidations>',
    ],
    ids=["without cells", "remark", "long"],
)
def test_validations_of_any_form_cost_little_time(tail: str) -> None:
    started = time.process_time()
    validations(scan(sheet_xml('<row r="1"><c r="A1"/></row>', after=f"<x>{tail}</x>")))
    assert time.process_time() - started < SECONDS


def test_a_prompt_may_hold_the_sign_that_ends_a_tag() -> None:
    rule = '<dataValidation type="whole" operator="greaterThan" prompt="a > 0" sqref="A1"><formula1>0</formula1>'
    found = validations(scan(sheet_xml('<row r="1"><c r="A1"/></row>', after=f"{rule}</dataValidation>")))
    assert [(one.kind, one.first, one.areas) for one in found] == [("whole", "0", ((1, 1, 1, 1),))]

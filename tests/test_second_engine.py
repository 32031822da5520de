"""LibreOffice as the second engine: every native formula of the shipped workbook, under inputs drawn at random."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import pytest

from dhxl.core.rates import internal_rate_of_return
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Model
from dhxl.studies.inputs import choices, input_rules
from dhxl.workbook.names import Reference
from tests.libreoffice import Office
from tests.shipped import BOOK, cell_of, written
from tests.workbook.test_rates import SEVERAL

pytestmark = pytest.mark.libreoffice

SEED, SETS, EDITS = 20260101, 20, 15
AGREEMENT = 1e-9
SHEETS = ("Cover", "Design", "Plant", "Prices", "Costs", "Finance", "Emissions")
TABLES = ("connected_share", "capex_line_life_years", "capex_line_share", "line_eur_1", "line_eur_4", "line_escalation",
          "line_ramp")  # fmt: skip
ALWAYS = ("finance_convention", "loan_repayment", "price_scenario", "solution")
SWITCHES = ("replace_assets", "line_ramp")
MOST_CELLS = 10_000  # of a range among the cells that a formula reads

Place = tuple[str, int, int]  # name, row and column in it, counted from 1
Edit = tuple[str, int, int, float | str]
Cells = dict[str, dict[tuple[int, int], Any]]


@dataclass(frozen=True)
class Inputs:
    """The cells that can be edited and have a data validation, with what they hold."""

    model: Model
    held: dict[Place, float | str]
    rules: dict[str, Callable[[int, int, Any], str]]

    def drawn(self, chance: random.Random) -> list[Edit]:
        """Return edits that the data validations allow, always with scenario, solution and convention among them."""
        others = [at for at in self.held if at[0] not in ALWAYS]
        picked = [(name, 1, 1) for name in ALWAYS] + chance.sample(others, EDITS - len(ALWAYS))
        return [(*at, self._value(at, chance)) for at in picked]

    def kept(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits that take others back."""
        return [(*edit[:3], self.held[edit[:3]]) for edit in edits]

    def place(self, at: Place) -> Reference:
        area = self.model.reference(at[0])
        row, col = area.first_row + at[1] - 1, area.first_col + at[2] - 1
        return Reference(area.sheet, row, col, row, col)

    def unmet(self, at: Place, value: float | str) -> str:
        place = self.place(at)
        return self.rules[place.sheet](place.first_row, place.first_col, value)

    def _value(self, at: Place, chance: random.Random) -> float | str:
        held = self.held[at]
        if isinstance(held, str) or at[0] == "solution":
            chosen = chance.choice(choices(self.model.package, self.place(at)))
            return chosen if isinstance(held, str) else float(chosen)
        value = _near(at[0], held, chance)
        while self.unmet(at, value):
            value = _near(at[0], held, chance)
        return value


def _near(name: str, held: float, chance: random.Random) -> float:
    if name.startswith(SWITCHES):
        return float(chance.randint(0, 1))
    if "_years" in name or name == "customers":
        return float(max(round(held) + chance.randint(-4, 4), 0))
    share = "share" in name or "rate" in name or "escalation" in name
    return held * chance.uniform(0.6, 1.4) if held else chance.uniform(0, 0.2 if share else 50)


def inputs_of(model: Model) -> Inputs:
    names = {name.name: name.reference for name in model.package.names if name.sheet is None and name.reference}
    single = [name for name, place in names.items() if place.is_cell and place.sheet in SHEETS]
    held: dict[Place, float | str] = {}
    for name in (*single, *TABLES):
        area = model.reference(name)
        for row, col in area.cells():
            value = model.package.cells(area.sheet).value(row, col)
            if isinstance(value, float | str) and (row, col) not in model.formulas(area.sheet):
                held[name, row - area.first_row + 1, col - area.first_col + 1] = value
    inputs = Inputs(model, held, {sheet: input_rules(model.package, sheet) for sheet in SHEETS})
    forbidden_everywhere = "\0"
    return Inputs(model, {at: held[at] for at in held if inputs.unmet(at, forbidden_everywhere)}, inputs.rules)


@pytest.fixture(scope="module")
def bare() -> Iterator[Model]:
    """The workbook with nothing registered: saved results stand in for the functions, as in LibreOffice."""
    with Model.open(BOOK, registered=False) as model:
        model.calculate()
        yield model


@pytest.fixture(scope="module")
def steps(bare: Model) -> list[list[Edit]]:
    """What to edit for each set of inputs; the edits of the set before are taken back."""
    inputs, chance = inputs_of(bare), random.Random(SEED)
    assert len(inputs.held) > 150
    sets: list[list[Edit]] = [[], *(inputs.drawn(chance) for _ in range(SETS))]
    return [sets[0], *(inputs.kept(before) + new for before, new in pairwise(sets))]


@dataclass(frozen=True)
class Theirs:
    """What LibreOffice shows: a result of a poisoned workbook as loaded and calculated, and all cells of each set."""

    loaded: float
    poisoned: float
    sheets: list[Cells]


@pytest.fixture(scope="module")
def theirs(
    bare: Model, steps: list[list[Edit]], libreoffice: Office, tmp_path_factory: pytest.TempPathFactory
) -> Theirs:
    tariff = "heat_tariff_eur_per_mwh"
    book = tmp_path_factory.mktemp("poisoned") / BOOK.name
    written({cell_of(tariff): 10.0}, book)  # every stored result is the old one
    spans = {
        sheet: ({row for row, _ in cells}, {col for _, col in cells}) for sheet, cells in bare.values().items() if cells
    }
    found = libreoffice.run(
        """
        book = opened(arguments["path"])
        loaded = named_value(book, "npv_eur_1")
        book.calculateAll()
        poisoned = named_value(book, "npv_eur_1")
        book.enableAutomaticCalculation(False)
        set_named(book, *arguments["healed"])
        sheets = []
        for edits in arguments["steps"]:
            for name, row, column, content in edits:
                set_named(book, name, content, row, column)
            book.calculateAll()
            sheets.append({
                name: sheet(book, name).getCellRangeByPosition(*corners).getDataArray()
                for name, corners in arguments["areas"].items()
            })
        result = {"loaded": loaded, "poisoned": poisoned, "sheets": sheets}
        """,
        path=str(libreoffice.copy(book)),
        healed=[tariff, bare.value(tariff)],
        steps=steps,
        areas={
            sheet: [min(cols) - 1, min(rows) - 1, max(cols) - 1, max(rows) - 1] for sheet, (rows, cols) in spans.items()
        },
    )
    corners = {sheet: (min(rows), min(cols)) for sheet, (rows, cols) in spans.items()}
    return Theirs(found["loaded"], found["poisoned"], [_by_place(sheets, corners) for sheets in found["sheets"]])


def _by_place(sheets: dict[str, list[list[Any]]], corners: dict[str, tuple[int, int]]) -> Cells:
    return {
        sheet: {
            (corners[sheet][0] + r, corners[sheet][1] + c): value
            for r, row in enumerate(rows)
            for c, value in enumerate(row)
        }
        for sheet, rows in sheets.items()
    }


def agree(ours: Cell, theirs: Any, scale: float = 0.0) -> bool:
    """Return whether two engines show the same.

    LibreOffice has truth values as numbers, a blank saved value as 0, and None for an error.
    """
    if isinstance(ours, bool | float) and isinstance(theirs, float):
        return abs(ours - theirs) <= AGREEMENT * max(abs(ours), abs(theirs), scale)
    if isinstance(ours, CellError):
        return theirs is None
    return (ours or "") == (theirs or "")


def magnitude(model: Model, place: Place, steps: int) -> float:
    """Return the largest number among the cells that a formula reads, and among those that they read in turn.

    A difference of two such numbers that is 0 but for their rounding can agree to no more than their last digits.
    """
    areas = [area for area in model.precedents(*place) if area.rows * area.columns <= MOST_CELLS]
    values = chain.from_iterable(chain.from_iterable(model.cells(area) for area in areas))
    largest = max((abs(value) for value in values if type(value) is float), default=0.0)
    if steps > 1:
        single = [area for area in areas if area.rows * area.columns <= 50]
        further = ((area.sheet, row, col) for area in single for row, col in area.cells())
        found = [magnitude(model, at, steps - 1) for at in further if at[1:] in model.formulas(at[0])]
        return max([largest, *found])
    return largest


def differing(model: Model, theirs: Cells) -> dict[str, tuple[Cell, Any]]:
    """Return the cells on which the two engines do not agree to 1e-9 of their size or of what they are made of."""
    found = {}
    for sheet, cells in model.values().items():
        for (row, col), ours in cells.items():
            other = theirs[sheet][row, col]
            if agree(ours, other):
                continue
            if not any(agree(ours, other, magnitude(model, (sheet, row, col), steps)) for steps in (1, 2)):
                found[Reference(sheet, row, col, row, col).address] = (ours, other)
    return found


def test_libreoffice_recomputes_a_poisoned_workbook(bare: Model, theirs: Theirs) -> None:
    """Proves: its numbers are no stored ones. Sensitivity: stored results would give the NPV as loaded."""
    stored = bare.value("npv_eur_1")
    assert isinstance(stored, float)
    assert theirs.loaded == pytest.approx(stored, rel=1e-9)
    assert theirs.poisoned < stored - 1e7


def test_libreoffice_agrees_with_every_native_formula_under_random_inputs(
    bare: Model, steps: list[list[Edit]], theirs: Theirs
) -> None:
    inputs = inputs_of(bare)
    npvs = set()
    for number, (edits, sheets) in enumerate(zip(steps, theirs.sheets, strict=True)):
        for *at, value in edits:
            bare.put(inputs.place((at[0], at[1], at[2])), [[value]], at[0])
        bare.calculate()
        assert differing(bare, sheets) == {}, (number, edits)
        npvs.add(bare.value("npv_eur_1"))
    assert len(npvs) == SETS + 1


def test_of_several_rates_of_return_libreoffice_finds_the_one_of_dh_irr(libreoffice: Office) -> None:
    """Proves: the guess leads both engines to the nearest rate. Sensitivity: from 10 % or 1/24 some end elsewhere."""
    found = libreoffice.run(
        """
        book = opened(arguments["path"])
        book.enableAutomaticCalculation(False)
        result = []
        for flows in arguments["cases"]:
            for year, flow in enumerate(flows, start=1):
                set_named(book, "net_flow_eur_1", flow, 1, year)
            book.calculateAll()
            result.append([named_value(book, "irr_1"), named_value(book, "irr_count_1")])
        """,
        path=str(libreoffice.copy(BOOK)),
        cases=list(SEVERAL.values()),
    )
    for (case, flows), (rate, least) in zip(SEVERAL.items(), found, strict=True):
        assert rate == pytest.approx(internal_rate_of_return(flows), rel=1e-8), case
        assert least >= 2, case

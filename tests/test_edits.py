"""Edits of inputs in the shipped workbook move what rests on them, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dhxl.functions import REGISTRY
from dhxl.functions.cells import Cell
from dhxl.functions.spec import WorksheetFunction
from dhxl.hosts.headless import Model
from dhxl.hosts.headless import model as host
from dhxl.studies.outputs import OUTPUTS
from dhxl.workbook.names import Reference
from tests.formula_graph import FormulaGraph
from tests.shipped import BOOK

PAYBACKS = ("payback_years", "payback_from_operation_years", "discounted_payback_years")
PROJECT = {"npv_eur", "irr", *PAYBACKS}
LOAN = {"dscr_least", "dscr_mean"}
AFTER_TAX = {"npv_after_tax_eur", "irr_after_tax", "equity_npv_eur", "equity_irr"}
TARIFF = {*PROJECT, *AFTER_TAX, *LOAN, "operating_margin_eur", "heat_tariff_eur"}
COST = {
    *PROJECT,
    *AFTER_TAX,
    *LOAN,
    "operating_cost_eur",
    "operating_margin_eur",
    "lcoh_eur_per_mwh",
    "vdi_annual_cost_eur",
}
CAPEX = {*PROJECT, *AFTER_TAX, *LOAN, "capex_eur", "loan_eur", "lcoh_eur_per_mwh", "vdi_annual_cost_eur"}
HEAT = {f"heat_share_{kind}" for kind in ("heat_pump", "chp", "boiler")} | {"gas_mwh", "co2_t"}
STEMS = (*dict.fromkeys((*(output.name for output in OUTPUTS), *sorted(TARIFF | COST | CAPEX))),)
SOLUTIONS = (1, 2, 3, 4)
SHEETS = ("Prices", "Costs", "Finance", "Design")
TABLES = ("capex_line_life_years", "capex_line_share", "line_eur_2", "line_escalation", "line_ramp")
ON_DISPATCH = ("DH_DISPATCH", "DH_DISPATCH_SUMMARY", "DH_DISPATCH_MONTHLY", "DH_DISPATCH_DURATION")
# so that every input of sheet Finance counts: the convention Full, a scenario that moves the tariff, no zeros
EVERYTHING_COUNTS: dict[str, float | str] = {
    "finance_convention": "Full", "price_scenario": "High", "grant_share": 0.1, "insurance_share": 0.005,
    "pumping_share": 0.01, "administration_eur": 20_000.0, "capacity_charge_eur_per_kw": 10.0,
    "standing_charge_eur": 50.0, "connection_fee_eur_per_kw": 20.0, "loss_offset_share": 0.5, "residual_share": 0.8,
    "loan_grace_years": 1.0, "own_use_charge_share": 0.1, "sale_fee_eur_per_mwh": 1.0, "tax_credit_years": 11.0,
}  # fmt: skip
RAMP = (0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0, 1.0, 1.0)

Results = dict[str, Cell]


@dataclass
class Edited:
    """An open workbook and how often its last calculation called each function."""

    model: Model
    calls: Counter[str]

    def calculated(self, **inputs: float | str) -> Results:
        """Return the results with some inputs changed."""
        for name, value in inputs.items():
            self.model.set(name, value)
        self.calls.clear()
        self.model.calculate()
        return self.results()

    def results(self) -> Results:
        return {name: self.model.value(name) for name in (f"{stem}_{k}" for stem in STEMS for k in SOLUTIONS)}

    def moved_by(self, **inputs: float | str) -> set[str]:
        """Return the results that other inputs change; the inputs are put back."""
        kept: dict[str, Any] = {name: self.model.value(name) for name in inputs}
        before = self.results()
        after = self.calculated(**inputs)
        calls = Counter(self.calls)
        assert self.calculated(**kept) == before
        self.calls.update(calls)
        return {name for name in before if after[name] != before[name]}

    @property
    def dispatches(self) -> int:
        return sum(self.calls[name] for name in ON_DISPATCH)


@dataclass(frozen=True)
class Counted:
    """A worksheet function that counts its calls."""

    function: WorksheetFunction
    calls: Counter[str]

    def __call__(self, *cells: object) -> Any:
        self.calls[self.function.name] += 1
        return self.function(*cells)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.function, name)


def opened() -> Iterator[Edited]:
    calls: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(host, "REGISTRY", {name: Counted(one, calls) for name, one in REGISTRY.items()})
        model = Model.open(BOOK)
    with model:
        model.calculate()
        yield Edited(model, calls)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Edited]:
    """The workbook as it is shipped; every test leaves it so."""
    yield from opened()


@pytest.fixture(scope="module")
def rich() -> Iterator[Edited]:
    """The workbook with inputs under which as many of them as possible count."""
    for book in opened():
        book.model.set("connected_share", [[share] for share in RAMP])
        lives = book.model.range("capex_line_life_years")
        book.model.set("capex_line_life_years", [[15.0 if row == 0 else life] for row, (life,) in enumerate(lives)])  # type: ignore[list-item]
        book.calculated(**EVERYTHING_COUNTS)
        yield book


def of(stems: set[str], *solutions: int) -> set[str]:
    return {f"{stem}_{k}" for stem in stems for k in solutions or SOLUTIONS}


@pytest.mark.parametrize(
    ("name", "value", "moved"),
    [
        ("heat_tariff_eur_per_mwh", 120.0, of(TARIFF)),
        ("capacity_charge_eur_per_kw", 5.0, of(TARIFF)),
        ("standing_charge_eur", 40.0, of(TARIFF)),
        ("connection_fee_eur_per_kw", 10.0, of(TARIFF - {"operating_margin_eur", "heat_tariff_eur", "dscr_least"})),
        ("heat_tariff_gas_link", 0.5, set()),  # the gas price of the scenario is the one of the tariff
        ("tax_credit_eur_per_mwh", 20.0, of(TARIFF - {"heat_tariff_eur"} | {"lcoh_eur_per_mwh"})),
        ("tax_credit_years", 16.0, of({"npv_eur", "irr", *AFTER_TAX, "lcoh_eur_per_mwh"})),  # after payback and loan
        ("discount_rate", 0.04, of({"npv_eur", "npv_after_tax_eur", "discounted_payback_years", "lcoh_eur_per_mwh",
                                    "vdi_annual_cost_eur"})),
        ("equity_discount_rate", 0.07, of({"equity_npv_eur"})),
        ("tax_rate", 0.24, of(AFTER_TAX | LOAN)),
        ("loss_offset_share", 0.7, of(AFTER_TAX, 1, 2, 3)),  # no losses in solution 4
        ("loan_rate", 0.04, of(AFTER_TAX | LOAN)),
        ("loan_tenor_years", 12.0, of(AFTER_TAX | LOAN)),
        ("loan_share", 0.5, of(AFTER_TAX | LOAN | {"loan_eur"})),
        ("grant_share", 0.1, of(CAPEX - {"capex_eur", "vdi_annual_cost_eur"})),
        ("capex_wells_eur", 5_200_000.0, of(CAPEX)),
        ("capex_chp_eur", 2_800_000.0, of(CAPEX, 1, 2, 3)),
        ("capex_storage_eur_per_m3", 600.0, of(CAPEX, 2)),
        ("capex_small_heat_pump_eur", 800_000.0, of(CAPEX, 3)),
        ("insurance_share", 0.004, of(COST)),
        ("administration_eur", 30_000.0, of(COST)),
        ("other_maintenance_eur", 450_000.0, of(COST)),
        ("chp_overhaul_eur", 200_000.0, of(COST, 1, 2, 3)),
        ("dscr_minimum", 1.2, set()),
        ("household_gas_eur_per_sm3", 0.9, set()),
    ],
)  # fmt: skip
def test_a_price_tariff_tax_or_capex_moves_exactly_the_results_that_rest_on_it_without_any_dispatch(
    shipped: Edited, name: str, value: float, moved: set[str]
) -> None:
    assert shipped.moved_by(**{name: value}) == moved
    assert shipped.dispatches == 0


@pytest.mark.parametrize(
    "name",
    ["heat_escalation", "power_escalation", "fuel_escalation", "om_escalation", "capex_escalation", "residual_share"],
)
def test_what_belongs_to_the_full_convention_counts_for_nothing_under_simple(
    shipped: Edited, rich: Edited, name: str
) -> None:
    assert shipped.moved_by(**{name: 0.01}) == set()
    assert of({"npv_eur", "irr"}) <= rich.moved_by(**{name: 0.01})


def test_years_of_payment_and_lives_count_for_capex_under_full_only(shipped: Edited, rich: Edited) -> None:
    for book, moved in ((shipped, set()), (rich, of({"npv_eur", "irr", "lcoh_eur_per_mwh", "payback_years"}))):
        shares: Any = book.model.range("capex_line_share")
        before = book.results()
        book.model.set("capex_line_share", [[0.0, 0.0, 1.0, 0.0, 0.0, 0.0], *shares[1:]])
        after = book.calculated()
        book.model.set("capex_line_share", shares)
        assert book.calculated() == before
        assert {
            name for name in of({"npv_eur", "irr", "lcoh_eur_per_mwh", "payback_years"}) if after[name] != before[name]
        } == moved


def test_certificates_of_the_chp_dispatch_anew_and_leave_the_solution_without_chp_alone(shipped: Edited) -> None:
    moved = shipped.moved_by(white_certificate_chp_eur_per_mwh=20.0)
    assert moved >= of(HEAT | PROJECT | AFTER_TAX, 1, 2, 3)
    assert not moved & of(set(STEMS), 4)
    assert shipped.dispatches > 0


def test_a_gas_price_dispatches_anew_and_leaves_capex_and_demand_alone(shipped: Edited) -> None:
    moved = shipped.moved_by(gas_price_eur_per_sm3_medium=0.6)
    assert moved >= of(HEAT | PROJECT, 1, 2, 3) | of(COST, 4)
    assert not moved & of({"capex_eur", "loan_eur", "unserved_mwh"})
    assert shipped.dispatches > 0


def input_cells(model: Model) -> dict[str, Reference]:
    """Return the cells of the named numeric inputs, and of the first row and a free one of the tables."""
    found = {}
    for name in model.package.names:
        place = name.reference
        if name.sheet is None and place and place.sheet in SHEETS and place.is_cell and not model.formula_in(place):
            found[name.name] = place
    for name in TABLES:
        table = model.reference(name)
        for row in (table.first_row, table.last_row):
            for col in range(table.first_col, table.last_col + 1):
                found[f"{name} {row} {col}"] = Reference(table.sheet, row, col, row, col)
    values = {name: model.cell(place.sheet, place.first_row, place.first_col) for name, place in found.items()}
    return {
        name: found[name]
        for name, value in values.items()
        if type(value) is float and not model.formula_in(found[name])
    }


def other_value(name: str, value: Cell) -> float:
    """Return a value a little off, of whole numbers the next one, of switches the opposite."""
    assert isinstance(value, float)
    if name.startswith(("replace_assets", "line_ramp")):
        return 1 - value
    if "_years" in name:
        return value + 1
    if value:
        return value * 0.95
    return (
        0.01 if name.startswith(("grant", "own_use", "capex_line_share", "line_escalation")) or "share" in name else 5.0
    )


def test_no_edit_moves_a_result_to_which_no_chain_of_formulas_leads(rich: Edited) -> None:
    """Proves: of all named cells, only those change that rest on the edited one by the text of the formulas.

    Inputs of the dispatch are edited some at a time, all others one by one.
    """
    model = rich.model
    inputs = input_cells(model)
    graph = FormulaGraph(model.package, inputs)
    places = {name.name: name.reference for name in model.package.names if name.sheet is None and name.reference}
    cells = {name: place for name, place in places.items() if place.is_cell and model.formula_in(place)}
    rests_on = {name: graph.inputs_of(place) for name, place in cells.items()}
    assert len(cells) > 400
    drivers = sorted(name for name in rests_on["drivers_sum"] if inputs[name].sheet != "Design")
    edits = [[name] for name in inputs if name not in rests_on["drivers_sum"]] + [drivers[at::4] for at in range(4)]
    before = {name: model.value(name) for name in cells}
    unexpected, without_effect = {}, set()
    for names in edits:
        for name in names:
            place = inputs[name]
            value = other_value(name, model.cell(place.sheet, place.first_row, place.first_col))
            model.put(place, [[value]], name)
        rich.calls.clear()
        model.calculate()
        assert rich.dispatches == 0 or names[0] in drivers
        after = {name: model.value(name) for name in cells}
        moved = {name for name in cells if after[name] != before[name]}
        if beyond := {name for name in moved if not rests_on[name].intersection(names)}:
            unexpected[names[0]] = beyond
        if not moved & of(set(STEMS)) and any(rests_on[name].intersection(names) for name in of(set(STEMS))):
            without_effect.add(names[0].split(" ")[0])
        before = after
    assert unexpected == {}
    assert without_effect == {"capex_line_share"}, "years of payment of a free line, whose amount is 0"


def test_an_edited_workbook_has_the_values_of_a_fresh_calculation(rich: Edited, tmp_path: Path) -> None:
    book = tmp_path / "edited.xlsm"
    rich.model.save(book)
    ours = rich.model.values()
    with Model.open(book) as fresh:
        fresh.calculate()
        assert fresh.values() == ours

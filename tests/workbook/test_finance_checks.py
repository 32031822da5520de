"""Every check on sheet Checks can fail: a workbook with one seeded defect shows it, the undamaged one shows none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dhxl.hosts.headless import Model
from dhxl.workbook.builder import write_workbook
from dhxl.workbook.case import read_case
from dhxl.workbook.names import Reference
from dhxl.workbook.sheets.assets import SLOTS
from tests.conftest import REPOSITORY
from tests.workbook.finance_sheets import (
    ESCALATION,
    FIRST_YEAR,
    Value,
    block,
    column,
    edited,
    nth,
    number,
    typed,
)

FULL: Mapping[str, Value] = {"finance_convention": "Full", **ESCALATION}
FREE = -1  # the last row of a table


@dataclass(frozen=True, slots=True)
class Defect:
    """What is broken: inputs, cells of names (name, row, column from 0), cells of sheet Flows (solution, row, year)."""

    inputs: Mapping[str, Value] = field(default_factory=dict)
    names: Mapping[tuple[str, int, int], float | str | None] = field(default_factory=dict)
    flows: Mapping[tuple[int, str, int], float | str] = field(default_factory=dict)


# check -> defects that it must find
DEFECTS: dict[str, tuple[Defect, ...]] = {
    "Heat shares cover every unit": (Defect(names={("heat_produced_mwh_2", 0, 0): 49000}),),
    "Heat produced and unserved equals demand": (Defect(names={("heat_total_mwh_1", 0, 0): 49000}),),
    "Dispatch is proven optimal": (Defect(names={("dispatch_gap_3", 0, 0): 1e-7}),),
    "Dispatch cost equals quantities times prices": (Defect(names={("recomputed_cost_eur_4", 0, 0): 1}),),
    "Power: own production, purchase, sale and use balance": (Defect(names={("power_balance_mwh_1", 0, 0): 0.5}),),
    "Cumulative cash flow closes at the sum of flows": (
        Defect(flows={(2, "Cumulative", 12): 0}), Defect(flows={(4, "Cumulative", 45): 1}),
    ),
    "Every line item has a category": (
        Defect(names={("line_category", 4, 0): "Fuels"}),
        Defect(names={("line_category", FREE, 0): None, ("line_eur_3", FREE, 0): 1000}),
    ),
    "Every line item has a first and a last year": (
        Defect(names={("line_last", FREE, 0): None, ("line_eur_2", FREE, 0): 1000}),
        Defect(names={("line_first", 0, 0): None}),
    ),
    "Every capital cost line is in the cash flow": (Defect(names={("asset_eur_1", 3, 0): 0}),),
    "Fixed assets open as they closed": (
        Defect(flows={(1, "Fixed assets: opening", 9): 1e6}), Defect(flows={(3, "Fixed assets: opening", 45): 0.01}),
    ),
    "Fixed assets close at 0": (
        Defect(flows={(2, "Fixed assets: disposal", 23): 0}),
        Defect(inputs={**FULL, "design_years": 0, "operating_years": 2}),  # paid until year 3
    ),
    "Loan opens as it closed": (Defect(flows={(1, "Loan: opening", 8): "=0"}),),
    "Losses open as they closed": (Defect(flows={(1, "Losses: opening", 6): 1000}),),
    "Loan is repaid at the end": (
        Defect(flows={(3, "Loan: repaid", 18): 0}), Defect(flows={(1, "Loan: drawn", 30): 100}),
    ),
    "NPV at the IRR is 0": (Defect(names={("irr_4", 0, 0): 0.07}),),
    "A year on sheet Operation gives the operating margin": (Defect(names={("operation_difference_eur", 0, 0): 1}),),
    "Series has one row an hour of the year": (Defect(names={("series_rows", 0, 0): 8784}),),
    "Demand has the annual energy": (Defect(names={("series_demand_mwh", 0, 0): 49000}),),
    "Demand has the peak load": (Defect(names={("series_peak_mw", 0, 0): 23}),),
    "DH_ functions and sheet give the same figures": (
        Defect(names={("npv_eur", 0, 0): 1.3e7}), Defect(names={("irr", 0, 0): 0.08}),
        Defect(names={("irr", 0, 0): "none"}),
        Defect(names={("payback_years", 0, 0): 10}), Defect(names={("payback_years", 0, 0): "none"}),
        Defect(names={("lcoh_eur_per_mwh", 0, 0): 90}),
    ),
    "Timeline holds the whole project": (Defect(inputs={"operating_years": 43}),),
    "Paid shares of the capital costs add up to 100 %": (
        Defect(inputs=FULL, names={("capex_line_share", 0, 0): 0.49}),
        Defect(inputs=FULL, names={("capex_line_eur_2", FREE, 0): 1000}),
    ),
    "Bridge between the margins closes": (Defect(names={("bridge_difference_eur", 0, 0): 1}),),
}  # fmt: skip
BUILT = "Schedule holds every capital cost line"  # needs a workbook with more lines

ALERTS: dict[str, Defect] = {
    "No payback within the time frame": Defect(inputs={"heat_tariff_eur_per_mwh": 60}),
    "NPV negative": Defect(inputs={"discount_rate": 0.2}),
    "Years of operation with a loss": Defect(inputs={"heat_tariff_eur_per_mwh": 25}),
    "Debt service cover below what the bank asks for": Defect(inputs={"dscr_minimum": 2.5}),
    "Capital costs are paid after the start of operation": Defect(inputs={**FULL, "design_years": 2}),
    "Line items outlast the operation": Defect(names={("line_last", 0, 0): 24}),
    "Loan outlasts the operation": Defect(inputs={"loan_grace_years": 6}),
    "Inputs outside their usual range": Defect(inputs={"discount_rate": 0.16}),
}


def rows_between(model: Model, first: str, last: str) -> dict[str, int]:
    """Return the rows of sheet Checks between a section's heading and its total, by label."""
    end = model.reference(last).first_row
    labels = [model.cell("Checks", row, 2) for row in range(1, end)]
    start = labels.index(first) + 2
    return {str(label): row for row, label in enumerate(labels[start:], start=start + 1) if label is not None}


def faults(model: Model, rows: Mapping[str, int]) -> dict[str, object]:
    return {label: value for label, row in rows.items() if (value := model.cell("Checks", row, 7)) != 0}


def cells_of(model: Model, defect: Defect) -> dict[Reference, float | str | None]:
    cells: dict[Reference, float | str | None] = {}
    for (name, row, col), content in defect.names.items():
        place = model.reference(name)
        cells[nth(place, row if row >= 0 else place.rows + row, col)] = content
    for (k, title, year), content in defect.flows.items():
        row, col = block(model, k)[title][0], FIRST_YEAR + year
        cells[Reference("Flows", row, col, row, col)] = content
    return cells


@pytest.mark.parametrize(
    ("check", "defect"), [(check, one) for check, defects in DEFECTS.items() for one in defects],
    ids=[f"{check} {n}" for check, defects in DEFECTS.items() for n in range(1, len(defects) + 1)],
)  # fmt: skip
def test_a_check_finds_its_seeded_defect(financed: Model, check: str, defect: Defect) -> None:
    with edited(financed, defect.inputs), typed(financed, cells_of(financed, defect)) as model:
        found = faults(model, rows_between(model, "Checks", "ChecksTotal"))
        assert found.get(check), f"{check!r} must fire, found {found}"
        assert number(model, "ChecksTotal") > 0


@pytest.mark.parametrize("alert", ALERTS, ids=list(ALERTS))
def test_an_alert_shows_and_no_check_fails(financed: Model, alert: str) -> None:
    with edited(financed, {}):
        rows = rows_between(financed, "Alerts", "AlertsTotal")
        before = set(faults(financed, rows))
    defect = ALERTS[alert]
    with edited(financed, defect.inputs), typed(financed, cells_of(financed, defect)) as model:
        assert set(faults(model, rows)) - before >= {alert}
        assert number(model, "ChecksTotal") == 0


def test_every_check_has_a_seeded_defect_and_finds_nothing_without(financed: Model) -> None:
    with edited(financed, {}) as model:
        rows = rows_between(model, "Checks", "ChecksTotal")
        assert set(rows) == {*DEFECTS, BUILT}
        assert faults(model, rows) == {}


def test_a_line_without_a_known_category_is_in_no_cash_flow(financed: Model) -> None:
    with edited(financed, {}):
        margin, fuel = number(financed, "operating_margin_eur_1"), number(financed, "fuel_chp_eur_1")
        place = nth(financed.reference("line_category"), column(financed, "line_name").index("Gas for CHP"))
    with typed(financed, {place: "Gas"}) as model:
        assert number(model, "operating_margin_eur_1") == pytest.approx(margin + fuel)
        assert faults(model, rows_between(model, "Checks", "ChecksTotal"))["Every line item has a category"] == 3.0


def test_more_capital_cost_lines_than_the_schedule_holds_are_told(tmp_path: Path) -> None:
    case = read_case(REPOSITORY / "templates" / "geothermal")
    more = tuple(
        replace(case.capex[0], line=f"Well {n}", name=f"capex_well_{n}_eur", value=1e5)
        for n in range(SLOTS - len(case.capex) + 1)
    )
    inputs = {**case.inputs, **{one.name: (one.value, one.source) for one in more}}
    hours = 336  # a short year is built sooner
    temperature, price = case.temperature_degc[:hours], case.electricity_eur_per_mwh[:hours]
    short = replace(case, temperature_degc=temperature, electricity_eur_per_mwh=price)
    write_workbook(replace(short, capex=(*case.capex, *more), inputs=inputs), tmp_path / "book.xlsx")
    with Model.open(tmp_path / "book.xlsx", registered=False) as model:
        model.calculate()
        rows = rows_between(model, "Checks", "ChecksTotal")
        found = faults(model, {label: rows[label] for label in (BUILT, "Every capital cost line is in the cash flow")})
    assert found == {BUILT: 1.0, "Every capital cost line is in the cash flow": 4.0}

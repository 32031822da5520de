"""The cash flow on sheet Flows equals one worked out year by year from the inputs, to the cent, in every row."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from tests.workbook.analyst import Asset, Line
from tests.workbook.finance_sheets import (
    CENT,
    ESCALATION,
    RAMP,
    SOLUTIONS,
    Value,
    agrees,
    asset_cells,
    block,
    column,
    edited,
    flow,
    line_cells,
    number,
    own_assets,
    project,
    typed,
)

SURCHARGES: Mapping[str, Value] = {"insurance_share": 0.005, "administration_eur": 130000, "pumping_share": 0.012}

# what a case changes in the shipped workbook
CASES: dict[str, Mapping[str, Value]] = {
    "as shipped": {},
    "Simple with loan and tax on other terms": {
        "operating_years": 25, "design_years": 1, "loan_share": 0.5, "tax_rate": 0.31, "loss_offset_share": 1,
    },
    "Full": {"finance_convention": "Full", **ESCALATION},
    "Full with surcharges and half of the book value at the end": {
        "finance_convention": "Full", **ESCALATION, **SURCHARGES, "residual_share": 0.5, "discount_rate": 0.06,
    },
    "capital costs paid within one year and without escalation": {
        "finance_convention": "Full", "capex_escalation": 0, "heat_escalation": 0, "power_escalation": 0,
        "fuel_escalation": 0, "om_escalation": 0, "capex_line_share": [[0, 0, 1, 0, 0, 0]] * 12,
    },
    # over 40 years: 4 x 10 and 20 x 2 wear out in the last year; 7, 13, 25 and 30 leave part of a life
    "short lives over 40 years after 5 of design": {
        "finance_convention": "Full", **ESCALATION, "design_years": 5, "operating_years": 40,
        "capex_line_life_years": [[30], [10], [20], [25], [13], [7], [40], [None], [1], [None], [None], [None]],
    },
    "short lives, nothing replaced": {
        "finance_convention": "Full", **ESCALATION, "design_years": 4, "operating_years": 31, "replace_assets": 0,
        "capex_line_life_years": [[30], [10], [20], [25], [13], [7], [45], [None], [1], [None], [None], [None]],
    },
    "connection over six years, with fees, standing and capacity charges, and grants": {
        "finance_convention": "Full", **ESCALATION, "connected_share": RAMP, "connection_fee_eur_per_kw": 210,
        "capacity_charge_eur_per_kw": 18.5, "standing_charge_eur": 95, "grant_share": 0.3, "eligible_share_2": 0.6,
        "eligible_share_4": 0, "replace_assets": 1, "operating_years": 33,
    },
    "connection in the Simple convention": {
        "connected_share": RAMP, "connection_fee_eur_per_kw": 400, "standing_charge_eur": 50, "grant_share": 0.45,
    },
    "one year of operation without design years": {
        "design_years": 0, "operating_years": 1, "loan_tenor_years": 1,
    },
    "one year of operation in Full": {
        "finance_convention": "Full", **ESCALATION, "design_years": 0, "operating_years": 1,
        "capex_line_share": [[1, 0, 0, 0, 0, 0]] * 12,
        "capex_line_life_years": [[1], [2], [20], [25], [13], [7], [45], [None], [1], [None], [None], [None]],
    },
    "incentives of different durations": {
        "tax_credit_years": 0, "white_certificate_chp_years": 7, "white_certificate_heat_pump_years": 40,
        "finance_convention": "Full", **ESCALATION, "connected_share": RAMP,
    },
    "falling prices and negative discount rate": {
        "finance_convention": "Full", "heat_escalation": -0.01, "power_escalation": -0.03, "fuel_escalation": -0.02,
        "om_escalation": -0.005, "capex_escalation": -0.02, "discount_rate": -0.01, "operating_years": 30,
        "capex_line_life_years": [[30], [10], [20], [25], [13], [7], [45], [None], [1], [None], [None], [None]],
    },
    "discount rate 0": {"discount_rate": 0, "equity_discount_rate": 0},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_every_row_and_year_of_every_solution_is_the_hand_built_one(financed: Model, case: str) -> None:
    with edited(financed, CASES[case]) as model:
        for k in SOLUTIONS:
            agrees(model, k)
        assert number(model, "ChecksTotal") == 0


def test_an_added_line_has_its_own_years_and_escalation(financed: Model) -> None:
    """A cooling sale in years 6 to 17, an overhaul in year 12 alone and a study that precedes the operation."""
    added = (
        Line("Cooling sold", "Heat revenue", 87000.0, 6, 17, 0.04),
        Line("Overhaul of the network", "Maintenance", 450000.0, 12, 12, 0.02),
        Line("Service of new substations", "Other cost", 20000.0, 1, 23, 0.03, ramp=True),
    )
    inputs: dict[str, Value] = {"finance_convention": "Full", **ESCALATION, "connected_share": RAMP}
    with edited(financed, inputs), typed(financed, line_cells(financed, added)) as model:
        for k in SOLUTIONS:
            agrees(model, k, added)
        assert number(model, "ChecksTotal") == 0
        sold = flow(model, "heat_revenue_flow_eur", 2)
        assert sold[[5, 6, 7, 17, 18]] == pytest.approx([0, 87000, 90480, 87000 * 1.04**11, 0])
        service = flow(model, "other_cost_flow_eur", 3)
        assert service[[3, 4, 5]] == pytest.approx([0, -20000 * 1.03**3 * 0.3, -20000 * 1.03**4 * 0.55])


def test_an_added_capital_cost_line_is_paid_depreciated_and_replaced(financed: Model) -> None:
    added = (Asset("Second well", 1.2e6, 9, (0, 0.25, 0.25, 0.5, 0, 0)), Asset("Land", 3e5, 0, (1, 0, 0, 0, 0, 0)))
    inputs: dict[str, Value] = {"finance_convention": "Full", **ESCALATION, "grant_share": 0.2, "residual_share": 0.9}
    with edited(financed, inputs):
        before = {k: flow(financed, "net_flow_eur", k) for k in SOLUTIONS}
        with typed(financed, asset_cells(financed, added)) as model:
            for k in SOLUTIONS:
                assert [asset.name for asset in project(model, k).assets][-2:] == ["Second well", "Land"]
                agrees(model, k)
                change = flow(model, "net_flow_eur", k) - before[k]
                assert change[[0, 12, 21]] == pytest.approx([-0.8 * 3e5, -1.2e6 * 1.025**12, -1.2e6 * 1.025**21])
            assert number(model, "ChecksTotal") == 0
        financed.calculate()
        for k in SOLUTIONS:
            assert flow(financed, "net_flow_eur", k) == pytest.approx(before[k], abs=1e-9)


def test_the_amounts_of_a_full_year_are_quantities_times_prices(financed: Model) -> None:
    with edited(financed, SURCHARGES) as model:
        power = number(model, "electricity_price_eur_per_mwh") + number(model, "charges_eur_per_mwh")
        for k in SOLUTIONS:

            def worth(quantity: str, price: str, k: int = k) -> float:
                return number(model, f"{quantity}_{k}") * number(model, price)

            expected = {
                "Power sold": worth("power_sold_mwh", f"power_sale_price_eur_per_mwh_{k}"),
                "Tax credit": worth("heat_sold_mwh", "tax_credit_eur_per_mwh"),
                "White certificates, CHP": worth("power_chp_mwh", "white_certificate_chp_eur_per_mwh"),
                "White certificates, heat pumps": worth(
                    "heat_pump_heat_mwh", "white_certificate_heat_pump_eur_per_mwh"
                ),
                "Gas for CHP": worth("gas_chp_mwh", "gas_eur_per_mwh"),
                "Gas for boilers": worth("gas_boiler_mwh", "gas_eur_per_mwh"),
                "Power bought": worth("power_bought_mwh", f"power_purchase_price_eur_per_mwh_{k}"),
                "Charges on power bought": worth("power_charged_mwh", "charges_eur_per_mwh"),
                "Power of the network pumps": number(model, f"heat_sold_mwh_{k}") * 0.012 * power,
                "Full service of the CHP": worth("power_chp_mwh", "chp_maintenance_eur_per_mwh"),
                "Maintenance of heat pumps": worth("heat_pump_heat_mwh", "heat_pump_maintenance_eur_per_mwh"),
                "Major overhaul of the CHP": 150000.0 if k < 4 else 0.0,
                "Other equipment": 491136.21,
                "Other O&M of the units": 0.0,
                "Insurance": 0.005 * sum(asset.eur for asset in own_assets(model, k)),
                "Administration": 130000.0,
                "Carbon price": 0.0,
            }
            shown = dict(zip(column(model, "line_name"), column(model, f"line_eur_{k}"), strict=True))
            assert {line: eur for line, eur in shown.items() if line is not None} == pytest.approx(expected, abs=CENT)


def test_a_full_year_on_compare_is_a_year_of_the_flows(financed: Model) -> None:
    with edited(financed, {"standing_charge_eur": 80, "capacity_charge_eur_per_kw": 12, **SURCHARGES}) as model:
        for k in SOLUTIONS:
            operating = flow(model, "operating_flow_eur", k)
            assert operating[4:19] == pytest.approx([number(model, f"operating_margin_eur_{k}")] * 15, abs=CENT)


def test_cashflow_presents_the_solution_that_is_selected(financed: Model) -> None:
    titles = {
        "Heat revenue, other lines": "Heat revenue", "Net cash flow before tax and loan": "Net cash flow",
        "Depreciation": "Fixed assets: depreciation", "Losses brought forward, offset": "Losses: offset",
        "Loan outstanding": "Loan: closing", "Heat sold, MWh": "Heat sold",
    }  # fmt: skip
    inputs = {"solution": 3, "finance_convention": "Full", **ESCALATION, "connected_share": RAMP}
    with edited(financed, inputs) as model:
        rows, years = block(model, 3), model.reference("net_flow_eur")
        compared = set()
        for row in range(1, years.first_row + 40):
            label = str(model.cell("Cashflow", row, 2))
            title = titles.get(label, label)
            shown = model.cells(Reference("Cashflow", row, years.first_col, row, years.last_col))[0]
            if title in rows and shown[0] is not None:
                values = [cell if isinstance(cell, float) else float("nan") for cell in shown]
                assert values == pytest.approx(list(rows[title][1]), abs=1e-9, nan_ok=True), label
                compared.add(title)
        assert compared >= {
            *titles.values(),
            "Capex",
            "Corporate tax",
            "Debt service cover",
            "Equity cash flow",
            "Fuel",
        }

"""Annual cost by VDI 2067 and the figures of the project on sheet Compare, against functions that know no cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import numpy_financial as npf
import pytest

from dhxl.core.finance import discounted_payback, levelised_cost_of_heat, payback
from dhxl.core.vdi2067 import capital_annuity, payment_annuity
from dhxl.errors import NoSolutionError
from dhxl.hosts.headless import Model
from tests.workbook.analyst import Asset
from tests.workbook.finance_sheets import (
    ESCALATION,
    RAMP,
    SHIPPED_LINES,
    SOLUTIONS,
    Value,
    asset_cells,
    column,
    edited,
    flow,
    number,
    own_assets,
    typed,
)

LIVES = [[30], [10], [20], [25], [13], [7], [45], [None], [1], [None], [None], [None]]

PERIODS: dict[str, Mapping[str, Value]] = {
    "as shipped": {},
    "Full without design years": {"finance_convention": "Full", **ESCALATION, "design_years": 0, "discount_rate": 0.05},
    "Full with short lives": {
        "finance_convention": "Full", **ESCALATION, "capex_line_life_years": LIVES, "operating_years": 40,
        "discount_rate": 0.03,
    },
    "Full, worn in the last year": {
        "finance_convention": "Full", **ESCALATION, "capex_line_life_years": LIVES, "operating_years": 30,
        "grant_share": 0.3,
    },
    "one year": {"finance_convention": "Full", **ESCALATION, "operating_years": 1, "design_years": 2},
    "discount rate 0": {"finance_convention": "Full", **ESCALATION, "discount_rate": 0, "operating_years": 17},
    "discount rate equal to the escalation": {
        "finance_convention": "Full", **ESCALATION, "capex_line_life_years": LIVES, "discount_rate": 0.025,
    },
    "negative discount rate": {"finance_convention": "Full", "capex_line_life_years": LIVES, "discount_rate": -0.02},
}  # fmt: skip
SURCHARGES: Mapping[str, Value] = {"insurance_share": 0.004, "administration_eur": 90000}


@pytest.mark.parametrize("period", PERIODS, ids=list(PERIODS))
def test_the_annual_cost_is_that_of_vdi_2067(financed: Model, period: str) -> None:
    """Capital in prices of the start of operation, the escalation of the design years included."""
    with edited(financed, {**SURCHARGES, **PERIODS[period]}) as model:
        full = model.value("finance_convention") == "Full"
        rate, horizon = number(model, "discount_rate"), number(model, "operating_years")
        rise = number(model, "capex_escalation") if full else 0.0
        start = (1 + rise) ** number(model, "design_years")
        for k in SOLUTIONS:
            capital = sum(
                capital_annuity(asset.eur * start, rate, horizon, asset.life or horizon, rise)
                for asset in own_assets(model, k)
            )
            assert number(model, f"vdi_capital_eur_{k}") == pytest.approx(capital, abs=0.005)
            sums = dict.fromkeys(("Fuel", "Electricity", "Maintenance", "Other cost"), 0.0)
            for line, category, eur in zip(
                column(model, "line_name"), column(model, "line_category"), column(model, f"line_eur_{k}"), strict=True
            ):
                if line is not None and category in sums:
                    kind = SHIPPED_LINES[str(line)][1]
                    change = number(model, f"{kind}_escalation") if full and kind else 0.0
                    sums[str(category)] += payment_annuity(float(str(eur)), rate, horizon, change)
            for name, cost in (
                ("consumption", sums["Fuel"] + sums["Electricity"]), ("operation", sums["Maintenance"]),
                ("other", sums["Other cost"]),
            ):  # fmt: skip
                assert number(model, f"vdi_{name}_eur_{k}") == pytest.approx(cost, abs=0.005)
            total = capital + sum(sums.values())
            assert number(model, f"vdi_annual_cost_eur_{k}") == pytest.approx(total, abs=0.01)
            heat = number(model, f"heat_sold_mwh_{k}")
            assert number(model, f"vdi_cost_eur_per_mwh_{k}") == pytest.approx(total / heat, rel=1e-9)


def test_the_capital_cost_of_one_asset_by_hand(financed: Model) -> None:
    """10,000 EUR, life 15 years, 20 years at 2 %, price rise 1.5 %: one replacement with 10 of 15 years left."""
    added = Asset("Asset", 10000.0, 15, (1, 0, 0, 0, 0, 0))
    inputs: dict[str, Value] = {
        "finance_convention": "Full", "design_years": 0, "discount_rate": 0.02, "capex_escalation": 0.015,
    }  # fmt: skip
    with edited(financed, inputs):
        before = number(financed, "vdi_capital_eur_1")
        with typed(financed, asset_cells(financed, (added,))) as model:
            capital = number(model, "vdi_capital_eur_1") - before
    again = 10000 * 1.015**15 / 1.02**15
    left = 10000 * 1.015**15 * 10 / 15 / 1.02**20
    assert capital == pytest.approx((10000 + again - left) * 0.02 / (1 - 1.02**-20), abs=1e-6)


def test_the_annual_cost_per_mwh_counts_the_heat_that_is_sold_while_customers_connect(financed: Model) -> None:
    with edited(financed, {"connected_share": RAMP}) as model:
        q = 1 + number(model, "discount_rate")
        annuity = -npf.pmt(q - 1, 20, 1)
        shares = [float(str(row[0])) for row in RAMP] + [1.0] * 10
        heat = annuity * sum(44922 * share * q**-n for n, share in enumerate(shares, start=1))
        cost = number(model, "vdi_annual_cost_eur_1")
        assert number(model, "vdi_cost_eur_per_mwh_1") == pytest.approx(cost / heat, rel=1e-9)


FLOWS: dict[str, Mapping[str, Value]] = {
    **PERIODS,
    "connection ramp and fees": {
        "finance_convention": "Full", "connected_share": RAMP, "connection_fee_eur_per_kw": 300,
    },
    "never paid back": {"heat_tariff_eur_per_mwh": 75, "operating_years": 12},
    "paid back but not at the discount rate": {"discount_rate": 0.12},
    "paid back in the last year of the sheet": {
        "design_years": 5, "operating_years": 40, "heat_tariff_eur_per_mwh": 79.2, "tax_credit_years": 0,
    },
    "loses money every year": {"heat_tariff_eur_per_mwh": 20},
}  # fmt: skip


@pytest.mark.parametrize("case", FLOWS, ids=list(FLOWS))
def test_the_project_figures_are_those_of_the_flows(financed: Model, case: str) -> None:
    with edited(financed, FLOWS[case]) as model:
        rate, design = number(model, "discount_rate"), number(model, "design_years")
        for k in SOLUTIONS:
            flows = flow(model, "net_flow_eur", k)
            assert number(model, f"npv_eur_{k}") == pytest.approx(npf.npv(rate, flows), abs=0.01)
            expected = npf.irr(flows)
            shown = model.value(f"irr_{k}")
            assert shown == ("none" if np.isnan(expected) else pytest.approx(expected, abs=1e-8))
            for name, years in (
                ("payback", _years(partial(payback, flows))),
                ("discounted_payback", _years(partial(discounted_payback, rate, flows))),
            ):
                from_operation = years if isinstance(years, str) else years - design
                assert model.value(f"{name}_years_{k}") == _near(years)
                assert model.value(f"{name}_from_operation_years_{k}") == _near(from_operation)
            heat = flow(model, "heat_flow_mwh", k)
            cost = levelised_cost_of_heat(rate, flow(model, "heat_cost_flow_eur", k), heat)
            assert number(model, f"lcoh_eur_per_mwh_{k}") == pytest.approx(cost, rel=1e-9)
        assert number(model, "ChecksTotal") == 0


def test_heat_sold_at_its_levelised_cost_has_no_net_present_value(financed: Model) -> None:
    inputs: dict[str, Value] = {
        "finance_convention": "Full", **ESCALATION, "heat_escalation": 0, "connected_share": RAMP, "grant_share": 0.2,
    }  # fmt: skip
    for k in SOLUTIONS:
        with edited(financed, inputs) as model:
            cost = number(model, f"lcoh_eur_per_mwh_{k}")
            with edited(model, {"heat_tariff_eur_per_mwh": cost}):
                assert number(model, f"npv_eur_{k}") == pytest.approx(0, abs=0.01)


def _years(calculated: Callable[[], float]) -> float | str:
    try:
        return calculated()
    except NoSolutionError:
        return "none"


def _near(value: float | str) -> object:
    return value if isinstance(value, str) else pytest.approx(value, abs=1e-7)

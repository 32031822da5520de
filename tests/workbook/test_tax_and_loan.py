"""Corporate tax, loan and equity on sheet Flows under the terms that banks and tax offices set."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy_financial as npf
import pytest

from dhxl.hosts.headless import Model
from tests.workbook.analyst import Line, statement
from tests.workbook.finance_sheets import (
    ESCALATION,
    RAMP,
    SOLUTIONS,
    Value,
    agrees,
    edited,
    flow,
    line_cells,
    number,
    project,
    typed,
)

FULL: Mapping[str, Value] = {"finance_convention": "Full", **ESCALATION, "connected_share": RAMP}

TERMS: dict[str, Mapping[str, Value]] = {
    "annuity with three years of grace": {
        **FULL, "loan_share": 0.8, "loan_rate": 0.045, "loan_tenor_years": 12, "loan_grace_years": 3,
    },
    "linear with grace": {
        **FULL, "loan_share": 0.6, "loan_tenor_years": 14, "loan_grace_years": 2, "loan_repayment": "Linear",
    },
    "annuity at rate 0": {"loan_rate": 0, "loan_share": 0.65, "loan_tenor_years": 13},
    "linear at rate 0 over the whole operation": {
        **FULL, "loan_rate": 0, "loan_tenor_years": 20, "loan_repayment": "Linear",
    },
    "repayment longer than the operation, annuity": {
        **FULL, "operating_years": 12, "loan_tenor_years": 15, "loan_grace_years": 2,
    },
    "repayment longer than the operation, linear": {
        "operating_years": 9, "loan_tenor_years": 30, "loan_repayment": "Linear", "loan_rate": 0.08,
    },
    "grace longer than the operation": {"operating_years": 4, "loan_grace_years": 6, "loan_tenor_years": 5},
    "repayment ends with the operation": {**FULL, "loan_tenor_years": 17, "loan_grace_years": 3},
    "repaid within one year": {"loan_tenor_years": 1, "loan_grace_years": 0},
    "all capital costs borrowed": {**FULL, "loan_share": 1, "grant_share": 0.4},
    "no loan": {**FULL, "loan_share": 0},
    "losses offset within 80 % of a profit": {**FULL, "loss_offset_share": 0.8, "tax_rate": 0.279, "loan_rate": 0.07},
    "losses offset without limit": {**FULL, "loss_offset_share": 1, "tax_rate": 0.279, "loan_rate": 0.07},
    "losses lost": {**FULL, "loss_offset_share": 0, "loan_rate": 0.07},
    "tax rate 0": {**FULL, "tax_rate": 0},
}  # fmt: skip


@pytest.mark.parametrize("terms", TERMS, ids=list(TERMS))
def test_tax_loan_and_equity_are_the_hand_built_ones(financed: Model, terms: str) -> None:
    with edited(financed, TERMS[terms]) as model:
        for k in SOLUTIONS:
            agrees(model, k)
            assert flow(model, "loan_closing_eur", k)[-1] == pytest.approx(0, abs=1e-6)
            figures_follow(model, k)
        assert number(model, "ChecksTotal") == 0


def figures_follow(model: Model, k: int) -> None:
    """Compare the figures of equity and debt on sheet Compare with those of the analyst's rows."""
    rows = statement(project(model, k))
    for name, title, rate in (
        ("npv_after_tax_eur", "Net cash flow after tax", "discount_rate"),
        ("equity_npv_eur", "Equity cash flow", "equity_discount_rate"),
    ):
        assert number(model, f"{name}_{k}") == pytest.approx(npf.npv(number(model, rate), rows[title]), abs=0.01)
    for name, title in (("irr_after_tax", "Net cash flow after tax"), ("equity_irr", "Equity cash flow")):
        rate_of_return = npf.irr(rows[title])
        shown = model.value(f"{name}_{k}")
        assert shown == ("none" if np.isnan(rate_of_return) else pytest.approx(rate_of_return, abs=1e-8))
    cover = rows["Debt service cover"]
    if np.isnan(cover).all():
        assert model.value(f"dscr_least_{k}") == model.value(f"dscr_mean_{k}") == "none"
    else:
        assert number(model, f"dscr_least_{k}") == pytest.approx(np.nanmin(cover))
        assert number(model, f"dscr_mean_{k}") == pytest.approx(np.nanmean(cover))
    assert number(model, f"loan_eur_{k}") == pytest.approx(rows["Loan: drawn"].sum())


def test_an_annuity_loan_has_equal_service_and_a_linear_one_equal_repayment(financed: Model) -> None:
    terms: dict[str, Value] = {"loan_tenor_years": 10, "loan_grace_years": 2, "loan_rate": 0.05, "loan_share": 0.5}
    with edited(financed, {**terms, "loan_repayment": "Annuity"}) as model:
        closing, interest = flow(model, "loan_closing_eur", 1), flow(model, "interest_flow_eur", 1)
        assert closing[:6] == pytest.approx([12.85e6] * 6)  # 50 % of 25.7 M EUR, until operating year 2
        assert interest[1:6] == pytest.approx([-0.05 * 12.85e6] * 5)
        service = np.diff(closing)[5:15] + interest[6:16]
        assert service == pytest.approx([npf.pmt(0.05, 10, 12.85e6)] * 10)
    with edited(financed, {**terms, "loan_repayment": "Linear"}) as model:
        closing = flow(model, "loan_closing_eur", 1)
        assert np.diff(closing)[5:15] == pytest.approx([-1.285e6] * 10)
        assert closing[15:] == pytest.approx(np.zeros(31), abs=1e-6)


def test_the_debt_service_cover_by_hand(financed: Model) -> None:
    """Simple, solution 1: constant margin over a constant annuity; in later years the tax differs."""
    with edited(financed, {"loan_share": 0.7, "loan_rate": 0.035, "loan_tenor_years": 15, "tax_rate": 0}) as model:
        margin = number(model, "operating_margin_eur_1")
        service = -npf.pmt(0.035, 15, 0.7 * 25.7e6)
        cover = model.range("dscr_flow_1")[0]
        assert cover[4:19] == pytest.approx([margin / service] * 15)
        assert all(cell in ("", None) for cell in [*cover[:4], *cover[19:]])
        assert number(model, "dscr_least_1") == pytest.approx(number(model, "dscr_mean_1"))
        assert margin / service > number(model, "dscr_minimum")


def test_a_replacement_lowers_the_debt_service_cover_of_its_year(financed: Model) -> None:
    lives = [[30], [10], *[[30]] * 10]
    inputs: dict[str, Value] = {
        "finance_convention": "Full",
        "capex_escalation": 0,
        "tax_rate": 0,
        "capex_line_life_years": lives,
    }
    with edited(financed, inputs) as model:
        cover, operating = model.range("dscr_flow_1")[0], flow(model, "operating_flow_eur", 1)
        service = -(flow(model, "interest_flow_eur", 1) + np.diff(flow(model, "loan_closing_eur", 1), prepend=0))
        assert cover[12] == pytest.approx(operating[12] / service[12])
        assert cover[13] == pytest.approx((operating[13] - 3e6) / service[13])


def test_losses_by_hand_within_80_and_100_percent(financed: Model) -> None:
    """Revenue falls away in the first years: -1 M EUR a year for two years, then 1 M EUR a year before depreciation."""
    quiet: dict[str, Value] = {
        "design_years": 0, "operating_years": 6, "loan_share": 0, "tax_rate": 0.25, "grant_share": 1,
    }  # fmt: skip
    with edited(financed, quiet):
        margin = flow(financed, "operating_flow_eur", 1)[1]
        offset = Line("Level", "Other cost", margin + 1e6, 1, 2), Line("Level later", "Other cost", margin - 1e6, 3, 6)
        cells = line_cells(financed, offset)
        for share, taxes, left in (
            (0.8, [0, 0, -0.05e6, -0.05e6, -0.15e6, -0.25e6], [1e6, 2e6, 1.2e6, 0.4e6, 0, 0]),
            (1.0, [0, 0, 0, 0, -0.25e6, -0.25e6], [1e6, 2e6, 1e6, 0, 0, 0]),
        ):
            with edited(financed, {"loss_offset_share": share}), typed(financed, cells) as model:
                assert flow(model, "operating_flow_eur", 1)[1:7] == pytest.approx([-1e6, -1e6, 1e6, 1e6, 1e6, 1e6])
                assert flow(model, "tax_flow_eur", 1)[1:7] == pytest.approx(taxes, abs=1e-6)
                assert flow(model, "losses_closing_eur", 1)[1:7] == pytest.approx(left, abs=1e-6)

"""Laws of the finance model that hold for whatever inputs a finance team enters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dhxl.hosts.headless import Model
from tests.workbook.finance_sheets import CENT, ESCALATION, RAMP, SOLUTIONS, Value, agrees, block, edited, flow, number

LINES = 12


def rates(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda rate: round(rate, 4))


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Value]:
    """Return inputs within the limits of sheet Finance; capital costs are paid before operation begins."""
    design = draw(st.integers(0, 5))
    lives = st.one_of(st.none(), st.integers(1, 50))
    profile = st.lists(st.integers(0, 4), min_size=design + 1, max_size=design + 1).filter(any)
    shares = [
        [part / sum(parts) for part in parts] + [0.0] * (5 - design) for parts in (draw(profile) for _ in range(LINES))
    ]
    ramp = sorted(draw(st.lists(st.integers(1, 20), min_size=10, max_size=10)))
    return {
        "finance_convention": draw(st.sampled_from(["Full", "Full", "Simple"])),
        "design_years": design,
        "operating_years": draw(st.integers(1, 40)),
        **{f"{kind}_escalation": draw(rates(-0.05, 0.08)) for kind in ("heat", "power", "fuel", "om", "capex")},
        "discount_rate": draw(rates(-0.02, 0.15)),
        "equity_discount_rate": draw(rates(0, 0.2)),
        "heat_tariff_eur_per_mwh": draw(rates(40, 180)),
        "connection_fee_eur_per_kw": draw(rates(0, 500)),
        "capacity_charge_eur_per_kw": draw(rates(0, 40)),
        "grant_share": draw(rates(0, 1)),
        "replace_assets": draw(st.integers(0, 1)),
        "residual_share": draw(rates(0, 1)),
        "tax_rate": draw(rates(0, 0.6)),
        "loss_offset_share": draw(rates(0, 1)),
        "loan_share": draw(rates(0, 1)),
        "loan_rate": draw(rates(0, 0.12)),
        "loan_tenor_years": draw(st.integers(1, 40)),
        "loan_grace_years": draw(st.integers(0, 20)),
        "loan_repayment": draw(st.sampled_from(["Annuity", "Linear"])),
        "tax_credit_years": draw(st.integers(0, 40)),
        "capex_line_life_years": [[life] for life in draw(st.lists(lives, min_size=LINES, max_size=LINES))],
        "capex_line_share": shares,
        "connected_share": [[part / 20] for part in ramp],
    }


@settings(max_examples=8, deadline=None, derandomize=True)
@given(terms(), rates(1, 60))
def test_on_any_terms_the_sheet_keeps_the_laws(financed: Model, drawn: dict[str, Value], rise: float) -> None:
    with edited(financed, drawn) as model:
        assert number(model, "ChecksTotal") == 0
        for k in SOLUTIONS:
            agrees(model, k)
            balances_close(model, k)
        values = present_values(model)
        with edited(model, {"heat_tariff_eur_per_mwh": number(model, "heat_tariff_eur_per_mwh") + rise}):
            higher = present_values(model)
        assert all(after >= before for before, after in zip(values, higher, strict=True))
        with edited(model, {"loan_share": 0}):
            for k in SOLUTIONS:
                np.testing.assert_array_equal(
                    flow(model, "equity_flow_eur", k), flow(model, "net_flow_after_tax_eur", k)
                )
                assert model.value(f"dscr_least_{k}") == "none"


def present_values(model: Model) -> list[float]:
    names = ("npv_eur", "npv_after_tax_eur", "equity_npv_eur")
    return [number(model, f"{name}_{k}") for name in names for k in SOLUTIONS]


def balances_close(model: Model, k: int) -> None:
    """Prove that what comes in goes out, that no tax is paid back and that the rate of return is one."""
    rows = {title: values for title, (_, values) in block(model, k).items()}
    for subject, changes in (
        ("Fixed assets", ("additions", "depreciation", "disposal")), ("Loan", ("drawn", "repaid")),
        ("Losses", ("made", "offset")),
    ):  # fmt: skip
        opening, closing = rows[f"{subject}: opening"], rows[f"{subject}: closing"]
        change = np.sum([rows[f"{subject}: {title}"] for title in changes], axis=0)
        np.testing.assert_allclose(opening + change, closing, atol=CENT)
        np.testing.assert_allclose(opening[1:], closing[:-1], atol=CENT)
    assert abs(np.sum([rows[f"Fixed assets: {title}"] for title in ("additions", "depreciation", "disposal")])) < CENT
    assert abs(rows["Loan: drawn"].sum() + rows["Loan: repaid"].sum()) < CENT
    assert (rows["Corporate tax"] <= 0).all()
    assert (rows["Loan: closing"] >= -CENT).all()
    assert (rows["Losses: closing"] >= -CENT).all()
    irr = model.value(f"irr_{k}")
    if isinstance(irr, float):
        assert abs(rows["Net cash flow"] @ (1 + irr) ** -np.arange(46.0)) < 1e-6 * number(model, f"capex_eur_{k}")


def test_the_simple_convention_does_not_depend_on_what_only_full_counts(financed: Model) -> None:
    only_full: Mapping[str, Value] = {
        **ESCALATION, "residual_share": 0.3, "replace_assets": 0,
        "capex_line_share": [[0.2, 0.5, 0.3, 0, 0, 0]] * LINES,
    }  # fmt: skip
    lives: Mapping[str, Value] = {"capex_line_life_years": [[7]] * LINES}
    names = [
        f"{figure}_{k}"
        for figure in ("npv_eur", "irr", "lcoh_eur_per_mwh", "npv_after_tax_eur", "equity_irr")
        for k in SOLUTIONS
    ]
    with edited(financed, {"finance_convention": "Simple", "connected_share": RAMP}) as model:
        before = {name: model.value(name) for name in names}
        untaxed = {name: model.value(name) for name in names if name.startswith(("npv_eur", "irr", "lcoh"))}
        with edited(model, only_full):
            assert {name: model.value(name) for name in names} == before
        with edited(model, {**only_full, **lives}):
            assert {name: model.value(name) for name in untaxed} == untaxed

"""Several rates of return in the workbook: IRR finds the one of DH_IRR, and an alert proves that there are more."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.rates import internal_rate_of_return, rates_of_return
from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from tests.workbook.finance_sheets import nth, number, typed
from tests.workbook.test_finance_checks import faults, rows_between

YEARS = 46
ALERT = "Several rates of return"


def flows_of(*rates: float, sum_eur: float = -1e6) -> list[float]:
    """Return flows of 46 years with these rates of return."""
    flows = np.array([sum_eur])
    for rate in rates:
        flows = np.convolve(flows, [1.0, -1.0 - rate])
    return [*flows.tolist(), *[0.0] * (YEARS - flows.size)]


def paid_back(first: float, yearly: float, last: float, years: int, middle: float = 0.0) -> list[float]:
    """Return flows of an investment that earns every year, with a cost in the last year and in the middle one."""
    flows = [first, *[yearly] * (years - 1), last]
    flows[years // 2] += middle
    return [*flows, *[0.0] * (YEARS - len(flows))]


def cells(model: Model, flow: str, k: int, values: list[float]) -> dict[Reference, float | str | None]:
    place = model.reference(f"{flow}_{k}")
    return {nth(place, 0, year): value for year, value in enumerate(values)}


SEVERAL = {
    "5 and 25 %": flows_of(0.05, 0.25),
    "-10 and 60 %": flows_of(-0.1, 0.6),
    "8 and 12.5 %": flows_of(0.08, 0.125),
    "three": flows_of(-0.05, 0.3, 0.6),
    "-30 and 20 %": flows_of(-0.3, 0.2),
    "wells abandoned": paid_back(-20e6, 3e6, -30e6, 25),
    "an overhaul and the end": paid_back(-10e6, 3e6, -25e6, 20, -15e6),
    "a loss at the end": paid_back(-5e6, 9e5, -7e6, 30),
}


@pytest.mark.parametrize("flow", ["net_flow_eur", "net_flow_after_tax_eur", "equity_flow_eur"])
@pytest.mark.parametrize("case", SEVERAL)
def test_of_several_rates_the_sheet_shows_the_one_of_dh_irr_and_an_alert(financed: Model, case: str, flow: str) -> None:
    values = SEVERAL[case]
    assert len(rates_of_return(np.array(values), np.arange(YEARS, dtype=float))) > 1
    k = int(number(financed, "solution"))
    name = {"net_flow_eur": "irr", "net_flow_after_tax_eur": "irr_after_tax", "equity_flow_eur": "equity_irr"}[flow]
    with typed(financed, cells(financed, flow, k, values)) as model:
        assert number(model, f"{name}_{k}") == pytest.approx(internal_rate_of_return(values), rel=1e-9)
        assert faults(model, rows_between(model, "Alerts", "AlertsTotal")).get(ALERT) == 1.0
        if name == "irr":
            dh_irr = nth(model.reference("live_checks_irr"), 0)
            assert model.cell("Checks", dh_irr.first_row, dh_irr.first_col) == pytest.approx(
                number(model, "irr"), rel=1e-9
            )


@pytest.mark.parametrize(
    "values",
    [
        paid_back(-20e6, 3e6, 3e6, 25),
        paid_back(-20e6, 3e5, 3e5, 25),  # a negative rate
        paid_back(-1e6, 9e6, 9e6, 25),
        [-1.0, 2.0, *[0.0] * 44],
        paid_back(-20e6, 0.0, 0.0, 25),  # none
        flows_of(0.1),
        [0.0] * YEARS,
    ],
)
def test_with_one_rate_or_none_there_is_no_alert(financed: Model, values: list[float]) -> None:
    k = int(number(financed, "solution"))
    with typed(financed, cells(financed, "net_flow_eur", k, values)) as model:
        assert ALERT not in faults(model, rows_between(model, "Alerts", "AlertsTotal"))
        expected = internal_rate_of_return(values) if min(values) < 0 < max(values) else None
        shown = model.value(f"irr_{k}")
        assert shown == ("none" if expected is None else pytest.approx(expected, rel=1e-9))


@pytest.mark.parametrize("pair", [(0.041, 0.043), (0.09, 0.095), (-0.2, -0.19), (0.4, 0.42), (1.0, 1.1)])
def test_two_rates_between_the_same_trial_rates_are_proven_by_the_one_that_is_found(
    financed: Model, pair: tuple[float, float]
) -> None:
    """Sensitivity: the present value has the same sign at both trial rates, so changes of sign alone prove nothing."""
    k = int(number(financed, "solution"))
    with typed(financed, cells(financed, "net_flow_eur", k, flows_of(*pair))) as model:
        assert min(abs(number(model, f"irr_{k}") - rate) for rate in pair) < 1e-9
        assert number(model, "irr_count") == 2
        assert faults(model, rows_between(model, "Alerts", "AlertsTotal")).get(ALERT) == 1.0
        first = model.reference("dh_faults").first_row
        assert [model.cell("Checks", row, 7) for row in (first, first + 1)] == [0, 0]

"""The workbook on the study's printed totals: the conventions that come closest to its Table 5 give their figures.

They are set as a user would: the heat tariff, the capital costs, the years and the terms are inputs; the printed totals
of the year are typed over the amounts of solution 1 on sheet Costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest

from dhxl.hosts.headless import Model
from tests.workbook.finance_sheets import column, edited, flow, line_cell, number, typed

ITEMISED_EUR = 25.0e6  # Table 3; the workbook has what the study does not itemise as a line of its own


@contextmanager
def printed_year(model: Model, study: dict[str, Any], convention: dict[str, Any], rate: float) -> Iterator[Model]:
    years = convention["incentives_years"]
    inputs = {
        "heat_tariff_eur_per_mwh": convention["heat_tariff_eur_per_mwh"], "discount_rate": rate,
        "capex_not_itemised_eur": convention["capex_eur"] - ITEMISED_EUR, "design_years": convention["design_years"],
        "tax_credit_years": years, "white_certificate_chp_years": years, "white_certificate_heat_pump_years": years,
    }  # fmt: skip
    amounts = {
        "Power sold": convention["power_sold_eur"], "Tax credit": study["incentives_eur"],
        "Gas for CHP": convention["chp_gas_eur"], "Gas for boilers": convention["boiler_gas_eur"],
        "Power bought": convention["power_bought_eur"], "Other equipment": study["maintenance_eur"],
    }  # fmt: skip
    lines = [str(line) for line in column(model, "line_name") if line is not None]
    cells = {line_cell(model, line, 1): amounts.get(line, 0.0) for line in lines}
    with edited(model, inputs), typed(model, cells):
        yield model


@pytest.fixture(scope="module")
def study(reference: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    return reference("study")


@pytest.mark.parametrize("position", range(4))
def test_a_convention_gives_its_rate_of_return_and_payback(
    financed: Model, study: dict[str, Any], position: int
) -> None:
    convention = study["conventions"][position]
    margin, paid, design = convention["margin_eur"], convention["capex_eur"], convention["design_years"]
    with printed_year(financed, study, convention, 0.03) as model:
        assert number(model, "heat_sold_mwh_1") == study["heat_sold_mwh"]
        assert number(model, "operating_margin_eur_1") == pytest.approx(margin, abs=1)
        assert number(model, "capex_eur_1") == paid
        flows = np.zeros(46)
        flows[0] = -paid
        flows[design + 1 : design + 21] = number(model, "operating_margin_eur_1")
        flows[design + 1 + convention["incentives_years"] : design + 21] -= study["incentives_eur"]
        np.testing.assert_allclose(flow(model, "net_flow_eur", 1), flows, rtol=0, atol=0.005)
        assert number(model, "irr_1") == pytest.approx(npf.irr(flows), abs=1e-9)
        digits = len(str(convention["irr"]).partition(".")[2])
        assert number(model, "irr_1") == pytest.approx(convention["irr"], abs=0.51 * 10**-digits)
        assert number(model, "payback_years_1") == pytest.approx(convention["payback_years"], abs=0.0051)
        from_operation = convention["payback_years"] - design
        assert number(model, "payback_from_operation_years_1") == pytest.approx(from_operation, abs=0.0051)


@pytest.mark.parametrize("position", range(2))
def test_the_printed_npv_needs_the_stated_discount_rate(financed: Model, study: dict[str, Any], position: int) -> None:
    convention = study["conventions"][position]
    rate = convention["rate_for_npv"]
    with printed_year(financed, study, convention, rate - 0.00005) as model:
        above = number(model, "npv_eur_1")
    with printed_year(financed, study, convention, rate + 0.00005) as model:
        below = number(model, "npv_eur_1")
    assert below < study["npv_eur"] < above

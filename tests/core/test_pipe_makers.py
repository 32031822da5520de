"""Heat loss coefficients of buried pairs against the printed tables of two makers, under the conditions they state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dhxl.core.pipe_data import PIPES
from dhxl.core.pipes import pipe_heat_loss_coefficient


@pytest.mark.parametrize("maker", ["isoplus", "brugg"])
def test_the_table_of_a_maker_is_met_within_two_percent(reference: Callable[[str], dict[str, Any]], maker: str) -> None:
    table = reference("pipes")["makers"][maker]
    for dn, row in table["u_w_per_mk"].items():
        for series, printed in enumerate(row, start=table["first_series"]):
            found = pipe_heat_loss_coefficient(int(dn), series, **table["conditions"])
            assert found == pytest.approx(printed, rel=table["tolerance"]), f"{maker} DN {dn} series {series}"


def test_the_makers_casings_are_those_of_the_standard(reference: Callable[[str], dict[str, Any]]) -> None:
    table = reference("pipes")["makers"]["brugg"]
    for dn, casing_mm in table["casing_mm"].items():
        assert PIPES[int(dn)].casing_mm[table["first_series"] - 1] == casing_mm

"""DH_NETWORK_LOSS: the table of sections, its empty slots and its faults."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from dhxl.core import pipes
from dhxl.functions import REGISTRY
from dhxl.functions.cells import CellError

LOSS = REGISTRY["DH_NETWORK_LOSS"]
HEADER = ["dn", "insulation_series", "length_m"]


def faults(*cells: Any) -> list[str]:
    result = LOSS(*cells)
    assert isinstance(result, CellError)
    assert result.code == "#VALUE!"
    return [line.removeprefix("DH_NETWORK_LOSS: ") for line in result.message.splitlines()]


def test_columns_are_found_by_name_in_any_order() -> None:
    row = {"dn": 100.0, "insulation_series": 2.0, "length_m": 500.0, "supply_degc": 80.0, "section": "Main street"}
    (result,) = {LOSS([list(order), [row[name] for name in order]], 90, 65, 10) for order in permutations(row)}
    assert result == pytest.approx(500 * pipes.pipe_heat_loss(100, 2, 80, 65, 10) * 8760 / 1e6, rel=1e-12)


def test_case_and_spaces_of_a_header_do_not_matter() -> None:
    usual = LOSS([HEADER, [100, 2, 500]], 90, 65, 10)
    assert LOSS([[" DN ", "Insulation_Series", "LENGTH_M"], [100, 2, 500]], 90, 65, 10) == usual


def test_blank_rows_columns_and_optional_cells_are_empty_slots() -> None:
    usual = LOSS([HEADER, [100, 2, 500]], 90, 65, 10)
    cells = [
        [*HEADER, None, "supply_degc", "section"],
        [None, "", " ", None, None, 1.0],
        [100, 2, 500, None, "", 2.0],
        [None, None, None, None, None, None],
    ]
    assert LOSS(cells, 90, 65, 10) == usual
    assert LOSS([HEADER, [None, None, None]], 90, 65, 10) == 0


def test_every_fault_of_the_table_is_named_with_row_and_column() -> None:
    cells = [
        [*HEADER, "supply_degc", "section"],
        [100, 2, 500, None, "A"],
        [37, 1, -5, None, "B"],
        [450, 3, 100, "hot", None],
        [None, 1, 100, 300, None],
    ]
    assert [fault.split(" must")[0] for fault in faults(cells, 90, 65, 10)] == [
        "sections row 3 ('B'): length_m",
        "sections row 3 ('B'): dn",
        "sections row 4: supply_degc",
        "sections row 4: insulation_series",
        "sections row 5: dn",
        "sections row 5: supply_degc",
    ]


def test_unknown_doubled_and_missing_columns_are_named_with_the_known_ones() -> None:
    found = faults([["dn", "lenght_m", "dn", "insulation_series"], [100, 500, 100, 2]], 90, 65, 10)
    assert found[0].startswith(
        "sections row 1, column 2: 'lenght_m' is no known column; known are dn, insulation_series"
    )
    assert found[1] == "sections row 1, column 3: dn stands twice"
    assert found[2] == "sections needs a column length_m in its first row"


def test_own_values_of_a_section_replace_the_common_ones() -> None:
    cells = [
        [*HEADER, "supply_degc", "return_degc", "ground_degc", "lambda_soil_w_per_mk", "cover_m", "gap_m"],
        [100, 2, 500, 70, 40, 8, 1.5, 0.6, 0.2],
    ]
    watts = pipes.pipe_heat_loss(100, 2, 70, 40, 8, lambda_soil_w_per_mk=1.5, cover_m=0.6, gap_m=0.2)
    assert LOSS(cells, 90, 65, 10, 5000) == pytest.approx(500 * watts * 5000 / 1e6, rel=1e-12)


def test_an_error_value_in_the_table_is_passed_on() -> None:
    result = LOSS([HEADER, [CellError("#N/A"), 2, 500]], 90, 65, 10)
    assert isinstance(result, CellError)
    assert result.code == "#N/A"

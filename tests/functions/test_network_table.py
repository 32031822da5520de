"""DH_NETWORK_TABLE: sections and their sums, chosen pipes, branches, cold networks, and what is wrong in the ranges."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.functions import REGISTRY
from dhxl.functions.cells import CellError

TABLE = REGISTRY["DH_NETWORK_TABLE"]
HEADER = ["section", "dn", "insulation_series", "length_m", "heat_mwh", "peak_mw", "cost_eur_per_m", "connections"]
BRANCHES = [
    [*HEADER, "fed_by"],
    ["Trunk", 150, 2, 400, 0, 3, 900, 0, None],
    ["North", 100, 2, 600, 3000, 1, 600, 40, "trunk"],
    [None] * 9,
    ["South", 125, 2, 500, 5000, 2, 700, 60, "Trunk"],
    ["Lane", 50, 1, 200, 300, 0.15, 400, 10, "South"],
]


def call(name: str, *cells: Any) -> Any:
    answer = REGISTRY[name](*cells)
    assert not isinstance(answer, CellError), answer.message
    return answer


def rows_of(cells: Any, *conditions: Any) -> list[dict[str, Any]]:
    """Return the rows of the table by title, the total last."""
    titles, *rows = call("DH_NETWORK_TABLE", cells, *(conditions or (80, 50, 10)))
    return [dict(zip(titles, row, strict=True)) for row in rows]


def faults(cells: Any, *conditions: Any, code: str = "#VALUE!") -> list[str]:
    answer = TABLE(cells, *(conditions or (80, 50, 10)))
    assert isinstance(answer, CellError)
    assert answer.code == code
    return [line.removeprefix("DH_NETWORK_TABLE: ") for line in answer.message.splitlines()]


def test_every_figure_of_a_section_is_that_of_its_own_function() -> None:
    _, row, *_ = rows_of(BRANCHES)
    assert row["section"] == "North"
    assert row["flow_m3_per_h"] == call("DH_FLOW", 1, 80, 50)
    assert row["velocity_m_per_s"] == call("DH_VELOCITY", 1, 80, 50, 100)
    assert row["gradient_pa_per_m"] == call("DH_PRESSURE_DROP", 1, 80, 50, 100)
    assert row["pressure_drop_bar"] == pytest.approx(2 * 600 * row["gradient_pa_per_m"] / 1e5, rel=1e-12)
    assert row["loss_w_per_m"] == call("DH_PIPE_LOSS", 100, 2, 80, 50, 10)
    assert row["loss_mwh"] == pytest.approx(row["loss_w_per_m"] * 600 * 8.76e-3, rel=1e-12)
    assert row["lhd_mwh_per_m"] == call("DH_LHD", 3000, 600)
    assert row["loss_share"] == pytest.approx(call("DH_LOSS_SHARE", 5, row["loss_mwh"] / 600), rel=1e-12)
    assert row["rating"] == call("DH_NETWORK_RATING", 5, row["loss_mwh"] / 600)
    assert row["trench_cost_eur"] == 360_000
    assert row["cost_eur_per_mwh"] == pytest.approx(call("DH_NETWORK_COST", 5, 600, 30), rel=1e-12)
    assert row["cost_eur_per_connection"] == call("DH_COST_PER_CONNECTION", 360_000, 40)
    assert (row["dn"], row["suggested"], row["ground_degc"], row["note"]) == (100, False, 10, "")


def test_the_total_is_the_sum_of_the_sections() -> None:
    *rows, total = rows_of(BRANCHES)
    for name in ("length_m", "heat_mwh", "loss_mwh", "trench_cost_eur"):
        assert total[name] == pytest.approx(sum(row[name] for row in rows), rel=1e-12)
    assert total["lhd_mwh_per_m"] == pytest.approx(8300 / 1700, rel=1e-12)
    assert total["cost_eur_per_connection"] == pytest.approx(total["trench_cost_eur"] / 110, rel=1e-12)
    assert total["loss_mwh"] == pytest.approx(call("DH_NETWORK_LOSS", BRANCHES, 80, 50, 10), rel=1e-12)
    assert total["loss_w_per_m"] * 1700 * 8.76e-3 == pytest.approx(total["loss_mwh"], rel=1e-12)


def test_pressure_drops_add_up_along_the_branches_and_the_longest_path_is_the_networks() -> None:
    trunk, north, _, south, lane, total = rows_of(BRANCHES)
    drops = {row["section"]: row["pressure_drop_bar"] for row in (trunk, north, south, lane)}
    assert north["path_bar"] == pytest.approx(drops["Trunk"] + drops["North"], rel=1e-12)
    assert lane["path_bar"] == pytest.approx(drops["Trunk"] + drops["South"] + drops["Lane"], rel=1e-12)
    assert total["path_bar"] == total["pressure_drop_bar"] == max(north["path_bar"], lane["path_bar"])
    assert total["flow_m3_per_h"] == call("DH_FLOW", 3, 80, 50)
    assert total["note"] == ""


def test_the_networks_pumps_are_those_of_the_function_for_pumps() -> None:
    *rows, total = rows_of(BRANCHES)
    fed = total["heat_mwh"] + total["loss_mwh"]
    assert total["pump_mwh"] == pytest.approx(call("DH_PUMP_ENERGY", 3, fed, 80, 50, total["path_bar"]), rel=1e-12)
    without = call("DH_PUMP_ENERGY", 3, fed, 80, 50, 0)
    friction = sum(row["pump_mwh"] for row in rows)
    assert 0 < friction < total["pump_mwh"] - without


def test_without_fed_by_the_sections_are_one_line_and_a_note_says_so() -> None:
    cells = [row[:8] for row in BRANCHES]
    trunk, north, _, south, lane, total = rows_of(cells)
    assert lane["path_bar"] == pytest.approx(
        sum(row["pressure_drop_bar"] for row in (trunk, north, south, lane)), rel=1e-12
    )
    assert total["path_bar"] == lane["path_bar"]
    assert "no column fed_by" in total["note"]


def test_several_mains_at_the_plant_add_up() -> None:
    cells = [[*HEADER, "fed_by"], ["A", 100, 2, 500, 100, 1, 0, 0, None], ["B", 80, 2, 500, 100, 0.4, 0, 0, None]]
    *_, total = rows_of(cells)
    assert total["flow_m3_per_h"] == pytest.approx(call("DH_FLOW", 1.4, 80, 50), rel=1e-12)


def test_a_blank_diameter_is_chosen_by_the_peak_and_the_limits() -> None:
    cells = [HEADER, ["A", None, 2, 100, 0, 1, 0, 0], ["B", 80, 2, 100, 0, 1, 0, 0]]
    chosen, given, _ = rows_of(cells)
    assert (chosen["dn"], chosen["suggested"]) == (call("DH_PIPE_SIZE", 1, 80, 50), True)
    assert (given["dn"], given["suggested"]) == (80, False)
    assert given["note"] == "pressure drop above 100 Pa/m"
    allowed, *_ = rows_of(cells, 80, 50, 10, 8760, [["max_pa_per_m", 300]])
    assert allowed["dn"] == call("DH_PIPE_SIZE", 1, 80, 50, 300) < chosen["dn"]


def test_a_diameter_of_zero_is_no_blank() -> None:
    (told,) = faults([HEADER, ["A", 0, 2, 100, 0, 1, 0, 0]])
    assert told.startswith("sections row 2 ('A'): dn must be one of 20, 25, ")


def test_a_load_beyond_the_largest_pipe_names_the_section_and_what_fits() -> None:
    (told,) = faults([HEADER, ["Main", None, 2, 100, 0, 90, 0, 0]], code="#NUM!")
    assert told.startswith("sections row 2 ('Main'): peak_mw must be <= 59.29 MW, what the largest pipe, DN 500")


def test_the_pipes_are_laid_out_for_the_peak_and_lose_at_the_means() -> None:
    cells = [HEADER, ["A", None, 2, 100, 0, 1, 0, 0]]
    row, _ = rows_of(cells, 75, 50, 10, 8760, [["peak_supply_degc", 95], ["peak_return_degc", 45]])
    assert row["dn"] == call("DH_PIPE_SIZE", 1, 95, 45)
    assert row["gradient_pa_per_m"] == call("DH_PRESSURE_DROP", 1, 95, 45, row["dn"])
    assert row["loss_w_per_m"] == call("DH_PIPE_LOSS", row["dn"], 2, 75, 50, 10)


def test_own_temperatures_of_a_section_come_before_all_others() -> None:
    cells = [[*HEADER, "supply_degc", "return_degc", "ground_degc"], ["A", 100, 2, 100, 0, 1, 0, 0, 60, 30, 12]]
    row, _ = rows_of(cells, 80, 50, 10, 8760, [["peak_supply_degc", 95], ["ground_amplitude_k", 10]])
    assert row["gradient_pa_per_m"] == call("DH_PRESSURE_DROP", 1, 60, 30, 100)
    assert row["loss_w_per_m"] == call("DH_PIPE_LOSS", 100, 2, 60, 30, 12)
    assert row["ground_degc"] == 12


def test_twin_pipes_lose_as_twin_pipes_here_and_in_the_networks_loss() -> None:
    cells = [[*HEADER, "pipe"], ["A", 50, 1, 300, 0, 0.1, 0, 0, "Twin"], ["B", 50, 1, 300, 0, 0.1, 0, 0, None]]
    twin, pair, total = rows_of(cells)
    assert twin["loss_w_per_m"] == call("DH_TWIN_PIPE_LOSS", 50, 80, 50, 10)
    assert pair["loss_w_per_m"] == call("DH_PIPE_LOSS", 50, 1, 80, 50, 10)
    assert total["loss_mwh"] == pytest.approx(call("DH_NETWORK_LOSS", cells, 80, 50, 10), rel=1e-12)
    assert faults([[*HEADER, "pipe"], ["A", 250, 1, 300, 0, 1, 0, 0, "twin"]]) == [
        "sections row 2 ('A'): dn must be one of 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200 for twin pipes, got 250"
    ]


def test_the_ground_is_that_of_the_pipes_depth_in_the_warm_season() -> None:
    cells = [[*HEADER, "cover_m"], ["A", 100, 2, 100, 0, 1, 0, 0, 0.6], ["B", 100, 2, 100, 0, 1, 0, 0, 2]]
    wave = [["ground_amplitude_k", 10], ["ground_day", 20]]
    shallow, deep, _ = rows_of(cells, 80, 50, 11, 4800, wave)
    assert shallow["ground_degc"] == call("DH_GROUND_TEMPERATURE", 11, 10, 0.6 + 0.225 / 2, 20, 200)
    assert shallow["ground_degc"] < deep["ground_degc"] < 11
    all_year, *_ = rows_of(cells, 80, 50, 11, 8760, wave)
    assert all_year["ground_degc"] == pytest.approx(11, abs=1e-12)


def test_a_cold_network_gains_heat_and_is_told_by_other_figures() -> None:
    cells = [HEADER, ["Ring", None, 1, 800, 1200, 0.4, 300, 50]]
    ring, total = rows_of(cells, 10, 5, 11)
    assert ring["loss_mwh"] < 0
    assert ring["loss_share"] == pytest.approx(ring["loss_mwh"] / (1200 + ring["loss_mwh"]), rel=1e-12)
    assert ring["loss_share"] < 0
    for row in (ring, total):
        assert row["rating"] == "cold network"
        assert row["note"] == "linear heat density says little here: compare cost per connection and pump energy"
        assert row["cost_eur_per_connection"] == 4800
    assert total["pump_mwh"] == pytest.approx(call("DH_PUMP_ENERGY", 0.4, 1200, 10, 5, total["path_bar"]), rel=1e-12)


def test_a_supply_below_40_degc_is_told_by_other_figures_though_it_loses_heat() -> None:
    cells = [HEADER, ["A", 100, 1, 100, 300, 0.1, 0, 0]]
    assert rows_of(cells, 39.9, 25, 10)[0]["note"].startswith("linear heat density says little here")
    assert rows_of(cells, 40, 25, 10)[0]["note"] == ""


def test_figures_without_meaning_are_empty_and_blank_slots_are_zero() -> None:
    trunk, _, slot, *_ = rows_of(BRANCHES)
    assert (trunk["rating"], trunk["cost_eur_per_mwh"], trunk["cost_eur_per_connection"]) == ("", "", "")
    assert {name for name, value in slot.items() if value == ""} == {"section", "rating", "note"}
    assert {value for value in slot.values() if value != ""} == {0.0}


def test_blank_rows_alone_give_zeros() -> None:
    slot, total = rows_of([HEADER, [None] * 8])
    assert slot["section"] == ""
    assert (total["length_m"], total["loss_mwh"], total["pump_mwh"], total["rating"]) == (0, 0, 0, "")


def test_a_section_without_a_peak_needs_a_diameter_and_carries_nothing() -> None:
    row, total = rows_of([HEADER, ["A", 100, 2, 100, 50, None, 0, 0]], 60, 60, 10)
    assert (row["flow_m3_per_h"], row["pressure_drop_bar"], row["note"]) == (0, 0, "no peak_mw: no flow")
    assert total["pump_mwh"] == 0
    (told,) = faults([HEADER, ["A", None, 2, 100, 50, None, 0, 0]])
    assert told == "sections row 2 ('A'): dn or peak_mw must be given: without a load no pipe can be chosen"


def test_more_heat_than_the_peak_gives_leaves_the_pumps_open_and_is_noted() -> None:
    *rows, total = rows_of([HEADER, ["A", 100, 2, 100, 9000, 1, 0, 0]])
    assert rows[0]["pump_mwh"] == total["pump_mwh"] == ""
    assert total["note"] == "peak_mw gives less in the hours than is sold and lost"


def test_equal_temperatures_are_refused_where_heat_is_carried() -> None:
    (told,) = faults([HEADER, ["A", 100, 2, 100, 50, 1, 0, 0]], 60, 60, 10)
    assert told.startswith("sections row 2 ('A'): return_degc must be < supply_degc, 60 °C, got 60")


def test_columns_are_found_by_name_in_any_order() -> None:
    row = {"dn": 100.0, "insulation_series": 2.0, "length_m": 500.0, "peak_mw": 1.0}
    answers = [TABLE([list(order), [row[name] for name in order]], 80, 50, 10) for order in permutations(row)]
    assert all(answer == answers[0] for answer in answers)


def test_one_range_serves_loss_and_table() -> None:
    assert call("DH_NETWORK_LOSS", BRANCHES, 80, 50, 10) > 0


def test_all_that_is_wrong_in_both_ranges_is_named_with_its_place() -> None:
    cells = [
        [*HEADER, "fed_by"],
        ["A", 100, 2, 100, -1, 1, 0, 0, None],
        ["B", 37, 2, 100, 0, 1, 0, 0, "a"],
        ["C", 100, 2, "long", 0, 1, 0, 0, "D"],
        ["A", 100, 4, 100, 0, 1, 0, 0, "C"],
    ]
    told = faults(cells, 80, 50, 10, 8760, [["max_pa_per_m", 0], ["life", 3], [None, None], ["efficiency", "good"]])
    assert [sentence.split(" must")[0] for sentence in told[:1]] == ["settings row 1: max_pa_per_m"]
    assert told[1].startswith("settings row 2: 'life' is no known setting; known are peak_supply_degc, ")
    assert [sentence.split(" must")[0] for sentence in told[2:]] == [
        "settings row 4: efficiency",
        "sections row 2 ('A'): heat_mwh",
        "sections row 4 ('C'): length_m",
        "sections row 3 ('B'): fed_by",
        "sections row 4 ('C'): fed_by",
        "sections row 3 ('B'): dn",
        "sections row 5 ('A'): insulation_series",
    ]


def test_sections_that_feed_each_other_are_refused() -> None:
    cells = [[*HEADER, "fed_by"], ["A", 100, 2, 1, 0, 1, 0, 0, "B"], ["B", 100, 2, 1, 0, 1, 0, 0, "A"]]
    assert faults(cells) == [
        f"sections row {row} ({name!r}): fed_by leads back to the section itself instead of to the plant"
        for row, name in ((2, "A"), (3, "B"))
    ]


def test_sections_may_be_numbered() -> None:
    cells = [[*HEADER, "fed_by"], [1, 100, 2, 100, 0, 1, 0, 0, None], [2, 100, 2, 100, 0, 1, 0, 0, 1]]
    first, second, _ = rows_of(cells)
    assert (first["section"], second["section"]) == ("1", "2")
    assert second["path_bar"] == pytest.approx(2 * first["path_bar"], rel=1e-12)


@given(
    length=st.floats(1, 5000),
    cut=st.floats(0.01, 0.99),
    peak=st.floats(0.01, 5),
    heat=st.just(0.0) | st.floats(1, 2000),
)
def test_cutting_a_section_in_two_changes_nothing_of_the_network(
    length: float, cut: float, peak: float, heat: float
) -> None:
    whole = [[*HEADER, "fed_by"], ["A", None, 2, length, heat, peak, 500, 10, None]]
    parts = [
        whole[0],
        ["A", None, 2, cut * length, cut * heat, peak, 500, 4, None],
        ["B", None, 2, (1 - cut) * length, (1 - cut) * heat, peak, 500, 6, "A"],
    ]
    one, two = rows_of(whole)[-1], rows_of(parts)[-1]
    for name, value in one.items():
        assert two[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-9, abs=1e-12)), name

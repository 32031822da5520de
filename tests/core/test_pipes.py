"""Heat loss of buried pipes: table of dimensions, limits and laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.core import pipes
from dhxl.core.pipe_data import CASING_WALL_MM, PIPES, casing_wall
from dhxl.core.sections import PipeSection, network_heat_loss
from dhxl.errors import InputError

known_pipes = st.sampled_from([(dn, s) for dn, pipe in PIPES.items() for s in range(1, len(pipe.casing_mm) + 1)])
temperatures = st.floats(-50, 50)


def test_dimensions_are_those_of_the_standard(reference: Callable[[str], dict[str, Any]]) -> None:
    table = reference("pipes")
    rows = [(dn, pipe.steel_mm, pipe.wall_mm, *pipe.casing_mm) for dn, pipe in PIPES.items()]
    assert rows == [tuple(x for x in row if x) for row in table["geometry"]["rows"]]
    for casing, wall in table["casing_wall_mm"]["walls"]:
        assert CASING_WALL_MM[casing] == wall


def test_every_casing_has_a_wall_and_leaves_room_for_insulation() -> None:
    for pipe in PIPES.values():
        assert list(pipe.casing_mm) == sorted(pipe.casing_mm)
        assert all(casing - 2 * casing_wall(casing) > pipe.steel_mm for casing in pipe.casing_mm)


def test_the_printed_table_is_met_within_one_percent(reference: Callable[[str], dict[str, Any]]) -> None:
    """The fitted conditions, and no others nearby, are the defaults."""
    deviations = [
        pipes.pipe_heat_loss_coefficient(int(dn), series) / value - 1
        for dn, row in reference("pipes")["u_w_per_mk"].items()
        for series, value in enumerate(row, start=1)
    ]
    assert max(map(abs, deviations)) < 0.0085


def test_a_pipe_far_below_ground_and_far_from_its_neighbour_is_a_single_pipe() -> None:
    """Limit of a wide gap: the mutual resistance vanishes and the resistances in series remain."""
    pipe, casing = PIPES[100], PIPES[100].casing_mm[0]
    inner = casing - 2 * CASING_WALL_MM[int(casing)]
    depth = 1 + casing / 2000 + 0.0685 * 1.5
    resistance = (
        math.log(inner / pipe.steel_mm) / (2 * math.pi * 0.03)
        + math.log(casing / inner) / (2 * math.pi * 0.4)
        + math.log(4 * depth / (casing / 1000)) / (2 * math.pi * 1.5)
    )
    mutual = math.log(1 + (2 * depth / (casing / 1000 + 20)) ** 2) / (4 * math.pi * 1.5)
    assert mutual < 0.001
    assert pipes.pipe_heat_loss_coefficient(100, 1, 0.03, 1.5, 1.0, 20) == pytest.approx(1 / (resistance + mutual))


@given(pipe=known_pipes)
def test_thicker_insulation_loses_less(pipe: tuple[int, int]) -> None:
    dn, series = pipe
    if series > 1:
        assert pipes.pipe_heat_loss_coefficient(dn, series) < pipes.pipe_heat_loss_coefficient(dn, series - 1)


@given(pipe=known_pipes, supply=temperatures, back=temperatures, ground=temperatures)
def test_loss_depends_on_the_mean_of_supply_and_return_only(
    pipe: tuple[int, int], supply: float, back: float, ground: float
) -> None:
    q = pipes.pipe_heat_loss(*pipe, supply, back, ground)
    mean = (supply + back) / 2
    assert q == pytest.approx(pipes.pipe_heat_loss(*pipe, mean, mean, ground), abs=1e-9)
    assert q == pytest.approx(-pipes.pipe_heat_loss(*pipe, -supply, -back, -ground), abs=1e-9)


def test_pipes_as_warm_as_the_ground_lose_nothing_and_colder_ones_gain() -> None:
    assert pipes.pipe_heat_loss(100, 2, 10, 10, 10) == 0
    assert pipes.pipe_heat_loss(100, 2, 8, 4, 10) < 0


@pytest.mark.parametrize(
    ("dn", "series", "message"),
    [
        (37, 1, r"dn must be one of 20, 25, .*500, got 37"),
        (450, 3, r"insulation_series must be one of 1, 2 for DN 450, got 3"),
        (100, 0, r"insulation_series must be one of 1, 2, 3 for DN 100, got 0"),
    ],
)
def test_a_pipe_that_does_not_exist_is_answered_with_those_that_do(dn: int, series: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        pipes.pipe_heat_loss_coefficient(dn, series)


def test_all_faults_of_a_pipe_are_found_at_once() -> None:
    with pytest.raises(InputError) as caught:
        pipes.pipe_heat_loss(37, 1, 500, 65, 10, cover_m=-1)
    assert len(caught.value.problems) == 3


def test_a_network_loses_what_its_sections_lose() -> None:
    sections = [PipeSection(100, 2, 400.0), PipeSection(50, 1, 250.0, supply_degc=70.0, cover_m=0.6)]
    watts = 400 * pipes.pipe_heat_loss(100, 2, 90, 65, 10) + 250 * pipes.pipe_heat_loss(50, 1, 70, 65, 10, cover_m=0.6)
    assert network_heat_loss(sections, 90, 65, 10) == pytest.approx(watts * 8760 / 1e6, rel=1e-12)
    assert network_heat_loss(sections, 90, 65, 10, 4380) == pytest.approx(watts * 4380 / 1e6, rel=1e-12)
    assert network_heat_loss([], 90, 65, 10) == 0


def test_a_network_names_every_faulty_section() -> None:
    sections = [PipeSection(450, 3, -1.0), PipeSection(100, 1, 10.0), PipeSection(99, 1, 10.0, name="Main street")]
    with pytest.raises(InputError) as caught:
        network_heat_loss(sections, 90, 65, 300, 9000)
    starts = [problem.split(" must", 1)[0] for problem in caught.value.problems]
    assert starts == [
        "ground_degc",
        "hours_h",
        "section 1: insulation_series",
        "section 1: length_m",
        "Main street: dn",
    ]


@given(length=st.floats(0, 1e5), cut=st.floats(0, 1))
def test_cutting_a_section_in_two_changes_nothing(length: float, cut: float) -> None:
    whole = network_heat_loss([PipeSection(80, 3, length)], 90, 65, 10)
    parts = [PipeSection(80, 3, cut * length), PipeSection(80, 3, (1 - cut) * length)]
    assert network_heat_loss(parts, 90, 65, 10) == pytest.approx(whole, rel=1e-9, abs=1e-12)

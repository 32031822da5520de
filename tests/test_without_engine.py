"""The shipped workbooks where the worksheet functions are not at hand: with nothing registered, and in LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless import Model
from dhxl.hosts.headless.snapshot import take_snapshot
from dhxl.studies.outputs import OUTPUTS
from dhxl.studies.run import run
from dhxl.workbook.names import Reference, reference_of
from dhxl.workbook.package import Package
from tests.conftest import REPOSITORY
from tests.libreoffice import Office
from tests.workbook.books import members

BOOKS = ("workbook.xlsm", "templates/biomass.xlsm")
TARIFF, DRIVER = "heat_tariff_eur_per_mwh", "gas_price_eur_per_sm3_medium"
RESULTS = tuple(f"{output.name}_{k}" for output in OUTPUTS for k in (1, 2, 3, 4))
STATES = ("engine_live", "stale", "saved_at", "AlertsTotal", "results_banner", "status_text")


@dataclass(frozen=True)
class Town:
    """A shipped workbook calculated with the functions, and opened without them."""

    path: Path
    live: Model
    bare: Model

    def other(self, name: str) -> float:
        """Return a value of an input that differs from the shipped one."""
        value = Package.open(self.path).values(self.live.reference(name))[0][0]
        assert isinstance(value, float)
        return 1.05 * value

    def told(self, *, changed: bool) -> tuple[str, str]:
        """Return what the cover and the head of a sheet say of saved results, and of ones whose inputs have changed."""
        since = f"{self.live.value('saved_at')} UTC"
        if changed:
            return f"Inputs changed since {since}: results of the functions are old", "inputs changed: results are old"
        return f"Saved results from {since} fit the inputs", "saved results fit the inputs"


@pytest.fixture(scope="module", params=BOOKS, ids=["geothermal", "biomass"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    """Each shipped workbook; LibreOffice gets the first one."""
    path = REPOSITORY / request.param
    with Model.open(path) as live, Model.open(path, registered=False) as bare:
        live.calculate()
        bare.calculate()
        yield Town(path, live, bare)


in_libreoffice = pytest.mark.parametrize("town", BOOKS[:1], indirect=True, ids=["geothermal"])


@pytest.fixture
def bare(town: Town) -> Iterator[Model]:
    """The workbook without functions, put back after the test."""
    kept = {name: town.other(name) / 1.05 for name in (TARIFF, DRIVER)}
    yield town.bare
    for name, value in kept.items():
        town.bare.set(name, value)
    town.bare.calculate()


def saved_values(package: Package) -> dict[str, list[list[Any]]]:
    """Return what stands in the cells of saved results and inputs."""
    names = [name.name for name in package.names if name.name.startswith("saved_")]
    return {name: package.values(package.resolve(name)) for name in names}


def faults(path: Path, errors: Iterable[tuple[Reference, str]]) -> list[tuple[str, str]]:
    """Return the error values, without the gaps of charts: #N/A in cells that a chart shows."""
    charts = [data.decode() for name, data in members(path).items() if name.startswith("xl/charts/chart")]
    shown = {reference_of(text) for chart in charts for text in re.findall(r"<c:f>([^<]*)</c:f>", chart)}
    gaps = {(area.sheet, *place) for area in shown if area for place in area.cells()}
    return [
        (place.address, code)
        for place, code in errors
        if code != "#N/A" or (place.sheet, place.first_row, place.first_col) not in gaps
    ]


def errors_in(model: Model) -> list[tuple[Reference, str]]:
    return [
        (Reference(sheet, *place, *place), value.code)
        for sheet, cells in model.values().items()
        for place, value in cells.items()
        if isinstance(value, CellError)
    ]


def assert_same(ours: Any, theirs: Any, tolerance: float) -> None:
    """Rows of cells hold the same, numbers to a relative tolerance."""
    for row, other_row in zip(ours, theirs, strict=True):
        for one, other in zip(row, other_row, strict=True):
            assert one == (pytest.approx(other, rel=tolerance) if type(other) is float else other)


def same(ours: Cell, theirs: Cell) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return abs(ours - theirs) <= 1e-12 * max(abs(ours), abs(theirs))
    return ours == theirs


def test_every_cell_shows_its_saved_result_and_none_is_in_error(town: Town) -> None:
    live, bare = town.live.values(), town.bare.values()
    differing = {
        value for sheet, cells in live.items() for place, value in cells.items() if not same(value, bare[sheet][place])
    }
    says = {town.live.value(name) for name in ("engine_live", "results_state", "results_banner", "status_text")}
    assert differing == {*says, "at hand when last calculated"}
    assert faults(town.path, errors_in(town.bare)) == []
    assert (town.bare.value("engine_live"), town.bare.value("stale")) == (False, 0)
    banner, words = town.told(changed=False)
    assert town.bare.value("results_banner") == banner
    assert str(town.bare.value("status_text")).endswith(words)


def test_a_tariff_moves_the_cash_flow_as_it_does_with_the_functions(town: Town, bare: Model) -> None:
    kept = town.live.value(TARIFF)
    before = bare.value("npv_eur_1")
    for model in (town.live, bare):
        model.set(TARIFF, town.other(TARIFF))
        model.calculate()
    ours, theirs = ([model.value(name) for name in RESULTS] for model in (town.live, bare))
    town.live.set(TARIFF, kept)  # type: ignore[arg-type]
    town.live.calculate()
    assert theirs == pytest.approx(ours, rel=1e-12)
    assert bare.value("npv_eur_1") != before
    assert bare.value("stale") == 0


def test_a_changed_driver_is_told_and_saving_keeps_the_results_their_time_and_the_mark(
    town: Town, bare: Model, tmp_path: Path
) -> None:
    alerts = bare.value("AlertsTotal")
    bare.set(DRIVER, town.other(DRIVER))
    bare.calculate()
    assert bare.value("stale") == 1
    banner, words = town.told(changed=True)
    assert bare.value("results_banner") == banner
    assert str(bare.value("status_text")).endswith(words)
    assert bare.value("results_old") == 1
    assert bare.value("AlertsTotal") > alerts  # type: ignore[operator]
    assert faults(town.path, errors_in(bare)) == []
    assert take_snapshot(bare).obstacle == "engine_live is not TRUE"
    book = tmp_path / town.path.name
    bare.save(book)
    saved = Package.open(book)
    assert saved_values(saved) == saved_values(Package.open(town.path))
    assert saved.values(saved.resolve("stale")) == [[1.0]]
    assert saved.values(saved.resolve("engine_live")) == [[False]]


@dataclass(frozen=True)
class Elsewhere:
    """What LibreOffice showed without the functions at first, after a tariff and a driver too, and what it saved."""

    states: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
    errors: dict[str, str]
    unedited: Path
    saved: Path


@pytest.fixture(scope="module")
def elsewhere(town: Town, libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    target = tmp_path_factory.mktemp("elsewhere") / town.path.name
    unedited = target.with_name("unedited.xlsm")
    found = libreoffice.run(
        """
        book = opened(arguments["path"])

        def state():
            book.calculateAll()
            return {name: named_value(book, name) for name in arguments["names"]}

        states = [state()]
        faults = errors(book)
        saved(book, arguments["unedited"])
        for name, content in arguments["edits"]:
            set_named(book, name, content)
            states.append(state())
        faults.update(errors(book))
        saved(book, arguments["out"])
        result = {"states": states, "errors": faults}
        """,
        path=str(libreoffice.copy(town.path)),
        out=str(target),
        unedited=str(unedited),
        names=[*RESULTS, *STATES],
        edits=[[name, town.other(name)] for name in (TARIFF, DRIVER)],
    )
    return Elsewhere(tuple(found["states"]), found["errors"], unedited, target)


@in_libreoffice
@pytest.mark.libreoffice
def test_libreoffice_without_the_functions_shows_saved_results_and_reacts_to_a_tariff(
    town: Town, bare: Model, elsewhere: Elsewhere
) -> None:
    errors = [(reference_of(place.replace(".", "!")), code) for place, code in elsewhere.errors.items()]
    assert faults(town.path, [(place, code) for place, code in errors if place]) == []
    first, tariff, driver = elsewhere.states
    assert (first["engine_live"], first["stale"]) == (0, 0)
    assert [first[name] for name in RESULTS] == pytest.approx([town.live.value(name) for name in RESULTS], rel=1e-9)
    for shown, edited in ((tariff, TARIFF), (driver, DRIVER)):
        bare.set(edited, town.other(edited))
        bare.calculate()
        assert [shown[name] for name in RESULTS] == pytest.approx([bare.value(name) for name in RESULTS], rel=1e-9)
    assert tariff["npv_eur_1"] != first["npv_eur_1"]
    assert (tariff["stale"], driver["stale"]) == (0, 1)
    assert driver["AlertsTotal"] > first["AlertsTotal"]
    for state in elsewhere.states:
        banner, words = town.told(changed=state is driver)
        assert state["results_banner"] == banner
        assert state["status_text"].endswith(words)


@in_libreoffice
@pytest.mark.libreoffice
def test_what_libreoffice_saves_unedited_is_not_stale_although_it_saves_15_digits(elsewhere: Elsewhere) -> None:
    with Model.open(elsewhere.unedited, registered=False) as again:
        again.calculate()
        assert (again.value("stale"), again.value("engine_live")) == (0, False)


@in_libreoffice
@pytest.mark.libreoffice
def test_what_libreoffice_saves_keeps_the_saved_results_until_the_functions_renew_them(
    town: Town, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    before, after = (saved_values(Package.open(path)) for path in (town.path, elsewhere.saved))
    assert before.keys() == after.keys()
    for name in before:
        assert_same([[cell or None for cell in row] for row in after[name]],
                    [[cell or None for cell in row] for row in before[name]], 1e-14)  # fmt: skip
    with Model.open(elsewhere.saved, registered=False) as again:
        again.calculate()
        assert (again.value("stale"), again.value("saved_at")) == (1, town.live.value("saved_at"))
        assert again.value("npv_eur_1") == pytest.approx(elsewhere.states[2]["npv_eur_1"], rel=1e-9)
    renewed = tmp_path / town.path.name
    report = run(elsewhere.saved, renewed)
    assert report.engine_live
    assert report.notes == ()
    with Model.open(town.path) as model:
        for name in (TARIFF, DRIVER):
            model.set(name, town.other(name))
        model.calculate()
        for solution in report.solutions:
            for name, value in solution.values.items():
                ours = model.value(f"{name}_{solution.number}")
                assert value == (pytest.approx(ours, rel=1e-9, abs=1e-9) if isinstance(ours, float) else None)
    package = Package.open(renewed)
    assert package.values(package.resolve("stale")) == [[0.0]]
    assert saved_values(package) != before

"""A run on a user's variant of the shipped workbook: what it writes, what it leaves, and what a kill does to it."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dhxl.cli import main
from dhxl.errors import WorkbookError
from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference, cell_position
from dhxl.workbook.package import Package
from tests.shipped import OWN_SHEET, cell_of, users_variant, written

_CELL = re.compile(rb'(<c r="[A-Z]+[0-9]+"[^>]*?(?:/>|>.*?</c>))', re.DOTALL)
_VALUE = re.compile(rb'<v>[^<]*</v>|<v/>|<is>.*?</is>|(?<=[0-9"]) t="[a-zA-Z]+"', re.DOTALL)
_GAS_PRICE = 0.61  # EUR/Sm3, instead of 0.56 in the chosen scenario
_RISE = 6.0  # EUR/MWh of the heat tariff


@dataclass(frozen=True)
class Edited:
    """A calculated workbook in which two inputs were changed, and what a run made of it."""

    calculated: Path
    edited: Path
    run: Path
    printed: str


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Edited:
    folder = tmp_path_factory.mktemp("own")
    calculated = users_variant(folder / "own.xlsm")
    assert main(["run", "--stale", str(calculated)]) == 0
    tariff = cell_of("heat_tariff_eur_per_mwh")
    edits: dict[Reference, object] = {cell_of("gas_price_eur_per_sm3_medium"): _GAS_PRICE}
    edits[tariff] = stored(calculated, "heat_tariff_eur_per_mwh") + _RISE
    edited = written(edits, folder / "edited.xlsm", calculated)
    after = Path(shutil.copyfile(edited, folder / "run.xlsm"))
    command = [sys.executable, "-m", "dhxl", "run", "--stale", str(after)]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return Edited(calculated, edited, after, ended.stdout)


@pytest.fixture(scope="module")
def model(book: Edited) -> Iterator[Model]:
    """The edited workbook, calculated and not yet written."""
    with Model.open(book.edited, stale=True) as model:
        model.calculate()
        yield model


def stored(path: Path, name: str) -> float:
    package = Package.open(path)
    ((value,),) = package.values(package.resolve(name))
    assert isinstance(value, float)
    return value


def raw_members(path: Path) -> dict[str, tuple[object, ...]]:
    """Return of each member, in order, what the directory tells of it and its packed bytes."""
    content = path.read_bytes()
    found: dict[str, tuple[object, ...]] = {}
    with zipfile.ZipFile(path) as archive:
        for one in archive.infolist():
            name_and_extra = content[one.header_offset + 26 : one.header_offset + 30]
            sizes = int.from_bytes(name_and_extra[:2], "little") + int.from_bytes(name_and_extra[2:], "little")
            begin = one.header_offset + 30 + sizes
            told = (one.date_time, one.compress_type, one.external_attr, one.create_system, one.extra, one.comment)
            found[one.filename] = (*told, content[begin : begin + one.compress_size])
    return found


STATE_ROW = 3  # of every sheet: checks, alerts, whether the results fit the inputs


def test_only_sheets_in_which_a_value_changed_differ(book: Edited) -> None:
    before, after = raw_members(book.edited), raw_members(book.run)
    assert list(before) == list(after)
    package = Package.open(book.run)
    differing = {name for name in before if before[name] != after[name]}
    changed = {sheet.part for sheet in package.sheets if changes(book.edited, book.run, sheet.name)}
    assert differing == changed
    sheets = {sheet.name for sheet in package.sheets if sheet.part in differing}
    assert {"Plant", "Dispatch", "Flows", "Compare", "Saved", OWN_SHEET} <= sheets
    for name in ("Design", "Network", "Series"):
        rows = {row for row, _ in changes(book.edited, book.run, name)}
        assert rows <= {STATE_ROW}, "gas and heat tariff move neither pipes nor demand"
    kinds = {"vbaProject.bin", "chart1.xml", "chart901.xml", "image901.png", "vmlDrawing901.vml", "comments901.xml"}
    assert kinds | {"item1.xml", "unknown.dat"} <= {name.rpartition("/")[2] for name in before}


def changes(old: Path, new: Path, sheet: str) -> dict[tuple[int, int], tuple[object, object]]:
    """Return the values of a sheet that differ beyond 15 digits."""
    before, after = Package.open(old).cells(sheet), Package.open(new).cells(sheet)
    found = {}
    for at in before.cells.keys() | after.cells.keys():
        a, b = before.value(*at), after.value(*at)
        if a != b and not (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-15 * abs(a)):
            found[at] = (a, b)
    return found


def test_in_changed_sheets_only_results_and_saved_constants_differ(book: Edited) -> None:
    old, new = Package.open(book.edited), Package.open(book.run)
    saved = {
        (one.reference.sheet, *at)
        for one in old.names
        if one.name.startswith("saved_") and one.reference
        for at in one.reference.cells()
    }
    counted = 0
    for sheet in old.sheets:
        before, after = _CELL.split(old.part(sheet.part)), _CELL.split(new.part(sheet.part))
        assert before[::2] == after[::2], f"{sheet.name}: something outside its cells differs"
        scanned = old.cells(sheet.name)
        for a, b in zip(before[1::2], after[1::2], strict=True):
            if a != b:
                at = cell_position(a.split(b'"')[1].decode())
                result = b"<f" in a or at in scanned.children
                assert result or (sheet.name, *at) in saved, f"{sheet.name}: an input at {at} was changed"
                assert _VALUE.sub(b"", a) == _VALUE.sub(b"", b), f"{sheet.name}: more than the value at {at} differs"
                counted += 1
    assert counted > 1000


def test_the_user_s_own_formulas_are_calculated_from_the_new_results(book: Edited) -> None:
    cells = Package.open(book.run).cells(OWN_SHEET)
    npv = [stored(book.run, f"npv_eur_{k}") for k in (1, 2, 3, 4)]
    own = {row: cells.value(row, 2) for row in range(2, 11)}
    assert own[2] == pytest.approx(npv[1] / 1000, rel=1e-12)
    assert own[2] != pytest.approx(stored(book.calculated, "npv_eur_2") / 1000, rel=1e-3)
    assert own[3] == pytest.approx(sum(stored(book.run, f"payback_years_{k}") for k in (1, 2, 3, 4)), rel=1e-12)
    assert own[4] == pytest.approx(stored(book.run, "peak_load_mw"), rel=1e-12)
    assert own[5] == ("store pays" if npv[1] > npv[0] else "no store")
    demand, length = stored(book.run, "heat_sold_mwh_4"), stored(book.run, "trench_length_m")
    assert own[6] == pytest.approx(demand / length, rel=1e-12)
    assert own[7] == stored(book.calculated, "heat_tariff_eur_per_mwh") + _RISE + 7
    assert [own[row] for row in (8, 9, 10)] == pytest.approx([npv[0] / 2, npv[0] / 3, npv[0] / 5], rel=1e-12)
    package = Package.open(book.run)
    categories = [row[0] for row in package.values(package.resolve("category_eur_1"))]
    array = [cells.value(row, 3) for row in range(2, 9)]
    assert array == pytest.approx([float(one) / 1000 for one in categories if isinstance(one, float)], rel=1e-12)


def test_the_saved_results_and_their_inputs_are_those_of_the_new_gas_price(book: Edited) -> None:
    assert stored(book.run, "gas_mwh_1") < stored(book.calculated, "gas_mwh_1"), "dearer gas: less of it"
    assert [stored(book.run, name) for name in ("ChecksTotal", "stale")] == [0, 0]
    assert "checks failed: 0" in book.printed
    package = Package.open(book.run)
    live, saved = (package.values(package.resolve(f"{kind}_dispatch_1")) for kind in ("live", "saved"))
    assert live == saved


def test_a_second_run_writes_nothing(book: Edited, capsys: pytest.CaptureFixture[str]) -> None:
    before, stamp = book.run.read_bytes(), book.run.stat()
    assert main(["run", str(book.run)]) == 0
    assert f"nothing had changed in {book.run}" in capsys.readouterr().out
    after = book.run.stat()
    assert book.run.read_bytes() == before
    assert (after.st_mtime_ns, after.st_ino) == (stamp.st_mtime_ns, stamp.st_ino)


class Killed(BaseException):
    """Stands for the end of the process: nothing that handles errors may catch it."""


def no_space(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def killed(*_: Any, **__: Any) -> Any:
    raise Killed


@pytest.mark.parametrize("end", [no_space, killed])
@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")])
def test_an_end_at_any_step_of_writing_leaves_the_old_file_whole(
    book: Edited,
    model: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[Any, str],
    end: Callable[..., Any],
) -> None:
    target = Path(shutil.copyfile(book.edited, tmp_path / "own.xlsm"))
    with monkeypatch.context() as patched:
        patched.setattr(*step, end)
        with pytest.raises((WorkbookError, Killed)):
            model.save(target)
    assert target.read_bytes() == book.edited.read_bytes()
    assert len(list(tmp_path.iterdir())) == 1, "no temporary file is left"
    assert model.save(target)
    assert Package.open(target).cells("Flows").value(21, 6) == Package.open(book.run).cells("Flows").value(21, 6)


KILLING = """
import os, random, signal, sys, time
from contextlib import contextmanager
from pathlib import Path
import dhxl.cli.run
from dhxl.cli import main

book = Path(sys.argv[1])
folder, old, inode = book.parent, book.read_bytes(), book.stat().st_ino
kept = folder.parent / "kept.xlsm"  # a second name of the old file: put back, it is the very file that was read
os.link(book, kept)
now = time.perf_counter
seen = {"old": 0, "new": 0, "inside": 0}
new, seconds = set(), []
random.seed(3)


def put_back():
    for other in folder.iterdir():
        other.unlink()
    os.link(kept, book)


def in_writing():
    return len(os.listdir(folder)) > 1 or book.stat().st_ino != inode


def child_killed(child, at, condition=lambda: True):
    end = now() + 20
    while not (now() >= at and condition()) and now() < end:
        pass  # waiting asleep would miss the moment
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, -signal.SIGKILL)
    content = book.read_bytes()
    assert content == old or content in new, "neither the old nor the new file"
    seen["inside"] += len(os.listdir(folder)) > 1
    seen["old" if content == old else "new"] += 1
    put_back()


def forking(step, share):
    if step == "Reading":  # kills at any moment before there is anything to write
        for _ in range(3):
            child = os.fork()
            if child == 0:
                return
            child_killed(child, now() + random.uniform(0, 1.0))
    if step != "Writing" or os.getpid() != parent:
        return
    for number in range(22):
        begun, child = now(), os.fork()
        if child == 0:
            return
        if number < 2:
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            seconds.append(now() - begun)
            new.add(book.read_bytes())
            put_back()
        elif number % 2:  # at any moment of the writing
            child_killed(child, begun + random.uniform(0, 1.2 * min(seconds)))
        else:  # as soon as the temporary file stands there
            child_killed(child, begun, in_writing)
    sys.stdout.write(f"{len(new)} {seen['old']} {seen['new']} {seen['inside']}")
    sys.stdout.flush()
    os._exit(0)


@contextmanager
def progress():
    yield forking


parent = os.getpid()
dhxl.cli.run.progress_shown = progress
os._exit(main(["run", str(book)]))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs fork and SIGKILL")
def test_a_run_that_is_killed_leaves_the_old_or_the_new_file_whole(book: Edited, tmp_path: Path) -> None:
    """Proves it for 23 kills of ``dhxl run``, 10 of them while the temporary file stands beside the workbook.

    The command forks where it begins to write, so that each kill costs the writing only.
    """
    target = tmp_path / "folder" / "own.xlsm"
    target.parent.mkdir()
    shutil.copyfile(book.edited, target)
    before = target.read_bytes()
    ended = subprocess.run([sys.executable, "-c", KILLING, str(target)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    states, old, new, inside = map(int, ended.stdout.splitlines()[-1].split())
    assert states == 1, "the same run writes the same file"
    assert (old + new, target.read_bytes()) == (23, before)
    assert inside >= 5, "kills fell into the writing"

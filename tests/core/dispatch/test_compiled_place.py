"""A folder for compiled code that is missing, locked, damaged or another's is no error, and is said in one line."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dhxl.core.dispatch import compiled, compiled_place
from dhxl.core.dispatch.compiled_place import MANIFEST, NAME, chosen_place, has_manifest, homes, write_manifest
from tests.conftest import REPOSITORY

DISPATCH = """
import numpy as np
from dhxl.core.dispatch import Kind, Problem, Settings, Unit, dispatch
from dhxl.core.dispatch.compiled import compiles
boiler = Unit("B", Kind.BOILER, 2.0, heat_efficiency=0.9, fuel_eur_per_mwh=45.0)
found = dispatch(Problem((boiler,), np.array([1.0, 2.0]), np.zeros(2), Settings(storage_mwh=1.0)))
print(found.cost_eur, compiles())
"""


def locked(path: Path) -> Path:
    """Return a place in which nothing can be made, for the superuser neither: a file stands in its way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("no folder", encoding="utf-8")
    return path / "below"


def warm(home: Path) -> Path:
    """Return a folder as it stands after compiling."""
    place = home / NAME
    place.mkdir(parents=True, mode=0o700)
    (place / "code.nbc").write_bytes(b"machine code")
    write_manifest(place)
    return place


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    chosen_place.cache_clear()


def test_a_home_that_cannot_be_written_means_the_next_place(tmp_path: Path) -> None:
    """Proves: another place. Sensitivity: one place only stops every dispatch on a locked home."""
    assert chosen_place((locked(tmp_path / "home"), tmp_path / "second"), True) == tmp_path / "second" / NAME


def test_no_place_at_all_means_uncompiled_with_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert chosen_place((locked(tmp_path / "a"), locked(tmp_path / "b")), True) is None
    assert [record.message.count("the dispatch runs uncompiled") for record in caplog.records] == [1]
    assert chosen_place((), True) is None


def test_what_was_compiled_where_it_can_no_longer_be_written_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves: a home made read-only after set-up stays warm. Sensitivity: compiled anew by every process."""
    place = warm(tmp_path / "home")
    true = compiled_place._can_be_written
    monkeypatch.setattr(compiled_place, "_can_be_written", lambda asked: asked != place and true(asked))
    found = chosen_place((tmp_path / "home", tmp_path / "second"), False)
    assert found == tmp_path / "second" / NAME
    assert (found / "code.nbc").read_bytes() == b"machine code"
    assert has_manifest(found)


def test_damaged_machine_code_is_not_loaded_but_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Proves: changed bytes are found before they run. Sensitivity: a flipped bit in machine code ends the process."""
    place = warm(tmp_path)
    assert chosen_place((tmp_path,), False) == place
    (place / "code.nbc").write_bytes(b"machine c0de")
    chosen_place.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert chosen_place((tmp_path,), False) is None
    assert [record.message.endswith("damaged: dhxl setup compiles it anew") for record in caplog.records] == [True]
    chosen_place.cache_clear()
    assert chosen_place((tmp_path,), True) == place
    assert not (place / "code.nbc").exists()


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_damaged_note_of_what_was_compiled_is_damage_too(tmp_path: Path, content: str) -> None:
    (warm(tmp_path) / MANIFEST).write_text(content, encoding="utf-8")
    assert chosen_place((tmp_path,), False) is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows closes a user's folders to others")
def test_a_folder_that_others_can_write_is_not_trusted(tmp_path: Path) -> None:
    """Proves: machine code is loaded from what only its user can write. Sensitivity: a shared folder of all users."""
    place = warm(tmp_path / "home")
    place.chmod(0o777)
    assert chosen_place((tmp_path / "home", tmp_path / "second"), False) is None
    assert chosen_place((tmp_path / "home", tmp_path / "second"), True) == tmp_path / "second" / NAME


def test_code_that_cannot_be_kept_is_used_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    """Proves: a full disk or a damaged index costs time, no result. Sensitivity: the error would end the dispatch."""

    class Broken:
        def load_overload(self, *_: object) -> object:
            raise EOFError("Ran out of input")

        def save_overload(self, *_: object) -> object:
            raise OSError(28, "No space left on device")

    cache = Broken()
    with caplog.at_level(logging.WARNING):
        for name in ("load_overload", "save_overload"):
            compiled._forgive(cache, name)
            assert getattr(cache, name)("signature", "data") is None
    assert len(caplog.records) == 2


def test_without_any_home_a_dispatch_runs(tmp_path: Path) -> None:
    """Proves: no home, no folder for temporary files: still a result. Sensitivity: it ended before any function ran."""
    environment = {
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *(p for p in sys.path if p)]),
        "PATH": os.environ.get("PATH", ""),
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
        "HOME": str(locked(tmp_path / "home")),
        "XDG_CACHE_HOME": str(locked(tmp_path / "cache")),
        "LOCALAPPDATA": str(locked(tmp_path / "local")),
    }
    ended = subprocess.run(
        [sys.executable, "-c", DISPATCH], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert ended.stdout.split() == ["150.0", "False"]


def test_the_homes_are_those_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert homes()[0] == tmp_path / "dhxl"

    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nobody)
    assert len(homes()) == 1

"""Proofs and outcomes of workbooks that were calculated before on this machine: the same bytes need no second one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import formualizer as fz
import numpy as np

from dhxl.core.dispatch.compiled import compiles
from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.outcome import Outcome
from dhxl.hosts.headless.proof import Proof, Unproven
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["remember", "remembered"]

_MOST: Final = 300  # proofs that are kept
_LARGEST: Final = 20_000_000  # bytes of one

_Known = tuple[Proof, Outcome | None]
_known: dict[str, _Known] = {}


def remembered(package: Package) -> tuple[Proof | None, Outcome | None]:
    """Return the proof and the outcome of a workbook with these bytes, None where none is known."""
    key = _key(package)
    if key not in _known:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            place = _folder() / f"{key}.json"
            if place.stat().st_size <= _LARGEST:
                digest, _, told = place.read_text("utf-8").partition("\n")
                if digest == _digest(told):
                    _known[key] = _read(json.loads(told))
    return _known.get(key) or (None, None)


def remember(package: Package, proof: Proof, outcome: Outcome | None = None) -> None:
    """Keep the proof of a workbook, and its outcome, for later; where nothing can be written, for this process only.

    A proof that rests on the clock is not kept.
    """
    if proof.volatile:
        return
    key = _key(package)
    _known[key] = proof, outcome
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{secrets.token_hex(6)}"
        told = json.dumps(_told(proof, outcome))
        try:
            temporary.write_text(f"{_digest(told)}\n{told}", "utf-8")
            temporary.replace(folder / f"{key}.json")
        finally:
            temporary.unlink(missing_ok=True)
        _thin(folder)


def _digest(told: str) -> str:
    """Return what tells whether the text of a file is whole."""
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _folder() -> Path:
    home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    return Path(home or Path.home() / ".cache") / "dhxl" / "proofs"


def _thin(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda place: place.stat().st_mtime)
    for place in kept[:-_MOST]:
        place.unlink(missing_ok=True)


def _key(package: Package) -> str:
    digest = hashlib.blake2b(package.container.raw, digest_size=16)
    digest.update(_calculator().encode())
    return digest.hexdigest()


@cache
def _calculator() -> str:
    """Return what tells this way of calculating from another: dhxl's own code and what it rests on."""
    here = Path(__file__).parents[2]
    code = 0
    with contextlib.suppress(OSError):
        for folder in ("core", "functions", "hosts", "workbook"):
            for source in sorted((here / folder).rglob("*.py")):
                code = zlib.crc32(source.read_bytes(), code)
    versions = getattr(fz, "__version__", ""), np.__version__, sys.version, compiles()
    return f"{versions} {code:08x}"


def _told(proof: Proof, outcome: Outcome | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "unproven": [[*one.place, one.reason, _plain(one.calculated), _plain(one.stored)] for one in proof.unproven],
        "rounded": [[*place, value] for place, value in proof.rounded.items()],
        "proved": proof.proved,
    }
    if outcome:
        told["values"] = [
            [sheet, *at, _plain(value)] for sheet, values in outcome.values.items() for at, value in values.items()
        ]
        told["calls"] = [[one.sheet, one.first_row, one.first_col, one.last_row, one.last_col] for one in outcome.calls]
    return told


def _read(told: dict[str, Any]) -> _Known:
    unproven = tuple(
        Unproven((sheet, row, col), reason, _cell(calculated), _stored(stored))
        for sheet, row, col, reason, calculated, stored in told["unproven"]
    )
    rounded = {(sheet, row, col): float(value) for sheet, row, col, value in told["rounded"]}
    proof = Proof(unproven, frozenset(), rounded, int(told["proved"]))
    if "calls" not in told:
        return proof, None
    values: dict[str, dict[tuple[int, int], Cell]] = {}
    for sheet, row, col, value in told["values"]:
        values.setdefault(sheet, {})[row, col] = _cell(value)
    return proof, Outcome(values, tuple(Reference(*place) for place in told["calls"]))


def _plain(value: Cell | CellValue) -> object:
    if isinstance(value, CellError):
        return {"error": value.code, "message": value.message}
    return {"error": value.code} if isinstance(value, ErrorValue) else value


def _cell(value: Any) -> Cell:
    return CellError(value["error"], value["message"]) if isinstance(value, dict) else value


def _stored(value: Any) -> CellValue:
    return ErrorValue(value["error"]) if isinstance(value, dict) else value

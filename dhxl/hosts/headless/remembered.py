"""Proofs of workbooks that were proven before on this machine: the same bytes need no second one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import zlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import formualizer as fz

from dhxl.functions.cells import Cell, CellError
from dhxl.hosts.headless.proof import Proof, Unproven
from dhxl.workbook.package import Package
from dhxl.workbook.values import CellValue, ErrorValue

__all__ = ["remember", "remembered"]

_MOST: Final = 300  # proofs that are kept
_LARGEST: Final = 20_000_000  # bytes of one

_known: dict[str, Proof] = {}


def remembered(package: Package) -> Proof | None:
    """Return the proof of a workbook with these bytes, None where none is known."""
    key = _key(package)
    if key not in _known:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            place = _folder() / f"{key}.json"
            if place.stat().st_size <= _LARGEST:
                _known[key] = _read(json.loads(place.read_text("utf-8")))
    return _known.get(key)


def remember(package: Package, proof: Proof) -> None:
    """Keep the proof of a workbook for later; where nothing can be written, for this process only.

    A proof that rests on the clock is not kept.
    """
    if proof.volatile:
        return
    key = _key(package)
    _known[key] = proof
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{secrets.token_hex(6)}"
        try:
            temporary.write_text(json.dumps(_told(proof)), "utf-8")
            temporary.replace(folder / f"{key}.json")
        finally:
            temporary.unlink(missing_ok=True)
        _thin(folder)


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
    """Return what tells this way of calculating from another: the engine's version and dhxl's own code."""
    here = Path(__file__).parent
    code = 0
    with contextlib.suppress(OSError):
        for source in sorted((*here.glob("*.py"), *(here.parent / "native").rglob("*.py"))):
            code = zlib.crc32(source.read_bytes(), code)
    return f"{getattr(fz, '__version__', '')} {code:08x}"


def _told(proof: Proof) -> dict[str, Any]:
    return {
        "unproven": [[*one.place, one.reason, _plain(one.calculated), _plain(one.stored)] for one in proof.unproven],
        "rounded": [[*place, value] for place, value in proof.rounded.items()],
        "proved": proof.proved,
    }


def _read(told: dict[str, Any]) -> Proof:
    unproven = tuple(
        Unproven((sheet, row, col), reason, _cell(calculated), _stored(stored))
        for sheet, row, col, reason, calculated, stored in told["unproven"]
    )
    rounded = {(sheet, row, col): float(value) for sheet, row, col, value in told["rounded"]}
    return Proof(unproven, frozenset(), rounded, int(told["proved"]))


def _plain(value: Cell | CellValue) -> object:
    return {"error": value.code} if isinstance(value, (CellError, ErrorValue)) else value


def _cell(value: Any) -> Cell:
    return CellError(value["error"]) if isinstance(value, dict) else value


def _stored(value: Any) -> CellValue:
    return ErrorValue(value["error"]) if isinstance(value, dict) else value

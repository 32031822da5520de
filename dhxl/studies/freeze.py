"""A macro-free copy of a workbook for outsiders: results of the functions as constants, native formulas live."""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.functions.cells import CellError
from dhxl.hosts.headless import Model, Proof, Unproven
from dhxl.hosts.headless.built_in import is_built_in
from dhxl.hosts.headless.engine import fixed_clock
from dhxl.studies.run import Progress, run
from dhxl.workbook.calling import Calling
from dhxl.workbook.macro_free import with_properties, without_macros
from dhxl.workbook.names import Reference
from dhxl.workbook.package import Package
from dhxl.workbook.patch import with_constants
from dhxl.workbook.storage import write_whole
from dhxl.workbook.values import CellValue, ErrorValue, number_text

__all__ = ["AT", "INPUTS", "STAMP", "FreezeReport", "Frozen", "freeze", "frozen", "refuse_overwriting", "saved_cells"]

ENGINE: Final = "engine_live"
STAMP, FROM, LOG = "frozen_at", "frozen_from", "log_messages"  # cells for the time, the workbook's file, messages
AT, SOURCE, INPUTS = "dhxl frozen at (UTC)", "dhxl frozen from", "dhxl inputs (SHA-256)"

# functions of Excel 2007 that the headless engine lacks; newer ones carry the prefix _xlfn. in a file
_NATIVE: Final = frozenset(
    """AMORDEGRC AMORLINC AREAS BAHTTEXT COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD CUBEKPIMEMBER CUBEMEMBER
    CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBESETCOUNT CUBEVALUE DISC DURATION FVSCHEDULE GETPIVOTDATA INFO
    INTRATE JIS MDETERM MDURATION MINVERSE MMULT ODDFPRICE ODDFYIELD ODDLPRICE ODDLYIELD PHONETIC PRICEDISC PRICEMAT
    PROB RECEIVED RTD VDB YIELDDISC YIELDMAT""".split()
)


@dataclass(frozen=True, slots=True)
class FreezeReport:
    """What a freeze did: how many formulas became constants, and what the user should know."""

    written: Path
    changed: bool
    frozen_at: str
    constants: int
    notes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen copy in memory.

    ``source`` is the name of the workbook's file; ``results`` holds by sheet the cells whose values were given by
    formulas that went, ``inputs`` a checksum of the workbook's formulas and constants.
    """

    content: bytes
    moment: str
    source: str
    inputs: str
    results: dict[str, frozenset[tuple[int, int]]]
    constants: int
    notes: tuple[str, ...]
    unproven: tuple[Unproven, ...] = ()


def freeze(book: str | Path, out: str | Path, progress: Progress | None = None) -> FreezeReport:
    """Calculate a workbook and write a copy without macros and without calls of DH_ functions.

    Each formula that calls a DH_ function, or one of the workbook's own macros, becomes the value that it has;
    ``engine_live`` becomes FALSE, so that the copy treats its results as saved ones. All other formulas stay. The
    workbook itself is only read.

    Parameters
    ----------
    book : path
        The workbook.
    out : path
        The copy, an .xlsx file.
    progress : callable, optional
        Called with what is being done and the share done.

    Raises
    ------
    WorkbookError
        The file is no workbook of dhxl, cannot do without its functions (a format rule calls one), or the copy
        cannot be written.
    InputError
        An input is not allowed or a cell is in error; nothing is written then.
    """
    started = time.perf_counter()
    source, target = Path(book), Path(out)
    if target.suffix.lower() != ".xlsx":
        raise WorkbookError(f"{target}: must end in .xlsx as a frozen copy holds no macros")
    refuse_overwriting(target, source)
    made = frozen(source, progress)
    content, worse = _calculated(made)
    changed = not target.is_file() or target.read_bytes() != content
    if changed:
        write_whole(target, content)
    notes = (*made.notes, *worse)
    return FreezeReport(target, changed, made.moment, made.constants, notes, time.perf_counter() - started)


def frozen(source: Path, progress: Progress | None = None) -> Frozen:
    """Return the frozen copy of a workbook, which is calculated first; nothing is written beside it.

    The formulas that stay hold the results that they had with the functions at hand.
    """
    live = Package.open(source)
    with tempfile.TemporaryDirectory() as folder:
        calculated = Path(folder) / ("calculated.xlsm" if live.macros else "calculated.xlsx")
        report = run(source, calculated, progress)
        package = Package.open(calculated)
        calling = Calling(package, _is_foreign if package.macros else lambda _name: False)
        if problems := calling.obstacles():
            raise WorkbookError([f"{source}: {problem}" for problem in problems])
        results, parts, count = _constants(calling)
        parts |= calling.plain_tables() | {package.main: calling.plain_names()}
        moment = f"{fixed_clock() or datetime.now(UTC):%Y-%m-%d %H:%M}"
        inputs = _inputs_digest(live, results)
        plain = without_macros(package, parts)
        plain = with_properties(package, plain, {AT: moment, SOURCE: source.name, INPUTS: inputs})
        lost = [f"the name {name} calls a function and is left out of the copy" for name in sorted(calling.names)]
        return Frozen(
            plain.rebuilt(package), moment, source.name, inputs, results, count, (*report.notes, *lost), report.unproven
        )


def _calculated(made: Frozen) -> tuple[bytes, list[str]]:
    """Return a frozen copy with the results that its formulas have without the functions, and notes on new errors."""
    with tempfile.TemporaryDirectory() as folder:
        bare, copy = Path(folder) / "bare.xlsx", Path(folder) / "copy.xlsx"
        bare.write_bytes(made.content)
        with Model(Package.open(bare), proof=Proof(made.unproven)) as model:
            _fill(model, STAMP, made.moment)
            _fill(model, FROM, made.source)
            model.calculate()
            worse = _new_errors(model)
            model.save(copy)
        return copy.read_bytes(), worse


def _inputs_digest(package: Package, results: dict[str, frozenset[tuple[int, int]]]) -> str:
    """Return a checksum of a workbook's formulas and constants, without results and saved results."""
    digest = hashlib.sha256()
    for sheet in (one for one in package.sheets if one.kind == "worksheet"):
        cells = package.cells(sheet.name)
        aside = results.get(sheet.name, frozenset()) | saved_cells(package, sheet.name)
        digest.update(f"\n{sheet.name}\n".encode())
        for at in sorted(cells.cells):
            cell = cells.cells[at]
            if cell.formula is not None or not (at in aside or at in cells.children or cell.value is None):
                digest.update(f"{at} {_told(cell.value) if cell.formula is None else '=' + cell.formula}\n".encode())
    return digest.hexdigest()


def saved_cells(package: Package, sheet: str) -> frozenset[tuple[int, int]]:
    """Return the cells of a sheet that a run fills with saved results and messages, and those that a freeze fills."""
    names = (one for one in package.names if one.sheet is None and one.reference)
    places = [one.reference for one in names if one.name.lower().startswith(("saved_", STAMP, FROM, LOG))]
    return frozenset(
        at for place in places if place and place.sheet.casefold() == sheet.casefold() for at in place.cells()
    )


def refuse_overwriting(target: Path, *sources: Path) -> None:
    """Refuse a target that is one of the files read.

    Raises
    ------
    WorkbookError
        It is.
    """
    for source in sources:
        if target.exists() and source.exists() and target.samefile(source):
            raise WorkbookError(f"{target}: is the workbook that is read; write to another file")


def _is_foreign(function: str) -> bool:
    return function not in _NATIVE and not is_built_in(function.rpartition(".")[2] if ".DH_" in function else function)


def _constants(calling: Calling) -> tuple[dict[str, frozenset[tuple[int, int]]], dict[str, bytes], int]:
    """Return by sheet the cells whose formulas go, the sheets without them, and how many formulas went."""
    package, parts, results, count = calling.package, dict[str, bytes](), dict[str, frozenset[tuple[int, int]]](), 0
    live = package.resolve(ENGINE)
    for sheet in (one for one in package.sheets if one.kind == "worksheet"):
        cells = package.cells(sheet.name)
        values: dict[tuple[int, int], CellValue] = {at: cells.value(*at) for at in calling.cells(sheet.name)}
        if not values:
            continue
        if live.sheet.casefold() == sheet.name.casefold() and (live.first_row, live.first_col) in values:
            values[live.first_row, live.first_col] = False
        parts[sheet.part] = with_constants(cells, values)
        count += len(values)
        areas = (cells.arrays.get(at, (*at, *at)) for at in values)
        results[sheet.name] = frozenset(at for area in areas for at in Reference(sheet.name, *area).cells())
    return results, parts, count


def _fill(model: Model, name: str, text: str) -> None:
    """Write a text into the cell that a workbook has for it, if it has one."""
    if model.package.defined_name(name):
        place = model.reference(name)
        if place.is_cell and not model.formula_in(place):
            model.put(place, [[text]], name)


def _new_errors(model: Model) -> list[str]:
    return [
        f"{Reference(sheet, *at, *at).address} gives {value.code} in the frozen copy"
        for sheet, cells in model.values().items()
        for at, value in cells.items()
        if isinstance(value, CellError) and not isinstance(model.package.cells(sheet).value(*at), ErrorValue)
    ]


def _told(value: CellValue) -> str:
    return number_text(value) if isinstance(value, float) else f"{type(value).__name__} {value}"

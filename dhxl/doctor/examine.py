"""What keeps workbooks from working in Excel on a machine: each trouble with a verdict and a remedy."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dhxl.core.dispatch.compiled import compiles
from dhxl.doctor.book import book_findings
from dhxl.doctor.excel import excel_findings
from dhxl.doctor.findings import Finding, absent, fine, looked, trouble, warning
from dhxl.doctor.interpreter import mac_script, recorded
from dhxl.doctor.machine import MAC, WINDOWS, Machine
from dhxl.doctor.python import answer, answer_finding, called, python_findings
from dhxl.doctor.trial import Trial
from dhxl.doctor.trust import trust_findings

__all__ = ["examine"]

_ENGINE = ("dhxl.hosts.headless",)


def examine(machine: Machine, book: Path | None = None) -> tuple[Finding, ...]:
    """Return the findings on a machine, and on a workbook where one is given.

    What cannot be looked at, an unreadable setting or a damaged workbook, is a finding too.

    Parameters
    ----------
    machine : Machine
        The machine.
    book : path, optional
        A workbook.
    """
    found = [*looked("python", lambda: _python(machine))]
    told: Trial | None = None
    if machine.system in (WINDOWS, MAC):
        try:
            told = answer(machine)
        except OSError as error:
            reason = error.strerror or str(error)
            found.append(warning("answer", f"the Python of workbooks was not tried ({reason})", "ask IT"))
    if machine.system == WINDOWS:
        found += looked("excel", lambda: excel_findings(machine))
        found += looked("interpreter", lambda: python_findings(machine, told))
        found += looked("macros", lambda: trust_findings(machine))
    elif machine.system == MAC:
        found += looked("excel", lambda: _mac(machine, told))
    else:
        found.append(
            absent(
                "excel", f"Excel does not run on {machine.system}", "calculate workbooks with dhxl run, or LibreOffice"
            )
        )
    if book is not None:
        version = told.xlwings if told and told.xlwings else machine.xlwings
        found += looked("book", lambda: book_findings(machine, book, version))
    return tuple(found)


def _python(machine: Machine) -> Iterator[Finding]:
    yield fine("python", f"Python {sys.version.split()[0]} at {machine.python}")
    if machine.system in (WINDOWS, MAC) and not machine.xlwings:
        yield trouble("xlwings", "xlwings is not installed", f"{called(machine.python)} -m pip install dhxl[excel]")
    elif machine.xlwings:
        yield fine("xlwings", f"xlwings {machine.xlwings}")
    if compiles():
        yield fine("compiled", "the dispatch is compiled")
    else:
        yield warning("compiled", "the dispatch is not compiled: a year with a store takes seconds", "dhxl setup")
    engine = machine.tried(str(machine.python), _ENGINE, os.environ)
    if engine.problem and not engine.slow:
        yield trouble(
            "engine",
            f"the calculation engine of dhxl run does not start ({engine.problem})",
            f"{called(machine.python)} -m pip install --force-reinstall formualizer dhxl; a virus scanner may have "
            "removed a library",
        )
    elif engine.slow:
        yield warning("engine", f"the calculation engine gave {engine.problem}", "try again")
    else:
        yield fine("engine", "dhxl run calculates workbooks without Excel")


def _mac(machine: Machine, told: Trial | None) -> Iterator[Finding]:
    if machine.exists(Path("/Applications/Microsoft Excel.app")):
        yield fine("excel", "Excel is in /Applications")
    else:
        yield absent("excel", "Excel is not in /Applications", "install it, or calculate with dhxl run")
    known = recorded(machine)
    if not known:
        yield trouble("interpreter", "workbooks do not know where Python is", "dhxl setup")
    elif not machine.exists(Path(known)):
        yield trouble("interpreter", f"workbooks look for Python at {known}, which is gone", "dhxl setup")
    elif known != str(machine.python):
        yield warning(
            "interpreter", f"workbooks use another Python: {known}", "dhxl setup in the one that they should use"
        )
    else:
        yield fine("interpreter", f"workbooks find Python at {known}")
    yield from answer_finding(machine, known, told)
    script = mac_script(machine)
    if machine.exists(script):
        yield fine("script", "Excel may start xlwings' script")
    else:
        yield trouble("script", f"{script.name} is not where Excel may start it", "dhxl setup")
    yield warning("functions", "DH_ functions in cells need Excel on Windows", "press Recalculate, or use dhxl run")

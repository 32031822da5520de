"""The arguments of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["parser"]

_DESCRIPTION = """\
Feasibility studies of district heating in Excel workbooks, calculated without a spreadsheet program."""

_EPILOG = """\
examples:
  dhxl run workbook.xlsm -o town.xlsm             calculate a workbook and print the results
  dhxl eval '=DH_LHD(6000,3000)'                  one formula; prints 2
  dhxl eval '=SUM(demand)' --range demand=town.csv:demand_mw
  dhxl check workbook.xlsm                        what breaks the rules in it
  dhxl sensitivity workbook.xlsm --preset tax     payback against charges and price scenarios
  dhxl names workbook.xlsm                        what can be set and read by name
  dhxl functions DH_LHD                           what a function does

Results go to standard output, messages to standard error. Exit code: 0 done, 1 a problem, 2 wrong usage."""


def parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command is in ``command`` and takes the parsed options."""
    top = argparse.ArgumentParser(
        prog="dhxl",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action=_Version, help="print the version")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = _command(commands, "run", _run, "calculate a workbook, print its results and write it back losslessly")
    run.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm)")
    run.add_argument("-o", "--out", metavar="OUT", help="write to this file (default: back into BOOK)")

    evaluate = _command(commands, "eval", _evaluate, "calculate one formula")
    evaluate.add_argument("formula", metavar="FORMULA", help="as in a cell, with commas: '=DH_LHD(6000,3000)'")
    evaluate.add_argument(
        "--range",
        dest="ranges",
        metavar="NAME=FILE.csv[:COLUMN]",
        action="append",
        default=[],
        help="a csv file with its header row, or one column of it without, as a named range (repeatable)",
    )

    freeze = _command(
        commands, "freeze", _freeze, "write a copy for outsiders: no macros, no DH_ functions, native formulas live"
    )
    freeze.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm); it is only read")
    freeze.add_argument("-o", "--out", metavar="OUT.xlsx", required=True, help="the frozen copy")

    thaw = _command(
        commands, "thaw", _thaw, "carry the inputs edited in a frozen copy into a copy of the live workbook"
    )
    thaw.add_argument("frozen", metavar="FROZEN", help="the frozen copy as it came back (.xlsx)")
    thaw.add_argument("--from", dest="original", metavar="ORIGINAL", required=True, help="the workbook it was made of")
    thaw.add_argument("-o", "--out", metavar="OUT", required=True, help="the live workbook with the edits, calculated")

    study = _command(commands, "sensitivity", _sensitivity, "calculate outputs of a workbook for other inputs")
    study.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm); it is only read")
    study.add_argument(
        "--vary",
        metavar="NAME=VALUES",
        action="append",
        default=[],
        help="an input and its values: a,b,c or from:to:step (repeatable; all combinations)",
    )
    study.add_argument("--one-by-one", action="store_true", help="each value alone instead of all combinations")
    study.add_argument(
        "--output", dest="outputs", metavar="NAME", action="append", default=[], help="an output (repeatable)"
    )
    study.add_argument(
        "--preset",
        choices=("tax", "break-even", "storage", "tornado"),
        help="payback against electricity charges and price scenario; the charges at which two solutions come out "
        "equal; boiler share against the volume of the store; NPV with 20 %% less and more of the main drivers",
    )
    study.add_argument("--between", metavar="A,B", help="the two solutions of --preset break-even")
    study.add_argument("-o", "--out", metavar="OUT.csv", help="write the results to this csv file, too")
    study.add_argument("--workers", metavar="N", type=int, help="processes (default: one a core where it pays)")

    names = _command(commands, "names", _names, "list the published names of a workbook with value and unit")
    names.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm)")

    check = _command(
        commands, "check", _check, "look a workbook through: rules of the sheets, its checks; writes nothing"
    )
    check.add_argument("book", metavar="BOOK", help="any workbook (.xlsx or .xlsm)")
    check.add_argument(
        "--second-engine", action="store_true", help="calculate it in LibreOffice too and compare every number"
    )
    check.add_argument(
        "--ignore", metavar="RULE", action="append", default=[], help="leave a rule out, such as W405 (repeatable)"
    )

    _command(commands, "setup", _setup, "compile the dispatch once on this machine, so that later runs are faster")

    functions = _command(commands, "functions", _functions, "list the worksheet functions, or explain one")
    functions.add_argument("name", metavar="NAME", nargs="?", help="a function, such as DH_LHD")
    return top


def _command(
    commands: Any, name: str, command: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--json", action="store_true", help="print JSON")
    made.set_defaults(command=command)
    return made


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from dhxl import __version__

        sys.stdout.write(f"dhxl {__version__}\n")
        parser.exit(0)


def _run(options: argparse.Namespace) -> int:
    from dhxl.cli.run import run_command

    return run_command(options.book, options.out, as_json=options.json)


def _sensitivity(options: argparse.Namespace) -> int:
    from dhxl.cli.sensitivity import SensitivityOptions, sensitivity_command

    return sensitivity_command(
        SensitivityOptions(
            book=options.book,
            vary=tuple(options.vary),
            outputs=tuple(options.outputs),
            one_by_one=options.one_by_one,
            preset=options.preset,
            between=options.between,
            out=options.out,
            workers=options.workers,
            json=options.json,
        )
    )


def _evaluate(options: argparse.Namespace) -> int:
    from dhxl.cli.evaluate import evaluate_command

    return evaluate_command(options.formula, options.ranges, as_json=options.json)


def _freeze(options: argparse.Namespace) -> int:
    from dhxl.cli.freeze import freeze_command

    return freeze_command(options.book, options.out, as_json=options.json)


def _thaw(options: argparse.Namespace) -> int:
    from dhxl.cli.freeze import thaw_command

    return thaw_command(options.frozen, options.original, options.out, as_json=options.json)


def _names(options: argparse.Namespace) -> int:
    from dhxl.cli.lists import names_command

    return names_command(options.book, as_json=options.json)


def _check(options: argparse.Namespace) -> int:
    from dhxl.cli.check import check_command

    return check_command(options.book, options.ignore, second_engine=options.second_engine, as_json=options.json)


def _functions(options: argparse.Namespace) -> int:
    from dhxl.cli.pages import functions_command

    return functions_command(options.name, as_json=options.json)


def _setup(options: argparse.Namespace) -> int:
    from dhxl.cli.setup import setup_command

    return setup_command(as_json=options.json)

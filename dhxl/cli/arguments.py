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

    names = _command(commands, "names", _names, "list the published names of a workbook with value and unit")
    names.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm)")

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


def _evaluate(options: argparse.Namespace) -> int:
    from dhxl.cli.evaluate import evaluate_command

    return evaluate_command(options.formula, options.ranges, as_json=options.json)


def _names(options: argparse.Namespace) -> int:
    from dhxl.cli.lists import names_command

    return names_command(options.book, as_json=options.json)


def _functions(options: argparse.Namespace) -> int:
    from dhxl.cli.pages import functions_command

    return functions_command(options.name, as_json=options.json)


def _setup(options: argparse.Namespace) -> int:
    from dhxl.cli.setup import setup_command

    return setup_command(as_json=options.json)

"""The arguments of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["ENGINES", "parser"]

ENGINES = ("libreoffice", "ironcalc")

_DESCRIPTION = """\
Feasibility studies of district heating in Excel workbooks, calculated without a spreadsheet program."""

_EPILOG = """\
examples:
  dhxl run workbook.xlsm -o town.xlsm             calculate a workbook and print the results
  dhxl new town.xlsm --set heat_demand_mwh=30000  the workbook of another town, from a template
  dhxl eval '=DH_LHD(6000,3000)'                  one formula; prints 2
  dhxl eval '=SUM(demand)' --range demand=town.csv:demand_mw
  dhxl check workbook.xlsm                        what breaks the rules in it
  dhxl sensitivity workbook.xlsm --preset tax     payback against charges and price scenarios
  dhxl names workbook.xlsm                        what can be set and read by name
  dhxl functions DH_LHD                           what a function does

Results go to standard output, messages to standard error. Exit code: 0 done, 1 a problem, 2 wrong usage,
130 interrupted (Ctrl-C), and then no workbook has changed."""


_NEW_EPILOG = """\
examples:
  dhxl new town.xlsm --set project_title="Nordheim" --set case_title="Draft 1" --set heat_demand_mwh=30000
  dhxl new town.xlsm --set "storage_m3=200 m³" --set price_scenario=High
  dhxl new town.xlsm --template biomass --from town.toml
  dhxl new town.xlsm --template house.xlsm --from town.csv
  dhxl new --list                                 the templates; dhxl names FILE lists the names of one

town.toml:
  heat_demand_mwh = 30000
  storage_m3 = { value = 200, unit = "m³", source = "offer of 3 March" }
  connected_share = [0.3, 0.6, 0.8, 1, 1, 1, 1, 1, 1, 1]
  series = "year.csv"              # columns named as inputs: outdoor_degc, electricity_shape_eur_per_mwh
  [[units_1]]                      # changes the unit of this name, or takes a free row
  unit = "Boilers"
  heat_mw = 3

town.csv has the header name,value and, where wanted, unit and source.
Numbers have a decimal point and no thousands separators: 500000 or 0.5; 500.000 has two meanings and is refused.
A series has one number a row, without gaps; decimal commas are read where the file proves them, as 1,5 does.
The source beside a changed input is replaced by the one given, or says where the value was set."""


_DOCTOR_EPILOG = """\
Each finding is a trouble, which keeps workbooks from working, a warning, which hinders or may hinder, something that is
not here, or ok; what follows -> mends it. The Python that workbooks start is started, too. Nothing is changed.
Exit code: 0 no trouble (also where Excel is not here), 1 a trouble, 2 wrong usage."""


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
    run.add_argument("book", metavar="BOOK", nargs="?", help="the workbook (.xlsx or .xlsm)")
    run.add_argument("-o", "--out", metavar="OUT", help="write to this file (default: back into BOOK)")
    run.add_argument(
        "--second-engine",
        metavar="ENGINE",
        nargs="?",
        const="",
        help="let another engine decide on cells that dhxl does not reproduce: libreoffice or ironcalc",
    )
    run.add_argument(
        "--stale",
        action="store_true",
        help="the stored results are old, from before a program that does not calculate changed inputs: none counts",
    )
    run.usage = "%(prog)s [-h] [--json] [-o OUT] [--second-engine [ENGINE]] [--stale] BOOK"
    run.set_defaults(usage_error=run.error)

    _add_new(commands)

    evaluate = _command(commands, "eval", _evaluate, "calculate one formula")
    evaluate.add_argument("formula", metavar="FORMULA", help="as in a cell, with commas: '=DH_LHD(6000,3000)'")
    evaluate.add_argument(
        "--range",
        dest="ranges",
        metavar="NAME=FILE.csv[:COLUMN]",
        action="append",
        default=[],
        help="a csv file with its header row, or one column of it without, as a named range (repeatable); a column of "
        "numbers must have one in every row",
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
    study.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm); only read without --write")
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
    study.add_argument(
        "--write",
        action="store_true",
        help="write the results into sheet Sensitivity of BOOK, or of a copy (-o OUT.xlsm)",
    )
    study.add_argument(
        "-o",
        "--out",
        metavar="OUT",
        help="a csv file for the results; with --write also the copy to write instead of BOOK",
    )
    study.add_argument("--workers", metavar="N", type=int, help="processes (default: one a core where it pays)")

    names = _command(commands, "names", _names, "list the published names of a workbook with value and unit")
    names.add_argument("book", metavar="BOOK", help="the workbook (.xlsx or .xlsm)")
    names.add_argument("part", metavar="TEXT", nargs="?", default="", help="only names that contain this text")
    names.add_argument("--inputs", action="store_true", help="only names of inputs")

    check = _command(
        commands, "check", _check, "look a workbook through: rules of the sheets, its checks; writes nothing"
    )
    check.add_argument("book", metavar="BOOK", nargs="?", help="any workbook (.xlsx or .xlsm)")
    check.add_argument(
        "--second-engine",
        metavar="ENGINE",
        nargs="?",
        const="",
        help="calculate it in another engine too and compare every value: libreoffice or ironcalc (default: "
        "LibreOffice, or IronCalc where LibreOffice is not at hand)",
    )
    check.usage = "%(prog)s [-h] [--json] [--second-engine [ENGINE]] [--ignore RULE] BOOK"
    check.set_defaults(usage_error=check.error)
    check.add_argument(
        "--ignore", metavar="RULE", action="append", default=[], help="leave a rule out, such as W405 (repeatable)"
    )

    setup = _command(
        commands, "setup", _setup, "prepare this machine once: compile the dispatch, and tell workbooks where Python is"
    )
    setup.add_argument(
        "--undo", action="store_true", help="take back what was recorded for workbooks; what is compiled stays"
    )

    doctor = _command(
        commands, "doctor", _doctor, "look for what keeps workbooks from working in Excel, with a remedy for each"
    )
    doctor.add_argument("book", metavar="BOOK", nargs="?", help="a workbook that does not work")
    doctor.epilog = _DOCTOR_EPILOG

    upgrade = _command(
        commands, "upgrade", _upgrade, "put the current macros into an older workbook, all else as it is"
    )
    upgrade.add_argument("book", metavar="BOOK", help="the workbook (.xlsm)")
    upgrade.add_argument("-o", "--out", metavar="OUT", help="write to this file (default: back into BOOK)")

    functions = _command(commands, "functions", _functions, "list the worksheet functions, or explain one")
    functions.add_argument("name", metavar="NAME", nargs="?", help="a function, such as DH_LHD")
    return top


def _add_new(commands: Any) -> None:
    new = _command(commands, "new", _new, "make the calculated workbook of a new town from a template")
    new.epilog = _NEW_EPILOG
    new.add_argument("out", metavar="OUT", nargs="?", help="the new workbook")
    new.add_argument("--list", action="store_true", help="list the templates that dhxl brings along")
    new.add_argument(
        "--template",
        metavar="T",
        default="geothermal",
        help="name of a template, or any workbook that has the names (default: geothermal)",
    )
    new.add_argument(
        "--set",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="an input and its value, if wanted with its unit or as a percentage (repeatable; wins over --from)",
    )
    new.add_argument(
        "--from",
        dest="files",
        metavar="FILE",
        action="append",
        default=[],
        help="inputs from a .toml or .csv file (repeatable; later files win)",
    )
    new.add_argument("--force", action="store_true", help="replace OUT where it exists")
    new.set_defaults(usage_error=new.error)


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

    book, engine = _book_and_engine(options)
    return run_command(book, options.out, second_engine=engine, stale=options.stale, as_json=options.json)


def _new(options: argparse.Namespace) -> int:
    from dhxl.cli.new import new_command, templates_command

    if options.list:
        return templates_command(as_json=options.json)
    if options.out is None:
        options.usage_error("the following arguments are required: OUT")
    return new_command(
        options.out,
        options.template,
        options.files,
        options.settings,
        replace=options.force,
        as_json=options.json,
    )


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
            write=options.write,
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

    return names_command(options.book, options.part, inputs=options.inputs, as_json=options.json)


def _book_and_engine(options: argparse.Namespace) -> tuple[str, str | None]:
    """Return the workbook, and the second engine where one is asked for."""
    book, engine = options.book, options.second_engine
    if book is None and engine:  # the option stood before the workbook and took it for the engine
        book, engine = engine, ""
    if book is None:
        options.usage_error("the following arguments are required: BOOK")
    if engine and engine.lower() not in ENGINES:
        options.usage_error(f"argument --second-engine: must be {' or '.join(ENGINES)}, got {engine!r}")
    return book, engine


def _check(options: argparse.Namespace) -> int:
    from dhxl.cli.check import check_command

    book, engine = _book_and_engine(options)
    return check_command(book, options.ignore, second_engine=engine, as_json=options.json)


def _functions(options: argparse.Namespace) -> int:
    from dhxl.cli.pages import functions_command

    return functions_command(options.name, as_json=options.json)


def _setup(options: argparse.Namespace) -> int:
    from dhxl.cli.setup import setup_command

    return setup_command(undo=options.undo, as_json=options.json)


def _doctor(options: argparse.Namespace) -> int:
    from dhxl.cli.doctor import doctor_command

    return doctor_command(options.book, as_json=options.json)


def _upgrade(options: argparse.Namespace) -> int:
    from dhxl.cli.upgrade import upgrade_command

    return upgrade_command(options.book, options.out, as_json=options.json)

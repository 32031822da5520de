"""The rules of a workbook as data, and what is found against them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from dhxl.errors import shortened
from dhxl.workbook.names import Reference

__all__ = ["RULES", "Finding", "Rule", "Spot", "findings"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it demands, and what to do where it is broken."""

    id: str
    demand: str
    fix: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule broken at some cells; ``cell`` is empty where a sheet is meant, ``sheet`` too where the workbook is."""

    rule: str
    sheet: str
    cell: str
    text: str

    @property
    def fix(self) -> str:
        """Return what to do about it."""
        return RULES[self.rule].fix


_MOST_TEXT: Final = 400  # characters of what a finding says


class Spot(NamedTuple):
    """A rule broken at one cell; row and column are 0 where the whole sheet or workbook is meant."""

    rule: str
    sheet: str
    row: int
    col: int
    text: str


_ALL: Final = (
    Rule(
        "W101", "A formula has at most 160 characters.", "Split it: give an intermediate result its own labelled row."
    ),
    Rule(
        "W102",
        "A formula holds no number but 0, 1, 12, 24, 100, 1000, 8760 and 1000000.",
        "Put the number into an input cell with label, unit and source, and refer to it.",
    ),
    Rule("W103", "IF is not nested in IF.", "Give the inner case its own row, or use CHOOSE, MIN, MAX or a flag row."),
    Rule("W104", "No function is volatile.", "Type the value into an input cell; a result must not change by itself."),
    Rule("W105", "OFFSET and INDIRECT are not used.", "Use INDEX or a name: auditors and engines can follow these."),
    Rule(
        "W106", "No reference takes whole columns or rows.", "Refer to the cells that hold data, or to a name for them."
    ),
    Rule("W107", "Formulas refer to tables by cells or names.", "Give the column a name and refer to that."),
    Rule(
        "W108",
        "Formulas call only functions that Excel 2016, LibreOffice and dhxl calculate alike.",
        "Use a function of the portable list (docs/check.md), or a DH_ function.",
    ),
    Rule(
        "W109",
        "A function of single values is not given a range.",
        "Calculate it in a row or column of its own, one cell each, and refer to that.",
    ),
    Rule("W110", "Nothing refers to another workbook.", "Copy the values into input cells with their source."),
    Rule("W111", "No reference spans several sheets.", "Refer to each sheet, or collect the rows on one sheet."),
    Rule("W112", "No formula refers to deleted cells.", "Enter the reference anew."),
    Rule("W113", "Every name in a formula exists.", "Correct the name, or define it."),
    Rule(
        "W114",
        "Arrays have a fixed size.",
        "Enter it over as many cells with Ctrl+Shift+Enter: {=...} instead of a spill.",
    ),
    Rule("W115", "A row, or a long column, has one formula.", "Copy the neighbours' formula over it, or set it apart."),
    Rule(
        "W116",
        "No formula depends on itself.",
        "Break the circle: use the value of the previous period, or a corkscrew.",
    ),
    Rule(
        "W117",
        "No cell holds an error value.",
        "Mend its cause; `dhxl run` tells it. Gaps of charts (#N/A) are allowed.",
    ),
    Rule(
        "W118",
        "NPV() stands on the sheet Checks only.",
        "Use a row of discount factors and SUMPRODUCT; NPV() misplaces year 0.",
    ),
    Rule(
        "W201", "No formula stands in the input style.", "Give the cell the style of calculations, or make it an input."
    ),
    Rule(
        "W202",
        "A number that formulas read is marked as an input, or as something else by a named style.",
        "Give it the input style (blue on pale yellow).",
    ),
    Rule("W203", "Inputs are not locked.", "Format cells, Protection: clear Locked."),
    Rule(
        "W204",
        "Every input has a data validation with limits or a list.",
        "Data, Data validation: set the usual range.",
    ),
    Rule("W205", "Every input has a label.", "Write what it is to its left, or above its column."),
    Rule("W206", "Every named input has a unit.", "Write it in the next cell, or into the label in brackets."),
    Rule(
        "W207", "Every named input has a source.", "Write where the value comes from behind the unit, or as a comment."
    ),
    Rule("W208", "The name and the unit of an input agree.", "Correct the unit beside it, or the suffix of the name."),
    Rule("W209", "Numbers are not stored as text.", "Convert it to a number; SUM skips text in silence."),
    Rule("W210", "Inputs keep to their own validation.", "Enter an allowed value, or correct the validation."),
    Rule("W211", "Every input has a name.", "Name the cell or its range, so that studies can set it."),
    Rule(
        "W301", "Every name has its cells.", "Point the name to its cells again (Formulas, Name manager), or delete it."
    ),
    Rule("W302", "Names belong to the whole workbook.", "Delete it and define it anew with the scope Workbook."),
    Rule("W303", "Names refer to fixed cells.", "Put $ before column and row in the name's reference."),
    Rule("W401", "No input stands on a hidden sheet.", "Show the sheet, or move its inputs to one that is shown."),
    Rule("W402", "Data cells are not merged.", "Unmerge them; use Center across selection for the look."),
    Rule("W403", "Every sheet has a print area.", "Page layout, Print area: set it."),
    Rule("W404", "Every sheet prints one page wide.", "Page layout, Scale to fit: width 1 page."),
    Rule(
        "W405",
        "Every sheet has header and footer.",
        "Page layout, Page set-up: set both (project, sheet, page number).",
    ),
    Rule("W406", "Titles of every sheet are frozen.", "View, Freeze panes: below the titles."),
    Rule("W407", "No input stands in a hidden row or column.", "Show the row or column, or move the input."),
    Rule("W408", "The workbook calculates by itself.", "Formulas, Calculation options: Automatic, without iteration."),
    Rule("W501", "The published names are there.", "Define the name again; `dhxl names` lists what there is."),
    Rule("W502", "Every DH_ call has its saved value.", "Write =IF(engine_live,DH_...(...),saved value)."),
    Rule("W503", "engine_live tests the engine and the inputs.", 'Write =IFERROR(DH_VERSION(drivers_sum)<>"",FALSE).'),
    Rule(
        "W504",
        "A solution calls the dispatch at most four times.",
        "Call table, months, duration and summary once each, and pick single values with INDEX.",
    ),
    Rule(
        "W505", "Every live range has a saved one of the same shape.", "Name a block of constants of its size saved_..."
    ),
    Rule(
        "W506", "Saved results survive opening.", "Run `dhxl run`, and do not let the file calculate when it is opened."
    ),
    Rule("W601", "All checks of the workbook pass.", "Look at the row on its sheet: it says what is compared."),
    Rule("W602", "The calculated workbook has no error values.", "Mend the cause that the sentence names."),
    Rule(
        "W603",
        "Stored results are those that calculating gives.",
        "Either the file was edited by a program that does not calculate, and `dhxl run --stale` mends it, or dhxl "
        "calculates this otherwise than the program that saved it; `dhxl check --second-engine` tells which.",
    ),
    Rule(
        "W604",
        "A second engine calculates the same.",
        "Find out who is right (docs/check.md), and rewrite the formula with functions of the portable list.",
    ),
)
RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in _ALL})


def findings(spots: Iterable[Spot], sheets: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return findings in the order of the sheets; neighbouring cells with the same fault are one finding.

    Parameters
    ----------
    spots : iterable of Spot
        What was found, cell by cell.
    sheets : tuple of str
        The workbook's sheets from left to right.
    """
    grouped: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for rule, sheet, row, col, text in spots:
        grouped.setdefault((sheet, rule, text), []).append((row, col))
    order = {name: number for number, name in enumerate(sheets)}
    found = []
    for (sheet, rule, text), places in grouped.items():
        for first_row, first_col, last_row, last_col in _rectangles(set(places)):
            area = Reference(sheet, first_row, first_col, last_row, last_col)
            cell = area.address if first_row else ""
            found.append(
                (
                    (order.get(sheet, -1), first_row, first_col, rule),
                    Finding(rule, sheet, cell, shortened(text, _MOST_TEXT)),
                )
            )
    return tuple(finding for _, finding in sorted(found, key=lambda entry: entry[0]))


def _rectangles(places: set[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return cells as rectangles: runs down a column, equal ones side by side joined."""
    runs: dict[tuple[int, int], list[int]] = {}
    for row, col in sorted(places, key=lambda place: (place[1], place[0])):
        if (row - 1, col) not in places:
            last = row
            while (last + 1, col) in places:
                last += 1
            runs.setdefault((row, last), []).append(col)
    found = []
    for (first, last), cols in runs.items():
        start = cols[0]
        for col, following in zip(cols, [*cols[1:], 0], strict=True):
            if following != col + 1:
                found.append((first, start, last, col))
                start = following
    return found

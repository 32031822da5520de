"""Guide: how to work with the workbook, in one page."""

from __future__ import annotations

from collections.abc import Iterable

from dhxl.workbook.page import Book, Page
from dhxl.workbook.sheets.buttons import BUTTONS
from dhxl.workbook.sheets.cover import SHEETS

TITLE = "Guide"
SUBTITLE = "How to work with this workbook"
WIDTHS = (2, 20, 70, 3, 31, 80)
_LETTERS = 1.18  # of a text in a unit of width
_LEFT, _RIGHT = 1, 4  # columns of the titles; the texts stand beside them

_STEPS = (
    ("Choose", "Cover: name project and case, choose the solution shown and the price scenario."),
    (
        "Fill in",
        "Blue figures on pale yellow are yours, on Design, Network, Plant, Prices, Costs, Finance and Series. Each has a "
        "unit, a permitted range and a source: write where your figure comes from.",
    ),
    (
        "Run",
        "In Excel on Windows with dhxl every edit acts at once. Elsewhere press Recalculate, or use dhxl run BOOK: the four "
        "solutions are dispatched hour by hour. Tariffs, taxes, costs and rates act without it, everywhere.",
    ),
    (
        "Check",
        "Checks must be 0. Alerts are right but worth a look. Sheet Checks says which they are, sheet Log what the run "
        "had to say.",
    ),
    (
        "Judge",
        "Dispatch shows who heats when; Flows and Cashflow the money by year; Compare the four solutions side by side; "
        "Sensitivity what moves them.",
    ),
    ("Hand over", "Freeze a copy for people without dhxl; dhxl thaw carries inputs that they edit in it back."),
)
_STATES = (
    ("Live", "dhxl was at hand when the book was last calculated: all results fit the inputs."),
    (
        "Saved",
        "Without dhxl (in a viewer, at a bank) the results of its functions stay as last saved. All native formulas, "
        "the cash flow with tax and loan among them, go on calculating on top of them.",
    ),
    (
        "Old",
        "An input of the functions was changed without them: the banner on the cover is red until the next run. Sheet "
        "Saved lists which input differs.",
    ),
    ("Frozen", "A copy without macros and functions, for outsiders. The banner names the file and the time."),
)
_ADDED = (
    (
        "a line item",
        "Costs: fill a free row of the line items, or insert one inside the table. It enters every solution.",
    ),
    (
        "a capital cost",
        "Costs: the same in the table of capital costs: amounts, life, shares paid in the years 0 to 5.",
    ),
    ("a unit", "Plant: fill a free row; a solution has ten. Types: heat_pump, chp, boiler, electric_boiler, source."),
    ("a pipe section", "Network: insert a row inside the table and copy the row above it into it."),
    ("another year", "Series: paste temperatures and prices over the blue columns, one row an hour, none missing."),
)
_COMMANDS = (
    ("dhxl run BOOK", "calculate, print the results, write them into the file"),
    ("dhxl new OUT --set name=value", "a calculated workbook of another town, from this one or a template"),
    ("dhxl check BOOK", "look for faults in formulas, inputs, names and sheets, and run the checks"),
    ("dhxl sensitivity BOOK --vary ...", "any input against any result; presets tax, break-even, storage, tornado"),
    ("dhxl freeze BOOK -o OUT.xlsx", "a copy for outsiders"),
    ("dhxl names BOOK", "the names by which inputs are set and results are read"),
    ("dhxl functions [NAME]", "the DH_ functions; sheet Functions has them too"),
)
_CONVENTIONS = (
    ("Signs", "Inputs are positive, costs too. In the cash flow money in is positive, money out negative."),
    ("Years", "Year 0 is the start of building, not discounted; operation follows the design years."),
    ("Prices", "Nominal, without VAT, in prices of the first year; each grows by its own escalation."),
    ("Units", "MWh, MW, °C, m, EUR, t CO2e; fuel by its lower heating value. Names end in their unit."),
    ("Hours", "Step 1 is the first hour of 1 January; values are means over the hour, standard time."),
    ("Blank", "A blank cell means not given, never zero. Type 0 where you mean none."),
    ("Errors", "=DH_WHY(cell) says what is wrong with a red cell. A run with errors names them and writes nothing."),
)


def write(book: Book) -> None:
    """Write the sheet; the others must stand, since only existing ones are listed."""
    page = book.pages["Guide"]
    top = page.row
    steps = tuple((f"{number}  {title}", text) for number, (title, text) in enumerate(_STEPS, start=1))
    pressed = tuple((button.caption, f"{button.text}.") for button in BUTTONS)
    for title, entries in (
        ("How to work", steps),
        ("Live, saved, old, frozen", _STATES),
        ("To add ...", _ADDED),
        ("Buttons, in Excel with dhxl", pressed),
    ):
        _texts(page, _LEFT, title, entries)
    bottom, page.row = page.row, top
    _texts(
        page,
        _RIGHT,
        "Sheets",
        {name: text for name, text in SHEETS.items() if name in book.pages and name != "Guide"}.items(),
        link=True,
    )
    _texts(page, _RIGHT, "On the command line", _COMMANDS)
    _texts(page, _RIGHT, "Conventions", _CONVENTIONS)
    page.row = max(page.row, bottom) - 1
    page.finish(len(WIDTHS) - 1, one_page=True)


def _texts(page: Page, col: int, heading: str, entries: Iterable[tuple[str, str]], *, link: bool = False) -> None:
    """Write a section: its heading, and titles with texts beside them, each over as many rows as it has lines."""
    sheet = page.sheet
    sheet.write(page.row, col, heading, page.style("heading"))
    sheet.write_blank(page.row, col + 1, None, page.style("heading"))
    page.row += 1
    for title, text in entries:
        rows = -(-len(text) // int(_LETTERS * WIDTHS[col + 1]))
        if link:
            sheet.write_url(page.row, col, f"internal:'{title}'!A1", page.style("link", valign="top"), title)
        else:
            sheet.write_string(page.row, col, title, page.style("label_bold", valign="top"))
        if rows > 1:
            sheet.merge_range(page.row, col + 1, page.row + rows - 1, col + 1, "", page.style("text"))
        sheet.write_string(page.row, col + 1, text, page.style("text"))
        page.row += rows
    page.row += 1

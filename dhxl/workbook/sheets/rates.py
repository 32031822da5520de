"""Where each cash flow has its rates of return: the present value at a row of trial rates, on sheet Flows.

Between two trial rates at which the present value has another sign lies a rate of return. The interval nearest to
10 % gives IRR its guess, so that it finds the rate that DH_IRR gives; several of them prove several rates.
"""

from __future__ import annotations

from typing import Final

from dhxl.workbook.page import Book, absolute, cell
from dhxl.workbook.sheets.timeline import FIRST_YEAR, LAST_YEAR, timeline

__all__ = ["FLOWS", "counted", "guess", "least", "write_rates"]

# name of the flow -> what it is, name of its rate of return
FLOWS: Final = {
    "net_flow_eur": ("net cash flow", "irr"),
    "net_flow_after_tax_eur": ("net cash flow after tax", "irr_after_tax"),
    "equity_flow_eur": ("equity cash flow", "equity_irr"),
}
_AT_LEAST, _NEAREST, _GUESS = 3, 4, 5  # columns


def write_rates(book: Book, year_row: int) -> None:
    """Write the block at the end of sheet Flows; ``year_row`` is the row that counts the years.

    The trial rates lie symmetrically around 10 % in ln(1 + r), where they are closest, from -95 % to 2,400 %.
    """
    page = book.pages["Flows"]
    page.heading("Rates of return: between which trial rates does the present value change its sign", LAST_YEAR)
    for col, title in ((_AT_LEAST, "rates, at least"), (_NEAREST, "nearest"), (_GUESS, "guess")):
        page.sheet.write(page.row, col, title, page.style("unit", align="right"))
    page.row += 1
    year = f"{{c}}${year_row + 1}"
    place = timeline(page, "Place of the trial rate", f"({year}+{year}-MAX(flow_years))/MAX(flow_years)", "factor")
    x = f"{{c}}${place + 1}"
    trial = timeline(page, "Trial rate", f"(1+100/1000)*EXP(24/100*({x}+12*{x}*{x}*{x}))-1", "percent")
    first, last = (cell(trial, col, True, True) for col in (FIRST_YEAR, LAST_YEAR))
    for k in range(1, 5):
        for flow, (label, rate) in FLOWS.items():
            value = timeline(
                page,
                f"Solution {k}, {label}: present value",
                f"SUMPRODUCT({flow}_{k},(1+{{c}}${trial + 1})^-flow_years)",
                "scientific",
            )
            old, new = f"{{p}}{value + 1}", f"{{c}}{value + 1}"
            between = f"{{p}}${place + 1}+({x}-{{p}}${place + 1})*{old}/({old}-{new})"
            changes = f"({year}>0)*ABS(({old}>=0)-({new}>=0))"
            row = timeline(
                page, "Nearness to 10 % of a rate of return before", f"IF({changes},1/(1+ABS({between})),0)", "two"
            )
            there = ":".join(cell(row, col, absolute_col=True) for col in (FIRST_YEAR, LAST_YEAR))
            within = f"ISNUMBER({rate}_{k})*(N({rate}_{k})>{first})*(N({rate}_{k})<{last})"
            at = cell(row, _NEAREST)
            for col, number, formula in (
                # a rate where no sign changes is one of two, or of more, between the same trial rates
                (_AT_LEAST, "count", f'COUNTIF({there},">0")+(1+1)*(MAX({there})=0)*{within}'),
                (_NEAREST, "count", f"MATCH(MAX({there}),{there},0)"),
                # without a change a guess of the rate's sign, without which LibreOffice misses negative rates
                (_GUESS, "percent", f"IF(MAX({there})>0,(INDEX({first}:{last},{at}-1)+INDEX({first}:{last},{at}))/(1+1),"
                                    f"SIGN(SUM({flow}_{k}))/24)"),
            ):  # fmt: skip
                page.sheet.write_formula(row, col, f"={formula}", page.style("calc", number), 0)
            book.places[f"{rate} guess {k}"] = absolute("Flows", row, _GUESS)
            book.places[f"{rate} at least {k}"] = absolute("Flows", row, _AT_LEAST)


def guess(book: Book, rate: str, k: int) -> str:
    """Return the cell with the guess for the rate of return of a name in a solution."""
    return book.places[f"{rate} guess {k}"]


def least(book: Book, rate: str, k: int) -> str:
    """Return the cell that tells how many rates of return the flow of a rate has at least."""
    return book.places[f"{rate} at least {k}"]


def counted(book: Book, k: int) -> str:
    """Return what is true where a flow of a solution has more than one rate of return, as a formula."""
    return f"1*(MAX({','.join(least(book, rate, k) for _, rate in FLOWS.values())})>1)"

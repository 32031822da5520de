"""A small feasibility workbook for the tests of the headless host, the run and the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from dhxl.studies.outputs import OUTPUTS

HOURS = 48
SOLUTIONS = (1, 2)
Change = Callable[[Any, dict[str, Any]], None]


def feasibility_book(path: Path, change: Change | None = None) -> Path:
    """Write a workbook of two solutions with all published names, live and saved results, and return its path.

    Prices holds inputs with data validation; Series an hourly demand; Plant a scalar call, a call a row and an array
    formula, each with its saved values; Results the published outputs; ``change`` may write over any cell.
    """
    book = xlsxwriter.Workbook(path)
    sheets = {name: book.add_worksheet(name) for name in ("Prices", "Series", "My plant", "Results", "Saved")}
    _prices(book, sheets["Prices"])
    _series(book, sheets["Series"], sheets["Saved"])
    _plant(book, sheets["My plant"], sheets["Saved"])
    _results(book, sheets["Results"])
    if change:
        change(book, sheets)
    book.close()
    return path


def _prices(book: Any, sheet: Any) -> None:
    rows = (
        ("heat_sold_mwh", 6000, {"validate": "decimal", "criteria": ">=", "value": 0}),
        ("trench_length_m", 3000, {"validate": "decimal", "criteria": ">=", "value": 0}),
        ("heat_tariff_eur_per_mwh", 114, {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 500}),
        ("price_scenario", "Medium", {"validate": "list", "source": ["Low", "Medium", "High"]}),
        ("design_years", 3, {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10}),
        ("discount_rate", 0.05, {"validate": "decimal", "criteria": "between", "minimum": -0.5, "maximum": 1}),
    )
    for row, (name, value, rule) in enumerate(rows, start=1):
        sheet.write(row, 0, name)
        sheet.write(row, 3, value)
        sheet.data_validation(row, 3, row, 3, rule)
        book.define_name(name, f"=Prices!$D${row + 1}")


def _series(book: Any, sheet: Any, saved: Any) -> None:
    sheet.write_row(0, 0, ("hour", "demand_mw"))
    for hour in range(HOURS):
        sheet.write_row(hour + 1, 0, (hour, 10 + hour % 24))
        saved.write(hour + 10, 0, 0)
        saved.write(hour + 10, 1, 0)
    book.define_name("demand", f"=Series!$B$2:$B${HOURS + 1}")
    book.define_name("live_demand", f"=Series!$B$2:$B${HOURS + 1}")
    book.define_name("saved_demand", f"=Saved!$A$11:$A${HOURS + 10}")
    book.define_name("live_duration", f"='My plant'!$F$2:$F${HOURS + 1}")
    book.define_name("saved_duration", f"=Saved!$B$11:$B${HOURS + 10}")


def _plant(book: Any, sheet: Any, saved: Any) -> None:
    sheet.write("A1", "drivers")
    sheet.write_formula("B1", "=SUM(heat_sold_mwh,trench_length_m,demand)")
    sheet.write_formula("B2", '=IFERROR(DH_VERSION(B1)<>"",FALSE)')
    book.define_name("drivers_sum", "='My plant'!$B$1")
    book.define_name("engine_live", "='My plant'!$B$2")
    sheet.write_formula("B3", "=IF(engine_live,DH_LHD(heat_sold_mwh,trench_length_m),Saved!B1)")
    book.define_name("linear_heat_density_mwh_per_m", "='My plant'!$B$3")
    for row in range(4, 7):
        sheet.write_row(row, 0, (f"section {row}", 1000 * row, 500))
        sheet.write_formula(row, 3, f"=IF(engine_live,DH_LHD(B{row + 1},C{row + 1}),E{row + 1})")
        sheet.write(row, 4, 0)
    array = f"{{=IF(engine_live,DH_LOAD_DURATION(demand),Saved!$B$11:$B${HOURS + 10})}}"
    sheet.write_array_formula(f"F2:F{HOURS + 1}", array)
    saved.write("B1", 0)
    saved.write("B2", "never")
    for name, live, kept in (
        ("lhd", "'My plant'!$B$3", "Saved!$B$1"),
        ("sections", "'My plant'!$D$5:$D$7", "'My plant'!$E$5:$E$7"),
    ):
        book.define_name(f"live_{name}", f"={live}")
        book.define_name(f"saved_{name}", f"={kept}")
    book.define_name("saved_at", "=Saved!$B$2")
    sheet.write_formula("B8", "=SUMPRODUCT(--(demand<>Saved!$A$11:$A$58))>0")
    book.define_name("stale", "='My plant'!$B$8")


def _results(book: Any, sheet: Any) -> None:
    formulas = {
        "heat_share_heat_pump": "=0.25*{k}",
        "heat_share_chp": "=1-{c}2-{c}4",
        "npv_eur": "=heat_sold_mwh*heat_tariff_eur_per_mwh/(1+discount_rate)-600000*{k}",
        "irr": '=IFERROR(DH_IRR({{-100,60,60}}),"none")',
        "payback_years": '=IFERROR(DH_PAYBACK({{-100,60,60}}),"none")',
        "payback_from_operation_years": '="none"',
        "capex_eur": "=SUM('My plant'!$F$2:$F$49)*1000",
        "operating_cost_eur": "=IF(engine_live,linear_heat_density_mwh_per_m,0)*1000",
    }
    for row, output in enumerate((one for one in OUTPUTS if not one.optional), start=1):
        sheet.write(row, 0, output.label)
        for k in SOLUTIONS:
            formula = formulas.get(output.name, "=0*{k}").format(k=k, c="ABC"[k])
            sheet.write_formula(row, k, formula)
            book.define_name(f"{output.name}_{k}", f"=Results!${'ABC'[k]}${row + 1}")
    for k, title in zip(SOLUTIONS, ("Heat pumps", "CHP and boilers"), strict=True):
        sheet.write(0, k, title)
        book.define_name(f"solution_name_{k}", f"=Results!${'ABC'[k]}$1")
    sheet.write_formula("B30", "=0")
    sheet.write_formula("B31", "=1")
    book.define_name("ChecksTotal", "=Results!$B$30")
    book.define_name("AlertsTotal", "=Results!$B$31")

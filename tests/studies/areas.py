"""The areas of studies, added to the small feasibility workbook."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_range_abs

from dhxl.workbook.study_areas import (
    BREAK_EVEN,
    FREE,
    INPUT_NAMES,
    INPUTS,
    RESULTS,
    STORAGE,
    STUDIES,
    TAX,
    TORNADO,
    area,
    kept,
)

SHEET = "Bob's studies"
INPUTS_SHOWN = (
    "charges_eur_per_mwh", "price_scenario", "storage_m3", "discount_rate", "heat_tariff_eur_per_mwh",
    "charges_eur_per_mwh+storage_m3", "capex_wells_eur",
)  # fmt: skip
_SIZES = {
    area(TAX): (27, 6), area(BREAK_EVEN): (8, 8), area(STORAGE): (3, 9), area(STORAGE, "solution"): (1, 1),
    area(TORNADO): (8, 10), area(TORNADO, "base"): (1, 8), area(FREE): (21, 5),
}  # fmt: skip


def with_areas(book: Any, _: dict[str, Any]) -> None:
    """Add a sheet with the areas, one under the other; column Z holds what is calculated from them."""
    sheet = book.add_worksheet(SHEET)
    row = 2

    def block(name: str, col: int, size: tuple[int, int]) -> None:
        place = xl_range_abs(row, col, row + size[0] - 1, col + size[1] - 1)
        quoted = SHEET.replace("'", "''")
        book.define_name(name, f"='{quoted}'!{place}")

    for name, size in _SIZES.items():
        block(name, 1, size)
        sheet.write_formula(row, 25, f"=SUM({name})")
        row += size[0] + 1
    for study in STUDIES:
        for col, part in enumerate(("at", "sets", "hash"), start=1):
            block(area(study, part), col, (1, 1))
        row += 1
    for shown, names, stem, offset in (
        (INPUTS_SHOWN, (INPUT_NAMES, INPUTS), "inputs", 3),
        (("npv_eur_1", "npv_eur_2"), ("", RESULTS), "results", 3),
    ):
        size = (len(shown), 1)
        for col, name in enumerate(names, start=1):
            if name:
                block(name, col, size)
        for number, study in enumerate(STUDIES):
            block(kept(stem, study), offset + number, size)
            if stem == "inputs":
                block(kept("counts", study), offset + len(STUDIES) + number, size)
        for line, formula in enumerate(shown):
            sheet.write(row + line, 1, formula)
            sheet.write_formula(row + line, 2, f"={formula}")
        row += len(shown) + 1

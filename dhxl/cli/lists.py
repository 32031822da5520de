"""dhxl names: the published names of a workbook."""

from __future__ import annotations

from pathlib import Path

from dhxl.cli.console import cell_text, console, json_cell, write_json
from dhxl.units import FRACTION

__all__ = ["names_command"]


def names_command(book: str, part: str, *, inputs: bool, as_json: bool) -> int:
    """Print the names of a workbook that hold a text, or inputs alone, with reference, value and unit."""
    from rich.table import Table

    from dhxl.studies.names import published_names

    found = [
        one
        for one in published_names(Path(book))
        if part.casefold() in one.name.casefold() and (one.is_input or not inputs)
    ]
    if as_json:
        write_json(
            [
                {
                    "name": one.name,
                    "refers_to": one.refers_to,
                    "rows": one.rows,
                    "columns": one.columns,
                    "value": json_cell(one.value),
                    "unit": one.unit,
                    "input": one.is_input,
                }
                for one in found
            ]
        )
        return 0
    table = Table("name", "refers to", "value", "unit", show_edge=False, pad_edge=False)
    for one in found:
        several = one.rows * one.columns > 1
        value = f"{one.rows} x {one.columns} cells" if several else cell_text(one.value)
        table.add_row(one.name, one.refers_to, value, "" if one.unit == FRACTION else one.unit)
    console().print(table)
    return 0

"""dhxl names and dhxl functions: what there is."""

from __future__ import annotations

import difflib
from pathlib import Path

from dhxl.cli.console import cell_text, console, json_cell, write, write_json
from dhxl.errors import InputError
from dhxl.units import FRACTION

__all__ = ["functions_command", "names_command"]


def names_command(book: str, *, as_json: bool) -> int:
    """Print the published names of a workbook with reference, value and unit; return the exit code."""
    from rich.table import Table

    from dhxl.studies.names import published_names

    found = published_names(Path(book))
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


def functions_command(name: str | None, *, as_json: bool) -> int:
    """Print the list of worksheet functions, or the page of one; return the exit code."""
    from dhxl.functions import REGISTRY
    from dhxl.hosts.reference import description, page

    if name is not None:
        function = REGISTRY.get(name.upper())
        if function is None:
            close = difflib.get_close_matches(name.upper(), REGISTRY, 1, 0.75)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise InputError(f"there is no function {name}{hint}")
        if as_json:
            write_json(description(function))
        else:
            write(page(function))
        return 0
    if as_json:
        write_json([description(function) for function in REGISTRY.values()])
        return 0
    lines: list[str] = []
    for category in dict.fromkeys(function.category for function in REGISTRY.values()):
        lines += ["", category]
        for function in sorted(REGISTRY.values(), key=lambda one: one.name):
            if function.category == category:
                lines += [f"  {function.syntax}", f"      {function.summary}"]
    write("\n".join(lines[1:]))
    return 0

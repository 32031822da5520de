"""The reference page of a worksheet function, as plain text from its declaration."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from dhxl.functions.arguments import Argument
from dhxl.functions.cells import CellError, is_range
from dhxl.functions.spec import Example, WorksheetFunction
from dhxl.units import FRACTION

__all__ = ["description", "page"]

_WIDTH = 100
_SHOWN_ROWS = 3  # of a range in an example
_HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_KEPT = ("Notes", "References")


def page(function: WorksheetFunction) -> str:
    """Return the page of a function: call, arguments, result, examples and documentation."""
    lines = [
        f"{function.syntax}    [{function.category}]",
        "",
        *textwrap.wrap(function.summary, _WIDTH),
        "",
        "Arguments",
    ]
    lines += [line for argument in function.arguments for line in _argument_lines(argument)] or ["  none"]
    result = function.result
    unit = "" if result.unit == FRACTION else f" in {result.unit}"
    lines += ["", "Result", f"  {result.shape}{unit}" + (f": {result.text}" if result.text else "")]
    lines += [
        "",
        "Examples",
        *(f"  {line}" for example in function.examples for line in _example_lines(function, example)),
    ]
    return "\n".join([*lines, *_background(function.documentation)])


def description(function: WorksheetFunction) -> dict[str, Any]:
    """Return what a program needs to know of a function, fit for JSON."""
    return {
        "name": function.name,
        "category": function.category,
        "syntax": function.syntax,
        "summary": function.summary,
        "arguments": [
            {
                "name": argument.name,
                "text": argument.text,
                "shape": argument.shape,
                "unit": argument.unit,
                "limits": argument.limits,
                "optional": argument.optional,
                "default": _plain(argument.default) if argument.optional else None,
            }
            for argument in function.arguments
        ],
        "result": {"shape": function.result.shape, "unit": function.result.unit, "text": function.result.text},
    }


def _background(documentation: str) -> list[str]:
    """Return the equation and the sources of a numpydoc text; arguments and examples stand in the declaration."""
    parts = _HEADING.split(documentation)
    sections = zip(parts[1::2], parts[2::2], strict=True)
    return [line for title, text in sections if title in _KEPT for line in ("", title, text.strip("\n"))]


def _argument_lines(argument: Argument) -> list[str]:
    facts: list[str] = [argument.shape]
    if argument.unit != FRACTION:
        facts.append(argument.unit)
    if argument.limits:
        facts.append(argument.limits)
    if argument.optional:
        facts.append(f"optional, default {_shown(argument.default)}")
    text = f"  {argument.name}: {argument.text} ({', '.join(facts)})"
    return textwrap.wrap(text, _WIDTH, subsequent_indent="      ")


def _example_lines(function: WorksheetFunction, example: Example) -> list[str]:
    call = f"={function.name}({', '.join(map(_shown, example.cells))}) -> {_shown(example.result)}"
    return textwrap.wrap(f"{call}    ({example.source})", _WIDTH, subsequent_indent="      ")


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return f"{value:.12g}"
    if isinstance(value, CellError):
        return value.code
    if is_range(value):
        rows = list(value)
        cut = ", ..." if len(rows) > _SHOWN_ROWS else ""
        return "{" + ", ".join(_shown(row) for row in rows[:_SHOWN_ROWS]) + cut + "}"
    return "" if value.__class__.__name__ == "LeftOut" else f'"{value}"'


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)

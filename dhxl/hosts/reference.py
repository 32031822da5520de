"""The reference of the worksheet functions as one document: docs/functions.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import indent
from typing import Final

from dhxl.functions import REGISTRY
from dhxl.functions.docstrings import Block
from dhxl.functions.pages import ArgumentLine, Page, SampleRange, page, table_notes, upright, wrapped_call

__all__ = ["reference"]

_SHAPES: Final = {"number": "", "text": " (text)", "column": " (column)", "table": " (table)"}
_CODE: Final = re.compile(r"(`[^`]+`)")
_NAME: Final = re.compile(r"\bDH_[A-Z0-9_]+\b")
_CALL_WIDTH: Final = 96
_MOST_COLUMNS: Final = 12
_NUMBER: Final = re.compile(r"-?[\d.]+(e[-+]\d+)?")
_GAP: Final = re.compile(r"\n{3,}")
_DOI: Final = re.compile(r"\bdoi:(10\.\S+?)(?=[.,;)]*(?:\s|$))")

_INTRODUCTION: Final = """\
<!-- Made by `python docs/reference.py` from the declarations in dhxl/functions; edit these. -->

# Functions

What the `DH_` functions take and give: units, limits, equation, source and examples. `dhxl functions DH_LHD` shows one
of these pages in a terminal, `dhxl eval '=DH_LHD(6000, 3000)'` calculates one of the examples. The unit `a` is a year.

- **Left out.** An argument with a default may be left out, in the middle too: `=DH_DEGREE_DAYS(days, , 15)`. A blank
  cell counts as left out, never as zero.
- **Ranges.** Where all arguments are single cells, ranges may take their place: a column of lengths gives a column of
  results, a row and a column give a table, and `=SUMPRODUCT(...)` takes the results within a formula. What is wrong
  with one cell is an error value in its own place.
- **Errors.** `#VALUE!` is bad input, `#NUM!` good input without an answer; a sentence says which argument, what is
  allowed and what came. An error value that comes in goes out as it came.
- **Examples.** Formulas are typed as in an English Excel; in array constants a semicolon ends a row. Results are
  rounded to six digits; the number of a source follows where it is rounded or measured otherwise.

The [convention](convention.md) says how blanks, units, signs, years and errors are understood throughout.
"""


def reference() -> str:
    """Return the document: contents, then the page of every function, category by category."""
    pages = [page(name) for name in REGISTRY]
    parts = [_INTRODUCTION, "## Contents\n", *_contents(pages)]
    for category, of_category in groupby(pages, key=lambda one: one.category):
        parts.append(f"## {category}\n")
        parts += ["\n".join(_page(one)) for one in of_category]
    return _GAP.sub("\n\n", "\n".join(parts))


def _contents(pages: Sequence[Page]) -> Iterator[str]:
    for category, of_category in groupby(pages, key=lambda one: one.category):
        lines = [f"- [{one.name}](#{_anchor(one.name)}): {_prose(one.summary, one.name)}" for one in of_category]
        yield "\n".join([f"**[{category}](#{_anchor(category)})**\n", *lines, ""])


def _anchor(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return heading.lower().replace(" ", "-")


def _page(one: Page) -> Iterator[str]:
    yield f"### {one.name}\n"
    yield _prose(one.summary, one.name) + "\n"
    yield f"```text\n{wrapped_call(one.syntax, _CALL_WIDTH)}\n```\n"
    if one.arguments:
        yield _arguments("argument", one.arguments, one.name)
    yield from _tables(one)
    ranges = " Ranges give a range of results." if one.elementwise else ""
    yield f"**Result**{_SHAPES[one.shape]}: {_prose(one.result, one.name)}.{ranges}\n"
    if one.calculation:
        yield "**Calculation**\n"
        yield _blocks(one.calculation, one.name)
    if one.sources:
        yield "**Sources**\n"
        yield "\n".join(f"{k}. {_prose(source, one.name)}" for k, source in enumerate(one.sources, start=1)) + "\n"
    yield "**Examples**\n"
    yield "\n".join(_examples(one)) + "\n"
    if one.errors:
        yield "**Errors**\n"
        yield "\n".join(f"- `{error.code}` {_prose(error.text, one.name)}" for error in one.errors) + "\n"


def _arguments(kind: str, lines: Sequence[ArgumentLine], own: str) -> str:
    """Return a table of arguments, without the columns in which nothing stands."""
    columns = {
        kind: [f"`{line.name}`" for line in lines],
        "meaning": [_prose(line.text, own) for line in lines],
        "unit": [line.unit for line in lines],
        "allowed": [line.allowed.replace(">=", "≥").replace("<=", "≤").replace("<", "\\<") for line in lines],
        "default": [line.default for line in lines],
    }
    shown = {title: cells for title, cells in columns.items() if any(cells)}
    return _table(list(shown), zip(*shown.values(), strict=True))


def _tables(one: Page) -> Iterator[str]:
    for details, tables in table_notes(one):
        if details:
            yield f"{', '.join(f'`{table.name}`' for table in tables)}: {_prose(details, one.name)}\n"
        yield from (_arguments(f"in {table.name}", table.entries, one.name) for table in tables if table.entries)


def _blocks(blocks: Iterable[Block], own: str) -> str:
    forms = {"paragraph": "{}\n", "item": "- {}", "code": "```text\n{}\n```\n"}
    return "\n".join(
        forms[block.kind].format(block.text if block.kind == "code" else _prose(block.text, own)) for block in blocks
    )


def _examples(of: Page) -> Iterator[str]:
    shown: set[SampleRange] = set()
    for example in of.examples:
        result = f" gives `{example.result}`" if example.result else ""
        yield f"- `{example.formula}`{result} ({_prose(example.source, of.name)})"
        for one in example.ranges:
            if one not in shown:
                yield _sample(f"with `{one.name}`", one.rows)
        shown.update(example.ranges)
        if example.rows:
            yield _sample("gives", example.rows)


def _sample(words: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a range beneath an example: a column on one line, others as a table."""
    if len(rows[0]) == 1:
        return f"\n  {words} `{'; '.join(row[0] for row in rows)}`\n"
    rows, turned = upright(rows, _MOST_COLUMNS)
    titled = not any(map(_NUMBER.fullmatch, rows[0]))
    table = _table(rows[0], rows[1:]) if titled else _table([""] * len(rows[0]), rows)
    words += " (columns as rows)" if turned else ""
    return f"\n  {words}\n\n{indent(table, '  ')}"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def _prose(text: str, own: str) -> str:
    """Return a text with links to other functions and to what has a DOI, and nothing that reads as markup."""
    pieces = _CODE.split(text)
    for k, piece in enumerate(pieces):
        if piece.startswith("`"):
            pieces[k] = _link(piece[1:-1], own, piece)
        else:
            plain = piece.replace("<", "\\<").replace("*", "\\*")
            plain = _DOI.sub(r"[doi:\1](https://doi.org/\1)", plain)
            pieces[k] = _NAME.sub(lambda found: _link(found[0], own, found[0]), plain)
    return "".join(pieces)


def _link(name: str, own: str, text: str) -> str:
    return f"[{text}](#{_anchor(name)})" if name in REGISTRY and name != own else text

"""dhxl functions: the list of the worksheet functions, and the page of one, for a terminal."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from dhxl.cli.console import console, write, write_json
from dhxl.errors import InputError
from dhxl.functions import REGISTRY
from dhxl.functions.docstrings import Block
from dhxl.functions.pages import ArgumentLine, ExampleLine, Page, description, page, table_notes, upright, wrapped_call

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

__all__ = ["functions_command"]

_WIDTH: Final = 100
_MOST_COLUMNS: Final = 7
_LIST_WIDTH: Final = 320  # where the list goes to a file or another program: a summary has at most 255 characters
_CODE: Final = re.compile(r"`([^`]+)`")
_SUGGESTIONS: Final = 4


def functions_command(name: str | None, *, as_json: bool) -> int:
    """Print the list of worksheet functions, or the page of one; return the exit code.

    Raises
    ------
    InputError
        There is no such function.
    """
    if name is None:
        if as_json:
            write_json([description(one) for one in REGISTRY])
        else:
            _print_list()
        return 0
    known = name.strip().upper()
    if known not in REGISTRY:
        raise InputError(f"there is no function {name}{_meant(known)}")
    if as_json:
        write_json(description(known))
    else:
        _print_page(page(known))
    return 0


def _meant(name: str) -> str:
    """Return which functions may be meant by a name that none has."""
    close = difflib.get_close_matches(name, REGISTRY, _SUGGESTIONS, 0.75)
    within = [one for one in REGISTRY if name.removeprefix("DH_") in one]
    found = list(dict.fromkeys(close + within))[:_SUGGESTIONS]
    several = f"{', '.join(found[:-1])} or " if len(found) > 1 else ""
    return f"; did you mean {several}{found[-1]}?" if found else "; dhxl functions lists them"


def _print_list() -> None:
    from rich.text import Text

    screen = console(_LIST_WIDTH)
    longest = max(map(len, REGISTRY))
    for number, (category, functions) in enumerate(groupby(REGISTRY.values(), key=lambda one: one.category)):
        screen.print(Text("\n" * (number > 0) + category, style="bold"))
        for one in functions:
            line = Text.assemble("  ", (f"{one.name:<{longest}}", "cyan"), "  ", one.summary)
            screen.print(line, no_wrap=True, overflow="ellipsis")


def _print_page(one: Page) -> None:
    screen = console(_WIDTH)
    if screen.is_terminal:
        for part in _page(one, screen.width):
            screen.print(part)
        return
    with screen.capture() as captured:
        for part in _page(one, screen.width):
            screen.print(part)
    write("\n".join(line.rstrip() for line in captured.get().rstrip().split("\n")))


def _page(one: Page, width: int) -> Iterator[RenderableType]:
    """Yield the parts of a page, from the call to the errors."""
    from rich.padding import Padding
    from rich.text import Text

    def indented(*parts: RenderableType) -> Iterator[RenderableType]:
        return (Padding(part, (0, 0, 0, 2)) for part in parts)

    yield Text.assemble((wrapped_call(one.syntax, width), "bold"), "\n", (one.category, "dim"), "\n")
    yield _prose(one.summary + "\n")
    if one.arguments:
        yield from _titled("Arguments", indented(_arguments(one.arguments)))
    for details, tables in table_notes(one):
        if details:
            yield _prose(f"{', '.join(table.name for table in tables)}: {details}\n")
        for table in tables:
            if table.entries:
                yield from _titled(f"In {table.name}", indented(_arguments(table.entries)))
    ranges = " Ranges give a range of results." if one.elementwise else ""
    shape = "" if one.shape == "number" else f" ({one.shape})"
    yield from _titled(f"Result{shape}", indented(_prose(f"{one.result}.{ranges}")))
    if one.calculation:
        yield from _titled("Calculation", indented(*map(_block, one.calculation)))
    if one.sources:
        yield from _titled("Sources", indented(*(_prose(f"[{k}] {text}") for k, text in enumerate(one.sources, 1))))
    yield from _titled("Examples", indented(*(part for example in one.examples for part in _example(example))))
    if one.errors:
        errors = (Text.assemble((f"{error.code:<9}", "red"), _prose(error.text)) for error in one.errors)
        yield from _titled("Errors", indented(*errors))


def _titled(title: str, parts: Iterable[RenderableType]) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(title, style="bold")
    yield from parts
    yield Text("")


def _prose(text: str) -> Text:
    """Return a text in which code stands out by its colour where there are colours."""
    from rich.text import Text

    pieces = _CODE.split(text)
    return Text.assemble(*((piece, "cyan" if k % 2 else "") for k, piece in enumerate(pieces)))


def _block(block: Block) -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    if block.kind == "code":
        return Padding(Text(block.text, style="cyan"), (1, 0, 1, 4))
    return _prose(f"- {block.text}" if block.kind == "item" else block.text)


def _arguments(lines: Sequence[ArgumentLine]) -> RenderableType:
    columns = {
        "": [line.name for line in lines],
        "meaning": [line.text for line in lines],
        "unit": [line.unit for line in lines],
        "allowed": [line.allowed for line in lines],
        "default": [line.default for line in lines],
    }
    shown = {title: cells for title, cells in columns.items() if any(cells)}
    return _table(list(shown), list(zip(*shown.values(), strict=True)), first="cyan")


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], first: str = "") -> RenderableType:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", show_header=any(titles))
    for number, title in enumerate(titles):
        table.add_column(title, style="" if number else first, overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    return table


def _example(example: ExampleLine) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    result = f" -> {example.result}" if example.result else ""
    yield Text.assemble((example.formula, "cyan"), (result, "bold"), (f"    ({example.source})", "dim"))
    tables = [(f"with {one.name}", one.rows) for one in example.ranges]
    for words, rows in [*tables, *[("gives", example.rows)] * bool(example.rows)]:
        if len(rows[0]) == 1:
            yield Text(f"    {words} {'; '.join(row[0] for row in rows)}")
        else:
            shown, turned = upright(rows, _MOST_COLUMNS)
            yield Text(f"    {words}{' (columns as rows)' * turned}")
            yield Padding(_table([""] * len(shown[0]), shown), (0, 0, 0, 6))

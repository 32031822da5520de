"""The documentation of a calculation in its parts: numpydoc sections of paragraphs, items and code."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["SECTIONS", "Block", "Documentation", "blocks_of", "documentation_of"]

SECTIONS: Final = ("Parameters", "Returns", "Raises", "Notes", "References", "Examples")
_HEADING: Final = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_ENTRY: Final = re.compile(r"^(?=\S)", re.MULTILINE)
_REFERENCE: Final = re.compile(r"^\.\. \[\w+\] ", re.MULTILINE)
_ITEM: Final = re.compile(r"^[-*] ", re.MULTILINE)
_CODE: Final = re.compile(r"``(.+?)``", re.DOTALL)
_ROLE: Final = re.compile(r":\w+:`~?([^`]+)`")
_CITED: Final = re.compile(r"\[(\w+)\]_")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or an item of a list, on one line with code between single backticks; or lines of code."""

    kind: Literal["paragraph", "item", "code"]
    text: str


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a documentation says; ``raises`` are the names of errors with when they come."""

    summary: str
    details: tuple[Block, ...]
    parameters: Mapping[str, str]
    returns: str
    raises: tuple[tuple[str, str], ...]
    notes: tuple[Block, ...]
    references: tuple[str, ...]


def documentation_of(text: str, names: Mapping[str, str]) -> Documentation:
    r"""Return the parts of a documentation.

    Parameters
    ----------
    text : str
        As numpydoc has it, without indentation.
    names : mapping of str to str
        What to write for a function that the text refers to by its name in Python.

    Raises
    ------
    ValueError
        There is a section that no page would show.

    Examples
    --------
    >>> documentation_of("Heat.\n\nReturns\n-------\nfloat\n    MWh,\n    as sold.", {}).returns
    'MWh, as sold.'
    """
    first, *rest = _HEADING.split(text)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    unknown = [title for title in sections if title not in SECTIONS]
    if unknown:
        raise ValueError(f"the documentation has a section {unknown[0]!r}; known are {', '.join(SECTIONS)}")
    summary, _, details = first.partition("\n")
    returned = _entries(sections.get("Returns", ""), names)
    parameters = _entries(sections.get("Parameters", ""), names)
    return Documentation(
        summary,
        blocks_of(details, names),
        {name.strip(): said for heads, said in parameters for name in heads.partition(" : ")[0].split(",")},
        " ".join(said for _, said in returned),
        tuple(_entries(sections.get("Raises", ""), names)),
        blocks_of(sections.get("Notes", ""), names),
        tuple(_line(entry, names) for entry in _REFERENCE.split(sections.get("References", ""))[1:]),
    )


def blocks_of(text: str, names: Mapping[str, str]) -> tuple[Block, ...]:
    r"""Return the paragraphs, items and code of a text.

    Examples
    --------
    >>> [block.text for block in blocks_of("With ``a`` as::\n\n    b = a\n\nand so on.", {})]
    ['With `a` as:', 'b = a', 'and so on.']
    """
    blocks: list[Block] = []
    for piece in re.split(r"\n\s*\n(?=\S)", text.strip("\n")):
        prose, sign, code = piece.partition("::\n")
        if _ITEM.match(prose):
            blocks += [Block("item", _line(item, names)) for item in _ITEM.split(prose)[1:]]
        elif prose.strip():
            blocks.append(Block("paragraph", _line(prose, names) + (":" if sign else "")))
        if sign:
            blocks.append(Block("code", textwrap.dedent(code).strip("\n")))
    return tuple(blocks)


def _entries(text: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the heads of a section's entries with the text that is indented under each."""
    entries = []
    for entry in _ENTRY.split(text.strip("\n")):
        head, _, said = entry.partition("\n")
        if head:
            entries.append((head.strip(), _line(said, names)))
    return entries


def _line(text: str, names: Mapping[str, str]) -> str:
    """Return a text on one line, with functions by the names of the sheet and code between single backticks."""
    line = " ".join(text.split())
    line = _ROLE.sub(lambda found: f"`{names.get(found[1], found[1])}`", line)
    return _CITED.sub(r"[\1]", _CODE.sub(r"`\1`", line))

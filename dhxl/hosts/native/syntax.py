"""The syntax tree of a formula as stored in a file: English names, commas, A1 references, without ``=``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dhxl.workbook.names import LAST_COLUMN, LAST_ROW, column_number

__all__ = [
    "Array",
    "At",
    "Binary",
    "Call",
    "Cells",
    "Constant",
    "ErrorConstant",
    "Left",
    "Name",
    "Node",
    "Percent",
    "RangeOf",
    "Spill",
    "SyntaxFault",
    "Unary",
    "Union",
    "operations",
    "parsed",
    "spine",
]


class SyntaxFault(ValueError):  # noqa: N818 - a formula at fault, not an error of this program
    """A formula that cannot be read."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, TRUE or FALSE."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class ErrorConstant:
    """An error value written out."""

    code: str


@dataclass(frozen=True, slots=True)
class Array:
    """An array written out, ``{1,2;3,4}``."""

    rows: tuple[tuple[Constant | ErrorConstant, ...], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A left-out argument."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A cell or a range; ``sheet`` is empty for the formula's own. Rows and columns count from 1.

    ``text`` is how the formula spells it, ``single`` tells that it is written as one cell.
    """

    sheet: str
    first_row: int
    first_col: int
    last_row: int
    last_col: int
    single: bool
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name; ``sheet`` is the sheet that it is qualified with, or empty."""

    name: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; ``name`` is in upper case and without ``_xlfn.`` and the like."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``+`` or ``-`` before an operand."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Percent:
    """``%`` behind an operand."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """An operation of two operands; ``sign`` is one of ``+ - * / ^ & = <> < <= > >=`` or, for common cells, a space."""

    sign: str
    first: Node
    second: Node


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range between two references of which one is calculated, ``A1:INDEX(...)``."""

    first: Node
    second: Node


@dataclass(frozen=True, slots=True)
class Union:
    """Several references as one, ``(A1:A2,B3)``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Spill:
    """All cells of the array that begins in a cell, ``A1#``."""

    anchor: Node


@dataclass(frozen=True, slots=True)
class At:
    """The one value of several that belongs to the formula's row or column, ``@A:A``."""

    operand: Node


Node = (
    Constant
    | ErrorConstant
    | Array
    | Left
    | Cells
    | Name
    | Call
    | Unary
    | Percent
    | Binary
    | RangeOf
    | Union
    | Spill
    | At
)

_SHEET: Final = r"(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!"
_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_TOKEN: Final = re.compile(
    rf"""(?P<space>[ \t\r\n\xa0]+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!))
    |(?P<area>(?:{_SHEET})?(?:{_CELL}:{_CELL}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[1-9][0-9]{{0,6}}:\$?[1-9][0-9]{{0,6}}|{_CELL})(?![\w.(!?\\]))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<word>(?:{_SHEET})?[^\W\d][\w.?\\]*|(?:{_SHEET})?\\[\w.?\\]*)
    |(?P<lost>{_SHEET}\#REF!)
    |(?P<sign><>|<=|>=|[-+*/^&=<>%(),;{{}}:@\#])""",
    re.VERBOSE,
)
_LEVELS: Final = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_BEGINS: Final = frozenset({"area", "word", "lost"})  # kinds of token that may begin a reference
_REFERENCES: Final = frozenset(
    {"INDEX", "OFFSET", "INDIRECT", "CHOOSE", "IF", "XLOOKUP", "IFS", "SWITCH", "ANCHORARRAY", "SINGLE", "LET"}
)
_DEEPEST: Final = 200  # Excel nests 64 calls

_Token = tuple[str, str]


@lru_cache(maxsize=4096)
def parsed(text: str) -> Node:
    """Return the tree of a formula.

    Raises
    ------
    SyntaxFault
        The formula cannot be read.

    Examples
    --------
    >>> parsed("-2^2").sign
    '^'
    >>> parsed("SUM(A1:B2,)").arguments[1]
    Left()
    """
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise SyntaxFault(f"cannot be read at {text[at : at + 20]!r}")
        assert found.lastgroup
        tokens.append((found.lastgroup, found[0]))
        at = found.end()
    reader = _Reader(tokens)
    node = reader.expression(0)
    if reader.peek()[0] != "end":
        raise SyntaxFault(f"cannot be read at {reader.peek()[1]!r}")
    return node


def spine(node: Binary) -> tuple[Node, list[tuple[str, Node]]]:
    """Return an operation as its first operand and the others with their signs, as they follow each other.

    Long sums nest hundreds of levels deep to the left; what walks them by this does not.
    """
    rest: list[tuple[str, Node]] = []
    first: Node = node
    while isinstance(first, Binary) and first.sign != " ":
        rest.append((first.sign, first.second))
        first = first.first
    return first, rest[::-1]


def operations(first: Node, rest: list[tuple[str, Node]]) -> Node:
    """Return operands that follow each other as one operation, the inverse of :func:`spine`."""
    for sign, second in rest:
        first = Binary(sign, first, second)
    return first


class _Reader:
    """Tokens read one after the other."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def peek(self) -> _Token:
        """Return the next token that is no space."""
        at = self.at
        while at < len(self.tokens) and self.tokens[at][0] == "space":
            at += 1
        return self.tokens[at] if at < len(self.tokens) else ("end", "")

    def take(self) -> _Token:
        """Return the next token that is no space, and go behind it."""
        while self.at < len(self.tokens) and self.tokens[self.at][0] == "space":
            self.at += 1
        if self.at >= len(self.tokens):
            return "end", ""
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, sign: str) -> None:
        """Go behind a sign that must come."""
        if self.take() != ("sign", sign):
            raise SyntaxFault(f"lacks {sign!r}")

    def is_sign(self, *signs: str) -> bool:
        """Return whether one of some signs comes next."""
        kind, text = self.peek()
        return kind == "sign" and text in signs

    def expression(self, level: int) -> Node:
        """Return operations of at least a level of precedence."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SyntaxFault(f"nests more than {_DEEPEST} levels")
        node = self.prefixed()
        while True:
            kind, sign = self.peek()
            binding = _LEVELS.get(sign, 0) if kind == "sign" else 0
            if binding == 0 or binding <= level:
                break
            self.take()
            node = Binary(sign, node, self.expression(binding))
        self.depth -= 1
        return node

    def prefixed(self) -> Node:
        """Return an operand with the signs before it, which bind closer than any operation of two."""
        signs = []
        while self.is_sign("+", "-", "@"):
            signs.append(self.take()[1])
        node = self.suffixed()
        for sign in reversed(signs):
            node = At(node) if sign == "@" else Unary(sign, node)
        return node

    def suffixed(self) -> Node:
        """Return an operand with the percent signs behind it."""
        node = self.common()
        while self.is_sign("%"):
            self.take()
            node = Percent(node)
        return node

    def common(self) -> Node:
        """Return a reference, or the cells that several have in common, which a space between them means."""
        node = self.ranged()
        while _is_reference(node) and self.tokens[self.at : self.at + 1] and self.tokens[self.at][0] == "space":
            kind, text = self.peek()
            if kind not in _BEGINS and (kind, text) != ("sign", "("):
                break
            node = Binary(" ", node, self.ranged())
        return node

    def ranged(self) -> Node:
        """Return an operand, or the range between two."""
        node = self.spilled()
        while self.is_sign(":"):
            self.take()
            node = RangeOf(node, self.spilled())
        return node

    def spilled(self) -> Node:
        """Return an operand with ``#`` behind it."""
        node = self.operand()
        while self.tokens[self.at : self.at + 1] == [("sign", "#")]:
            self.take()
            node = Spill(node)
        return node

    def operand(self) -> Node:
        """Return one operand."""
        kind, text = self.take()
        if kind == "number":
            return Constant(float(text))
        if kind == "text":
            return Constant(text[1:-1].replace('""', '"'))
        if kind in ("error", "lost"):
            return ErrorConstant("#" + text.rpartition("#")[2])
        if kind == "area":
            return _cells(text)
        if kind == "word":
            return self.word(text)
        if (kind, text) == ("sign", "("):
            return self.group()
        if (kind, text) == ("sign", "{"):
            return self.array()
        raise SyntaxFault(f"cannot be read at {text!r}" if text else "ends too early")

    def word(self, text: str) -> Node:
        """Return a call, TRUE or FALSE, or a name."""
        if self.tokens[self.at : self.at + 1] == [("sign", "(")]:
            return Call(_bare(text), self.arguments())
        if text.upper() in ("TRUE", "FALSE"):
            return Constant(text.upper() == "TRUE")
        sheet, _, name = text.rpartition("!")
        return Name(name, _sheet(sheet))

    def arguments(self) -> tuple[Node, ...]:
        """Return what stands between the parentheses of a call."""
        self.expect("(")
        if self.is_sign(")"):
            self.take()
            return ()
        found: list[Node] = []
        while True:
            found.append(Left() if self.is_sign(",", ")") else self.expression(0))
            if self.is_sign(","):
                self.take()
                continue
            self.expect(")")
            return tuple(found)

    def group(self) -> Node:
        """Return what stands in parentheses: an operand, or a union of references."""
        parts = [self.expression(0)]
        while self.is_sign(","):
            self.take()
            parts.append(self.expression(0))
        self.expect(")")
        if len(parts) > 1:
            return Union(tuple(parts))
        inner = parts[0]
        # Excel snaps a sum that is nearly 0 to 0 only where it is the formula's last operation, outside parentheses.
        return Unary("()", inner) if isinstance(inner, Binary) and inner.sign in "+-" else inner

    def array(self) -> Node:
        """Return an array that is written out."""
        rows: list[list[Constant | ErrorConstant]] = [[]]
        while True:
            item = self.prefixed()
            if isinstance(item, Unary) and isinstance(item.operand, Constant) and type(item.operand.value) is float:
                item = Constant(-item.operand.value if item.sign == "-" else item.operand.value)
            if not isinstance(item, (Constant, ErrorConstant)):
                raise SyntaxFault("holds an array of something else than constants")
            rows[-1].append(item)
            sign = self.take()[1]
            if sign == "}":
                break
            if sign == ";":
                rows.append([])
            elif sign != ",":
                raise SyntaxFault("holds an array without an end")
        if len({len(row) for row in rows}) != 1:
            raise SyntaxFault("holds an array with rows of different length")
        return Array(tuple(tuple(row) for row in rows))


def _is_reference(node: Node) -> bool:
    if isinstance(node, Call):
        return node.name in _REFERENCES
    return isinstance(node, (Cells, Name, RangeOf, Union, Spill)) or (isinstance(node, Binary) and node.sign == " ")


def _bare(name: str) -> str:
    parts = name.rpartition("!")[2].upper().split(".")
    while len(parts) > 1 and (parts[0].startswith("_XL") or parts[0] == "DHXL"):
        del parts[0]
    return ".".join(parts)


def _sheet(text: str) -> str:
    plain = text.removesuffix("!")
    return plain[1:-1].replace("''", "'") if plain.startswith("'") else plain


def _cells(text: str) -> Node:
    sheet, _, place = text.rpartition("!")
    first, colon, last = place.replace("$", "").partition(":")
    rows, cols = [], []
    for corner, edge in ((first, 1), (last or first, 0)):
        letters = corner.rstrip("0123456789")
        digits = corner[len(letters) :]
        rows.append(int(digits) if digits else (1 if edge else LAST_ROW))
        cols.append(column_number(letters) if letters else (1 if edge else LAST_COLUMN))
    if max(rows) > LAST_ROW or max(cols) > LAST_COLUMN:
        if not colon:
            return Name(place, _sheet(sheet))
        raise SyntaxFault(f"refers to {place}, beyond the edge of a sheet")
    return Cells(_sheet(sheet), min(rows), min(cols), max(rows), max(cols), not colon, text)

"""Formulas as the engine gets them: what it calculates otherwise than Excel calls back to dhxl's own rules.

The engine keeps what it does well and fast: plain arithmetic, sums over ranges, references, choices. Comparisons, the
joining of texts, a formula's last sum or difference, operations over whole ranges and most functions become calls of
``DHXL_CALC`` with the number of a compiled formula and the cells that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dhxl.hosts.headless.built_in import is_built_in
from dhxl.hosts.headless.relative import relative
from dhxl.hosts.headless.several import may_be_array
from dhxl.hosts.headless.shared_ranges import SharedRanges, fixed_ranges
from dhxl.hosts.headless.verified import AGGREGATES, DYNAMIC, PLACES, STRUCTURE, VOLATILE, is_verified
from dhxl.hosts.native import syntax
from dhxl.hosts.native.evaluate import SPECIAL, Code, Env, Leaf, compiled, narrowed
from dhxl.hosts.native.library import LIBRARY, BookFacts, Here
from dhxl.hosts.native.lowering import Scope, kind_of, lowered
from dhxl.hosts.native.values import Value
from dhxl.workbook.formulas import is_dh, shifted
from dhxl.workbook.names import Reference, cell_address, quoted_sheet
from dhxl.workbook.values import number_text

__all__ = ["A1_OF", "CALC", "OPERATORS", "Plan", "Planner"]

CALC: Final = "DHXL_CALC"
A1_OF: Final = "DHXL_A1"  # turns a reference spelled by row and column numbers into the usual one
# Operations of two single values, by sign; "+0" and "-0" are a formula's last ones.
OPERATORS: Final[Mapping[str, str]] = {
    "=": "DHXL_EQ",
    "<>": "DHXL_NE",
    "<": "DHXL_LT",
    "<=": "DHXL_LE",
    ">": "DHXL_GT",
    ">=": "DHXL_GE",
    "&": "DHXL_JOIN",
    "^": "DHXL_POWER",
    "*": "DHXL_TIMES",
    "/": "DHXL_OVER",
    "+": "DHXL_PLUS",
    "-": "DHXL_MINUS",
    "+0": "DHXL_ADD",
    "-0": "DHXL_SUBTRACT",
}
# Functions whose result depends on which cells they are given, or stand in, beside their values.
_BY_PLACE: Final = frozenset({"ROW", "COLUMN", "CELL", "SHEET", "ISFORMULA", "FORMULATEXT", "SUBTOTAL", "AGGREGATE"})
_COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_MOST_ARGUMENTS: Final = 255
_LONGEST: Final = 100  # operations in a row; the engine reads 256 levels


@dataclass(frozen=True, slots=True)
class Plan:
    """A formula for the engine.

    ``unverified`` are the functions and constructs for which only a reproduced result can vouch, ``unsupported`` the
    functions that nothing here calculates; ``volatile`` tells that the result may change with nothing else,
    ``dynamic`` that the cells which it reads are calculated.
    """

    text: str
    unverified: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    volatile: bool = False
    dynamic: bool = False


@dataclass(slots=True)
class Planner:
    """Plans of a workbook's formulas; formulas that are the same but for their place share one.

    Parameters
    ----------
    facts : BookFacts
        What functions ask of the workbook.
    name : callable
        Returns the text of a defined name as seen from a sheet, None where there is none.
    array : callable
        Returns the cells of the array formula that begins in a cell.
    shared : SharedRanges, optional
        Where ranges that many formulas read are handed over once.
    """

    facts: BookFacts
    name: Callable[[str, str], str | None]
    array: Callable[[Reference], Reference | None]
    shared: SharedRanges | None = None
    codes: list[tuple[Code, Here]] = field(default_factory=list)
    _known: dict[tuple[str, str, bool], tuple[int, int, Plan]] = field(default_factory=dict)

    def plan(self, sheet: str, row: int, col: int, text: str, *, array: bool) -> Plan:
        """Return a formula for the engine.

        Parameters
        ----------
        sheet, row, col : str, int, int
            The cell.
        text : str
            Its formula without ``=``.
        array : bool
            Whether it is an array formula.
        """
        seen = relative(text, row, col)
        if self.shared:
            seen += f"\0{fixed_ranges(text)}"
        key = (sheet, seen, array)
        if known := self._known.get(key):
            first_row, first_col, plan = known
            moved = text if plan.text is _SAME else shifted(plan.text, row - first_row, col - first_col)
            return Plan(moved, plan.unverified, plan.unsupported, plan.volatile, plan.dynamic)
        try:
            plan, positional = self._planned(sheet, row, col, text, array=array)
        except syntax.SyntaxFault as fault:
            return Plan(text, (str(fault),))
        except RecursionError:
            return Plan(text, ("more levels within each other than can be followed",))
        if not positional:
            self._known[key] = (row, col, replace(plan, text=_SAME) if plan.text == text else plan)
        return plan

    def read(self, sheet: str, row: int, col: int, text: str, *, array: bool) -> tuple[Reference, ...] | None:
        """Return the cells and ranges that a formula reads, None where it calculates which, or cannot be read."""
        try:
            tree = lowered(syntax.parsed(text), Scope(sheet, row, col, self.name, self.array), array=array)
        except (syntax.SyntaxFault, RecursionError):
            return None
        found: dict[Reference, None] = {}
        for node in _nodes(tree.node):
            if isinstance(node, syntax.RangeOf) or (isinstance(node, syntax.Call) and node.name in DYNAMIC):
                return None
            if isinstance(node, syntax.Cells):
                corners = (node.first_row, node.first_col, node.last_row, node.last_col)
                found[Reference(node.sheet, *corners)] = None
        return tuple(found)

    def _planned(self, sheet: str, row: int, col: int, text: str, *, array: bool) -> tuple[Plan, bool]:
        scope = Scope(sheet, row, col, self.name, self.array)
        tree = lowered(syntax.parsed(text), scope, array=array)
        work = _Emission(self, Here(sheet, row, col, self.facts))
        new = work.emit(tree.node, array=array, top=True)
        if not tree.changed and not work.changed:
            new = text
        unverified, unsupported = (tuple(dict.fromkeys(names)) for names in (work.unverified, work.unsupported))
        return Plan(new, unverified, unsupported, work.volatile, work.dynamic), tree.positional or work.positional


_SAME: Final = "\0the same"


class _Emission:
    """One tree written for the engine."""

    def __init__(self, planner: Planner, here: Here) -> None:
        self.planner = planner
        self.here = here
        self.changed = False
        self.positional = False
        self.unverified: list[str] = []
        self.unsupported: list[str] = []
        self.volatile = False
        self.dynamic = False

    def emit(self, node: syntax.Node, *, array: bool, top: bool = False) -> str:
        """Return a tree as text."""
        if self.is_own(node, array=array, top=top):
            self.changed = True
            return self.own(node, array=array, top=top)
        if isinstance(node, syntax.Call):
            return self.call(node, array=array)
        if isinstance(node, syntax.Binary):
            return f"{self.operand(node.first, array=array)}{node.sign}{self.operand(node.second, array=array)}"
        if isinstance(node, syntax.Unary):
            inner = self.emit(node.operand, array=array)
            return f"({inner})" if node.sign == "()" else f"{node.sign}{_wrapped(node.operand, inner)}"
        if isinstance(node, syntax.Percent):
            return f"{self.operand(node.operand, array=array)}%"
        if isinstance(node, syntax.RangeOf):
            self.dynamic = True
            return f"{self.emit(node.first, array=True)}:{self.emit(node.second, array=True)}"
        if isinstance(node, syntax.Union):
            return f"({','.join(self.emit(part, array=True) for part in node.parts)})"
        return _plain(node)

    def operand(self, node: syntax.Node, *, array: bool) -> str:
        """Return a tree as an operand."""
        return _wrapped(node, self.emit(node, array=array))

    def call(self, node: syntax.Call, *, array: bool) -> str:
        """Return a call of a function of the engine."""
        if not is_dh(node.name) and not is_verified(node.name):
            (self.unverified if is_built_in(node.name) else self.unsupported).append(node.name)
        self.volatile |= node.name in VOLATILE
        if node.name in DYNAMIC:
            self.dynamic = True
            if node.name == "OFFSET":
                node = self.beside(node)
        parts = [self.emit(one, array=array or kind_of(node, index) == "A") for index, one in enumerate(node.arguments)]
        if node.name == "INDIRECT" and len(parts) == 2 and parts[1] in ("FALSE", "0"):
            self.changed = self.positional = True
            return f"INDIRECT({A1_OF}({parts[0]},{self.here.row},{self.here.col}))"
        return f"{node.name}({','.join(parts)})"

    def beside(self, node: syntax.Call) -> syntax.Call:
        """Return a call of OFFSET that starts beside its own cell where it starts in it: the engine sees a circle."""
        start = node.arguments[0] if node.arguments else None
        if not isinstance(start, syntax.Cells) or not start.single or len(node.arguments) < 3:
            return node
        here = self.here
        if (start.sheet.casefold(), start.first_row, start.first_col) != (here.sheet.casefold(), here.row, here.col):
            return node
        self.changed = True
        down = -1 if here.row > 1 else 1
        place = f"{quoted_sheet(here.sheet)}!{cell_address(here.row + down, here.col)}"
        moved = syntax.Cells(here.sheet, here.row + down, here.col, here.row + down, here.col, True, place)
        rows = syntax.Binary("-", node.arguments[1], syntax.Constant(float(down)))
        return syntax.Call(node.name, (moved, rows, *node.arguments[2:]))

    def is_own(self, node: syntax.Node, *, array: bool, top: bool = False) -> bool:
        """Return whether dhxl calculates a node's own operation."""
        if isinstance(node, syntax.Binary):
            if node.sign in _COMPARISONS or node.sign in "&^" or _is_text(node.first) or _is_text(node.second):
                return True
            return (top and node.sign in "+-") or may_be_array(node, array=array) or _length(node) > _LONGEST
        if isinstance(node, (syntax.Unary, syntax.Percent)):
            return may_be_array(node, array=array) or _is_text(node.operand)
        if isinstance(node, syntax.Call) and (node.name in LIBRARY or node.name in SPECIAL):
            return not self.is_engine_right(node, array=array) and not self.binds_for_engine(node)
        return False

    def is_engine_right(self, node: syntax.Call, *, array: bool) -> bool:
        """Return whether the engine calculates a call as Excel does."""
        name, given = node.name, node.arguments
        if any(isinstance(inner, syntax.Name) for inner in _nodes(node)):
            return False  # a variable, which the engine does not know
        if name in AGGREGATES:
            return len(given) <= _MOST_ARGUMENTS and all(self.is_plain(one, array=array) for one in given)
        if name in PLACES:
            return all(isinstance(one, syntax.Cells) for one in given) and not (array and name in ("ROW", "COLUMN"))
        if name in STRUCTURE:
            return len(given) > 1 and not may_be_array(given[0], array=array)
        if name == "INDEX":
            return (
                isinstance(given[0], syntax.Cells)
                and (len(given) == 3 or (len(given) == 2 and 0 in _shape(given[0])))
                and not any(
                    isinstance(one, (syntax.Left, syntax.Unary)) or may_be_array(one, array=array) for one in given[1:]
                )
            )
        return name in ("TRUE", "FALSE", "NA", "NOW", "TODAY")

    def is_plain(self, node: syntax.Node, *, array: bool) -> bool:
        """Return whether an argument is cells, a number, or something that gives one number."""
        if isinstance(node, syntax.Cells):
            return True
        if isinstance(node, syntax.Constant):
            return type(node.value) is float
        if isinstance(node, syntax.Call) and not is_dh(node.name):
            return node.name in (*AGGREGATES, *PLACES) and self.is_engine_right(node, array=array)
        if isinstance(node, (syntax.Binary, syntax.Unary, syntax.Percent)):
            return not may_be_array(node, array=array)
        return False

    def binds_for_engine(self, node: syntax.Call) -> bool:
        """Return whether a LET names values of which only the engine can make use."""
        return node.name == "LET" and any(
            isinstance(inner, syntax.Call) and not self.is_known(inner) for inner in _nodes(node)
        )

    def is_known(self, node: syntax.Call) -> bool:
        """Return whether dhxl has a function."""
        return node.name in LIBRARY or node.name in SPECIAL

    def own(self, node: syntax.Node, *, array: bool, top: bool) -> str:
        """Return a call of dhxl's own rules for a tree."""
        leaves: dict[syntax.Node, Leaf] = {}
        texts: list[str] = []
        if isinstance(node, syntax.Binary) and not may_be_array(node, array=array) and _length(node) <= _LONGEST:
            sign = node.sign + "0" if top and node.sign in "+-" else node.sign
            first, second = (self.emit(one, array=array) for one in (node.first, node.second))
            return f"{OPERATORS[sign]}({first or '0'},{second or '0'})"
        self.gather(node, leaves, texts, array=array, root=True)
        handed = self.share(leaves, texts)
        code = compiled(node, leaves, top=top)
        if top and not array and may_be_array(node, array=array):
            self.positional = True
            code = narrowed(code)
        if handed and self.planner.shared:
            code = _handed(code, handed, self.planner.shared)
        self.planner.codes.append((code, self.here))
        return f"{CALC}({','.join([str(len(self.planner.codes) - 1), *texts])})"

    def gather(
        self, node: syntax.Node, leaves: dict[syntax.Node, Leaf], texts: list[str], *, array: bool, root: bool = False
    ) -> None:
        """Collect what the engine supplies to a tree that dhxl calculates."""
        if node in leaves or isinstance(node, (syntax.Constant, syntax.ErrorConstant, syntax.Array, syntax.Left)):
            return
        if isinstance(node, syntax.Name):
            return
        if isinstance(node, syntax.Cells):
            leaves[node] = Leaf(len(texts), node)
            texts.append(node.text)
            return
        if not root and not self.is_inner(node, array=array):
            leaves[node] = Leaf(len(texts))
            texts.append(self.emit(node, array=array))
            return
        if isinstance(node, syntax.Call):
            if of := LIBRARY.get(node.name):
                self.volatile |= of.volatile
                self.positional |= node.name in _BY_PLACE or "P" in of.kinds + of.repeated
            for index, one in enumerate(node.arguments):
                kind = kind_of(node, index)
                if kind == "P" and isinstance(one, syntax.Cells):
                    continue
                self.gather(one, leaves, texts, array=array or kind == "A")
        elif isinstance(node, syntax.Binary):
            first, rest = syntax.spine(node)
            for one in (first, *(second for _, second in rest)):
                self.gather(one, leaves, texts, array=array)
        elif isinstance(node, (syntax.Unary, syntax.Percent)):
            self.gather(node.operand, leaves, texts, array=array)
        elif isinstance(node, syntax.Union):
            for part in node.parts:
                self.gather(part, leaves, texts, array=True)

    def share(self, leaves: Mapping[syntax.Node, Leaf], texts: list[str]) -> dict[int, int]:
        """Put the cells that hand ranges over in the place of large ones; return their numbers by argument."""
        found: dict[int, int] = {}
        shared = self.planner.shared
        for node, leaf in leaves.items():
            if shared and isinstance(node, syntax.Cells) and (place := shared.place(node, self.here)):
                found[leaf.index], fixed = place
                texts[leaf.index] = shared.reference(place[0])
                self.positional |= not fixed
        return found

    def is_inner(self, node: syntax.Node, *, array: bool) -> bool:
        """Return whether a node within a tree that dhxl calculates belongs to it, rather than to the engine."""
        if isinstance(node, syntax.Union):
            return True
        if isinstance(node, (syntax.Unary, syntax.Percent, syntax.Binary)):
            return True
        return isinstance(node, syntax.Call) and self.is_own(node, array=array)


def _handed(code: Code, handed: Mapping[int, int], shared: SharedRanges) -> Code:
    """Return a compiled formula that gets the ranges which were handed over in the place of their cells."""

    def with_ranges(env: Env) -> Value:
        arguments = list(env.arguments)
        for index, number in handed.items():
            arguments[index] = shared.values[number]
        return code(Env(arguments, env.here, env.variables))

    return with_ranges


def _is_text(node: syntax.Node) -> bool:
    """Return whether a number is written as a text, which the engine reads otherwise than Excel."""
    if isinstance(node, syntax.Unary):
        return _is_text(node.operand)
    return isinstance(node, syntax.Constant) and isinstance(node.value, str)


def _length(node: syntax.Binary) -> int:
    """Return how many operations follow each other."""
    return len(syntax.spine(node)[1]) if node.sign != " " else 1


def _shape(node: syntax.Cells) -> tuple[int, int]:
    return node.last_row - node.first_row, node.last_col - node.first_col


def _nodes(node: syntax.Node) -> Iterator[syntax.Node]:
    yield node
    if isinstance(node, syntax.Call):
        for one in node.arguments:
            yield from _nodes(one)
    elif isinstance(node, syntax.Binary):
        first, rest = (node.first, [(" ", node.second)]) if node.sign == " " else syntax.spine(node)
        for one in (first, *(second for _, second in rest)):
            yield from _nodes(one)
    elif isinstance(node, (syntax.Unary, syntax.Percent)):
        yield from _nodes(node.operand)
    elif isinstance(node, syntax.Union):
        for one in node.parts:
            yield from _nodes(one)


def _wrapped(node: syntax.Node, text: str) -> str:
    return f"({text})" if isinstance(node, (syntax.Binary, syntax.Unary)) and not text.startswith("DHXL_") else text


def _plain(node: syntax.Node) -> str:
    if isinstance(node, syntax.Cells):
        return node.text
    if isinstance(node, syntax.Constant):
        return _spelled(node.value)
    if isinstance(node, syntax.ErrorConstant):
        return node.code
    if isinstance(node, syntax.Array):
        return "{" + ";".join(",".join(map(_plain, row)) for row in node.rows) + "}"
    if isinstance(node, syntax.Name):
        return node.name
    return ""


def _spelled(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return number_text(value)

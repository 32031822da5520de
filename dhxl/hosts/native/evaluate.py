"""Formulas compiled into functions of Python: Excel's rules of evaluation.

A tree comes with its names resolved and, outside array formulas, each range that stands where one value is wanted
replaced by its cell of the formula's own row or column (:mod:`dhxl.hosts.native.lowering`). What the calculation engine
supplies (cells, ranges, results of functions of its own) is a leaf, found in the arguments by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from dhxl.functions.cells import CellError
from dhxl.hosts.native import syntax
from dhxl.hosts.native.library import LIBRARY, Here, called
from dhxl.hosts.native.lowering import kind_of
from dhxl.hosts.native.operators import OPERATIONS, lifted, negative, percent
from dhxl.hosts.native.rows import at_once
from dhxl.hosts.native.values import (
    MISSING,
    NA,
    NAME,
    VALUE,
    Area,
    Areas,
    Grid,
    Scalar,
    Value,
    Wrong,
    as_logical,
    as_number,
    compared,
    grid_of,
)

_SEVERAL: Final = (Grid, Area, Areas)

__all__ = ["SPECIAL", "Code", "Env", "Leaf", "compiled", "narrowed", "result"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where the value of a node comes from: an argument of the call, and which cells it stands for, if any."""

    index: int
    cells: syntax.Cells | None = None
    sheet: str = ""


@dataclass(slots=True)
class Env:
    """What a compiled formula is calculated with: arguments, its own cell, variables of LET."""

    arguments: Sequence[Value]
    here: Here
    variables: dict[str, Value] = field(default_factory=dict)


Code = Callable[[Env], Value]


def result(code: Code, env: Env) -> Value:
    """Return what a compiled formula gives; an error value is returned, too.

    A reference is returned as its values; one value of a left-out argument or a blank is 0.
    """
    try:
        value = code(env)
    except Wrong as wrong:
        return wrong.error
    except RecursionError:
        return VALUE
    if isinstance(value, (Area, Areas)):
        try:
            value = grid_of(value)
        except Wrong as wrong:
            return wrong.error
    if isinstance(value, Grid):
        return value if value.height * value.width > 1 else value.rows[0][0]
    return 0.0 if value is MISSING else value


def compiled(node: syntax.Node, leaves: Mapping[syntax.Node, Leaf], *, top: bool = False) -> Code:
    """Return the function of a tree.

    Parameters
    ----------
    node : Node
        The tree.
    leaves : mapping of Node to Leaf
        The nodes that the engine supplies.
    top : bool
        Whether the tree is the whole formula of a cell, whose last sum snaps to 0.
    """
    if (leaf := leaves.get(node)) is not None:
        return _leaf(leaf)
    if isinstance(node, syntax.Constant):
        constant = node.value
        return lambda _env: constant
    if isinstance(node, syntax.ErrorConstant):
        return _raising(CellError(node.code))
    if isinstance(node, syntax.Array):
        grid = Grid([[_constant(one) for one in row] for row in node.rows])
        return lambda _env: grid
    if isinstance(node, syntax.Left):
        return lambda _env: MISSING
    if isinstance(node, syntax.Name):
        return _variable(node.name)
    if isinstance(node, syntax.Unary):
        return _signed(node, leaves)
    if isinstance(node, syntax.Percent):
        inner = _single(node.operand, leaves)
        return lambda env: lifted(percent, (inner(env),))
    if isinstance(node, syntax.Binary):
        return _operation(node, leaves, top=top)
    if isinstance(node, syntax.Union):
        parts = [compiled(part, leaves) for part in node.parts]
        return lambda env: _union([part(env) for part in parts])
    if isinstance(node, syntax.Call):
        return _call(node, leaves)
    return _raising(VALUE)  # a range of calculated ends, which the engine supplies where it can


def narrowed(code: Code) -> Code:
    """Return the function of a cell's formula that shows one value: of cells that of the own row or column."""

    def one(env: Env) -> Value:
        value = code(env)
        if isinstance(value, Area):
            return _own(value, env.here)
        if isinstance(value, Areas):
            raise Wrong(VALUE)
        return value.rows[0][0] if isinstance(value, Grid) else value

    return one


def _own(area: Area, here: Here) -> Scalar:
    """Return the value of the cell of an area in a cell's own row or column."""
    row = here.row - area.first_row if area.height > 1 else 0
    col = here.col - area.first_col if area.width > 1 else 0
    if not (0 <= row < area.height and 0 <= col < area.width) or (area.height > 1 and area.width > 1):
        raise Wrong(VALUE)
    return area.at(row, col)


def _constant(node: syntax.Constant | syntax.ErrorConstant) -> Scalar:
    return node.value if isinstance(node, syntax.Constant) else CellError(node.code)


def _raising(error: CellError) -> Code:
    def code(_env: Env) -> Value:
        raise Wrong(error)

    return code


def _leaf(leaf: Leaf) -> Code:
    index, cells = leaf.index, leaf.cells
    if cells is None:
        return lambda env: env.arguments[index]
    place = (leaf.sheet or cells.sheet, cells.first_row, cells.first_col, cells.last_row, cells.last_col)

    def area(env: Env) -> Value:
        value = env.arguments[index]
        return Area(*place, value.rows if isinstance(value, Grid) else [[value]])  # type: ignore[list-item]

    return area


def _single(node: syntax.Node, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    """Return the function of a tree of which one value is wanted, the shortest way for a cell."""
    leaf = leaves.get(node)
    if leaf is not None and (leaf.cells is None or leaf.cells.single):
        index = leaf.index
        return lambda env: env.arguments[index]
    code = compiled(node, leaves)
    return code if isinstance(node, syntax.Constant) else lambda env: _value(code(env))


def _variable(name: str) -> Code:
    key = name.casefold()

    def code(env: Env) -> Value:
        if key not in env.variables:
            raise Wrong(NAME)
        return env.variables[key]

    return code


def _value(value: Value) -> Value:
    """Return one value of a reference to one cell, any other as it is."""
    if isinstance(value, Area) and value.height == value.width == 1:
        return value.at(0, 0)
    return value


def _signed(node: syntax.Unary, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if node.sign == "-":
        inner = _single(node.operand, leaves)
        return lambda env: _negative(inner(env))
    return compiled(node.operand, leaves)  # plus and parentheses change nothing, texts stay texts


def _negative(value: Value) -> Value:
    found = at_once("*", value, -1.0) if isinstance(value, _SEVERAL) else None
    return lifted(negative, (value,)) if found is None else found


def _operation(node: syntax.Binary, leaves: Mapping[syntax.Node, Leaf], *, top: bool) -> Code:
    first, rest = syntax.spine(node)
    for place in range(len(rest) - 1, -1, -1):  # what the engine supplies may be the beginning of a row of operations
        head = syntax.operations(first, rest[: place + 1])
        if head in leaves:
            first, rest = head, rest[place + 1 :]
            break
    start = _single(first, leaves)
    steps = [(sign, OPERATIONS[sign], _single(one, leaves)) for sign, one in rest]
    if top and steps and steps[-1][0] in "+-":
        sign, _, last = steps[-1]
        steps[-1] = (sign, OPERATIONS[sign + "0"], last)

    def code(env: Env) -> Value:
        value = _kept(start, env)
        for sign, operation, other in steps:
            value = _operated(sign, operation, value, _kept(other, env))
        return value

    return code


def _operated(sign: str, operation: Callable[[Scalar, Scalar], Scalar], first: Value, second: Value) -> Value:
    """Return an operation of two values; an error value is one, as another operand may be an array."""
    if isinstance(first, _SEVERAL) or isinstance(second, _SEVERAL):
        found = at_once(sign, first, second)
        return lifted(operation, (first, second)) if found is None else found
    try:
        return operation(first, second)
    except Wrong as wrong:
        return wrong.error


def _kept(code: Code, env: Env) -> Value:
    """Return the value of an operand; an error value is one, as the other operand may be an array."""
    try:
        return code(env)
    except Wrong as wrong:
        return wrong.error


def _union(parts: list[Value]) -> Value:
    found: list[Area] = []
    for part in parts:
        if isinstance(part, Areas):
            found += part.parts
        elif isinstance(part, Area):
            found.append(part)
        else:
            raise Wrong(VALUE)
    return Areas(tuple(found))


def _call(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if special := SPECIAL.get(node.name):
        return special(node, leaves)
    of = LIBRARY.get(node.name)
    if of is None:
        return _raising(NAME)
    kinds = [kind_of(node, index) for index in range(len(node.arguments))]
    codes = [_argument(argument, kind, leaves) for argument, kind in zip(node.arguments, kinds, strict=True)]

    def code(env: Env) -> Value:
        given: list[Value] = []
        for one, kind in zip(codes, kinds, strict=True):
            try:
                given.append(one(env))
            except Wrong as wrong:
                if kind in "NTL":
                    raise
                given.append(wrong.error)
        return called(of, env.here, tuple(given))

    return code


def _argument(node: syntax.Node, kind: str, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if kind == "P" and isinstance(node, syntax.Cells):
        area = Area(node.sheet, node.first_row, node.first_col, node.last_row, node.last_col, ())
        return lambda _env: area
    return compiled(node, leaves) if kind in "RAP" else _single(node, leaves)


# What follows does not evaluate all of its arguments, or evaluates them otherwise.


def _if(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if not 2 <= len(node.arguments) <= 3:
        return _raising(VALUE)
    test, *branches = [compiled(argument, leaves) for argument in node.arguments]

    def branch(env: Env, index: int) -> Value:
        if index >= len(branches):
            return False
        value = branches[index](env)
        return 0.0 if value is MISSING else value

    def code(env: Env) -> Value:
        condition = _value(test(env))
        if not isinstance(condition, _SEVERAL):
            return branch(env, 0 if as_logical(condition) else 1)
        values: list[Value] = [_kept(partial(branch, index=index), env) for index in (0, 1)]
        return lifted(lambda c, a, b: a if as_logical(c) else b, (condition, _value(values[0]), _value(values[1])))

    return code


def _if_error(codes: tuple[str, ...]) -> Callable[[syntax.Call, Mapping[syntax.Node, Leaf]], Code]:
    def special(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
        if len(node.arguments) != 2:
            return _raising(VALUE)
        tried, instead = (compiled(argument, leaves) for argument in node.arguments)

        def caught(value: Scalar) -> bool:
            return isinstance(value, CellError) and (not codes or value.code in codes)

        def code(env: Env) -> Value:
            value = _value(_kept(tried, env))
            if not isinstance(value, _SEVERAL):
                if not caught(value):
                    return 0.0 if value is None else value
                other = instead(env)
                return 0.0 if other is MISSING else other
            other = _value(_kept(instead, env))
            return lifted(lambda a, b: b if caught(a) else a, (value, other))

        return code

    return special


def _choose(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if len(node.arguments) < 2:
        return _raising(VALUE)
    index, *choices = [compiled(argument, leaves) for argument in node.arguments]

    def chosen(env: Env, number: Scalar) -> Value:
        place = int(as_number(number))
        if not 1 <= place <= len(choices):
            raise Wrong(VALUE)
        value = choices[place - 1](env)
        return 0.0 if value is MISSING else value

    def code(env: Env) -> Value:
        number = _value(index(env))
        if not isinstance(number, _SEVERAL):
            return chosen(env, number)
        # CHOOSE({1,2},a,b) sets columns side by side
        grid = grid_of(number)
        columns = [grid_of(_kept(lambda inner, n=n: chosen(inner, n), env)) for n in grid.rows[0]]  # type: ignore[misc]
        if grid.height > 1 or all(column.height == column.width == 1 for column in columns):
            return lifted(lambda n: _value(chosen(env, n)), (grid,))
        height = max(column.height for column in columns)
        return Grid([[_of_column(column, row, place) for place, column in enumerate(columns)] for row in range(height)])

    return code


def _of_column(column: Grid, row: int, place: int) -> Scalar:
    if column.height == 1:
        row = 0
    if row >= column.height:
        return NA
    return column.rows[row][min(place, column.width - 1) if column.width > 1 else 0]


def _ifs(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if len(node.arguments) % 2 or not node.arguments:
        return _raising(NA)
    codes = [compiled(argument, leaves) for argument in node.arguments]

    def code(env: Env) -> Value:
        for test, value in zip(codes[::2], codes[1::2], strict=True):
            condition = _value(test(env))
            if isinstance(condition, _SEVERAL):
                return _ifs_of_arrays(codes, env)
            if as_logical(condition):
                return value(env)
        raise Wrong(NA)

    return code


def _ifs_of_arrays(codes: list[Code], env: Env) -> Value:
    def chosen(*values: Scalar) -> Scalar:
        for condition, value in zip(values[::2], values[1::2], strict=True):
            if as_logical(condition):
                return value
        raise Wrong(NA)

    return lifted(chosen, tuple(_value(_kept(code, env)) for code in codes))


def _switch(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    if len(node.arguments) < 3:
        return _raising(VALUE)
    codes = [compiled(argument, leaves) for argument in node.arguments]

    def chosen(value: Scalar, *rest: Scalar) -> Scalar:
        if isinstance(value, CellError):
            raise Wrong(value)
        pairs = len(rest) // 2
        for case, answer in zip(rest[: 2 * pairs : 2], rest[1 : 2 * pairs : 2], strict=True):
            if not isinstance(case, CellError) and compared(value, case) == 0:
                return answer
        if len(rest) % 2:
            return rest[-1]
        raise Wrong(NA)

    return lambda env: lifted(chosen, tuple(_value(_kept(code, env)) for code in codes))


def _let(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
    names, codes = node.arguments[:-1:2], [compiled(one, leaves) for one in node.arguments[1:-1:2]]
    if len(node.arguments) % 2 == 0 or not all(isinstance(name, syntax.Name) for name in names):
        return _raising(VALUE)
    keys = [name.name.casefold() for name in names if isinstance(name, syntax.Name)]
    last = compiled(node.arguments[-1], leaves)

    def code(env: Env) -> Value:
        inner = Env(env.arguments, env.here, dict(env.variables))
        for key, one in zip(keys, codes, strict=True):
            inner.variables[key] = _kept(one, inner)
        return last(inner)

    return code


SPECIAL: Final[dict[str, Callable[[syntax.Call, Mapping[syntax.Node, Leaf]], Code]]] = {
    "IF": _if,
    "IFERROR": _if_error(()),
    "IFNA": _if_error(("#N/A",)),
    "CHOOSE": _choose,
    "IFS": _ifs,
    "SWITCH": _switch,
    "LET": _let,
}

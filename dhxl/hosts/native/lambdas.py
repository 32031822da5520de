"""Functions that call a LAMBDA for the elements, rows or columns of arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dhxl.functions.cells import CellError
from dhxl.hosts.native import syntax
from dhxl.hosts.native.evaluate import SPECIAL, Code, Env, Leaf, compiled
from dhxl.hosts.native.functions.shapes import CALC, block, table
from dhxl.hosts.native.operators import lifted
from dhxl.hosts.native.values import MISSING, VALUE, Area, Areas, Grid, Scalar, Value, Wrong, as_number, grid_of

__all__: list[str] = []

_Special = Callable[[syntax.Call, Mapping[syntax.Node, Leaf]], Code]
_Body = Callable[[Env, list[Code], "_Lambda"], Value]


@dataclass(frozen=True, slots=True)
class _Lambda:
    """A LAMBDA: the names of its parameters, and its calculation."""

    names: tuple[str, ...]
    code: Code

    def __call__(self, env: Env, *values: Value) -> Value:
        """Return the result for some values, an error value as one."""
        inner = Env(env.arguments, env.here, env.variables | dict(zip(self.names, values, strict=True)))
        try:
            return self.code(inner)
        except Wrong as wrong:
            return wrong.error

    def single(self, env: Env, *values: Value) -> Scalar:
        """Return the one value that a place in an array takes; several are ``#CALC!``."""
        value = self(env, *values)
        if isinstance(value, Areas):
            return CALC
        if isinstance(value, (Grid, Area)):
            if value.height * value.width > 1:
                return CALC
            value = grid_of(value).rows[0][0]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _lambda(node: syntax.Node, leaves: Mapping[syntax.Node, Leaf], parameters: int) -> _Lambda | None:
    if not isinstance(node, syntax.Call) or node.name != "LAMBDA" or len(node.arguments) != parameters + 1:
        return None
    names = [one.name.casefold() for one in node.arguments[:-1] if isinstance(one, syntax.Name)]
    if len(set(names)) != parameters:
        return None
    return _Lambda(tuple(names), compiled(node.arguments[-1], leaves))


def _calling(body: _Body, arrays: int | None, parameters: int | None) -> _Special:
    """Return what compiles a call with some arrays (any number where None) and a LAMBDA at its end."""

    def special(node: syntax.Call, leaves: Mapping[syntax.Node, Leaf]) -> Code:
        given = node.arguments[:-1]
        called = _lambda(node.arguments[-1], leaves, parameters or len(given)) if given else None
        if called is None or (arrays is not None and len(given) != arrays):

            def refused(_env: Env) -> Value:
                raise Wrong(VALUE)

            return refused
        codes = [compiled(one, leaves) for one in given]
        return lambda env: body(env, codes, called)

    return special


def _shown(rows: list[list[Scalar]]) -> Value:
    return Grid(rows) if len(rows) > 1 or len(rows[0]) > 1 else rows[0][0]


def _map(env: Env, codes: list[Code], called: _Lambda) -> Value:
    return lifted(lambda *values: called.single(env, *values), tuple(code(env) for code in codes))


def _by_row(env: Env, codes: list[Code], called: _Lambda) -> Value:
    of = table(codes[0](env))
    return _shown([[called.single(env, block(of, row, 0, 1, of.width))] for row in range(of.height)])


def _by_col(env: Env, codes: list[Code], called: _Lambda) -> Value:
    of = table(codes[0](env))
    return _shown([[called.single(env, block(of, 0, col, of.height, 1)) for col in range(of.width)]])


def _reduce(env: Env, codes: list[Code], called: _Lambda) -> Value:
    total, *values = _begun(env, codes)
    for one in values:
        total = called(env, total, one)
    if isinstance(total, CellError):
        raise Wrong(total)
    return total


def _begun(env: Env, codes: list[Code]) -> list[Value]:
    """Return the initial value and those of the array; without an initial value the array's first stands for it."""
    first = codes[0](env)
    values: list[Value] = [one for row in grid_of(table(codes[1](env))).rows for one in row]
    return values if first is MISSING else [first, *values]


def _scan(env: Env, codes: list[Code], called: _Lambda) -> Value:
    width = table(codes[1](env)).width
    total, *values = _begun(env, codes)
    found: list[Scalar] = []
    if codes[0](env) is MISSING:
        found.append(_plain(total))
    for one in values:
        total = called.single(env, total, one)
        found.append(total)
    return _shown([found[at : at + width] for at in range(0, len(found), width)])


def _plain(value: Value) -> Scalar:
    return grid_of(value).rows[0][0]


def _make(env: Env, codes: list[Code], called: _Lambda) -> Value:
    height, width = (int(as_number(_plain(code(env)))) for code in codes)
    if height < 1 or width < 1:
        raise Wrong(VALUE)
    return _shown(
        [[called.single(env, float(row), float(col)) for col in range(1, width + 1)] for row in range(1, height + 1)]
    )


def _bare(_node: syntax.Call, _leaves: Mapping[syntax.Node, Leaf]) -> Code:
    def uncalled(_env: Env) -> Value:
        raise Wrong(CALC)

    return uncalled


SPECIAL.update(
    {
        "LAMBDA": _bare,
        "MAP": _calling(_map, None, None),
        "BYROW": _calling(_by_row, 1, 1),
        "BYCOL": _calling(_by_col, 1, 1),
        "REDUCE": _calling(_reduce, 2, 2),
        "SCAN": _calling(_scan, 2, 2),
        "MAKEARRAY": _calling(_make, 2, 2),
    }
)

"""Which parts of a formula may give several values where one is wanted."""

from __future__ import annotations

from typing import Final

from dhxl.functions import REGISTRY
from dhxl.hosts.headless.verified import DYNAMIC
from dhxl.hosts.native import syntax
from dhxl.hosts.native.library import LIBRARY
from dhxl.hosts.native.lowering import kind_of

__all__ = ["may_be_array"]


def may_be_array(node: syntax.Node, *, array: bool) -> bool:
    """Return whether a tree, where one value is wanted, may give several.

    Parameters
    ----------
    node : Node
        The tree, made ready for its cell.
    array : bool
        Whether whole ranges are taken there.
    """
    if isinstance(node, syntax.Array):
        return len(node.rows) > 1 or len(node.rows[0]) > 1
    if isinstance(node, syntax.Cells):
        return array and not node.single
    if isinstance(node, syntax.Binary):
        if node.sign == " ":
            return True
        first, rest = syntax.spine(node)
        return any(may_be_array(one, array=array) for one in (first, *(second for _, second in rest)))
    if isinstance(node, (syntax.Unary, syntax.Percent)):
        return may_be_array(node.operand, array=array)
    if isinstance(node, syntax.Call):
        return _call_may_be_array(node, array=array)
    return isinstance(node, (syntax.RangeOf, syntax.Union, syntax.Name))


# Functions that may give several values where they get one for each argument that takes one.
_SEVERAL: Final = frozenset(
    """BYCOL BYROW CHOOSECOLS CHOOSEROWS DROP EXPAND FILTER FREQUENCY GROWTH HSTACK INDEX LAMBDA LET LINEST LOGEST
    MAKEARRAY MAP MINVERSE MMULT MODE.MULT MUNIT RANDARRAY REDUCE SCAN SEQUENCE SORT SORTBY TAKE TEXTSPLIT TOCOL TOROW
    TRANSPOSE TREND UNIQUE VSTACK WRAPCOLS WRAPROWS XLOOKUP""".split()
)


def _call_may_be_array(node: syntax.Call, *, array: bool) -> bool:
    if node.name in REGISTRY:
        of = REGISTRY[node.name]
        return of.result.shape in ("column", "table") or (
            of.elementwise and any(may_be_array(one, array=True) for one in node.arguments)
        )
    if node.name in ("IF", "CHOOSE", "IFERROR", "IFNA", "IFS", "SWITCH"):
        return any(may_be_array(one, array=array) for one in node.arguments)
    if node.name in ("ROW", "COLUMN"):
        return array and any(isinstance(one, syntax.Cells) and not one.single for one in node.arguments)
    if node.name == "INDEX" and not array and all(kind_of(node, index) for index in range(len(node.arguments))):
        plain = [one for one in node.arguments[1:] if not isinstance(one, syntax.Left)]
        return not plain or any(may_be_array(one, array=array) or _is_zero(one) for one in plain)
    if node.name in _SEVERAL:
        return True
    if node.name not in LIBRARY:
        return array or node.name in DYNAMIC
    return any(
        kind_of(node, index) in "VNTL" and may_be_array(one, array=array) for index, one in enumerate(node.arguments)
    )


def _is_zero(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Constant) and node.value == 0

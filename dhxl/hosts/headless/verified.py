"""What the engine itself is known to calculate as Excel does; everything else goes through dhxl's own rules.

The rest of what counts as verified is :data:`dhxl.hosts.native.library.LIBRARY`.
"""

from __future__ import annotations

from typing import Final

from dhxl.hosts.native.evaluate import SPECIAL
from dhxl.hosts.native.library import LIBRARY

__all__ = ["AGGREGATES", "DYNAMIC", "PLACES", "STRUCTURE", "VOLATILE", "is_verified"]

# Over plain ranges; what is calculated within them is passed as single values only.
AGGREGATES: Final = frozenset({"SUM", "MIN", "MAX", "COUNT", "COUNTA", "AVERAGE", "PRODUCT"})
# The place of a reference, of the cell itself without one.
PLACES: Final = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS"})
# Whose first argument chooses among the others, if it is one value.
STRUCTURE: Final = frozenset({"IF", "CHOOSE", "IFERROR", "IFNA"})
# References that are calculated; only the engine can follow them.
DYNAMIC: Final = frozenset({"OFFSET", "INDIRECT"})
# Other than the clock changes with nothing else.
VOLATILE: Final = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"})
_ENGINE: Final = AGGREGATES | PLACES | STRUCTURE | DYNAMIC | {"INDEX", "TRUE", "FALSE", "NA", "NOW", "TODAY"}


def is_verified(name: str) -> bool:
    """Return whether a function's results are known to be Excel's.

    Examples
    --------
    >>> is_verified("SUM"), is_verified("CUBEVALUE")
    (True, False)
    """
    return name in _ENGINE or name in LIBRARY or name in SPECIAL

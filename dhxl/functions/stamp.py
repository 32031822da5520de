"""A short checksum of all declared worksheet functions, by which a workbook tells whether its wrappers are current."""

from __future__ import annotations

import hashlib
from functools import cache

from dhxl.functions.spec import REGISTRY

__all__ = ["functions_stamp"]


@cache
def functions_stamp() -> str:
    """Return a checksum of what wrappers depend on: names, arguments and their order, which ones may be left out."""
    lines = [
        f"{one.name}({', '.join(argument.name + '?' * argument.optional for argument in one.arguments)})"
        for one in REGISTRY.values()
    ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:12]

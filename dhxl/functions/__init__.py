"""Worksheet functions: importing this package registers all of them."""

from __future__ import annotations

import importlib
import pkgutil

from dhxl.functions.spec import REGISTRY

__all__ = ["REGISTRY"]

for _module in pkgutil.iter_modules(__path__, "dhxl.functions."):
    importlib.import_module(_module.name)

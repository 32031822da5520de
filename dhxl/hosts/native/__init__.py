"""The spreadsheet's own formulas, calculated as Excel does where the engine calculates them otherwise."""

from __future__ import annotations

from dhxl.hosts.native import functions, lambdas

__all__ = ["functions", "lambdas"]

"""Worksheet functions: importing this package registers all of them, category by category."""

from __future__ import annotations

# The order of these imports is the order of the registry, and so of every list of functions.
# isort: off
from dhxl.functions import (
    network,
    pipes,
    hydraulics,
    sections,
    demand,
    slp,
    plant,
    dispatch,
    dispatch_time,
    finance,
    environment,
    info,
)

# isort: on
from dhxl.functions.spec import REGISTRY

__all__ = [
    "REGISTRY",
    "demand",
    "dispatch",
    "dispatch_time",
    "environment",
    "finance",
    "hydraulics",
    "info",
    "network",
    "pipes",
    "plant",
    "sections",
    "slp",
]

"""The map of the calculations, for whoever comes new to them."""

from __future__ import annotations

import re
from pathlib import Path

from dhxl import core


def test_every_module_stands_once_in_the_map() -> None:
    here = Path(core.__file__).parent
    modules = {path.stem for path in here.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    named = re.findall(r"\b[a-z]\w+", (core.__doc__ or "").split("\n\n", 1)[1])
    for module in modules - {"__init__"}:
        assert re.findall(rf"\b{module}\b", " ".join(named)), module

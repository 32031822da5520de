"""What a call from Excel costs beside the calculation: 8760 x 2 values through xlwings' server, without Excel.

``python -m benchmarks.excel_host`` prints milliseconds, the least of several calls: of the function alone, through the
server with dhxl's module for Excel, and through it with xlwings' own reading and writing of cells. The dispatch is
remembered from an untimed call, as it is in a workbook where several formulas ask for it. What COM itself takes to
carry the values from one process to the other is not in it.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any

from dhxl.functions import REGISTRY
from tests.excel_com import Server, excel_server

__all__ = ["calls", "main"]

HOURS = 8760
REPEATS = 15


def calls() -> dict[str, tuple[Any, ...]]:
    """Return functions with arguments as COM passes them: a year of hours, in one or two columns."""
    hours = range(HOURS)
    demand = [5.0 + 4.0 * math.cos(2 * math.pi * hour / HOURS) for hour in hours]
    price = [90.0 + 30.0 * math.sin(2 * math.pi * hour / 24) for hour in hours]
    temperature = [10.0 - 12.0 * math.cos(2 * math.pi * hour / HOURS) for hour in hours]
    series = (("demand_mw", "electricity_eur_per_mwh"), *zip(demand, price, strict=True))
    units = (
        ("unit", "type", "heat_mw", "cop", "heat_efficiency", "fuel_eur_per_mwh"),
        ("pump", "heat_pump", 6.0, 3.5, None, None),
        ("boiler", "boiler", 10.0, None, 0.9, 40.0),
    )
    settings = (("charges_eur_per_mwh", 20.0),)
    return {
        "DH_DISPATCH": (units, series, settings),
        "DH_DISPATCH_SERIES": (units, series, settings, "pump"),
        "DH_HEAT_DEMAND": (tuple((degc,) for degc in temperature), 30000.0, 1.0),
        "DH_LOAD_DURATION": (tuple((mw,) for mw in demand),),
    }


def _least_ms(call: Callable[[], Any]) -> float:
    call()
    found = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        call()
        found.append(time.perf_counter() - started)
    return 1000 * min(found)


def _as_xlwings_reads(server: Server, name: str) -> None:
    known = getattr(server.host, name).__xlfunc__
    for part in (*known["args"], known["ret"]):
        part["options"].pop("convert")
    known["ret"]["options"]["ndim"] = 2


def main() -> int:
    print(f"{'':20}{'function ms':>12}{'server ms':>12}{'ratio':>8}{'xlwings ms':>12}")
    with excel_server() as server:
        for name, cells in calls().items():
            alone = _least_ms(lambda name=name, cells=cells: REGISTRY[name](*cells))
            through = _least_ms(lambda name=name, cells=cells: server.call(name, *cells))
            _as_xlwings_reads(server, name)
            own = _least_ms(lambda name=name, cells=cells: server.call(name, *cells))
            print(f"{name:20}{alone:12.1f}{through:12.1f}{through / alone:8.2f}{own:12.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

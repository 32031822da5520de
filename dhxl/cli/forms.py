"""The reports of studies as tables for people, rows for csv files, and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dhxl.cli.console import cell_text, json_cell
from dhxl.functions.cells import CellError
from dhxl.studies.break_even import BreakEvenReport, told_finding
from dhxl.studies.cases import CaseResult
from dhxl.studies.outputs import unit_of
from dhxl.studies.presets import TornadoReport
from dhxl.studies.sensitivity import Quantity, SensitivityReport, told_case
from dhxl.units import FRACTION

__all__ = ["Form", "form_of_break_even", "form_of_cases", "form_of_tornado"]

_MOST_SENTENCES: Final = 10

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Form:
    """A report in three forms; ``cells`` has the header first."""

    json: dict[str, Any]
    cells: list[Cells]
    tables: list[tuple[str, list[Cells]]]
    notes: list[str]
    state: str
    interrupted: bool


def form_of_cases(report: SensitivityReport, *, pivoted: bool) -> Form:
    """Return the form of a study; of two inputs one goes down and one across where ``pivoted``."""
    quantities = [*report.inputs, *report.outputs]
    base = _by_name(report, report.base)
    rows = [_row(report, case) for case in report.cases]
    cells: list[Cells] = [[*map(_header, quantities), "problem"], *rows]
    names = [one.name for one in report.inputs]
    if pivoted and len(names) == 2:
        tables = [_pivot(report, k) for k in range(len(report.outputs))]
    else:
        lines = [[*_in(case, names), *map(_readable, case.outputs)] for case in report.cases]
        own = [["base case", *[""] * (len(names) - 1), *map(_readable, report.base.outputs)]]
        tables = [("", [[_title(one) for one in quantities], *own, *lines])]
    return Form(
        json={
            "inputs": [_json_quantity(one) for one in report.inputs],
            "outputs": [_json_quantity(one) for one in report.outputs],
            "base": base,
            "cases": [_by_name(report, case) for case in report.cases],
            "asked": report.asked,
            "interrupted": report.interrupted,
            "notes": list(report.notes),
            "seconds": round(report.seconds, 3),
        },
        cells=cells,
        tables=tables,
        notes=[*_sentences((report.base, *report.cases)), *report.notes],
        state=f"{len(report.cases)} of {report.asked} cases ({report.seconds:.1f} s)",
        interrupted=report.interrupted,
    )


def _pivot(report: SensitivityReport, k: int) -> tuple[str, list[Cells]]:
    """Return title and rows of an output against two inputs: the first down, the second across."""
    down, across = report.vary
    found = {(case.inputs[down.name], case.inputs[across.name]): _readable(case.outputs[k]) for case in report.cases}
    header = [_title(report.inputs[0]), *(f"{cell_text(value)}" for value in across.values)]
    lines = [[cell_text(row), *(found.get((row, col), "") for col in across.values)] for row in down.values]
    base = _readable(report.base.outputs[k])
    return f"{_title(report.outputs[k])} against {_title(report.inputs[1])}; base case {base}", [header, *lines]


def form_of_tornado(report: TornadoReport) -> Form:
    """Return the form of a tornado of each result."""
    tables: list[tuple[str, list[Cells]]] = []
    cells: list[Cells] = [["output", "unit", "driver", "inputs", "at -20 %", "at +20 %", "swing", "problem"]]
    listed = []
    sentences: list[str] = []
    for one in report.tornados:
        unit = _unit(one.output)
        lines: list[Cells] = [["driver", "at -20 %", "at +20 %", "swing", "inputs"]]
        for bar in one.bars:
            inputs = ", ".join(bar.inputs)
            problem = "; ".join(x.message for x in (bar.low, bar.high) if isinstance(x, CellError))
            sentences += [f"{bar.driver}: {problem}"] if problem else []
            lines.append([bar.driver, _readable(bar.low), _readable(bar.high), _readable(bar.swing), inputs])
            cells.append([one.output.name, unit, bar.driver, inputs, bar.low, bar.high, bar.swing, problem])
        tables.append((f"{_title(one.output)}; base case {_readable(one.base)}", lines))
        listed.append(
            {
                "output": one.output.name,
                "unit": unit,
                "base": json_cell(one.base),
                "bars": [
                    {
                        "driver": bar.driver,
                        "inputs": list(bar.inputs),
                        "low": json_cell(bar.low),
                        "high": json_cell(bar.high),
                        "swing": json_cell(bar.swing),
                    }
                    for bar in one.bars
                ],
            }
        )
    study = report.study
    return Form(
        json={
            "tornados": listed,
            "asked": study.asked,
            "interrupted": study.interrupted,
            "notes": list(study.notes),
            "seconds": round(study.seconds, 3),
        },
        cells=cells,
        tables=tables,
        notes=[*dict.fromkeys(sentences), *study.notes],
        state=f"{len(study.cases)} of {study.asked} cases ({study.seconds:.1f} s)",
        interrupted=study.interrupted,
    )


def form_of_break_even(report: BreakEvenReport) -> Form:
    """Return the form of the charges at which two solutions come out equal."""
    cells: list[Cells] = [
        ["measure", "price_scenario", "solution_a", "solution_b", "charges_eur_per_mwh [EUR/MWh]", "from [EUR/MWh]",
         "to [EUR/MWh]", "better_below", "better_above", "value_a", "value_b", "finding"]
    ]  # fmt: skip
    lines: list[Cells] = [["measure", "price scenario", "charges (EUR/MWh)", "both solutions", "finding"]]
    listed = []
    for one in report.found:
        values = one.values or (None, None)
        finding = told_finding(one)
        below = (one.low, one.high, one.better_below, one.better_above)
        cells.append([one.measure, one.scenario, *one.solutions, one.charges_eur_per_mwh, *below, *values, finding])
        unit = unit_of(one.measure)
        at = "none" if one.charges_eur_per_mwh is None else f"{one.charges_eur_per_mwh:.2f}"
        both = " / ".join(dict.fromkeys(map(_readable, values))) if one.values else ""
        lines.append([f"{one.measure} ({unit})", one.scenario, at, both, finding])
        listed.append(
            {
                "measure": one.measure,
                "price_scenario": one.scenario,
                "solutions": list(one.solutions),
                "charges_eur_per_mwh": one.charges_eur_per_mwh,
                "bracket": [one.low, one.high],
                "better_below": one.better_below,
                "better_above": one.better_above,
                "values": None if one.values is None else [json_cell(value) for value in one.values],
                "jump": one.jump,
                "finding": finding,
            }
        )
    return Form(
        json={
            "break_even": listed,
            "cases": report.cases,
            "interrupted": report.interrupted,
            "seconds": round(report.seconds, 3),
        },
        cells=cells,
        tables=[("", lines)],
        notes=[],
        state=f"{report.cases} cases ({report.seconds:.1f} s)",
        interrupted=report.interrupted,
    )


def _sentences(cases: Iterable[CaseResult]) -> list[str]:
    """Return what is behind the error values, each sentence once with the first case that it is of."""
    first: dict[str, str] = {}
    for case in cases:
        for value in case.outputs:
            if isinstance(value, CellError):
                first.setdefault(value.message or value.code, told_case(case.inputs))
    lines = [f"{case}: {sentence}" for sentence, case in first.items()]
    rest = len(lines) - _MOST_SENTENCES
    return lines if rest <= 0 else [*lines[:_MOST_SENTENCES], f"and {rest} more"]


def _by_name(report: SensitivityReport, case: CaseResult) -> dict[str, Any]:
    inputs = {name: json_cell(value) for name, value in case.inputs.items()}
    outputs = {one.name: json_cell(value) for one, value in zip(report.outputs, case.outputs, strict=True)}
    problem = _problem(case)
    return {"inputs": inputs, "outputs": outputs} | ({"problem": problem} if problem else {})


def _row(report: SensitivityReport, case: CaseResult) -> Cells:
    return [*(case.inputs.get(one.name) for one in report.inputs), *case.outputs, _problem(case)]


def _problem(case: CaseResult) -> str:
    return "; ".join(dict.fromkeys(value.message for value in case.outputs if isinstance(value, CellError)))


def _in(case: CaseResult, names: Sequence[str]) -> list[str]:
    inputs: Mapping[str, Any] = case.inputs
    return [cell_text(inputs[name]) if name in inputs else "" for name in names]


def _readable(value: object) -> str:
    """Return a value as people read it: four digits, whole numbers from a thousand on.

    Examples
    --------
    >>> _readable(10.83612), _readable(13579755.5), _readable("none"), _readable(0.0)
    ('10.84', '13,579,756', 'none', '0')
    """
    if isinstance(value, float) and not isinstance(value, bool):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return cell_text(value)


def _unit(one: Quantity) -> str:
    return "" if one.unit == FRACTION else one.unit


def _title(one: Quantity) -> str:
    return f"{one.name} ({one.unit})" if _unit(one) else one.name


def _header(one: Quantity) -> str:
    return f"{one.name} [{one.unit}]" if _unit(one) else one.name


def _json_quantity(one: Quantity) -> dict[str, str]:
    return {"name": one.name, "unit": one.unit}

"""The shipped workbook's cash flow under a test's inputs: set them, read every row of sheet Flows, put them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from dhxl.functions.cells import Cell
from dhxl.hosts.headless import Model
from dhxl.workbook.names import Reference
from tests.workbook.analyst import YEARS, Asset, Line, Project, Row, statement

SOLUTIONS = (1, 2, 3, 4)
CENT = 0.005
FIRST_YEAR = 9  # column I of sheet Flows

Value = Any  # a constant, or rows of constants

# line of sheet Costs -> input of its years (all years of operation without), kind of its escalation, follows connection
SHIPPED_LINES: dict[str, tuple[str, str, bool]] = {
    "Power sold": ("", "power", True),
    "Tax credit": ("tax_credit_years", "", True),
    "White certificates, CHP": ("white_certificate_chp_years", "", True),
    "White certificates, heat pumps": ("white_certificate_heat_pump_years", "", True),
    "Gas for CHP": ("", "fuel", True),
    "Gas for boilers": ("", "fuel", True),
    "Power bought": ("", "power", True),
    "Charges on power bought": ("", "power", True),
    "Power of the network pumps": ("", "power", True),
    "Full service of the CHP": ("", "om", True),
    "Maintenance of heat pumps": ("", "om", True),
    "Major overhaul of the CHP": ("", "om", False),
    "Other equipment": ("", "om", False),
    "Other O&M of the units": ("", "om", True),
    "Insurance": ("", "om", False),
    "Administration": ("", "om", False),
    "Carbon price": ("", "", True),
}
RAMP = [[share] for share in (0.3, 0.55, 0.55, 0.8, 0.9, 1, 1, 1, 1, 1)]
ESCALATION: Mapping[str, Value] = {
    "heat_escalation": 0.021, "power_escalation": 0.013, "fuel_escalation": 0.034, "om_escalation": 0.017,
    "capex_escalation": 0.025,
}  # fmt: skip
# rows that other rows are worked out from and that no finance team asks for
HELPERS = {
    "Operating cash flow less unit price", "Next year, while not paid back",
    "Next year, while not paid back, discounted",
}  # fmt: skip
INPUTS = (
    "finance_convention", "design_years", "operating_years", "discount_rate", "equity_discount_rate", "heat_escalation",
    "power_escalation", "fuel_escalation", "om_escalation", "capex_escalation", "grant_share", "replace_assets",
    "residual_share", "tax_rate", "loss_offset_share", "loan_share", "loan_rate", "loan_tenor_years",
    "loan_grace_years", "loan_repayment", "heat_tariff_eur_per_mwh", "heat_tariff_gas_link", "gas_price_eur_per_sm3",
    "gas_price_eur_per_sm3_medium", "connected_load_kw", "customers", "capacity_charge_eur_per_kw",
    "standing_charge_eur", "connection_fee_eur_per_kw", "tax_credit_years", "white_certificate_chp_years",
    "white_certificate_heat_pump_years",
)  # fmt: skip


@contextmanager
def edited(model: Model, inputs: Mapping[str, Value]) -> Iterator[Model]:
    """Calculate the workbook with other inputs; afterwards they are as before, for the next calculation."""
    before = {name: model.range(name) for name in inputs}
    try:
        for name, value in inputs.items():
            model.set(name, value)
        model.calculate()
        yield model
    finally:
        for name, rows in before.items():
            model.set(name, rows)  # type: ignore[arg-type]


@contextmanager
def typed(model: Model, cells: Mapping[Reference, float | str | None]) -> Iterator[Model]:
    """Calculate the workbook with numbers, texts or formulas (``=...``) typed into cells, also over their formulas."""
    before = {place: model.package.cells(place.sheet).cells.get((place.first_row, place.first_col)) for place in cells}
    try:
        for place, content in cells.items():
            _type(model, place, content)
        model.calculate()
        yield model
    finally:
        for place, cell in before.items():
            _type(model, place, None if cell is None else f"={cell.formula}" if cell.formula else cell.value)


def _type(model: Model, place: Reference, content: object) -> None:
    at = (place.sheet, place.first_row, place.first_col)
    if isinstance(content, str) and content.startswith("="):
        model._engine.set_formula(*at, content)
    else:
        model._engine.set_rows(*at, [[content]])


def number(model: Model, name: str) -> float:
    value = model.value(name)
    assert isinstance(value, float), f"{name} is {value!r}"
    return value


def column(model: Model, name: str) -> list[Cell]:
    return [row[0] for row in model.range(name)]


def line_cell(model: Model, line: str, k: int) -> Reference:
    """Return the amount of a line item in solution k."""
    return nth(model.reference(f"line_eur_{k}"), column(model, "line_name").index(line))


def line_cells(model: Model, lines: Sequence[Line]) -> dict[Reference, float | str | None]:
    """Return what is typed into the free rows of the line items to add lines, alike in every solution."""
    first_free = column(model, "line_name").index(None)
    typed_in: dict[Reference, float | str | None] = {}
    for row, line in enumerate(lines, start=first_free):
        entries: dict[str, float | str] = {
            "line_name": line.name, "line_category": line.category, "line_first": line.first, "line_last": line.last,
            "line_escalation": line.escalation, "line_ramp": int(line.ramp),
        }  # fmt: skip
        entries |= {f"line_eur_{k}": line.eur for k in SOLUTIONS}
        typed_in |= {nth(model.reference(name), row): value for name, value in entries.items()}
    return typed_in


def asset_cells(model: Model, assets: Sequence[Asset]) -> dict[Reference, float | str | None]:
    """Return what is typed into the free rows of the capital costs to add lines, alike in every solution."""
    first_free = column(model, "capex_line_name").index(None)
    typed_in: dict[Reference, float | str | None] = {}
    for row, asset in enumerate(assets, start=first_free):
        entries: dict[str, float | str] = {"capex_line_name": asset.name, "capex_line_life_years": asset.life}
        entries |= {f"capex_line_eur_{k}": asset.eur for k in SOLUTIONS}
        typed_in |= {nth(model.reference(name), row): value for name, value in entries.items()}
        typed_in |= {nth(model.reference("capex_line_share"), row, year): s for year, s in enumerate(asset.paid)}
    return typed_in


def nth(place: Reference, row: int, col: int = 0) -> Reference:
    at_row, at_col = place.first_row + row, place.first_col + col
    return Reference(place.sheet, at_row, at_col, at_row, at_col)


def block(model: Model, k: int) -> dict[str, tuple[int, Row]]:
    """Return the rows of a solution's block on sheet Flows by title: their number and values, NaN where text stands."""
    first = model.reference(f"unit_tariff_flow_eur_{k}").first_row
    last = model.reference(f"heat_cost_flow_eur_{k}").first_row
    titles = model.cells(Reference("Flows", first, 2, last, 2))
    values = model.cells(Reference("Flows", first, FIRST_YEAR, last, FIRST_YEAR + YEARS - 1))
    rows = {}
    for offset, ((title,), cells) in enumerate(zip(titles, values, strict=True)):
        numbers = [cell if isinstance(cell, float) else float("nan") for cell in cells]
        rows[str(title)] = (first + offset, np.array(numbers))
    return rows


def flow(model: Model, stem: str, k: int) -> Row:
    return np.array(model.range(f"{stem}_{k}")[0], dtype=float)


def project(model: Model, k: int, own_lines: Sequence[Line] = ()) -> Project:
    """Return solution k as the sheets' inputs and the operation's quantities describe it.

    Amounts of a full year of the shipped lines are taken from sheet Costs, their years and escalation are not; lines of
    a test's own stand in ``own_lines``.
    """
    inputs = {name: value for name in INPUTS if isinstance(value := model.value(name), float | str)}
    assert len(inputs) == len(INPUTS)
    design, operating = int(number(model, "design_years")), int(number(model, "operating_years"))
    full = inputs["finance_convention"] == "Full"
    lines = list(own_lines)
    for line, eur in zip(column(model, "line_name"), column(model, f"line_eur_{k}"), strict=True):
        if line is not None and line not in [own.name for own in own_lines]:
            years, kind, ramp = SHIPPED_LINES[str(line)]
            last = design + min(int(number(model, years)) if years else operating, operating)
            rise = number(model, f"{kind}_escalation") if full and kind else 0.0
            category = column(model, "line_category")[column(model, "line_name").index(line)]
            lines.append(Line(str(line), str(category), float(eur), design + 1, last, rise, ramp))  # type: ignore[arg-type]
    load = number(model, "connected_load_kw")
    return Project(
        inputs=inputs,
        eligible_share=number(model, f"eligible_share_{k}"),
        heat_sold_mwh=number(model, f"heat_sold_mwh_{k}"),
        fixed_tariff_eur=load * number(model, "capacity_charge_eur_per_kw")
        + number(model, "customers") * number(model, "standing_charge_eur"),
        connection_fees_eur=load * number(model, "connection_fee_eur_per_kw"),
        connected=[float(share) for share in column(model, "connected_share") if isinstance(share, float)],
        lines=lines,
        assets=own_assets(model, k),
    )


def own_assets(model: Model, k: int) -> list[Asset]:
    found = zip(
        column(model, "capex_line_name"), column(model, f"capex_line_eur_{k}"), column(model, "capex_line_life_years"),
        model.range("capex_line_share"), strict=True,
    )  # fmt: skip
    return [
        Asset(str(name), eur, int(life) if isinstance(life, float) else 0, [float(share or 0) for share in shares])  # type: ignore[arg-type]
        for name, eur, life, shares in found
        if isinstance(eur, float) and eur
    ]


def agrees(model: Model, k: int, own_lines: tuple[Line, ...] = ()) -> None:
    """Compare every row and year of a solution's block with the analyst's."""
    expected = statement(project(model, k, own_lines))
    rows = block(model, k)
    assert not set(expected) - set(rows)
    assert set(rows) - set(expected) <= HELPERS
    for title, values in expected.items():
        address, shown = rows[title]
        np.testing.assert_allclose(shown, values, rtol=0, atol=CENT, err_msg=f"solution {k}: {title}, row {address}")

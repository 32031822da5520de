"""The cash flow of a project as a finance analyst writes it down year by year: nothing here is read off the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

YEARS = 46
COSTS = ("Fuel", "Electricity", "Maintenance", "Other cost")
CATEGORIES = ("Heat revenue", "Power revenue", "Incentives", *COSTS)

Row = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A line item: what it is in a full year, in which years it runs, how its price grows from its first year on."""

    name: str
    category: str
    eur: float
    first: int
    last: int
    escalation: float = 0.0
    ramp: bool = False


@dataclass(frozen=True, slots=True)
class Asset:
    """A capital cost line: amount in prices of year 0, life (0: as the operation), shares paid from year 0 on."""

    name: str
    eur: float
    life: int
    paid: Sequence[float]


@dataclass(frozen=True, slots=True)
class Project:
    """One solution: inputs by their names on the sheets, line items and assets."""

    inputs: Mapping[str, float | str]
    eligible_share: float
    heat_sold_mwh: float
    fixed_tariff_eur: float
    connection_fees_eur: float
    connected: Sequence[float]
    lines: Sequence[Line]
    assets: Sequence[Asset]

    def __getitem__(self, name: str) -> float:
        value = self.inputs[name]
        assert isinstance(value, float | int), name
        return value

    @property
    def full(self) -> bool:
        return self.inputs["finance_convention"] == "Full"

    @property
    def design(self) -> int:
        return int(self["design_years"])

    @property
    def operating(self) -> int:
        return int(self["operating_years"])

    def price_rise(self, kind: str) -> float:
        return self[f"{kind}_escalation"] if self.full else 0.0


def empty() -> Row:
    return np.zeros(YEARS)


def statement(project: Project) -> dict[str, Row]:
    """Return the rows of the cash flow, by their titles on sheet Flows."""
    rows = operation(project)
    rows |= assets(project)
    rows["Residual value"], rows["Fixed assets: disposal"] = empty(), empty()
    end = project.design + project.operating
    left = float(np.sum((rows["Fixed assets: additions"] + rows["Fixed assets: depreciation"])[: end + 1]))
    rows["Residual value"][end] = left * project["residual_share"] if project.full else 0.0
    rows["Fixed assets: disposal"][end] = -left
    changes = ("additions", "depreciation", "disposal")
    rows |= corkscrew("Fixed assets", sum((rows[f"Fixed assets: {change}"] for change in changes), empty()))
    net = sum(
        (rows[title] for title in ("Operating cash flow", "Capex", "Grants", "Replacements", "Residual value")), empty()
    )
    rows |= {"Net cash flow": net, "Cumulative": np.cumsum(net)}
    rows["Cumulative, discounted"] = np.cumsum(net / (1 + project["discount_rate"]) ** np.arange(YEARS))
    rows |= loan(project, rows["Capex"] + rows["Grants"])
    rows |= tax(project, rows)
    rows["Net cash flow after tax"] = net + rows["Corporate tax"]
    service = rows["Loan: repaid"] + rows["Interest"]
    rows["Equity cash flow"] = rows["Net cash flow after tax"] + rows["Loan: drawn"] + service
    available = rows["Operating cash flow"] + rows["Replacements"] + rows["Corporate tax"]
    years = np.arange(YEARS)
    owing = (years > project.design) & (years <= end) & (service < 0)
    rows["Debt service cover"] = np.where(owing, available / np.where(owing, -service, 1), np.nan)
    revenue = sum((rows[title] for title in ("Power revenue", "Incentives")), empty())
    costs = sum((rows[title] for title in (*COSTS, "Capex", "Grants", "Replacements", "Residual value")), empty())
    rows["Cost of heat"] = -revenue - costs
    return rows


def operation(project: Project) -> dict[str, Row]:
    titles = ("Heat tariff, unit price", "Heat tariff, capacity and standing", "Connection fees", "Heat sold")
    rows = {title: empty() for title in (*titles, *CATEGORIES)}
    before = 0.0
    for operating_year in range(1, project.operating + 1):
        year = project.design + operating_year
        connected = project.connected[min(operating_year, len(project.connected)) - 1]
        price = (1 + project.price_rise("heat")) ** (operating_year - 1)
        heat = project.heat_sold_mwh * connected
        gas = project["gas_price_eur_per_sm3"] / project["gas_price_eur_per_sm3_medium"]
        link = project["heat_tariff_gas_link"]
        rows["Heat sold"][year] = heat
        rows[titles[0]][year] = heat * project["heat_tariff_eur_per_mwh"] * (1 - link + link * gas) * price
        rows[titles[1]][year] = project.fixed_tariff_eur * connected * price
        rows[titles[2]][year] = project.connection_fees_eur * max(connected - before, 0)
        before = connected
    for line in project.lines:
        amount = line.eur * (-1 if line.category in COSTS else 1)
        for year in range(max(line.first, 0), min(line.last, YEARS - 1) + 1):
            share = 1.0
            if line.ramp:
                operating_year = year - project.design
                inside = 1 <= operating_year <= project.operating
                share = project.connected[min(operating_year, len(project.connected)) - 1] if inside else 0.0
            rows[line.category][year] += amount * share
            amount *= 1 + line.escalation
    flows = (*titles[:3], *CATEGORIES)
    rows["Operating cash flow"] = sum((rows[title] for title in flows), empty())
    return rows


def assets(project: Project) -> dict[str, Row]:
    """Write every purchase into a ledger and depreciate it in a straight line from the year after it serves."""
    paid, again, depreciation = empty(), empty(), empty()
    grant = project["grant_share"] * project.eligible_share
    rise = 1 + project.price_rise("capex")
    ledger: list[tuple[float, int, int]] = []  # cost, first operating year, life
    for asset in project.assets:
        life = asset.life or project.operating
        shares = asset.paid if project.full else (1.0,)
        payments = [asset.eur * share * rise**year for year, share in enumerate(shares)]
        paid[: len(payments)] += payments
        ledger.append((sum(payments) * (1 - grant), 1, life))
        worn = life
        while project.full and project["replace_assets"] and worn < project.operating:
            price = asset.eur * rise ** (project.design + worn)
            again[project.design + worn] += price
            ledger.append((price, worn + 1, life))
            worn += life
    for cost, first, life in ledger:
        for operating_year in range(first, min(first + life - 1, project.operating) + 1):
            depreciation[project.design + operating_year] -= cost / life
    return {
        "Capex": -paid, "Grants": grant * paid, "Replacements": -again,
        "Fixed assets: additions": (1 - grant) * paid + again, "Fixed assets: depreciation": depreciation,
    }  # fmt: skip


def loan(project: Project, financed: Row) -> dict[str, Row]:
    drawn, repaid, interest = empty(), empty(), empty()
    drawn[: project.design + 1] = -project["loan_share"] * financed[: project.design + 1]
    rate, tenor, grace = project["loan_rate"], int(project["loan_tenor_years"]), int(project["loan_grace_years"])
    total = float(drawn.sum())
    annuity = total / sum((1 + rate) ** -n for n in range(1, tenor + 1))
    owed = 0.0
    for year in range(project.design + project.operating + 1):
        operating_year = year - project.design
        interest[year] = -owed * rate
        if operating_year in (grace + tenor, project.operating):
            repaid[year] = -owed
        elif grace < operating_year < grace + tenor:
            linear = project.inputs["loan_repayment"] == "Linear"
            repaid[year] = -total / tenor if linear else -(annuity + interest[year])
        owed += drawn[year] + repaid[year]
    return {"Loan: drawn": drawn, "Loan: repaid": repaid, "Interest": interest, **corkscrew("Loan", drawn + repaid)}


def tax(project: Project, rows: Mapping[str, Row]) -> dict[str, Row]:
    """Let losses of earlier years be set off against a share of each later profit."""
    parts = (
        "Operating cash flow",
        "Residual value",
        "Fixed assets: depreciation",
        "Fixed assets: disposal",
        "Interest",
    )
    profit = sum((rows[title] for title in parts), empty())
    made, offset, paid = empty(), empty(), empty()
    pool = 0.0
    for year, result in enumerate(profit):
        if result > 0:
            used = min(pool, project["loss_offset_share"] * result)
            offset[year], paid[year] = -used, -project["tax_rate"] * (result - used)
            pool -= used
        else:
            made[year] = -result
            pool -= result
    return {
        "Profit before losses brought forward": profit, "Losses: made": made, "Losses: offset": offset,
        **corkscrew("Losses", made + offset), "Corporate tax": paid,
    }  # fmt: skip


def corkscrew(subject: str, changes: Row) -> dict[str, Row]:
    closing = np.cumsum(changes)
    return {f"{subject}: opening": np.concatenate(([0.0], closing[:-1])), f"{subject}: closing": closing}

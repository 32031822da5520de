"""Finance: the convention of the cash flow, discounting, escalation, assets, tax and loan."""

from __future__ import annotations

from dhxl.workbook.page import Book, Page, Validation

CONVENTIONS = ("Simple", "Full")
REPAYMENTS = ("Annuity", "Linear")
_ESCALATIONS = (
    ("Heat tariff", "heat_escalation"),
    ("Power bought and sold", "power_escalation"),
    ("Fuel", "fuel_escalation"),
    ("Operation, maintenance, insurance, administration", "om_escalation"),
    ("Capital costs and replacements", "capex_escalation"),
)


def write(book: Book) -> None:
    """Write the sheet."""
    page = book.page(
        "Finance",
        "input",
        "Finance",
        "Convention of the cash flow, discounting, escalation, assets, tax and loan",
    )
    page.heading("Convention")
    page.note(
        "Simple: all capital costs in year 0, constant prices, no replacements, no residual value. Full: capital costs in the years of their payment, "
        "escalation, replacement of worn assets and residual value as entered below. Tax, loan and equity flows are calculated under both.",
        lines=2,
    )
    page.input("Convention", "finance_convention", "-", Validation(choices=CONVENTIONS))
    page.calc("Full convention in force", '1*(finance_convention="Full")', "", "count", "full_model", "1: yes, 0: no")

    page.skip()
    page.heading("Discounting")
    page.note("Rates must fit the flows: real under Simple, whose prices are constant, nominal under Full.")
    rate = Validation(-0.5, 1)
    page.input("Discount rate of the project, before tax", "discount_rate", "-", rate, "percent2")
    page.input("Discount rate of equity, after tax", "equity_discount_rate", "-", rate, "percent2")

    page.skip()
    page.heading("Escalation per year")
    page.note(
        "Amounts are in prices of the first year of operation, capital costs in prices of year 0. Used under Full; an escalation "
        "typed into a line item of sheet Costs counts under both conventions, from the first year of that line.",
        lines=2,
    )
    for label, name in _ESCALATIONS:
        page.input(label, name, "-", Validation(-0.2, 0.5), "percent2")

    page.skip()
    page.heading("Insurance, administration, pumping")
    page.input("Insurance, share of the capital costs a year", "insurance_share", "-", Validation(0, 0.1), "percent2")
    page.input("Administration", "administration_eur", "EUR/a", Validation(0, 1e9), "money")
    page.input(
        "Power of the network pumps, MWh per MWh heat sold", "pumping_share", "-", Validation(0, 0.2), "percent2"
    )

    page.skip()
    page.heading("Assets and grants")
    page.input("Grant, share of the eligible capital costs", "grant_share", "-", Validation(0, 1), "percent")
    for k in range(1, 5):
        label = f"Eligible share of the capital costs, solution {k}"
        page.input(label, f"eligible_share_{k}", "-", Validation(0, 1), "percent")
    page.input("Worn assets are replaced (1: yes, 0: no)", "replace_assets", "-", Validation(0, 1, whole=True), "count")
    page.input("Residual value, share of the book value at the end", "residual_share", "-", Validation(0, 1), "percent")

    page.skip()
    page.heading("Corporate tax")
    page.input("Tax rate", "tax_rate", "-", Validation(0, 0.9), "percent2")
    page.input(
        "Share of a year's profit that earlier losses may offset", "loss_offset_share", "-", Validation(0, 1), "percent"
    )

    page.skip()
    page.heading("Loan")
    page.note(
        "Drawn as the capital costs are paid, until operation starts; interest of the years before is paid by equity. What is still owed "
        "in the last year of operation is repaid in that year.",
        lines=2,
    )
    page.input("Loan, share of the capital costs less grants", "loan_share", "-", Validation(0, 1), "percent")
    page.input("Interest rate", "loan_rate", "-", Validation(0, 0.5), "percent2")
    page.input("Repayment period", "loan_tenor_years", "a", Validation(1, 40, whole=True), "count")
    page.input("Operating years without repayment", "loan_grace_years", "a", Validation(0, 20, whole=True), "count")
    page.input("Repayment", "loan_repayment", "-", Validation(choices=REPAYMENTS))
    page.calc("Repayment by annuity", '1*(loan_repayment="Annuity")', "", "count", "loan_annuity", "1: yes, 0: linear")
    page.input("Least debt service cover that the bank asks for", "dscr_minimum", "-", Validation(0, 5), "two")

    page.skip()
    page.heading("In use under the convention chosen")
    for label, name in _ESCALATIONS:
        _in_use(page, label, name, "percent2")
    _in_use(page, "Worn assets are replaced", "replace_assets", "count")
    _in_use(page, "Residual value, share of the book value", "residual_share", "percent")
    page.calc(
        "Annuity factor of the years of operation",
        "1/SUMPRODUCT(flow_in_operation*flow_operation_factors)",
        "1/a",
        "factor",
        "annuity_factor",
        "Of the discount rate; spreads a value at the start of operation over the years of operation",
    )
    page.finish()


def _in_use(page: Page, label: str, name: str, number: str) -> None:
    page.calc(label, f"{name}*full_model", "", number, f"{name}_used")

"""DH Finance: value, return and payback of cash flows, annuities, loans and funding."""

from __future__ import annotations

from dhxl.core import dated_flows, finance, funding, loans, rates, vdi2067
from dhxl.functions.arguments import number, text, vector, whole
from dhxl.functions.spec import Result, example, worksheet_function

CATEGORY = "DH Finance"

_RATE = number("discount_rate", "Interest as a fraction per period (0.05 is 5 %)", "-", above=-1)
_FLOWS = vector("flows_eur", "Cash flow of each period, one after the other; inflow positive", "EUR")
_FLOWS_FROM_YEAR_0 = vector("flows_eur", "Cash flow of year 0, 1, 2, ...; inflow positive", "EUR")
_DATES = vector(
    "dates",
    "Date of each flow, in any order",
    "-",
    at_least=dated_flows.FIRST_DAY,
    at_most=dated_flows.LAST_DAY,
)
_YEARLY_RATE = number("discount_rate", "Interest as a fraction per year (0.05 is 5 %)", "-", above=-1)
_GUESS = number("guess", "Of several rates of return the one nearest to it is given", "-", above=-1)
_HORIZON = number("horizon_years", "Years observed", "a", above=0)
_PRICE_CHANGE = number("price_change", "Rise of the price as a fraction per year (0.02 is 2 %)", "-", above=-1)
_LOAN = (
    number("loan_eur", "Amount paid out at the start of year 1", "EUR", at_least=0),
    number("interest_rate", "Interest as a fraction per year (0.05 is 5 %)", "-", above=-1),
    whole("tenor_years", "Years until it is repaid, grace years included", "a", at_least=1, at_most=loans.MOST_YEARS),
    whole("grace_years", "Years at the beginning in which only interest is paid", "a", at_least=0),
)
_FUNDED_SHARES = (
    number("renewable_share", "Renewable share of the heat, heat pumps in full", "-", at_least=0, at_most=1),
    number("waste_heat_share", "Share of unavoidable waste heat", "-", at_least=0, at_most=1),
)
_REPAYMENTS = {"annuity": loans.annuity_loan_schedule, "linear": loans.linear_loan_schedule}
MICROSOFT_FLOWS = (-10000, 2750, 4250, 3250, 2750)
MICROSOFT_DATES = (39448, 39508, 39751, 39859, 39904)  # 1 January 2008 to 1 April 2009


def _column(*values: float) -> tuple[tuple[float], ...]:
    return tuple((value,) for value in values)


worksheet_function(
    "DH_NPV",
    category=CATEGORY,
    arguments=(
        _RATE,
        _FLOWS,
        number("first_period", "Periods from today to the first flow: 1 as Excel's NPV, 0 is today", "-", at_least=0),
    ),
    result=Result("number", "EUR"),
    examples=(
        example(
            1188.443412,
            0.10,
            _column(-10000, 3000, 4200, 6800),
            source="Microsoft: NPV function, example 1, recomputed",
        ),
        example(0.0, 0.10, _column(-100, 110), 0, source="hand sum"),
    ),
)(finance.net_present_value)

worksheet_function(
    "DH_IRR",
    category=CATEGORY,
    arguments=(_FLOWS, _GUESS),
    result=Result("number", text="fraction per period"),
    note=rates.several_rates_of_return,
    examples=(
        example(
            -0.02124485,
            _column(-70000, 12000, 15000, 18000, 21000),
            source="Microsoft: IRR function, recomputed",
            rel=5e-7,
        ),
        example(
            0.08663095,
            _column(-70000, 12000, 15000, 18000, 21000, 26000),
            source="Microsoft: IRR function, recomputed",
            rel=1e-7,
        ),
        example(0.05, _column(-100, 230, -131.25), source="hand sum: -100 (1 - 1.05/q) (1 - 1.25/q), of 5 % and 25 %"),
        example(0.25, _column(-100, 230, -131.25), 0.3, source="the other one of these"),
    ),
)(rates.internal_rate_of_return)

worksheet_function(
    "DH_XNPV",
    category=CATEGORY,
    arguments=(_YEARLY_RATE, _FLOWS, _DATES),
    result=Result("number", "EUR"),
    examples=(
        example(
            2086.647602,
            0.09,
            _column(*MICROSOFT_FLOWS),
            _column(*MICROSOFT_DATES),
            source="Microsoft: XNPV function, recomputed",
        ),
        example(3000.0, 0, _column(*MICROSOFT_FLOWS), _column(*MICROSOFT_DATES), source="limit: no interest"),
    ),
)(dated_flows.dated_net_present_value)

worksheet_function(
    "DH_XIRR",
    category=CATEGORY,
    arguments=(_FLOWS, _DATES, _GUESS),
    result=Result("number", text="fraction per year"),
    note=dated_flows.several_dated_rates_of_return,
    examples=(
        example(
            0.3733625335,
            _column(*MICROSOFT_FLOWS),
            _column(*MICROSOFT_DATES),
            source="Microsoft: XIRR function, recomputed",
        ),
        example(0.1, _column(-100, 110), _column(45292, 45657), source="hand sum: 365 days"),
    ),
)(dated_flows.dated_rate_of_return)

worksheet_function(
    "DH_PAYBACK",
    category=CATEGORY,
    arguments=(_FLOWS_FROM_YEAR_0,),
    result=Result("number", "a", "years from year 0"),
    examples=(example(2.5, _column(-100, 30, 40, 60), source="hand sum"),),
)(finance.payback)

worksheet_function(
    "DH_DISCOUNTED_PAYBACK",
    category=CATEGORY,
    arguments=(_RATE, _FLOWS_FROM_YEAR_0),
    result=Result("number", "a", "years from year 0"),
    examples=(
        example(1 + (100 - 60 / 1.1) / (60 / 1.21), 0.1, _column(-100, 60, 60), source="hand sum"),
        example(2.5, 0, _column(-100, 30, 40, 60), source="limit: no interest"),
    ),
)(finance.discounted_payback)

worksheet_function(
    "DH_LCOH",
    category=CATEGORY,
    arguments=(
        _RATE,
        vector("cost_eur", "Cost of each period, positive", "EUR"),
        vector("heat_mwh", "Heat sold in the same periods", "MWh", at_least=0),
    ),
    result=Result("number", "EUR/MWh"),
    examples=(
        example(100.0, 0, _column(1000, 500, 500), _column(0, 10, 10), source="hand sum"),
        example(55.0, 0.1, _column(50, 0), _column(0, 1), source="hand sum: 50 EUR now for 1 MWh in a year"),
    ),
)(finance.levelised_cost_of_heat)

worksheet_function(
    "DH_ANNUITY_FACTOR",
    category=CATEGORY,
    arguments=(
        number("discount_rate", "Interest as a fraction per year (0.05 is 5 %)", "-", above=-1),
        number("years", "Number of yearly payments, at each year's end", "a", above=0),
    ),
    result=Result("number", text="fraction of the investment per year"),
    examples=(
        example(0.0611567181252903, 0.02, 20, source="VDI 2067 Part 1, evaluated", rel=1e-12),
        example(0.05, 0, 20, source="limit: no interest"),
    ),
)(finance.annuity_factor)

worksheet_function(
    "DH_PRICE_DYNAMIC_FACTOR",
    category=CATEGORY,
    arguments=(_YEARLY_RATE, _HORIZON, _PRICE_CHANGE),
    result=Result("number", "a", "present value over the first year's payment"),
    examples=(
        example(20 / 1.02, 0.02, 20, 0.02, source="VDI 2067 Part 1: T/q where the rates are equal"),
        example((1 - (1.05 / 1.02) ** 20) / (1.02 - 1.05), 0.02, 20, 0.05, source="VDI 2067 Part 1, evaluated"),
        example(20.0, 0, 20, 0, source="limit: no interest, no change"),
    ),
)(vdi2067.price_dynamic_factor)

worksheet_function(
    "DH_VDI2067_ANNUITY",
    category=CATEGORY,
    arguments=(
        number("payment_eur", "Payment of the first year, a cost or a revenue", "EUR/a"),
        _YEARLY_RATE,
        _HORIZON,
        _PRICE_CHANGE,
    ),
    result=Result("number", "EUR/a"),
    examples=(
        example(1000 * 20 / 1.02 * 0.0611567181252903, 1000, 0.02, 20, 0.02, source="VDI 2067 Part 1, evaluated"),
        example(1000.0, 1000, 0.02, 20, 0, source="limit: no price change"),
    ),
)(vdi2067.payment_annuity)

worksheet_function(
    "DH_VDI2067_CAPITAL",
    category=CATEGORY,
    arguments=(
        number("investment_eur", "Investment at the start", "EUR", at_least=0),
        _YEARLY_RATE,
        _HORIZON,
        number("life_years", "Service life, after which it is replaced", "a", above=0),
        _PRICE_CHANGE,
    ),
    result=Result("number", "EUR/a"),
    examples=(
        example(836.640588139219, 10000, 0.02, 20, 15, 0.015, source="VDI 2067 Part 1, evaluated: one replacement"),
        example(529.253745002324, 10000, 0.02, 20, 25, 0.015, source="VDI 2067 Part 1, evaluated: residual value"),
        example(611.567181252905, 10000, 0.02, 20, 20, 0.015, source="VDI 2067 Part 1, evaluated: used up"),
        example(500.0, 10000, 0, 20, 20, 0, source="limit: no interest"),
    ),
)(vdi2067.capital_annuity)

worksheet_function(
    "DH_LOAN_ANNUITY",
    category=CATEGORY,
    arguments=_LOAN,
    result=Result("number", "EUR/a"),
    examples=(
        example(1037.03208936, 10000, 0.08 / 12, 10, source="Microsoft: PMT function, recomputed (by the month)"),
        example(1000.0, 10000, 0, 12, 2, source="limit: no interest"),
    ),
)(loans.loan_annuity)


@worksheet_function(
    "DH_LOAN_SCHEDULE",
    category=CATEGORY,
    arguments=(
        *_LOAN,
        text("repayment", "annuity: constant payments; linear: equal repayments", tuple(_REPAYMENTS)),
        whole("years", "Rows below the titles, at least the tenor", "a", at_least=1, at_most=loans.MOST_YEARS),
    ),
    result=Result(
        "table", text="titles, then one row a year: opening, interest, repayment, payment and closing in EUR"
    ),
    examples=(
        example(
            (
                loans.SCHEDULE_COLUMNS,
                (1.0, 2000.0, 200.0, 1000.0, 1200.0, 1000.0),
                (2.0, 1000.0, 100.0, 1000.0, 1100.0, 0.0),
                (3.0, 0.0, 0.0, 0.0, 0.0, 0.0),
            ),
            2000,
            0.1,
            2,
            0,
            "linear",
            3,
            source="hand sum",
        ),
        example(
            (
                loans.SCHEDULE_COLUMNS,
                (1.0, 2100.0, 210.0, 1000.0, 1210.0, 1100.0),
                (2.0, 1100.0, 110.0, 1100.0, 1210.0, 0.0),
            ),
            2100,
            0.1,
            2,
            source="hand sum",
        ),
    ),
)
def loan_schedule(
    loan_eur: float,
    interest_rate: float,
    tenor_years: int,
    grace_years: int = 0,
    repayment: str = "annuity",
    years: int | None = None,
) -> list[list[str | float]]:
    """Repayment schedule of a loan: what is owed, paid as interest and repaid in every year.

    Parameters
    ----------
    loan_eur : float
        Amount paid out at the start of year 1, EUR, at least 0.
    interest_rate : float
        Fraction per year, above -1.
    tenor_years : int
        Years until the debt is repaid, the grace years among them, 1 to 1000.
    grace_years : int, optional
        Years at the beginning in which only interest is paid, at least 0 and fewer than the tenor.
    repayment : str, optional
        ``annuity``: interest and repayment together stay the same; ``linear``: the repayment stays the same.
    years : int, optional
        Number of rows below the titles, at least the tenor, which is the default. Later rows are 0, so that a block of
        cells keeps its size when the tenor changes.

    Returns
    -------
    list of rows
        Titles, then year, opening balance, interest, repayment, payment (both together) and closing balance, EUR, all
        positive. Payments fall on the year's end; the last closing balance is exactly 0.

    Raises
    ------
    InputError
        An argument is outside its limits.

    Notes
    -----
    Interest is that of the opening balance: ``Z_k = i K_(k-1)``, ``K_k = K_(k-1) - T_k``. With annuity repayment
    ``K_k = K (1 - (1 + i)^-(m - k)) / (1 - (1 + i)^-m)`` after k of the m years of repayment, with linear repayment
    ``K_k = K (m - k) / m``.

    References
    ----------
    .. [1] Microsoft: IPMT and PPMT functions (interest and principal of an annuity loan).

    Examples
    --------
    >>> [round(row[4], 6) for row in loan_schedule(2100, 0.1, 2)[1:]]
    [1210.0, 1210.0]
    """
    rows = _REPAYMENTS[repayment](loan_eur, interest_rate, tenor_years, grace_years, years)
    return [list(loans.SCHEDULE_COLUMNS), *rows.tolist()]


worksheet_function(
    "DH_FUNDING_GAP",
    category=CATEGORY,
    arguments=(
        _YEARLY_RATE,
        vector("flows_eur", "Cash flow of the project without the grant, from year 0", "EUR"),
        vector("counterfactual_eur", "Cash flow of what would be done without the grant", "EUR"),
    ),
    result=Result("number", "EUR"),
    examples=(
        example(200.0, 0, _column(-1000, 300, 300), _column(-200, 0, 0), source="hand sum"),
        example(100 - 55 / 1.1, 0.1, _column(-100, 55), source="hand sum"),
        example(0.0, 0.1, _column(-100, 120), source="limit: no grant needed"),
    ),
)(funding.funding_gap)

worksheet_function(
    "DH_BEW_CHECK",
    category=CATEGORY,
    arguments=_FUNDED_SHARES,
    result=Result("text", text="threshold met or threshold missed"),
    examples=(
        example("threshold met", 0.6, 0.15, source="BMWK 2022: at least 75 %"),
        example("threshold missed", 0.6, 0.14, source="BMWK 2022: at least 75 %"),
    ),
)(funding.bew_check)

worksheet_function(
    "DH_BEW_GRANT",
    category=CATEGORY,
    arguments=(
        number("eligible_cost_eur", "Eligible investment", "EUR", at_least=0),
        *_FUNDED_SHARES,
        number("funding_gap_eur", "Funding gap, which the grant must not pass", "EUR", at_least=0),
    ),
    result=Result("number", "EUR", "upper limit of the grant"),
    examples=(
        example(3e6, 10e6, 0.6, 0.2, 3e6, source="C.A.R.M.E.N. 2022: limited to the funding gap"),
        example(4e6, 10e6, 0.6, 0.2, source="C.A.R.M.E.N. 2022: 40 %"),
        example(100e6, 300e6, 1, 0, source="C.A.R.M.E.N. 2022: 100 million EUR"),
        example(0.0, 10e6, 0.5, 0.2, source="C.A.R.M.E.N. 2022: below 75 %"),
    ),
)(funding.bew_grant)

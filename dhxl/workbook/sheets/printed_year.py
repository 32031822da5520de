"""Operation, lower part: the year that a study prints, line by line, and the bridge from its margin to ours."""

from __future__ import annotations

from dataclasses import dataclass

from dhxl.workbook.page import Book, absolute

_TITLES = (
    "Solution 1", "Printed price", "Printed quantity", "Printed\nEUR/a", "Implied price\n= EUR / quantity",
    "Printed price x quantity, EUR/a", "dhxl quantity", "dhxl price", "dhxl\nEUR/a", "Note",
)  # fmt: skip
_NOTES = 10
LAST_COLUMN = 15  # one more than the upper part reaches
NOTE_WIDTH = 40
_NOTE_LETTERS = 110  # of a note on one line


@dataclass(frozen=True, slots=True)
class _Line:
    label: str
    price: str
    quantity: str
    total: str
    ours: tuple[str, str, str]
    note: str


def write(book: Book) -> None:
    """Write the comparison below what stands on the sheet."""
    page, places = book.pages["Operation"], book.places
    page.heading("Solution 1 against the study's Table 4: printed, implied, dhxl", LAST_COLUMN)
    page.columns(_TITLES, height=58)
    revenue = (
        _Line("Heat sold, MWh", "heat_price_eur_per_mwh", "heat_sold_mwh", "heat_revenue_eur",
              ("heat_sold_mwh_1", "heat_price_eur_per_mwh", "heat_tariff_eur_1"),
              "The printed revenue is 44,922 MWh at 85.0 EUR/MWh, not at the printed 114"),
        _Line("Power sold, MWh", "power_price_eur_per_mwh", "power_sold_mwh", "power_revenue_eur",
              ("power_sold_mwh_1", "power_sale_price_eur_per_mwh_1", places["Power sold 1"]),
              "The printed revenue is 9,361 MWh at 85.0 EUR/MWh, not at the printed 93; dhxl sells in the hours it pays"),
    )  # fmt: skip
    costs = (
        _Line("Gas for CHP, Sm³", "gas_price_eur_per_sm3", "chp_gas_sm3", "chp_gas_eur",
              ("gas_chp_mwh_1/gas_lhv_kwh_per_sm3*1000", "gas_price_eur_per_sm3", places["Gas for CHP 1"]),
              "Price times quantity holds"),
        _Line("Gas for boilers, Sm³", "gas_price_eur_per_sm3", "boiler_gas_sm3", "boiler_gas_eur",
              ("gas_boiler_mwh_1/gas_lhv_kwh_per_sm3*1000", "gas_price_eur_per_sm3", places["Gas for boilers 1"]),
              "The printed cost is 1,202,337 Sm³ at 0.56, not the printed 912,339; it gives the 22 % of Fig. 4 at efficiency 0.936"),
        _Line("Power bought, MWh", "purchase_price_eur_per_mwh", "power_bought_mwh", "power_bought_eur",
              ("power_bought_mwh_1", "power_purchase_price_eur_per_mwh_1+charges_eur_per_mwh",
               f"{places['Power bought 1']}+{places['Charges on power bought 1']}"),
              "276 MWh is not reproduced. The printed balance leaves the heat pumps 8,584 MWh, COP 2.40 on 42 %; at 2.18, hour by hour, more is bought"),
    )  # fmt: skip
    for line in revenue:
        _line(book, line)
    _lump(book, "Not itemised: tax credit, white certificates", "revenue_total_eur", revenue, "Incentives",
          "Split into inputs of sheet Prices; see below")  # fmt: skip
    _total(book, "Revenues", "revenue_total_eur",
           'heat_tariff_eur_1+SUMIF(line_category,"Heat revenue",line_eur_1)+SUMIF(line_category,"Power revenue",line_eur_1)+operating_incentives_eur_1')  # fmt: skip
    for line in costs:
        _line(book, line)
    _lump(book, "Not itemised: maintenance, overhaul", "cost_total_eur", costs, "Maintenance",
          "Split into inputs of sheet Costs; see below")  # fmt: skip
    _total(book, "Costs", "cost_total_eur", "operating_cost_eur_1")
    row = page.row
    printed = book.rows["operation"]
    page.sheet.write(row, 1, "Operating margin", page.style("calc_bold"))
    for col in (2, 3, 5, 6, 7, 8):
        page.sheet.write_blank(row, col, None, page.style("calc_bold"))
    page.sheet.write_formula(
        row, 4, f"=E{printed['Revenues'] + 1}-E{printed['Costs'] + 1}", page.style("calc_bold", "money"), 0
    )
    page.sheet.write_formula(row, 9, "=operating_margin_eur_1", page.style("calc_bold", "money"), 0)
    _note(book, row, "From the printed totals; it supports neither the printed payback nor the printed IRR")
    book.rows["operation"]["Margin"] = row
    page.row += 2
    _split(book)
    page.skip()
    _bridge(book)
    page.skip()
    page.note("The study publishes neither its load profile nor its price series. The inputs behind these results were found by search: "
              "they show that its heat shares are attainable by a least-cost dispatch, not that they are the authors' inputs.", LAST_COLUMN)  # fmt: skip


def _note(book: Book, row: int, text: str) -> None:
    page = book.pages["Operation"]
    page.sheet.merge_range(row, _NOTES, row, LAST_COLUMN, text, page.style("note"))
    if len(text) > _NOTE_LETTERS:
        page.sheet.set_row(row, 27)


def _line(book: Book, line: _Line) -> None:
    page, row, printed = book.pages["Operation"], book.pages["Operation"].row, book.case.printed
    r = row + 1
    page.sheet.write(row, 1, line.label, page.style("label"))
    page.sheet.write(row, 2, printed[line.price], page.style("printed", "two"))
    page.sheet.write(row, 3, printed[line.quantity], page.style("printed", "integer"))
    page.sheet.write(row, 4, printed[line.total], page.style("printed", "money"))
    page.sheet.write_formula(row, 5, f"=E{r}/D{r}", page.style("calc", "two"), 0)
    page.sheet.write_formula(row, 6, f"=C{r}*D{r}", page.style("calc", "money"), 0)
    for col, formula, number in zip((7, 8, 9), line.ours, ("integer", "two", "money"), strict=True):
        page.sheet.write_formula(row, col, "=" + formula, page.style("calc", number), 0)
    _note(book, row, line.note)
    book.rows.setdefault("operation", {})[line.label] = row
    page.row += 1


def _lump(book: Book, label: str, total: str, lines: tuple[_Line, ...], category: str, note: str) -> None:
    page, row, printed = book.pages["Operation"], book.pages["Operation"].row, book.case.printed
    first = row - len(lines) + 1
    page.sheet.write(row, 1, label, page.style("label"))
    for col in (2, 3, 5, 6, 7, 8):
        page.sheet.write_blank(row, col, None, page.style("calc"))
    page.sheet.write_formula(row, 4, f"=E{row + 2}-SUM(E{first}:E{row})", page.style("calc", "money"), 0)
    page.sheet.write_formula(row, 9, f'=SUMIF(line_category,"{category}",line_eur_1)', page.style("calc", "money"), 0)
    _note(book, row, f"Printed total {printed[total]:,} less the lines above. {note}")
    if category == "Incentives":
        book.name("operating_incentives_eur_1", absolute(page.name, row, 9))
    book.rows["operation"][category] = row
    page.row += 1


def _total(book: Book, label: str, key: str, formula: str) -> None:
    page, row = book.pages["Operation"], book.pages["Operation"].row
    page.sheet.write(row, 1, label, page.style("calc_bold"))
    for col in (2, 3, 5, 6, 7, 8):
        page.sheet.write_blank(row, col, None, page.style("calc_bold"))
    page.sheet.write(row, 4, book.case.printed[key], page.style("printed", "money", bold=True))
    page.sheet.write_formula(row, 9, "=" + formula, page.style("calc_bold", "money"), 0)
    book.rows["operation"][label] = row
    page.row += 1


def _split(book: Book) -> None:
    page, rows = book.pages["Operation"], book.rows["operation"]
    page.heading("Our split of the lump sums, at the study's printed quantities", LAST_COLUMN)
    page.columns(("", "Rate", "Quantity", "EUR/a"), height=18)
    heat = f"D{rows['Heat sold, MWh'] + 1}"
    gas = f"D{rows['Gas for CHP, Sm³'] + 1}"
    efficiency, share, production = "printed_chp_efficiency", "printed_heat_pump_share", "printed_production_mwh"
    for label, name, value, number in (
        ("Electrical efficiency of the CHP (sheet Plant)", efficiency, None, "percent2"),
        ("Heat pump share, printed in Fig. 4", share, book.case.printed["heat_share_heat_pump"][0], "percent"),
        ("Heat produced, printed in Table 1, MWh", production, book.case.printed["production_mwh"], "integer"),
    ):
        page.sheet.write(page.row, 1, label, page.style("label"))
        if value is None:
            area = book.places["CHP efficiency 1"]
            page.sheet.write_formula(page.row, 3, f"={area}", page.style("calc", number), 0)
        else:
            page.sheet.write(page.row, 3, value, page.style("printed", number))
        book.name(name, absolute(page.name, page.row, 3))
        page.row += 1
    power, pumped = f"{gas}*gas_lhv_kwh_per_sm3/1000*{efficiency}", f"{production}*{share}"
    groups = (
        ("Incentives", rows["Incentives"], (
            ("Tax credit, per MWh heat sold", "tax_credit_eur_per_mwh", heat),
            ("White certificates, per MWh power of the CHP", "white_certificate_chp_eur_per_mwh", power),
            ("White certificates, per MWh heat of heat pumps", "white_certificate_heat_pump_eur_per_mwh", pumped),
        )),
        ("Maintenance", rows["Maintenance"], (
            ("Full service of the CHP, per MWh power", "chp_maintenance_eur_per_mwh", power),
            ("Heat pumps, per MWh heat", "heat_pump_maintenance_eur_per_mwh", pumped),
            ("Major overhaul of the CHP, fixed", "chp_overhaul_eur", "1"),
            ("Other equipment, fixed", "other_maintenance_eur", "1"),
        )),
    )  # fmt: skip
    for title, lump, lines in groups:
        first = page.row
        for label, rate, quantity in lines:
            row = page.row
            page.sheet.write(row, 1, label, page.style("label"))
            page.sheet.write_formula(row, 2, f"={rate}", page.style("calc", "two"), 0)
            page.sheet.write_formula(row, 3, f"={quantity}", page.style("calc", "integer"), 0)
            page.sheet.write_formula(row, 4, f"=C{row + 1}*D{row + 1}", page.style("calc", "money"), 0)
            page.row += 1
        row = page.row
        page.sheet.write(row, 1, f"{title}, sum less the printed lump sum", page.style("calc_bold"))
        for col in (2, 3):
            page.sheet.write_blank(row, col, None, page.style("calc_bold"))
        formula = f"=SUM(E{first + 1}:E{row})-E{lump + 1}"
        page.sheet.write_formula(row, 4, formula, page.style("calc_bold", "two"), 0)
        page.sheet.write(row, 5, "EUR/a; rounding of the rates", page.style("unit"))
        page.row += 1


def _bridge(book: Book) -> None:
    page, rows = book.pages["Operation"], book.rows["operation"]
    heat, power = rows["Heat sold, MWh"] + 1, rows["Power sold, MWh"] + 1
    chp, boiler = rows["Gas for CHP, Sm³"] + 1, rows["Gas for boilers, Sm³"] + 1
    bought = rows["Power bought, MWh"] + 1
    incentives, maintenance = rows["Incentives"] + 1, rows["Maintenance"] + 1
    page.heading("Bridge from the study's annual margin to ours", LAST_COLUMN)
    page.columns(("Step", "", "", "EUR/a"), height=18)
    first = page.row
    steps = (
        ("Margin from the printed totals of Table 4", f"E{rows['Margin'] + 1}", "5,882,777 - 3,856,019"),
        ("Heat at the printed 114 instead of the 85.0 that was used", f"G{heat}-E{heat}", ""),
        ("Power at the printed 93 instead of the 85.0 that was used", f"G{power}-E{power}", ""),
        ("Boiler gas at the printed quantity instead of the printed cost", f"E{boiler}-G{boiler}", "Together 3,566,783: the margin of the convention closest to Table 5"),
        ("Heat sold: dhxl quantity and tariff", f"J{heat}-G{heat}", "Unserved heat, and other tariffs if edited"),
        ("Power sold: quantity", f"(H{power}-D{power})*C{power}", "At the printed 93"),
        ("Power sold: price in the hours of sale", f"H{power}*(I{power}-C{power})", "CHP sells when the price is high"),
        ("Incentives at dhxl's quantities", f"J{incentives}-E{incentives}", ""),
        ("CHP gas", f"E{chp}-J{chp}", ""),
        ("Boiler gas", f"G{boiler}-J{boiler}", ""),
        ("Power bought, with charges", f"E{bought}-J{bought}", ""),
        ("Maintenance at dhxl's quantities", f"E{maintenance}-J{maintenance}", ""),
        ("Revenue lines added to the table of line items",
         f'SUMIF(line_category,"Heat revenue",line_eur_1)+SUMIF(line_category,"Power revenue",line_eur_1)-J{power}', "0 in the study's case"),
        ("Fuel lines added", f'J{chp}+J{boiler}-SUMIF(line_category,"Fuel",line_eur_1)', "0 in the study's case"),
        ("Power of the network pumps, electricity lines added", f'J{bought}-SUMIF(line_category,"Electricity",line_eur_1)', "0 in the study's case"),
        ("Insurance, administration, carbon price, other costs", '-SUMIF(line_category,"Other cost",line_eur_1)', "0 in the study's case"),
    )  # fmt: skip
    for label, formula, note in steps:
        page.sheet.write(page.row, 1, label, page.style("label"))
        page.sheet.write_formula(page.row, 4, "=" + formula, page.style("calc", "money"), 0)
        page.sheet.write(page.row, 5, note, page.style("unit"))
        page.row += 1
    last = page.row
    page.sheet.write(page.row, 1, "Operating margin of dhxl by this bridge", page.style("calc_bold"))
    page.sheet.write_formula(page.row, 4, f"=SUM(E{first + 1}:E{last})", page.style("calc_bold", "money"), 0)
    page.row += 1
    page.sheet.write(page.row, 1, "Operating margin of dhxl (sheet Compare)", page.style("label"))
    page.sheet.write_formula(page.row, 4, "=operating_margin_eur_1", page.style("calc", "money"), 0)
    page.row += 1
    page.sheet.write(page.row, 1, "Bridge closes: difference", page.style("label_bold"))
    page.sheet.write_formula(page.row, 4, f"=E{page.row - 1}-E{page.row}", page.style("calc_bold", "two"), 0)
    book.name("bridge_difference_eur", absolute(page.name, page.row, 4))
    page.row += 1

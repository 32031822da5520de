"""Numbers as texts in a format and texts as numbers, as Excel makes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import Facts, value_of


def text_of(value: object, code: str) -> object:
    """Return what TEXT gives for a value in a cell."""
    quoted = code.replace('"', '""')
    return value_of(f'=TEXT(A1,"{quoted}")', {"A1": value})


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        # Microsoft: TEXT, examples
        (1234.567, "$#,##0.00", "$1,234.57"),
        (0.285, "0.0%", "28.5%"),
        (4.34, "# ?/?", "4 1/3"),
        (12200000, "0.00E+00", "1.22E+07"),
        (1234567898, "[<=9999999]###-####;(###) ###-####", "(123) 456-7898"),
        (1234, "0000000", "0001234"),
        (123456, "##0° 00' 00''", "12° 34' 56''"),
        # places for digits
        (0, "#", ""),
        (0, "#.##", "."),
        (5, "0.##", "5."),
        (0.5, "#.0", ".5"),
        (5, "???", "  5"),
        (12345.678, "#,##0.0", "12,345.7"),
        (5, "0,000", "0,005"),
        (5, "?,???", "    5"),
        (12200000, "0.0,,", "12.2"),
        (12345, "#,##0,", "12"),
        (-1234.5, "0", "-1235"),
        (-0.001, "0.00", "-0.00"),
        (1.005, "0.00", "1.01"),
        (2.675, "0.00", "2.68"),
        (0.1 + 0.2, "0.00000000000000000000", "0.30000000000000000000"),
        (1e20, "0", "100000000000000000000"),
        (123456789012345678, "0", "123456789012346000"),
        (0.5, "0%%", "5000%%"),
        (941051630, "00000-0000", "94105-1630"),
        (123456789, "000-00-0000", "123-45-6789"),
        (3.14159, '"This is a ".00"test"000', "This is a 3.14test159"),
        # exponents
        (12345, "##0.0E+0", "12.3E+3"),
        (0.00012345, "0.0E-0", "1.2E-4"),
        (12345, "0.0E-00", "1.2E04"),
        (9.999, "0.00E+00", "1.00E+01"),
        (0, "0.00E+00", "0.00E+00"),
        # fractions (SheetJS SSF, test/fraction.json: what Excel shows)
        (1, "# ?/?", "1    "),
        (-123.456, "# ?/?", "-123 1/2"),
        (123.45, "# ?/?", "123 4/9"),
        (12345.6789, "# ??/??", "12345 55/81"),
        (-1.2, "# ??/??", "-1  1/5 "),
        (-12345.67891, "# ???/???", "-12345 573/844"),
        (12.3, "# ?/2", "12 1/2"),
        (123.45, "# ??/100", "123 45/100"),
        (12.3456789, "??/??", "1000/81"),
        (0.2, "# ?/?", " 1/5"),
        (0, "# ?/?", "0    "),
        # Apache POI, NumberFormatTests.xlsx: what Excel stored for fractions without a whole number or a remainder
        (23.75, "|#\\:#/#|", "|23:3/4|"),
        (0.75, "|#\\:#/#|", "|3/4|"),
        (1, "|#\\:#/#|", "|1|"),
        (0.75, "|#\\:?=/=#|", "| 3=/=4|"),
        (-0.75, "|?\\:0=/=#|", "-|  3=/=4|"),
        (0.75, "|0\\:#=/=?|", "|0:3=/=4|"),
        (0, "|0\\:?=/=#|", "|0      |"),
        (0, "|?\\:0=/=#|", "|0:0=/=1|"),
        (0, "|#\\:0=/=#|", "|0=/=1|"),
        (1, "|#\\:? ?0#/000", "|:1  00/001"),
        (23.75, "|#\\:? ?0#/000", "|2:3  03/004"),
        (3.75, "|#_#=/=#|", "|15 =/=4|"),
        (0.75, "|#-#-#\\:#/#|", "|--3/4|"),
        (1234567, ",#", ",1234567"),
        # sections and conditions
        (5, "0;(0);-", "5"),
        (-5, "0;(0);-", "(5)"),
        (0, "0;(0);-", "-"),
        (-5, "0.0;;", ""),
        ("abc", '0;0;0;"text "@', "text abc"),
        ("abc", "0.00", "abc"),
        ("abc", '"<"@">"', "<abc>"),
        (5, "@", "5"),
        (-5, "[<100]0;0", "-5"),
        (-5, "[<0]0;0", "5"),
        (150, '[>100]"big";"small"', "big"),
        (1500000, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1.5M"),
        (-20, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "-20"),
        (-26, "[Red][<-25]General;[Blue][>25]General;[Green]General", "26"),
        (-25, "[Red][<-25]General;[Blue][>25]General;[Green]General", "-25"),
        # texts, spaces, colours, currencies of locales
        (-3.14159, '"-"0.00', "--3.14"),
        (1, '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)', " $1 "),
        (-1, '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)', " $(1)"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (3.14159, "[$INR]\\ #,##0.00", "INR 3.14"),
        (5, "[Red]0 \\m\\2", "5 m2"),
        (5, "[Color10]0", "5"),
        (1.5, "0.0 €", "1.5 €"),
        # General
        (1 / 3, "General", "0.333333333"),
        (1234567890123, "General", "1.23457E+12"),
        (12345670000, "General", "12345670000"),
        (1.234567e-5, "General", "1.23457E-05"),
        (1.234567e-4, "General", "0.000123457"),
        (1e-9, "General", "0.000000001"),
        (999999999999, "General", "1E+12"),
        (-5, 'General" m"', "-5 m"),
        # dates and times
        (45301.75, "dddd, d mmmm yyyy h:mm AM/PM", "Wednesday, 10 January 2024 6:00 PM"),
        (45301, "dd.mm.yy", "10.01.24"),
        (45301, "ddd mmm mmmmm", "Wed Jan J"),
        (45301, "yyyy-mm-dd", "2024-01-10"),
        (45301, "yyyy/m", "2024/1"),
        (45301.5, "[$-407]d. mmmm yyyy", "10. Januar 2024"),
        (45301.5, "[$-410]dddd", "mercoledì"),
        (45301, "[$-409]mmm\\-yy", "Jan-24"),
        (0.70707, "hh:mm:ss.000", "16:58:10.848"),
        (0.70707, "h:m", "16:58"),
        (0.70707, "mm:ss", "58:11"),
        (0.7, "hh:mm AM/PM", "04:48 PM"),
        (0.5, "h A/P", "12 P"),
        (0.01, "h AM/PM", "12 AM"),
        (1.5, "[h]:mm", "36:00"),
        (1.5, "[mm]", "2160"),
        (0.001, "[s]", "86"),
        # Apache POI, ElapsedFormatTests.xlsx: what Excel stored
        (3.14159, '"It was "[h]" [yes, "h"] hours and "mm:ss', "It was 75 [yes, 75] hours and 23:53"),
        (3.14159, 's:m" @ hour "[hh]', "53:23 @ hour 75"),
        (3.14159, '[s]" [yes, "ss"] seconds"', "271433 [yes, 271433] seconds"),
        (2.9999999999999996, "[h]:mm:ss;@", "72:00:00"),
        (0.99999999, "hh:mm:ss", "00:00:00"),
        (0, "yyyy-mm-dd", "1900-01-00"),
        (60, "d mmm yyyy", "29 Feb 1900"),
        # other kinds of value
        (True, "0", "TRUE"),
        (False, ";;;-@-", "-FALSE-"),
        (None, "0.0", "0.0"),
        ("5", "0.00", "5.00"),
        ("1/10/2024", "d mmm", "10 Jan"),
        (5, "", ""),
        (5, '"five"', "five"),
    ],
)
def test_text_shows_a_value_as_excel_does(value: object, code: str, text: str) -> None:
    assert text_of(value, code) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (45301, "TT.MM.JJJJ"),  # German letters, which would be shown as they are
        (45301, "jj/mm/aaaa"),
        (-1, "yyyy"),
        (-0.5, "[h]:mm"),
        (2958466, "yyyy"),
        (5, "0 years"),
        (5, "0 kWh"),
        (5, '"open'),
        (5, "[h"),
        (5, "[Nothing]0"),
        (5, "0;0;0;0;0"),
        (5, "hhh"),
        (5, "00/00/0000"),
        (45301, "[$-407]mmm"),
        (45301, "[$-F800]dddd, mmmm dd, yyyy"),
    ],
)
def test_text_refuses_a_format_that_shows_nothing_certain(value: float, code: str) -> None:
    assert text_of(value, code) == "#VALUE!"


def test_text_passes_on_an_error_value() -> None:
    assert text_of("#DIV/0!", "0") == "#DIV/0!"


def test_text_knows_negative_times_in_a_workbook_with_the_1904_date_system() -> None:
    facts = Facts(date1904=True)
    assert value_of('=TEXT(-0.5,"h:mm")', facts=facts) == "-12:00"
    assert value_of('=TEXT(0,"d mmm yyyy")', facts=facts) == "1 Jan 1904"
    # Apache POI, ElapsedFormatTests.xlsx and DateFormatNumberTests.xlsx: what Excel stored
    assert value_of('=TEXT(-3.14159,"[h]:m:s.000")', facts=facts) == "-75:23:53.376"
    assert value_of('=TEXT(1.0032134017094,"yyyy-mm-dd hh:mm:ss.00")', facts=facts) == "1904-01-02 00:04:37.64"


def test_text_over_an_array_is_text_of_each_element() -> None:
    assert value_of('=TEXT({1,"a";TRUE,2.5},"0.0")') == [["1.0", "a"], ["TRUE", "2.5"]]
    assert value_of('=SUMPRODUCT(--(TEXT(A1:A3,"mmm")="Jan"))', {"A1": 45301, "A2": 45401, "A3": 45303}) == 2


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=FIXED(1234.567,1)", "1,234.6"),
        ("=FIXED(1234.567,-1)", "1,230"),
        ("=FIXED(-1234.567,-1,TRUE)", "-1230"),
        ("=FIXED(44.332)", "44.33"),
        ("=DOLLAR(1234.567,2)", "$1,234.57"),
        ("=DOLLAR(1234.567,-2)", "$1,200"),
        ("=DOLLAR(-1234.567,-2)", "($1,200)"),
        ("=DOLLAR(-0.123,4)", "($0.1230)"),
        ("=DOLLAR(99.888)", "$99.89"),
        ('=NUMBERVALUE("2.500,27",",",".")', 2500.27),
        ('=NUMBERVALUE("3.5%")', 0.035),
        ('=VALUE("$1,000")', 1000.0),
        ('=VALUE("16:48:00")-VALUE("12:00:00")', pytest.approx(0.2)),
        # beyond
        ("=FIXED(1.005)", "1.01"),
        ("=FIXED(-0.001)", "0.00"),
        ("=FIXED(1E+15,0)", "1,000,000,000,000,000"),
        ("=FIXED(5,-3)", "0"),
        ("=FIXED(1234.5,1,FALSE)", "1,234.5"),
        ('=FIXED("2.5",0)', "3"),
        ("=FIXED(1,128)", "#VALUE!"),
        ('=NUMBERVALUE(" 1 000 . 5 ")', 1000.5),
        ('=NUMBERVALUE("")', 0.0),
        ('=NUMBERVALUE("9%%")', 0.0009),
        ('=NUMBERVALUE("1.5,000")', "#VALUE!"),
        ('=NUMBERVALUE("1.2.3")', "#VALUE!"),
        ('=NUMBERVALUE("abc")', "#VALUE!"),
        ('=VALUE("5%")', 0.05),
        ('=VALUE("(5)")', -5.0),
        ('=VALUE("1E3")', 1000.0),
        ("=VALUE(A1)", 0.0),
        ("=VALUE(7)", 7.0),
        ("=VALUE(TRUE)", "#VALUE!"),
        ('=VALUE("abc")', "#VALUE!"),
        ('=VALUE("")', "#VALUE!"),
        ("=VALUE(1/0)", "#DIV/0!"),
    ],
)
def test_a_number_becomes_a_text_and_a_text_a_number(formula: str, value: object) -> None:
    assert value_of(formula) == value


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_a_fixed_number_of_decimals_is_the_rounded_number(number: float, places: int) -> None:
    exact = Decimal(f"{number:.14e}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    shown = text_of(number, "0." + "0" * places if places else "0")
    assert shown == f"{'-' if number < 0 else ''}{abs(exact):.{places}f}"
    assert value_of(f"=VALUE(FIXED({number!r},{places}))") == float(exact)


@given(st.floats(-1e15, 1e15), st.text('0#?,.%;-()E+/@ hmsdy[]$"\\_*GenralkM0123456789', max_size=12))
def test_any_format_gives_a_text_or_an_error_value(number: float, code: str) -> None:
    assert isinstance(text_of(number, code), str)

"""Dates, times and working days, as Excel calculates them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import Facts, value_of

CELLS = {
    "A1": 45301.75,
    "A2": "1/10/2024",
    "A3": True,
    "A4": "#REF!",
    # Microsoft: NETWORKDAYS, example
    "B1": 41183,
    "B2": 41334,
    "B3": 41235,
    "B4": 41247,
    "B5": 41295,
    # Microsoft: WORKDAY, example
    "C1": 39722,
    "C2": 39778,
    "C3": 39786,
    "C4": 39834,
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=DATE(2008,14,2)", 39846),
        ("=DATE(2008,-3,2)", 39327),
        ("=DATE(2008,1,35)", 39482),
        ("=DATE(2008,1,-15)", 39432),
        ("=DATE(108,1,2)", 39449),
        ('=DATEVALUE("8/22/2011")', 40777),
        ('=DATEVALUE("22-MAY-2011")', 40685),
        ('=DATEVALUE("2011/02/23")', 40597),
        ('=DAYS("15-MAR-2021","1-FEB-2021")', 42),
        ("=DAYS(DATE(2021,12,31),DATE(2021,1,1))", 364),
        ("=DAYS360(DATE(2011,1,30),DATE(2011,2,1))", 1),
        ("=DAYS360(DATE(2011,1,1),DATE(2011,12,31))", 360),
        ("=DAYS360(DATE(2011,1,1),DATE(2011,2,1))", 30),
        ("=EDATE(DATE(2011,1,15),1)", 40589),
        ("=EDATE(DATE(2011,1,15),-1)", 40527),
        ("=EDATE(DATE(2011,1,15),2)", 40617),
        ("=EOMONTH(DATE(2011,1,1),1)", 40602),
        ("=EOMONTH(DATE(2011,1,1),-3)", 40482),
        ("=HOUR(0.75)", 18),
        ('=HOUR("7/18/2011 7:45")', 7),
        ('=MINUTE("12:45:00 PM")', 45),
        ('=SECOND("4:48:18 PM")', 18),
        ('=SECOND("4:48 PM")', 0),
        ("=TIME(12,0,0)", 0.5),
        ("=TIME(16,48,10)", 60490 / 86400),
        ('=TIMEVALUE("2:24 AM")', 0.1),
        ('=TIMEVALUE("22-Aug-2011 6:35 AM")', 395 / 1440),
        ("=WEEKDAY(DATE(2008,2,14))", 5),
        ("=WEEKDAY(DATE(2008,2,14),2)", 4),
        ("=WEEKDAY(DATE(2008,2,14),3)", 3),
        ("=WEEKNUM(DATE(2012,3,9))", 10),
        ("=WEEKNUM(DATE(2012,3,9),2)", 11),
        ("=ISOWEEKNUM(DATE(2012,3,9))", 10),
        ("=NETWORKDAYS(B1,B2)", 110),
        ("=NETWORKDAYS(B1,B2,B3)", 109),
        ("=NETWORKDAYS(B1,B2,B3:B5)", 107),
        ("=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,1,31))", 22),
        ("=NETWORKDAYS.INTL(DATE(2006,2,28),DATE(2006,1,31))", -21),
        ('=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),7,{"2006/1/2","2006/1/16"})', 22),
        ('=NETWORKDAYS.INTL(DATE(2006,1,1),DATE(2006,2,1),"0010001",{"2006/1/2","2006/1/16"})', 20),
        ("=WORKDAY(C1,151)", 39933),
        ("=WORKDAY(C1,151,C2:C4)", 39938),
        ("=WORKDAY.INTL(DATE(2012,1,1),90,11)", 41013),
        ("=WORKDAY.INTL(DATE(2012,1,1),30,17)", 40944),
        ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30))", 0.58055556),
        ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),1)", 0.57650273),
        ("=YEARFRAC(DATE(2012,1,1),DATE(2012,7,30),3)", 0.57808219),
        ('=DATEDIF("1/1/2001","1/1/2003","Y")', 2),
        ('=DATEDIF("6/1/2001","8/15/2002","D")', 440),
        ('=DATEDIF("6/1/2001","8/15/2002","YD")', 75),
        # Microsoft Knowledge Base Q89031: YEARFRAC with basis 1 and leap years, since Excel 5 otherwise within a year
        ("=YEARFRAC(DATE(1992,1,1),DATE(1992,6,1),1)", 152 / 366),
        # MATLAB Answers 246088: Excel's YEARFRAC
        ("=YEARFRAC(DATE(2015,5,31),DATE(2025,2,7),1)", 9.69138875062),
        ("=YEARFRAC(DATE(2012,7,30),DATE(2012,1,1))", 0.58055556),
        ("=YEARFRAC(DATE(2020,2,29),DATE(2021,2,28),0)", 1.0),
        ("=YEARFRAC(DATE(2020,1,31),DATE(2020,3,31),4)", 60 / 360),
        ("=YEARFRAC(40000,40000,1)", 0.0),
        # the 29 February 1900 that never was, and the day before 1 January 1900
        ("=DATE(1900,1,0)", 0),
        ("=DATE(1900,2,29)", 60),
        ("=DATE(1900,3,0)", 60),
        ("=DATE(1900,2,30)", 61),
        ("=DAY(60)", 29),
        ("=MONTH(60)", 2),
        ("=DAY(0)", 0),
        ("=MONTH(0)", 1),
        ("=YEAR(E9)", 1900),
        ("=WEEKDAY(0)", 7),
        ("=WEEKDAY(1)", 1),
        ("=EOMONTH(E9,0)", 31),
        ("=EDATE(E9,12)", 366),
        ("=YEAR(2958465)", 9999),
        # Apache POI, TestCalendarFieldFunction: half a second counts as one
        ("=DAY(41484.9999942129)", 29),
        ("=SECOND(41484.9999942129)", 59),
        ("=DAY(41484.9999942130)", 30),
        ("=HOUR(41484.9999942130)", 0),
        ("=SECOND(41484.9999942130)", 0),
        ("=MINUTE(2.26)", 14),
        ("=SECOND(2.26)", 24),
        ("=HOUR(41364.125)", 3),
        # Apache POI, TestDays360
        ("=DAYS360(DATE(1993,2,28),DATE(1993,3,1))", 1),
        ("=DAYS360(DATE(1993,2,28),DATE(1993,2,28))", -2),
        ("=DAYS360(DATE(1993,2,28),DATE(1993,3,1),TRUE)", 3),
        ("=DAYS360(DATE(2018,2,28),DATE(2018,3,31))", 30),
        ("=DAYS360(DATE(2008,8,11),DATE(2010,3,3))", 562),
        ("=DAYS360(DATE(2010,3,3),DATE(2008,8,11))", -562),
        # months with fewer days
        ("=EDATE(DATE(2024,1,31),1)", 45351),
        ("=EDATE(DATE(2024,2,29),12)", 45716),
        ("=EOMONTH(DATE(2024,1,31),1)", 45351),
        ("=EDATE(45000.9,1.9)", 45031),
        ("=EDATE(45000,-1.9)", 44972),
        # addinbox.sakura.ne.jp: Excel's DATEDIF counts a 31 February on into March
        ('=DATEDIF(DATE(1998,10,31),DATE(2000,3,21),"MD")', 19),
        ('=DATEDIF(DATE(1998,10,31),DATE(2000,3,1),"md")', -1),
        # a comment in LibreOffice's source: Excel gives 323
        ('=DATEDIF(DATE(1988,6,22),DATE(2012,5,11),"yd")', 323),
        ('=DATEDIF(DATE(2020,2,29),DATE(2021,2,28),"Y")', 0),
        ('=DATEDIF(DATE(2020,1,31),DATE(2020,3,30),"M")', 1),
        ('=DATEDIF(DATE(2019,11,30),DATE(2021,2,28),"YM")', 2),
        # times beyond a day, negative parts
        ("=TIME(27,0,0)", 0.125),
        ("=TIME(0,-10,3600)", 50 / 1440),
        ('=TIMEVALUE("27:00")', 0.125),
        ('=DATEVALUE("1/2/2024 6:00 PM")', 45293),
        # kinds of week
        ("=WEEKDAY(DATE(2023,1,1),11)", 7),
        ("=WEEKDAY(DATE(2023,1,1),17)", 1),
        ("=WEEKDAY(DATE(2023,1,1),14)", 4),
        ("=WEEKNUM(DATE(2023,1,1),2)", 1),
        ("=WEEKNUM(DATE(2023,1,2),2)", 2),
        ("=WEEKNUM(DATE(2023,1,1),21)", 52),
        ("=WEEKNUM(DATE(2023,12,31),16)", 53),
        ("=WEEKNUM(DATE(2012,12,31),1)", 53),
        ("=ISOWEEKNUM(DATE(2021,1,3))", 53),
        ("=ISOWEEKNUM(DATE(2018,12,31))", 1),
        # working days: none to go is the day itself; from a weekend; backwards; free days
        ("=WORKDAY(DATE(2024,1,6),0)", 45297),
        ("=WORKDAY(DATE(2024,1,6),1)", 45299),
        ("=WORKDAY(DATE(2024,1,6),5)", 45303),
        ("=WORKDAY(DATE(2024,1,6),-5)", 45292),
        ("=WORKDAY(DATE(2024,1,8),-1,DATE(2024,1,5))", 45295),
        ("=WORKDAY(DATE(2024,1,1),4,{45293,45297,45299})", 45300),
        ('=NETWORKDAYS.INTL(45000,45100,"1111111")', 0),
        ("=NETWORKDAYS(45298,45297)", 0),
        ("=NETWORKDAYS(45299,45296)", -2),
        ("=NETWORKDAYS(45292,45298,E1:E9)", 5),
        ("=NETWORKDAYS.INTL(45292,45298,11)", 6),
        # texts, TRUE, time of day
        ("=YEAR(A2)", 2024),
        ("=DAY(A1)", 10),
        ("=YEAR(TRUE)", 1900),
        ("=HOUR(A1)", 18),
        ("=NOW()", 46086.5),
        ("=TODAY()", 46086),
    ],
)
def test_a_date_function_gives_what_excel_gives(formula: str, value: float) -> None:
    assert value_of(formula, CELLS) == pytest.approx(value, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("=DATE(-1,1,1)", "#NUM!"),
        ("=DATE(10000,1,1)", "#NUM!"),
        ("=DATE(9999,12,32)", "#NUM!"),
        ("=DATE(1900,1,-1)", "#NUM!"),
        ("=YEAR(-1)", "#NUM!"),
        ("=YEAR(2958466)", "#NUM!"),
        ("=HOUR(-0.5)", "#NUM!"),
        ("=DAY(A4)", "#REF!"),
        ('=MONTH("no date")', "#VALUE!"),
        ('=DATEVALUE("45000")', "#VALUE!"),
        ("=DATEVALUE(A1)", "#VALUE!"),
        ('=DATEVALUE("2/30/2024")', "#VALUE!"),
        ('=TIMEVALUE("noon")', "#VALUE!"),
        ("=TIME(-1,0,0)", "#NUM!"),
        ("=TIME(32768,0,0)", "#NUM!"),
        ("=EDATE(1,-2)", "#NUM!"),
        ("=EDATE(A3,1)", "#VALUE!"),  # functions of the former Analysis ToolPak take no TRUE
        ("=EOMONTH(45000,TRUE)", "#VALUE!"),
        ("=EOMONTH(45000,1E+6)", "#NUM!"),
        ("=WEEKDAY(45000,0)", "#NUM!"),
        ("=WEEKDAY(45000,)", "#NUM!"),
        ("=WEEKDAY(45000,10)", "#NUM!"),
        ("=WEEKNUM(45000,3)", "#NUM!"),
        ("=WEEKNUM(-1)", "#NUM!"),
        ("=YEARFRAC(45000,45100,5)", "#NUM!"),
        ("=YEARFRAC(A3,45100)", "#VALUE!"),
        ('=DATEDIF(2,1,"D")', "#NUM!"),
        ('=DATEDIF(1,2,"W")', "#NUM!"),
        ("=NETWORKDAYS(45000,45100,A1:A3)", "#VALUE!"),
        ('=NETWORKDAYS.INTL(45000,45100,"11")', "#VALUE!"),
        ("=NETWORKDAYS.INTL(45000,45100,8)", "#NUM!"),
        ('=WORKDAY.INTL(45000,1,"1111111")', "#VALUE!"),
        ("=WORKDAY(1,-5)", "#NUM!"),
        ("=WORKDAY(45000,1E+9)", "#NUM!"),
    ],
)
def test_a_date_function_refuses_what_excel_refuses(formula: str, code: str) -> None:
    assert value_of(formula, CELLS) == code


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=DATE(1904,1,1)", 0),
        ("=DATE(2024,1,10)", 45301 - 1462),
        ("=DATE(4,1,1)", 0),
        ("=DATE(1903,12,31)", "#NUM!"),
        ("=YEAR(0)", 1904),
        ("=DAY(0)", 1),
        ("=WEEKDAY(0)", 6),  # a Friday
        ("=EOMONTH(0,0)", 30),
        ("=WORKDAY(0,1)", 3),
        ('=DATEVALUE("1/10/2024")', 45301 - 1462),
        ("=YEARFRAC(0,366,1)", 1.0),
        ("=TODAY()", 46086 - 1462),
        ("=DAYS(366,0)", 366),
    ],
)
def test_a_workbook_with_the_1904_date_system_counts_from_1904(formula: str, value: object) -> None:
    assert value_of(formula, facts=Facts(date1904=True)) == value


@given(st.integers(0, 2958465))
def test_a_day_taken_apart_and_put_together_is_the_day(day: int) -> None:
    assert value_of(f"=DATE(YEAR({day}),MONTH({day}),DAY({day}))") == day


@given(st.integers(61, 2958465))
def test_a_day_after_february_1900_has_its_true_date_and_weekday(day: int) -> None:
    true = date(1899, 12, 30) + timedelta(days=day)
    assert [value_of(f"={name}({day})") for name in ("YEAR", "MONTH", "DAY")] == [true.year, true.month, true.day]
    assert value_of(f"=WEEKDAY({day},2)") == true.isoweekday()
    assert value_of(f"=ISOWEEKNUM({day})") == true.isocalendar().week


@given(st.integers(100, 60000), st.integers(-400, 400).filter(bool), st.lists(st.integers(100, 60000), max_size=30))
def test_a_working_day_is_as_many_working_days_away_as_asked(start: int, count: int, free: list[int]) -> None:
    cells = {f"A{row}": day for row, day in enumerate([*free, start + 3, start - 4], 1)}
    day = value_of(f"=WORKDAY({start},{count},A1:A40)", cells)
    if day == "#NUM!":
        assert start + count * 2 < 100
        return
    assert isinstance(day, float)
    sign = 1 if count > 0 else -1
    assert value_of(f"=NETWORKDAYS({start + sign},{day},A1:A40)", cells) == count
    assert value_of(f"=NETWORKDAYS({day},{day},A1:A40)", cells) == 1


def test_dates_in_arrays_are_taken_one_by_one() -> None:
    assert value_of("=MONTH({45301;45401})") == [[1.0], [4.0]]
    assert value_of("=EOMONTH({45301,45401},0)") == [[45322.0, 45412.0]]
    assert value_of("=SUMPRODUCT(--(YEAR(A1:A2)=2024))", CELLS) == 2

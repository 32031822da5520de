"""Units of measure, number systems, bits and the error function."""

from __future__ import annotations

import pytest

from dhxl.hosts.native.functions.units_of_measure import converted
from tests.hosts.native.expected import exactly, published
from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: CONVERT, examples
        ('=CONVERT(1,"lbm","kg")', 0.45359237),
        ('=CONVERT(68,"F","C")', 20),
        ('=CONVERT(2.5,"ft","sec")', "#N/A"),
        ('=CONVERT(CONVERT(100,"ft","m"),"ft","m")', exactly(9.290304)),
        # energy and power
        ('=CONVERT(1,"kWh","J")', 3_600_000),
        ('=CONVERT(1,"MWh","kWh")', 1000),
        ('=CONVERT(1,"MWh","GJ")', 3.6),
        ('=CONVERT(1,"TJ","GWh")', exactly(1 / 3.6)),
        ('=CONVERT(1,"BTU","J")', 1055.05585262),
        ('=CONVERT(1,"kWh","BTU")', exactly(3_600_000 / 1055.05585262)),
        ('=CONVERT(1,"cal","J")', 4.1868),
        ('=CONVERT(1,"c","J")', 4.184),
        ('=CONVERT(1,"kcal","J")', 4186.8),
        ('=CONVERT(1,"HP","W")', exactly(745.69987158227022)),
        ('=CONVERT(1,"h","kW")', exactly(0.74569987158227022)),
        ('=CONVERT(1,"PS","W")', 735.49875),
        ('=CONVERT(1,"HPh","J")', exactly(2_684_519.537696172792)),
        ('=CONVERT(1,"flb","J")', exactly(1.3558179483314004)),
        ('=CONVERT(1,"eV","J")', 1.602176487e-19),
        ('=CONVERT(5,"MW","kW")', 5000),
        ('=CONVERT(1,"mW","W")', 0.001),
        ('=CONVERT(1,"kwh","Wh")', 1000),
        ('=CONVERT(1,"KWh","J")', "#N/A"),
        ('=CONVERT(1,"kBTU","J")', "#N/A"),
        ('=CONVERT(1,"kHP","W")', "#N/A"),
        ('=CONVERT(1,"J","W")', "#N/A"),
        # the rest of the table
        ('=CONVERT(0,"C","K")', 273.15),
        ('=CONVERT(100,"C","F")', 212),
        ('=CONVERT(100,"C","Reau")', 80),
        ('=CONVERT(491.67,"Rank","C")', exactly(0)),
        ('=CONVERT(1,"bar","Pa")', "#N/A"),
        ('=CONVERT(1,"atm","kPa")', 101.325),
        ('=CONVERT(1,"psi","Pa")', exactly(6894.757293168361)),
        ('=CONVERT(1,"Torr","Pa")', exactly(133.322368421052631)),
        ('=CONVERT(1,"m3","l")', 1000),
        ('=CONVERT(1,"l","cm3")', 1000),
        ('=CONVERT(1,"gal","l")', 3.785411784),
        ('=CONVERT(1,"uk_gal","L")', 4.54609),
        ('=CONVERT(1,"barrel","gal")', 42),
        ('=CONVERT(1,"km2","ha")', 100),
        ('=CONVERT(1,"us_acre","m2")', exactly(4046.8726098742522)),
        ('=CONVERT(1,"yr","hr")', 8766),
        ('=CONVERT(1,"day","min")', 1440),
        ('=CONVERT(1,"kn","m/s")', exactly(1852 / 3600)),
        ('=CONVERT(1,"mph","m/hr")', exactly(1609.344)),
        ('=CONVERT(1,"kibyte","bit")', 8192),
        ('=CONVERT(1,"Mbit","kbit")', 1000),
        ('=CONVERT(1,"kim","m")', "#N/A"),
        ('=CONVERT(1,"dam","m")', 10),
        # as Excel stores it (workbooks of IronCalc's tests)
        ('=CONVERT(0.004,"Mmph","m/s")', exactly(1788.16)),
        ('=CONVERT(0.0002,"Muk_pt","m3")', exactly(0.11365225)),
        ('=CONVERT(0.05,"Mly2","m2")', "#N/A"),
        ('=CONVERT(1,"ton","kg")', 907.18474),
        ('=CONVERT(1,"uk_ton","kg")', 1016.0469088),
        ('=CONVERT(1,"sg","g")', exactly(14593.90293720636)),
        ('=CONVERT(1,"pc","ly")', exactly(30_856_775_812_815_500 / 9_460_730_472_580_800)),
        ('=CONVERT(1,"mi","ft")', 5280),
        ('=CONVERT("x","mi","ft")', "#VALUE!"),
        ('=CONVERT(A1,"mi","ft")', 0),
    ],
)
def test_units(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize("pair", [("kWh", "BTU"), ("F", "K"), ("gal", "m3"), ("psi", "mmHg"), ("survey_mi", "km")])
def test_there_and_back_is_the_same_number(pair: tuple[str, str]) -> None:
    for number in (-40.0, 0.1, 3.0, 8760.0):
        there = converted(number, *pair)
        assert there is not None
        assert converted(there, pair[1], pair[0]) == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=BIN2DEC(1100100)", 100),
        ("=BIN2DEC(1111111111)", -1),
        ("=BIN2HEX(11111011,4)", "00FB"),
        ("=BIN2HEX(1110)", "E"),
        ("=BIN2HEX(1111111111)", "FFFFFFFFFF"),
        ("=BIN2OCT(1001,3)", "011"),
        ("=BIN2OCT(1100100)", "144"),
        ("=BIN2OCT(1111111111)", "7777777777"),
        ("=DEC2BIN(9,4)", "1001"),
        ("=DEC2BIN(-100)", "1110011100"),
        ("=DEC2HEX(100,4)", "0064"),
        ("=DEC2HEX(-54)", "FFFFFFFFCA"),
        ("=DEC2HEX(28)", "1C"),
        ("=DEC2HEX(64,1)", "#NUM!"),
        ("=DEC2OCT(58,3)", "072"),
        ("=DEC2OCT(-100)", "7777777634"),
        ('=HEX2BIN("F",8)', "00001111"),
        ('=HEX2BIN("B7")', "10110111"),
        ('=HEX2BIN("FFFFFFFFFF")', "1111111111"),
        ('=HEX2DEC("A5")', 165),
        ('=HEX2DEC("FFFFFFFF5B")', -165),
        ('=HEX2DEC("3DA408B9")', 1_034_160_313),
        ('=HEX2OCT("F",3)', "017"),
        ('=HEX2OCT("3B4E")', "35516"),
        ('=HEX2OCT("FFFFFFFF00")', "7777777400"),
        ("=OCT2BIN(3,3)", "011"),
        ("=OCT2BIN(7777777000)", "1000000000"),
        ("=OCT2DEC(54)", 44),
        ("=OCT2DEC(7777777533)", -165),
        ("=OCT2HEX(100,4)", "0040"),
        ("=OCT2HEX(7777777533)", "FFFFFFFF5B"),
        # limits
        ("=DEC2BIN(512)", "#NUM!"),
        ("=DEC2BIN(-512)", "1000000000"),
        ("=DEC2BIN(-513)", "#NUM!"),
        ("=DEC2BIN(-1,3)", "1111111111"),
        ("=DEC2BIN(A1)", "0"),
        ("=DEC2BIN(9.9)", "1001"),
        ("=DEC2BIN(9,0)", "#NUM!"),
        ("=DEC2BIN(9,11)", "#NUM!"),
        ("=DEC2BIN(TRUE)", "#VALUE!"),
        ('=DEC2BIN("x")', "#VALUE!"),
        ("=BIN2DEC(2)", "#NUM!"),
        ("=BIN2DEC(-1)", "#NUM!"),
        ("=BIN2DEC(11111111111)", "#NUM!"),
        ("=BIN2DEC(A1)", 0),
        ('=HEX2DEC("G")', "#NUM!"),
        ('=HEX2DEC("1_0")', "#NUM!"),
        ('=HEX2BIN("200")', "#NUM!"),
        ("=SUM(BIN2DEC({1,10,11}))", 6),
        ("=BITAND(1,5)", 1),
        ("=BITAND(13,25)", 9),
        ("=BITOR(23,10)", 31),
        ("=BITXOR(5,3)", 6),
        ("=BITLSHIFT(4,2)", 16),
        ("=BITRSHIFT(13,2)", 3),
        ("=BITRSHIFT(13,-2)", 52),
        ("=BITAND(-1,5)", "#NUM!"),
        ("=BITAND(1.5,5)", "#NUM!"),
        ("=BITAND(2^48,5)", "#NUM!"),
        ("=BITLSHIFT(2^47,1)", "#NUM!"),
        ("=DELTA(5,4)", 0),
        ("=DELTA(5,5)", 1),
        ("=DELTA(0.5,0)", 0),
        ("=DELTA(0)", 1),
        ("=GESTEP(5,4)", 1),
        ("=GESTEP(5,5)", 1),
        ("=GESTEP(-4,-5)", 1),
        ("=GESTEP(-1)", 0),
        ("=ERF(0.745)", published("0.70792892")),
        ("=ERF(1)", published("0.84270079")),
        ("=ERF(0,1)", published("0.84270079")),
        ("=ERF.PRECISE(0.745)", published("0.70792892")),
        ("=ERFC(1)", published("0.15729921")),
        ("=ERFC.PRECISE(1)", published("0.15729921")),
        ("=ERF(1,2)+ERF(2,1)", 0),
        # as Excel stores it (workbooks of IronCalc's tests)
        ("=ERF(3,10)", exactly(2.2090496998639075e-05)),
        ("=ERF(TRUE)", "#VALUE!"),
        ("=ERFC(TRUE)", "#VALUE!"),
        ("=GESTEP(TRUE)", "#VALUE!"),
        ("=DELTA(TRUE)", "#VALUE!"),
    ],
)
def test_number_systems_and_bits(formula: str, value: object) -> None:
    assert value_of(formula) == value

"""Texts cut, joined, searched, replaced and taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.native.sheet import value_of

CELLS = (
    {"A1": "Sale Price", "A2": 1234.5, "A3": True, "A5": "#N/A", "A6": "", "A7": "Miriam McGovern"}
    | {"B1": "a", "B2": None, "B3": "c", "B4": "", "B5": 5}
    | {"C1": "Little Red Riding Hood's red hood", "C2": "Red riding hood's, red hood", "C3": "Socrates"}
    | {"C4": "Do. Or do not. There is no try. -Anonymous", "C5": "Marcus Aurelius", "C6": "1,2,3;4,5,6"}
)
CITIES = (
    {"A2": "Tulsa", "B2": "OK", "C2": "74133", "D2": "US", "A3": "Seattle", "B3": "WA", "C3": "98109", "D3": "US"}
    | {"A4": "Iselin", "B4": "NJ", "C4": "08830", "D4": "US", "A7": "end"}
    | {"A8": ",", "B8": ",", "C8": ",", "D8": ";"}
)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: LEFT, RIGHT, MID, LEN, examples
        ("=LEFT(A1,4)", "Sale"),
        ('=LEFT("Sweden")', "S"),
        ("=RIGHT(A1,5)", "Price"),
        ('=RIGHT("Stock Number")', "r"),
        ('=MID("Fluid Flow",1,5)', "Fluid"),
        ('=MID("Fluid Flow",7,20)', "Flow"),
        ('=MID("Fluid Flow",20,5)', ""),
        ('=LEN("Phoenix, AZ")', 11.0),
        ("=LEN(A6)", 0.0),
        ('=LEN("     One   ")', 11.0),
        ("=LEFT(TRUE,2)", "TR"),
        ("=LEFT(A2,3)", "123"),
        ("=LEFT(1/3,5)", "0.333"),
        ("=LEN(1/3)", 17.0),
        ("=LEN(A2)", 6.0),
        ("=LEN(A5)", "#N/A"),
        ("=LEN(Z1)", 0.0),
        ('=LEFT("abc",0)', ""),
        ('=LEFT("abc",)', ""),
        ('=LEFT("abc",-1)', "#VALUE!"),
        ('=LEFT("abc",-0.5)', ""),
        ('=LEFT("abc",2.9)', "ab"),
        ('=LEFT("abc",1E+300)', "abc"),
        ('=LEFT("abc","2")', "ab"),
        ('=LEFT("abc","x")', "#VALUE!"),
        ('=RIGHT("abc",0)', ""),
        ('=RIGHT("abc",9)', "abc"),
        ('=RIGHT("abc",-1)', "#VALUE!"),
        ('=MID("abc",0,1)', "#VALUE!"),
        ('=MID("abc",0.9,1)', "#VALUE!"),
        ('=MID("abc",1,-1)', "#VALUE!"),
        ('=MID("abc",2,1E+300)', "bc"),
        ('=LEN("a😀b")', 4.0),
        ('=LEFT("a😀b",3)', "a😀"),
        ('=RIGHT("a😀b",1)', "b"),
        ('=MID("a😀b",4,1)', "b"),
        ('=FIND("b","a😀b")', 4.0),
        ('=LEFT({"ab","cd"},1)', [["a", "c"]]),
        ("=LEFT(A5,1)", "#N/A"),
        ('=SUMPRODUCT(--(LEFT(A1:A4,1)="S"))', 1.0),
        ("=SUMPRODUCT(LEN(B1:B5))", 3.0),
        ('=LENB("Wärme")', 5.0),
        ('=LEFTB("Wärme",2)', "Wä"),
        ('=RIGHTB("abc",2)', "bc"),
        ('=MIDB("abcd",2,2)', "bc"),
        # Microsoft: LOWER, UPPER, PROPER, TRIM, CLEAN, examples
        ('=LOWER("E. E. Cummings")', "e. e. cummings"),
        ('=UPPER("total")', "TOTAL"),
        ('=PROPER("this is a TITLE")', "This Is A Title"),
        ('=PROPER("2-way street")', "2-Way Street"),
        ('=PROPER("76BudGet")', "76Budget"),
        ('=TRIM(" First Quarter Earnings ")', "First Quarter Earnings"),
        ('=CLEAN(CHAR(9)&"Monthly report"&CHAR(10))', "Monthly report"),
        ('=TRIM("a  b   c")', "a b c"),
        ('=TRIM(" "&UNICHAR(160)&" ")', "\xa0"),
        ('=UPPER("straße")', "STRAßE"),
        ('=UPPER("wärme")', "WÄRME"),
        ("=LOWER(TRUE)", "true"),
        ('=PROPER("it\'s")', "It'S"),
        ('=PROPER("ÉCOLE élan")', "École Élan"),
        # Microsoft: CONCATENATE, CONCAT, TEXTJOIN, REPT, EXACT, examples
        ('=CONCATENATE("Stream population for ","brook trout"," is ",32)', "Stream population for brook trout is 32"),
        ('=REPT("*-",3)', "*-*-*-"),
        ('=REPT("-",10)', "----------"),
        ('=EXACT("word","word")', True),
        ('=EXACT("Word","word")', False),
        ('=EXACT(" word","word")', False),
        ("=EXACT(Z1,A6)", True),
        ('=EXACT("1",1)', True),
        ('=CONCATENATE(1/3,"",TRUE)', "0.333333333333333TRUE"),
        ("=CONCATENATE(A5,1)", "#N/A"),
        ("=CONCAT(B1:B5)", "ac5"),
        ("=CONCAT(A1:A5)", "#N/A"),
        ('=CONCAT("a",{1,2;3,4},TRUE)', "a1234TRUE"),
        ('=CONCAT(REPT("a",32767))=REPT("a",32767)', True),
        ('=CONCAT(REPT("a",32767),"b")', "#VALUE!"),
        ('=REPT("ab",16384)', "#VALUE!"),
        ('=LEN(REPT("a",32766)&"b")', 32767.0),
        ('=REPT("a",32767)&"b"', "#VALUE!"),
        ('=REPT("a",0)', ""),
        ('=REPT("a",-1)', "#VALUE!"),
        ('=REPT("",1E+300)', ""),
        ('=REPT("a",2.9)', "aa"),
        ('=TEXTJOIN(", ",TRUE,B1:B5)', "a, c, 5"),
        ('=TEXTJOIN(", ",FALSE,B1:B5)', "a, , c, , 5"),
        ('=TEXTJOIN(", ",,B1:B5)', "a, c, 5"),
        ('=TEXTJOIN("",TRUE,B1:B5,"x",9)', "ac5x9"),
        ('=TEXTJOIN("-",TRUE,A1:A5)', "#N/A"),
        ('=TEXTJOIN(", ",FALSE,B1:B5,Z1:Z2)', "a, , c, , 5, , "),
        ('=TEXTJOIN("-","x",B1:B5)', "#VALUE!"),
        ('=TEXTJOIN(",",TRUE,IF({1,0,1},{"a","b","c"},""))', "a,c"),
        # Microsoft: FIND, SEARCH, REPLACE, SUBSTITUTE, examples
        ('=FIND("M",A7)', 1.0),
        ('=FIND("m",A7)', 6.0),
        ('=FIND("M",A7,3)', 8.0),
        ('=SEARCH("e","Statements",6)', 7.0),
        ('=SEARCH("margin","Profit Margin")', 8.0),
        ('=SEARCH("""","The ""boss"" is here.")', 5.0),
        ('=REPLACE("abcdefghijk",6,5,"*")', "abcde*k"),
        ('=REPLACE("2009",3,2,"10")', "2010"),
        ('=REPLACE("123456",1,3,"@")', "@456"),
        ('=SUBSTITUTE("Sales Data","Sales","Cost")', "Cost Data"),
        ('=SUBSTITUTE("Quarter 1, 2008","1","2",1)', "Quarter 2, 2008"),
        ('=SUBSTITUTE("Quarter 1, 2011","1","2",3)', "Quarter 1, 2012"),
        ('=FIND("x","abc")', "#VALUE!"),
        ('=FIND("a","abc",0)', "#VALUE!"),
        ('=FIND("a","abc",4)', "#VALUE!"),
        ('=FIND("","abc")', 1.0),
        ('=FIND("","abc",2)', 2.0),
        ('=FIND("*","a*")', 2.0),
        ('=FIND({"a","c"},"abc")', [[1.0, 3.0]]),
        ('=SEARCH("B?d","abcd")', 2.0),
        ('=SEARCH("c*e","abcdefe")', 3.0),
        ('=SEARCH("~?","what?")', 5.0),
        ('=SEARCH("*","abc",2)', 2.0),
        ('=SEARCH("x*","abc")', "#VALUE!"),
        ('=SEARCH("ÄR","Wärme")', 2.0),
        ('=SEARCH("o","footbootmoot",0)', "#VALUE!"),
        ('=ISNUMBER(SEARCH("price",A1))', True),
        ('=SUMPRODUCT(--ISNUMBER(SEARCH("r",A1:A7)))', 3.0),
        ('=FINDB("b","ab")', 2.0),
        ('=SEARCHB("B","ab")', 2.0),
        ('=REPLACE("abc",9,1,"x")', "abcx"),
        ('=REPLACE("abc",2,0,"x")', "axbc"),
        ('=REPLACE("abc",2,9,)', "a"),
        ('=REPLACE("abc",0,1,"x")', "#VALUE!"),
        ('=REPLACE("abc",1,-1,"x")', "#VALUE!"),
        ('=REPLACEB("abc",2,1,"x")', "axc"),
        ('=SUBSTITUTE("aAa","a","x")', "xAx"),
        ('=SUBSTITUTE("aaa","aa","b")', "ba"),
        ('=SUBSTITUTE("aaa","aa","b",2)', "aaa"),
        ('=SUBSTITUTE("abc","","x")', "abc"),
        ('=SUBSTITUTE("abc","b","")', "ac"),
        ('=SUBSTITUTE("abab","b","x",0)', "#VALUE!"),
        ('=SUBSTITUTE("abab","b","x",9)', "abab"),
        ('=SUBSTITUTE(1234,"2","x")', "1x34"),
        ('=LEN(SUBSTITUTE(A7,"M",""))', 13.0),
        # Microsoft: CHAR, CODE, UNICHAR, UNICODE, T, N, examples
        ("=CHAR(65)", "A"),
        ("=CHAR(33)", "!"),
        ('=CODE("A")', 65.0),
        ('=CODE("!")', 33.0),
        ("=UNICHAR(66)", "B"),
        ("=UNICHAR(32)", " "),
        ("=UNICHAR(0)", "#VALUE!"),
        ('=UNICODE(" ")', 32.0),
        ('=UNICODE("B")', 66.0),
        ('=T("Rainfall")', "Rainfall"),
        ("=T(19)", ""),
        ("=T(TRUE)", ""),
        ("=N(7)", 7.0),
        ('=N("Even")', 0.0),
        ("=N(TRUE)", 1.0),
        ('=N("7")', 0.0),
        ("=CHAR(0)", "#VALUE!"),
        ("=CHAR(256)", "#VALUE!"),
        ("=CHAR(128)", "€"),
        ("=CHAR(129)", "\x81"),
        ("=CODE(CHAR(129))", 129.0),
        ('=CODE("€uro")', 128.0),
        ('=CODE("中")', 63.0),
        ('=CODE("")', "#VALUE!"),
        ("=UNICHAR(55296)", "#N/A"),
        ("=UNICHAR(1114112)", "#VALUE!"),
        ('=UNICODE("😀")', 128512.0),
        ('=UNICODE("")', "#VALUE!"),
        ('=SUMPRODUCT(CODE({"a","b"}))', 195.0),
        ("=T(A5)", "#N/A"),
        ("=T(A1:A3)", "Sale Price"),
        ('=T({"a",1})', [["a", ""]]),
        ("=N(A5)", "#N/A"),
        ("=N(Z1)", 0.0),
        ("=N(A2:A3)", 1234.5),
        ('=SUM(N({1,"a",TRUE}))', 2.0),
        # Microsoft: VALUETOTEXT, ARRAYTOTEXT, examples
        ("=VALUETOTEXT(TRUE,0)", "TRUE"),
        ("=VALUETOTEXT(1234.01234,1)", "1234.01234"),
        ('=VALUETOTEXT("Hello",0)', "Hello"),
        ('=VALUETOTEXT("Hello",1)', '"Hello"'),
        ("=VALUETOTEXT(#VALUE!,0)", "#VALUE!"),
        ("=VALUETOTEXT(1,2)", "#VALUE!"),
        ('=ARRAYTOTEXT({TRUE,#VALUE!;1234.01234,"Seattle"},0)', "TRUE, #VALUE!, 1234.01234, Seattle"),
        ('=ARRAYTOTEXT({TRUE,#VALUE!;1234.01234,"Seattle"},1)', '{TRUE,#VALUE!;1234.01234,"Seattle"}'),
        ("=ARRAYTOTEXT(A5)", "#N/A"),
        ("=ARRAYTOTEXT(B1:B3,5)", "#VALUE!"),
    ],
)
def test_a_text_function_gives_what_excel_gives(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value


def test_several_marks_join_texts_in_turn() -> None:
    # Microsoft: TEXTJOIN, example 3, shortened
    joined = "Tulsa,OK,74133,US;Seattle,WA,98109,US;Iselin,NJ,08830,US;end"
    assert value_of("=TEXTJOIN(A8:D8,TRUE,A2:D7)", CITIES) == joined


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: TEXTBEFORE, examples
        ('=TEXTBEFORE(C1,"Red")', "Little "),
        ('=TEXTBEFORE(C2,"Red")', ""),
        ('=TEXTBEFORE(C1,"red",2)', "#N/A"),
        ('=TEXTBEFORE(C2,"hood")', "Red riding "),
        ('=TEXTBEFORE(C2,"")', ""),
        ('=TEXTBEFORE(C2,"",-1)', "Red riding hood's, red hood"),
        ('=TEXTBEFORE(C5," ",,,1)', "Marcus"),
        ('=TEXTBEFORE(C3," ",,,0)', "#N/A"),
        ('=TEXTBEFORE(C3," ",,,1)', "Socrates"),
        ('=TEXTBEFORE(C1,"RED",2,1)', "Little Red Riding Hood's "),
        ('=TEXTBEFORE(C1,"RED",-2,1)', "Little "),
        ('=TEXTBEFORE(C1,"RED",3,1)', "#N/A"),
        ('=TEXTBEFORE(C1,"RED",3,1,,"none")', "none"),
        ('=TEXTBEFORE(C1,"Red",0)', "#VALUE!"),
        ('=TEXTBEFORE("ab","a",3)', "#VALUE!"),
        ('=TEXTBEFORE(C4,{"!","-","."})', "Do"),
        ('=TEXTBEFORE(C1,"Red",1,2)', "#VALUE!"),
        ("=TEXTBEFORE(A5,1)", "#N/A"),
        # Microsoft: TEXTAFTER, examples
        ('=TEXTAFTER(C1,"Red")', " Riding Hood's red hood"),
        ('=TEXTAFTER(C2,"hood")', "'s, red hood"),
        ('=TEXTAFTER(C2,"")', "Red riding hood's, red hood"),
        ('=TEXTAFTER(C2,"",-1)', ""),
        ('=TEXTAFTER(C5," ",,,1)', "Aurelius"),
        ('=TEXTAFTER(C3," ",,,0)', "#N/A"),
        ('=TEXTAFTER(C3," ",,,1)', ""),
        ('=TEXTAFTER(C1,"red",-1)', " hood"),
        ('=TEXTAFTER("a-b-c","-",2)', "c"),
        ('=TEXTAFTER({"a-b","c-d"},"-")', [["b", "d"]]),
        # Microsoft: TEXTSPLIT, examples
        ('=TEXTSPLIT("Dakota Lennon Sanchez"," ")', [["Dakota", "Lennon", "Sanchez"]]),
        ('=TEXTSPLIT(C6,",",";")', [["1", "2", "3"], ["4", "5", "6"]]),
        ('=TEXTSPLIT(C4,".")', [["Do", " Or do not", " There is no try", " -Anonymous"]]),
        ('=TEXTSPLIT(C4,{".","-"})', [["Do", " Or do not", " There is no try", " ", "Anonymous"]]),
        ('=TEXTSPLIT(C4,,".")', [["Do"], [" Or do not"], [" There is no try"], [" -Anonymous"]]),
        ('=TEXTSPLIT("a,,b",",")', [["a", "", "b"]]),
        ('=TEXTSPLIT("a,,b",",",,TRUE)', [["a", "b"]]),
        ('=TEXTSPLIT("a,b;c",",",";")', [["a", "b"], ["c", "#N/A"]]),
        ('=TEXTSPLIT("a,b;c",",",";",,,"-")', [["a", "b"], ["c", "-"]]),
        ('=TEXTSPLIT("aXbxc","x",,,1)', [["a", "b", "c"]]),
        ('=TEXTSPLIT("abc","")', "#VALUE!"),
        ('=TEXTSPLIT("abc",",")', "abc"),
        ('=TEXTSPLIT(",,",",",,TRUE)', "#CALC!"),
        ('=INDEX(TEXTSPLIT("a b c"," "),2)', "b"),
    ],
)
def test_texts_are_taken_apart_as_excel_does(formula: str, value: object) -> None:
    assert value_of(formula, CELLS) == value


@given(st.text(max_size=20), st.integers(0, 25))
def test_left_and_right_and_mid_make_up_the_whole(text: str, count: int) -> None:
    cells = {"A1": text if not text.startswith("#") else ""}
    units = [cells["A1"]][0]
    if any(char > "\uffff" for char in units):  # a cut through a pair gives no character
        assert value_of("=LEFT(A1,LEN(A1))", cells) == units
    else:
        assert value_of(f"=LEFT(A1,{count})&MID(A1,{count}+1,99)", cells) == units
        assert value_of(f"=LEFT(A1,MAX(LEN(A1)-{count},0))&RIGHT(A1,{count})", cells) == units


@given(st.text("ab-,", max_size=15))
def test_splitting_and_joining_are_each_others_inverse(text: str) -> None:
    assert value_of('=TEXTJOIN(",",FALSE,TEXTSPLIT(A1,","))', {"A1": text}) == text
    assert value_of('=IFERROR(TEXTBEFORE(A1,",")&","&TEXTAFTER(A1,","),A1)', {"A1": text}) == text


@pytest.mark.parametrize(
    "call", ["LEFT({},2)", "UPPER({})", "LEN({})", "TRIM({})", 'SUBSTITUTE({},"a","x")', 'IFERROR(SEARCH("a",{}),0)']
)
def test_over_an_array_each_element_comes_out_as_by_itself(call: str) -> None:
    texts = ["Anna", " b  c ", "", "äöü"]
    cells = {f"A{row}": text for row, text in enumerate(texts, 1)}
    alone = [[value_of("=" + call.format(f"A{row}"), cells)] for row in range(1, 5)]
    assert value_of("=" + call.format("A1:A4"), cells, array=True) == alone

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.workbook.formulas import calls_any, function_calls, located_calls, rewritten_calls, shifted
from dhxl.workbook.name_uses import name_uses, names_used
from dhxl.workbook.names import cell_address

LEFT = "NA()"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DH_X(50,2,,1.2)", 'DH_X("P!A1",50,2,NA(),1.2)'),
        ("DH_X(50,2,)", 'DH_X("P!A1",50,2,NA())'),
        ("DH_X(,)", 'DH_X("P!A1",NA(),NA())'),
        ("DH_X()", 'DH_X("P!A1")'),
        ("DH_X( )", 'DH_X("P!A1")'),
        ("dh_x (1, 2 )", 'DH_X("P!A1",1,2)'),
        ("DH_X(DH_Y(1,),2)", 'DH_X("P!A1",DH_Y("P!A1",1,NA()),2)'),
        ("IF(live,DH_X(A1:B9),saved)", 'IF(live,DH_X("P!A1",A1:B9),saved)'),
        ("DH_X({1,2;3,4},,5)", 'DH_X("P!A1",{1,2;3,4},NA(),5)'),
        ('DH_X("a,b)""(",,1)', 'DH_X("P!A1","a,b)""(",NA(),1)'),
        ("DH_X((A1,B1),2)", 'DH_X("P!A1",(A1,B1),2)'),
        ("DH_X('It''s, (here)'!A1,)", "DH_X(\"P!A1\",'It''s, (here)'!A1,NA())"),
        ("DH_X(Units[[#This Row],[heat, mw]],1)", 'DH_X("P!A1",Units[[#This Row],[heat, mw]],1)'),
        ("DH_X(Units['[a']],2)", "DH_X(\"P!A1\",Units['[a']],2)"),
        ("_xll.DH_X(1)", 'DH_X("P!A1",1)'),
        ("_xlfn.DH_X(1)+_xludf.dh_y(2)", 'DH_X("P!A1",1)+DH_Y("P!A1",2)'),
        ("DHXL.DH_X(1)", 'DH_X("P!A1",1)'),
        ("dhxl.dh_x(1)", 'DH_X("P!A1",1)'),
        ("_xll.org.dhxl.DHXL.DH_X(1)", 'DH_X("P!A1",1)'),
        ("1+[1]!DH_X(1)", '1+DH_X("P!A1",1)'),
        ("1+'C:\\my add-ins\\dhxl.xlam'!DH_X(1)", '1+DH_X("P!A1",1)'),
        ("book.xlsm!DH_X(1)", 'DH_X("P!A1",1)'),
        ("-DH_X(#N/A,#REF!,1E-5)%", '-DH_X("P!A1",#N/A,#REF!,1E-5)%'),
        ("DH_X(\n  1,\n\n 2)", 'DH_X("P!A1",1,2)'),
    ],
)
def test_a_call_learns_its_cell_and_what_is_left_out(text: str, expected: str) -> None:
    assert located_calls(text, "P!A1", LEFT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "MY_DH_X(1,)",
        "XDH_X(1,)",
        "other.DH_X(1,)",
        '"DH_X(1,)"',
        "'DH_X(1,)'!A1",
        "DH_X+1",
        "SUM(1,,2)",
        "Units[DH_X(1)]",
        "dh_x_rate*2",
    ],
)
def test_what_only_looks_like_a_call_stays(text: str) -> None:
    assert located_calls(text, "P!A1", LEFT) == text
    assert not calls_any(text)


def test_quotation_marks_in_the_address_are_doubled() -> None:
    assert located_calls("DH_X(1)", "'a\"b'!A1", LEFT) == 'DH_X("\'a""b\'!A1",1)'


def test_a_call_that_is_kept_keeps_its_spelling_while_inner_ones_change() -> None:
    text = "If( a , dh_x( 1 ) ,\n b )"
    assert located_calls(text, "P!A1", LEFT) == 'If( a , DH_X("P!A1",1) ,\n b )'


def test_calls_are_found_with_their_arguments() -> None:
    text = "IF(A1>0,SUM(B1:B9,{1,2}),F())"
    found = [(call.name, [text[a:b] for a, b in call.arguments]) for call in function_calls(text)]
    assert found == [("IF", ["A1>0", "SUM(B1:B9,{1,2})", "F()"]), ("SUM", ["B1:B9", "{1,2}"]), ("F", [])]


def test_an_unfinished_formula_has_no_finished_calls() -> None:
    assert function_calls('DH_X(1,"abc') == ()
    assert function_calls("DH_X(1)))")[0].name == "DH_X"


@given(st.text(alphabet="DH_X(),;{}[]'\"!$A1:.# \n+é\\", max_size=40))
def test_any_text_is_survived_and_rewriting_nothing_changes_nothing(text: str) -> None:
    assert rewritten_calls(text, lambda name, arguments: None) == text
    assert shifted(text, 0, 0).upper() == text.upper()
    located_calls(text, "P!A1", LEFT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A1", "C4"),
        ("$A1+A$1+$A$1", "$A4+C$1+$A$1"),
        ("SUM(A1:B2)", "SUM(C4:D5)"),
        ("A:B", "C:D"),
        ("$A:B", "$A:D"),
        ("1:2", "4:5"),
        ("$1:2", "$1:5"),
        ("Plant!A1+'A1 A1'!A1", "Plant!C4+'A1 A1'!C4"),
        ("'It''s A1'!A1:A2", "'It''s A1'!C4:C5"),
        ('"A1"&A1', '"A1"&C4'),
        ("LOG10(A1)+ATAN2(1,2)", "LOG10(C4)+ATAN2(1,2)"),
        ("Units[A1]+A1", "Units[A1]+C4"),
        ("rate+A1_x+_A1+A1.b+a_b:c_d", "rate+A1_x+_A1+A1.b+a_b:c_d"),
        ("XFE1+A1048577+A0", "XFE1+A1048577+A0"),
        ("1E5+2.5e-3+A1", "1E5+2.5e-3+C4"),
        ("#REF!+A1", "#REF!+C4"),
        ("A1#", "C4#"),
        ("IF(A1,A1,)", "IF(C4,C4,)"),
        ("INDEX(A:A,1):INDEX(A:A,2)", "INDEX(C:C,1):INDEX(C:C,2)"),
        ("[1]Sheet1!A1", "[1]Sheet1!C4"),
        ("a1", "C4"),
    ],
)
def test_relative_references_move_and_nothing_else(text: str, expected: str) -> None:
    assert shifted(text, 3, 2) == expected


def test_a_reference_moved_beyond_the_edge_continues_at_the_other_side() -> None:
    assert shifted("A1", -1, -1) == "XFD1048576"
    assert shifted("XFD1048576", 1, 1) == "A1"


@given(st.integers(1, 1_048_576), st.integers(1, 16_384), st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_moving_there_and_back_gives_the_same_reference(row: int, col: int, down: int, right: int) -> None:
    text = f"SUM({cell_address(row, col)})"
    assert shifted(shifted(text, down, right), -down, -right) == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("heat_demand+1", ("heat_demand",)),
        ("IF(engine_live,DH_DISPATCH(units_2,series,settings_2),saved_2)",
         ("engine_live", "units_2", "series", "settings_2", "saved_2")),
        ("Tax*tax*TAX", ("Tax",)),
        ("SUM(A1,$B$2:C3,D:D,$4:5,XFD1048576)+XFE1", ("XFE1",)),
        ("Plant!A1+'My plant'!rate+Plant!rate+[1]Other!rent", ("rate",)),
        ("[1]!rent+'[1]My plant'!rent+'C:\\[book.xlsx]Plant'!rent+[0]!rate+#REF!rent", ("rate",)),
        ("SUM(Jan:Dec!A1,Jan:'My Dec'!B2,'Jan:Dec'!C3,first:last)", ("first", "last")),
        ("LET(rate,2,years,3,rate*years+rent)+rate", ("rent", "rate")),
        ("_xlfn.LET(_xlpm.rate,2,_xlpm.rate*3)+_xlfn.LAMBDA(_xlpm.x,_xlpm.x+rent)(1)", ("rent",)),
        ("LET(a,LAMBDA(b,a+b+c)(1),a+b)", ("c", "b")),
        ("MONTH(A1)+MONTH", ("MONTH",)),
        ("Buy!H8+'Buy'!H8+Buy", ("Buy",)),
        ("R_1+RC_factor+C1_x+TAX1.b+_A1+\\A1+A1.b+A1?",
         ("R_1", "RC_factor", "C1_x", "TAX1.b", "_A1", "\\A1", "A1.b", "A1?")),
        ('"a name"&TRUE&false&#REF!&1E5&{1,2}', ()),
        ("Units[heat]+Units[[#This Row],[heat]]+Units", ("Units",)),
        ("round (x.y,2)+größe+\\path", ("x.y", "größe", "\\path")),
    ],
)  # fmt: skip
def test_the_names_of_a_formula_are_what_is_no_cell_function_sheet_or_table(text: str, names: tuple[str, ...]) -> None:
    assert names_used(text) == names


def test_every_use_of_a_name_has_its_sheet_and_its_place() -> None:
    text = "IF(rate,'Bob''s town'!rate*[0]!rate,[0]Plant!rate)+Rate"
    uses = [(use.name, use.sheet, text[use.start : use.end]) for use in name_uses(text)]
    assert uses == [
        ("rate", "", "rate"),
        ("rate", "Bob's town", "'Bob''s town'!rate"),
        ("rate", "", "[0]!rate"),
        ("rate", "Plant", "[0]Plant!rate"),
        ("Rate", "", "Rate"),
    ]

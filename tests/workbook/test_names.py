from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dhxl.errors import WorkbookError
from dhxl.workbook.names import Reference, cell_address, cell_position, quoted_sheet, range_position, reference_of
from dhxl.workbook.package import Package
from tests.workbook.books import rezipped, town_book


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return Package.open(town_book(tmp_path_factory.mktemp("names") / "town.xlsm"))


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses_and_positions_are_inverse(row: int, col: int) -> None:
    assert cell_position(cell_address(row, col)) == (row, col)


@given(
    st.text(st.characters(exclude_characters="[]:\\/?*\0", exclude_categories=("Cs", "Cc")), min_size=1, max_size=31)
)
def test_every_legal_sheet_name_survives_quoting(name: str) -> None:
    assert reference_of(f"{quoted_sheet(name)}!$B$2:$C$9") == Reference(name, 2, 2, 9, 3)


@pytest.mark.parametrize("address", ["A0", "A1048577", "XFE1", "ZZZZ1", "1A", "", "A", "A1:B2", "A-1", "AAAA99999999"])
def test_what_is_no_cell_is_refused(address: str) -> None:
    with pytest.raises(WorkbookError, match="is no cell of a sheet"):
        cell_position(address)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plant!$A$1", Reference("Plant", 1, 1, 1, 1)),
        ("=Plant!$A$1", Reference("Plant", 1, 1, 1, 1)),
        ("Plant!$C$9:$B$2", Reference("Plant", 2, 2, 9, 3)),
        ("'My Sheet'!A1:B2", Reference("My Sheet", 1, 1, 2, 2)),
        ("'It''s ''it'''!$A$1", Reference("It's 'it'", 1, 1, 1, 1)),
        ("'1+1'!$A$1", Reference("1+1", 1, 1, 1, 1)),
        ("Plant!$A:$B", Reference("Plant", 1, 1, 1_048_576, 2)),
        ("Plant!$3:$4", Reference("Plant", 3, 1, 4, 16_384)),
        ("Wärme!$A$1", Reference("Wärme", 1, 1, 1, 1)),
        ("Plant!#REF!", None),
        ("#REF!$A$1", None),
        ("0.24", None),
        ("Plant!$A$1,Plant!$B$1", None),
        ("Plant!$A$1+1", None),
        ("1+Plant!$A$1", None),
        ("[1]Plant!$A$1", None),
        ("'[other.xlsx]Plant'!$A$1", None),
        ("Plant:Town!$A$1", None),
        ("'Plant:My Town'!$A$1", None),
        ("OFFSET(Plant!$A$1,0,0)", None),
        ("Units[heat_mw]", None),
        ("", None),
    ],
)
def test_only_one_plain_range_on_one_sheet_is_a_reference(text: str, expected: Reference | None) -> None:
    assert reference_of(text) == expected


def test_a_reference_knows_its_shape_and_cells() -> None:
    reference = Reference("Plant", 2, 2, 3, 4)
    assert (reference.rows, reference.columns, reference.is_cell) == (2, 3, False)
    assert list(reference.cells()) == [(2, 2), (2, 3), (2, 4), (3, 2), (3, 3), (3, 4)]
    assert Reference("2024", 1, 1, 1, 1).address == "'2024'!A1"
    assert range_position("B2") == (2, 2, 2, 2)


def test_names_carry_scope_and_kind(town: Package) -> None:
    names = {name.name: name for name in town.names}
    assert names["heat"].reference == Reference("Bob's town", 2, 2, 4, 2)
    assert names["local"].sheet == "Hidden"
    assert names["tax_share"].reference is None and names["tax_share"].text == "0.24"
    assert town.defined_name("HEAT") == names["heat"]
    assert town.defined_name("local") is None


def test_a_name_leads_to_its_values(town: Package) -> None:
    assert town.values(town.resolve("heat")) == [[2.5], [1.5], [9.0]]
    assert town.values(town.resolve("Discount_Rate")) == [[0.1]]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("discount_rat", "the name discount_rat is missing; did you mean discount_rate"),
        ("zzz", "the name zzz is missing"),
        ("local", "belongs to the sheet 'Hidden' only"),
        ("tax_share", "refers to '0.24'; it must be one range of cells"),
    ],
)
def test_a_name_that_leads_nowhere_gives_a_sentence(town: Package, name: str, sentence: str) -> None:
    with pytest.raises(WorkbookError, match=sentence) as caught:
        town.resolve(name)
    assert str(town.path) in str(caught.value)


def test_names_of_deleted_cells_and_sheets_give_a_sentence(town: Package, tmp_path: Path) -> None:
    def damaged(name: str, data: bytes) -> bytes:
        return (
            data.replace(b"Plant!$A$1<", b"#REF!$A$1<").replace(b"'Bob''s town'!$B", b"Gone!$B")
            if "workbook.xml" in name
            else data
        )

    path = tmp_path / "town.xlsm"
    path.write_bytes(rezipped(town.path.read_bytes(), damaged))
    book = Package.open(path)
    with pytest.raises(WorkbookError, match="its cells or sheet were deleted"):
        book.resolve("discount_rate")
    with pytest.raises(WorkbookError, match="refers to the sheet 'Gone', which is missing"):
        book.resolve("heat")

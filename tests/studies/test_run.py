"""The run of a workbook: what it calculates, writes, saves and refuses."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dhxl.errors import DhxlError, InputError, WorkbookError
from dhxl.hosts.headless import Model
from dhxl.studies.run import run
from dhxl.workbook.package import Package
from tests.hosts.books import HOURS, Change, feasibility_book
from tests.workbook.books import members, rezipped


def failure(book: Path) -> tuple[str, ...]:
    """Run a workbook that must fail, prove that nothing was written, and return the sentences."""
    before = book.read_bytes()
    out = book.with_name("out.xlsx")
    with pytest.raises(DhxlError) as caught:
        run(book, out)
    assert not out.exists()
    assert book.read_bytes() == before
    return caught.value.problems


def stored(book: Path, name: str) -> object:
    package = Package.open(book)
    values = package.values(package.resolve(name))
    return values[0][0] if len(values) == 1 else [row[0] for row in values]


def test_a_run_reports_the_published_outputs_of_every_solution(tmp_path: Path) -> None:
    report = run(feasibility_book(tmp_path / "book.xlsx"), tmp_path / "out.xlsx")
    assert [(one.number, one.title) for one in report.solutions] == [(1, "Heat pumps"), (2, "CHP and boilers")]
    first = report.solutions[0].values
    assert first["heat_share_heat_pump"] == 0.25
    assert first["npv_eur"] == pytest.approx(6000 * 114 / 1.05 - 600000, rel=1e-12)
    assert first["operating_cost_eur"] == pytest.approx(2000, rel=1e-12)
    assert first["irr"] == pytest.approx(0.1306623862918075, rel=1e-9)
    assert (report.checks_total, report.alerts_total, report.engine_live) == (0, 1, True)
    assert report.seconds > 0


def test_a_payback_that_never_comes_is_no_failure(tmp_path: Path) -> None:
    report = run(feasibility_book(tmp_path / "book.xlsx"), tmp_path / "out.xlsx")
    assert report.solutions[0].values["payback_from_operation_years"] is None


def test_a_bare_error_of_a_payback_that_a_result_rests_on_is_no_failure(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("F1", "=DH_PAYBACK({-100,1,1})")
        sheets["Results"].write_formula("F2", "=F1")
        sheets["Results"].write_formula("B15", '=IFERROR(F2,"none")')
        sheets["Results"].write_formula("C15", "=DH_PAYBACK({-100,1,1})")

    report = run(feasibility_book(tmp_path / "book.xlsx", change), tmp_path / "out.xlsx")
    assert [one.values["payback_years"] for one in report.solutions] == [None, None]


def test_a_rate_of_return_without_change_of_sign_in_a_cell_of_the_user_fails(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("F7", "=DH_IRR({100,1,1})")

    (sentence,) = failure(feasibility_book(tmp_path / "book.xlsx", change))
    assert sentence.startswith("Results!F7: DH_IRR: ")


def test_without_out_the_book_itself_is_written_and_a_second_run_leaves_the_file_untouched(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    assert run(book).changed
    content, modified = book.read_bytes(), book.stat().st_mtime_ns
    assert not run(book).changed
    assert (book.read_bytes(), book.stat().st_mtime_ns) == (content, modified)


def test_a_second_run_into_another_file_changes_nothing_either(tmp_path: Path) -> None:
    book, out = feasibility_book(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    assert run(book, out).changed
    content = out.read_bytes()
    assert not run(out).changed
    assert out.read_bytes() == content


def test_only_sheets_with_changed_cells_differ(tmp_path: Path) -> None:
    book, out = feasibility_book(tmp_path / "book.xlsx"), tmp_path / "out.xlsx"
    run(book, out)
    before, after = members(book), members(out)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {f"xl/worksheets/sheet{number}.xml" for number in (3, 4, 5)}


def test_the_snapshot_saves_live_results_and_drivers_with_a_time_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769868300")
    book = feasibility_book(tmp_path / "book.xlsx")
    run(book)
    assert stored(book, "saved_lhd") == 2.0
    assert stored(book, "saved_sections") == [8.0, 10.0, 12.0]
    assert stored(book, "saved_demand") == [10.0 + hour % 24 for hour in range(HOURS)]
    assert stored(book, "saved_duration") == sorted((10.0 + hour % 24 for hour in range(HOURS)), reverse=True)
    assert stored(book, "saved_at") == "2026-01-31 14:05"
    assert stored(book, "stale") is False


def test_the_time_stamp_changes_only_when_a_saved_value_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1769868300")
    run(book)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert not run(book).changed
    assert stored(book, "saved_at") == "2026-01-31 14:05"
    with Model.open(book) as model:
        model.set("heat_sold_mwh", 9000.0)
        model.save(book)
    assert run(book).changed
    assert stored(book, "saved_at") == "2027-01-15 08:00"
    assert stored(book, "saved_lhd") == 3.0


def test_without_the_engine_the_saved_results_stand_and_prices_still_move_the_net_present_value(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    run(book)
    with Model.open(book, registered=False) as model:
        model.calculate()
        assert model.value("engine_live") is False
        assert model.value("linear_heat_density_mwh_per_m") == 2.0
        assert model.range("live_sections") == [[8.0], [10.0], [12.0]]
        before = model.value("npv_eur_1")
        model.set("heat_tariff_eur_per_mwh", 120.0)
        model.calculate()
        assert model.value("npv_eur_1") == pytest.approx(before + 6 * 6000 / 1.05, rel=1e-12)


def test_a_live_range_in_error_is_not_saved(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["My plant"].write_formula("D7", "=NA()")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    report = run(book)
    assert report.notes == ("the saved results were not renewed: 'My plant'!D7 is #N/A",)
    assert stored(book, "saved_lhd") == 0.0
    assert stored(book, "saved_at") == "never"


def test_a_saved_range_of_another_shape_is_refused(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        book.define_name("live_more", "='My plant'!$D$5:$D$8")
        book.define_name("saved_more", "='My plant'!$E$5:$E$7")
        book.define_name("live_lost", "='My plant'!$D$5:$D$8")

    more, lost = sorted(failure(feasibility_book(tmp_path / "book.xlsx", change)), reverse=True)
    assert more == "saved_more ('My plant'!E5:E7) must have 4 x 1 cells as live_more ('My plant'!D5:D8) has, got 3 x 1"
    assert "the name saved_lost is missing" in lost


def test_empty_texts_and_truth_values_are_saved_as_what_they_are(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_array_formula("F1:F3", '{=IF(engine_live,IF({1;0;1}=1,"",TRUE),Saved!D1:D3)}')
        sheets["Saved"].write_column("D1", (0, 0, 0))
        book.define_name("live_slots", "=Results!$F$1:$F$3")
        book.define_name("saved_slots", "=Saved!$D$1:$D$3")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    assert run(book).changed
    assert stored(book, "saved_slots") == ["", True, ""]
    assert not run(book).changed
    with Model.open(book, registered=False) as model:
        model.calculate()
        assert model.range("live_slots") == [[""], [True], [""]]


def test_saved_cells_that_hold_formulas_are_refused(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Saved"].write_formula("B1", "=1+1")

    (sentence,) = failure(feasibility_book(tmp_path / "book.xlsx", change))
    assert sentence == "saved_lhd: Saved!B1 holds a formula, saved results must be constants"


def write(sheet: str, cell: str, value: object) -> Change:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets[sheet].write(cell, value)

    return change


@pytest.mark.parametrize(
    ("cell", "value", "sentence"),
    [
        ("D2", "abc", "Prices!D2 (heat_sold_mwh): must be a decimal >= 0, got 'abc'"),
        ("D2", -5, "Prices!D2 (heat_sold_mwh): must be a decimal >= 0, got -5"),
        ("D4", 501, "Prices!D4 (heat_tariff_eur_per_mwh): must be a decimal between 0 and 500, got 501"),
        ("D4", True, "Prices!D4 (heat_tariff_eur_per_mwh): must be a decimal between 0 and 500, got TRUE"),
        ("D5", "Middle", "Prices!D5 (price_scenario): must be one of Low, Medium, High, got 'Middle'"),
        ("D6", 2.5, "Prices!D6 (design_years): must be a whole number between 0 and 10, got 2.5"),
    ],
)
def test_an_input_that_its_validation_forbids_fails_with_address_name_and_limits(
    tmp_path: Path, cell: str, value: object, sentence: str
) -> None:
    assert failure(feasibility_book(tmp_path / "book.xlsx", write("Prices", cell, value))) == (sentence,)


def test_all_forbidden_inputs_are_named_at_once(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Prices"].write("D2", "abc")
        sheets["Prices"].write("D4", -1)

    assert len(failure(feasibility_book(tmp_path / "book.xlsx", change))) == 2


def test_bad_input_of_a_worksheet_function_fails_with_the_address_of_the_cell_that_calls_it(tmp_path: Path) -> None:
    assert failure(feasibility_book(tmp_path / "book.xlsx", write("Prices", "D3", 0))) == (
        "'My plant'!B3: DH_LHD: trench_length_m must be > 0 m, got 0",
    )


def test_text_in_a_cell_without_validation_is_traced_from_the_native_error(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write("F1", "abc")
        sheets["Results"].write_formula("G1", "=F1*2")
        sheets["Results"].write_formula("H1", "=SUM(G1,1)")

    assert failure(feasibility_book(tmp_path / "book.xlsx", change)) == (
        "Results!F1: holds text 'abc' where a number is expected (Results!G1 gives #VALUE!)",
    )


def test_an_error_in_a_year_of_rows_is_traced_to_its_one_cause(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Series"].write("F1", "abc")
        for hour in range(8760):
            sheets["Series"].write_formula(hour + 1, 5, f"=F{hour + 1}+1")
            sheets["Series"].write_formula(hour + 1, 6, f"=SUM(F$2:F{hour + 2})")
        sheets["Series"].write_array_formula("H2:H8761", "{=F2:F8761*2}")

    assert failure(feasibility_book(tmp_path / "book.xlsx", change)) == (
        "Series!F1: holds text 'abc' where a number is expected (Series!F2 gives #VALUE!)",
    )


def test_many_sentences_are_cut_off(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        for row in range(100):
            sheets["Results"].write_formula(row, 5, "=DH_LHD(1,0)")

    sentences = failure(feasibility_book(tmp_path / "book.xlsx", change))
    assert len(sentences) == 21
    assert sentences[0] == "Results!F1: DH_LHD: trench_length_m must be > 0 m, got 0"
    assert sentences[-1] == "and 80 more"


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("=1/B20", "Results!B20: is blank, but Results!F1 divides by it"),
        ("=DH_LDH(1,2)", "Results!F1: there is no function DH_LDH; did you mean DH_LHD? (=DH_LDH(1,2))"),
        ("=heat_tarif+1", "Results!F1: uses the name heat_tarif, which does not exist (=heat_tarif+1)"),
        ("=#REF!+1", "Results!F1: refers to cells or a sheet that were deleted (=#REF!+1)"),
        ("=#REF!A1+1", "Results!F1: refers to cells or a sheet that were deleted (=#REF!A1+1)"),
        ("=Gone!A1", "Results!F1: refers to cells or a sheet that were deleted (=Gone!A1)"),
        ("=F1+1", "Results!F1: depends on itself (circular reference)"),
        ("=1e308*10", "Results!F1: gives #NUM! (=1e308*10)"),
        ("=A2:A4", "Results!F1: gives #VALUE! (=A2:A4)"),
    ],
)  # fmt: skip
def test_a_native_error_fails_with_a_sentence(tmp_path: Path, formula: str, sentence: str) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("F1", formula)

    assert failure(feasibility_book(tmp_path / "book.xlsx", change)) == (sentence,)


def test_not_available_is_allowed_as_the_gap_of_a_chart(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("F1", "=NA()")

    run(feasibility_book(tmp_path / "book.xlsx", change))


def test_a_published_result_that_is_no_number_fails(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("B13", "=NA()")

    assert failure(feasibility_book(tmp_path / "book.xlsx", change)) == (
        "Results!B13 (npv_eur_1): must be a number, got #N/A",
    )


def renamed(book: Path, old: bytes, new: bytes) -> Path:
    content = rezipped(
        book, lambda name, data: data.replace(old, new) if name in ("xl/workbook.xml", "docProps/app.xml") else data
    )
    book.write_bytes(content)
    return book


def test_missing_names_are_listed_all_at_once(tmp_path: Path) -> None:
    book = renamed(feasibility_book(tmp_path / "book.xlsx"), b'name="npv_eur_1"', b'name="mine_1"')
    renamed(book, b'name="ChecksTotal"', b'name="MyTotal"')
    assert failure(book) == (f"{book}: published names are missing: npv_eur_1, ChecksTotal",)


def test_a_name_whose_sheet_was_deleted_is_named(tmp_path: Path) -> None:
    book = renamed(feasibility_book(tmp_path / "book.xlsx"), b">Results!$B$13<", b">#REF!$B$13<")
    renamed(book, b'name="irr_1">Results!', b'name="irr_1">Gone!')
    assert failure(book) == (
        f"{book}: published names have lost their cells (sheet deleted?): npv_eur_1 (#REF!$B$13), irr_1 (Gone!$B$14)",
    )


def test_a_workbook_without_published_names_is_no_workbook_of_dhxl(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "other.xlsx") as book:
        book.add_worksheet()
    (sentence,) = failure(tmp_path / "other.xlsx")
    assert "is no workbook of dhxl" in sentence


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "town.xlsx").write_bytes(b"a letter")
    assert failure(tmp_path / "town.xlsx") == (f"{tmp_path / 'town.xlsx'}: is no Excel workbook (.xlsx or .xlsm)",)


def test_a_name_for_the_output_that_does_not_fit_its_kind_is_refused(tmp_path: Path) -> None:
    book = feasibility_book(tmp_path / "book.xlsx")
    with pytest.raises(WorkbookError, match=r"out\.xlsm: must end in \.xlsx as the workbook holds no macros"):
        run(book, tmp_path / "out.xlsm")


def test_progress_is_told_in_order(tmp_path: Path) -> None:
    steps: list[tuple[str, float]] = []
    run(feasibility_book(tmp_path / "book.xlsx"), progress=lambda step, share: steps.append((step, share)))
    assert list(dict.fromkeys(step for step, _ in steps)) == ["Reading", "Calculating", "Saving results", "Writing"]
    assert all(0 <= share <= 1 for _, share in steps)


def test_an_unsupported_function_and_another_workbook_keep_their_saved_values_with_a_note(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        sheets["Results"].write_formula("F1", "=CUBEVALUE(1,2)", None, 132)
        sheets["Results"].write_formula("F2", "=[1]Other!A1*2", None, 7)
        sheets["Results"].write_formula("F3", "=F1+F2")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    report = run(book)
    assert report.notes == (
        "Results!F1: calls CUBEVALUE, which is not calculated headlessly; the saved value stays",
        "Results!F2: refers to another workbook; the saved value stays",
    )
    cells = Package.open(book).cells("Results")
    assert [cells.value(row, 6) for row in (1, 2, 3)] == [132.0, 7.0, 139.0]
    assert cells.cells[1, 6].formula == "CUBEVALUE(1,2)"


def test_a_year_of_hours_runs_in_seconds(tmp_path: Path) -> None:
    def change(book: object, sheets: dict[str, object]) -> None:
        hours = 8760
        for hour in range(hours):
            sheets["Series"].write_row(hour + 1, 5, (hour / 8, hour % 24, 20.0))
            sheets["Series"].write_formula(hour + 1, 9, f"=IF(engine_live,DH_LHD(F{hour + 2},3000),0)")
        book.define_name("year", f"=Series!$F$2:$F${hours + 1}")
        sheets["Series"].write_array_formula(f"L2:L{hours + 1}", "{=IF(engine_live,DH_LOAD_DURATION(year),year)}")

    book = feasibility_book(tmp_path / "book.xlsx", change)
    started = time.perf_counter()
    run(book, tmp_path / "out.xlsx")
    assert time.perf_counter() - started < 20
    assert Package.open(tmp_path / "out.xlsx").cells("Series").value(2, 12) == 8759 / 8


def test_errors_of_inputs_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run(feasibility_book(tmp_path / "book.xlsx", write("Prices", "D2", "abc")))

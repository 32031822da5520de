"""The registry: what it takes, what it refuses, and how an answer becomes a cell."""

from __future__ import annotations

import dataclasses
import math
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dhxl.functions
from dhxl.errors import InputError, NoSolutionError
from dhxl.functions import REGISTRY, spec
from dhxl.functions.arguments import Argument, anything, number, text, vector, whole
from dhxl.functions.cells import CellError
from dhxl.functions.spec import CATEGORIES, Example, Result, WorksheetFunction, example, worksheet_function

LENGTH = number("length_m", "Length", "m", at_least=0)
HEAT = number("heat_mwh", "Heat", "MWh", at_least=0)
DENSITY = Result("number", "MWh/(m·a)")
EXAMPLES = (example(2.0, 6, 3, source="hand sum"),)


def density(heat_mwh: float, length_m: float) -> float:
    """Heat per length."""
    return heat_mwh / length_m


@pytest.fixture(autouse=True)
def functions(monkeypatch: pytest.MonkeyPatch) -> dict[str, WorksheetFunction]:
    """Return an empty registry in place of the real one."""
    empty: dict[str, WorksheetFunction] = {}
    monkeypatch.setattr(spec, "_FUNCTIONS", empty)
    return empty


def refusal(
    function: Callable[..., Any] = density,
    name: str = "DH_DENSITY",
    category: str = "DH Network",
    arguments: tuple[Argument, ...] = (HEAT, LENGTH),
    result: Result = DENSITY,
    examples: tuple[Example, ...] = EXAMPLES,
) -> list[str]:
    """Return what is wrong with a declaration."""
    decorator = worksheet_function(name, category=category, arguments=arguments, result=result, examples=examples)
    with pytest.raises(ValueError, match=name) as caught:
        decorator(function)
    return [line.removeprefix(f"{name}: ") for line in str(caught.value).split("\n")]


def answer(
    value: Any, result: Result = DENSITY, arguments: tuple[Argument, ...] = (), cells: tuple[Any, ...] = ()
) -> Any:
    """Return the cell that comes out where a calculation gives a value, or calls it for one."""

    def calculation() -> Any:
        return value() if callable(value) else value

    return WorksheetFunction("DH_X", CATEGORIES[0], arguments, result, EXAMPLES, calculation)(*cells)


def test_a_registered_function_stays_the_same_and_can_be_found(functions: dict[str, WorksheetFunction]) -> None:
    declared = worksheet_function(
        "DH_DENSITY", category="DH Network", arguments=(HEAT, LENGTH), result=DENSITY, examples=EXAMPLES
    )
    assert declared(density) is density
    assert functions["DH_DENSITY"](6, 3) == 2.0
    assert functions["DH_DENSITY"].summary == "Heat per length."


def test_the_description_is_frozen(functions: dict[str, WorksheetFunction]) -> None:
    worksheet_function(
        "DH_DENSITY", category="DH Network", arguments=(HEAT, LENGTH), result=DENSITY, examples=EXAMPLES
    )(density)
    with pytest.raises(dataclasses.FrozenInstanceError):
        functions["DH_DENSITY"].name = "DH_OTHER"  # type: ignore[misc]
    with pytest.raises(TypeError):
        REGISTRY["DH_OTHER"] = functions["DH_DENSITY"]  # type: ignore[index]


def test_optional_arguments_are_those_with_a_default_in_the_signature(functions: dict[str, WorksheetFunction]) -> None:
    def heat(length_m: float, heat_mwh: float | None = None, share: float = 0.5) -> float:
        """Heat."""
        return length_m * share if heat_mwh is None else heat_mwh

    worksheet_function(
        "DH_HEAT",
        category="DH Network",
        arguments=(LENGTH, HEAT, number("share", "Share", "-")),
        result=Result("number", "MWh"),
        examples=(example(1.5, 3, source="hand sum"),),
    )(heat)
    declared = functions["DH_HEAT"]
    assert declared.syntax == "DH_HEAT(length_m, [heat_mwh], [share])"
    assert [argument.default for argument in declared.arguments[1:]] == [None, 0.5]
    assert declared(3) == 1.5


@pytest.mark.parametrize("name", ["LHD", "DH_lhd", "DH_", "DH_1", "DH_L", "DH_L-D", "DH_" + "A" * 29, "dh_LHD"])
def test_a_bad_name_is_refused(name: str) -> None:
    assert refusal(name=name) == ["name must be DH_ and 2 to 28 capitals, digits or underscores"]


def test_a_name_is_registered_once(functions: dict[str, WorksheetFunction]) -> None:
    worksheet_function(
        "DH_DENSITY", category="DH Network", arguments=(HEAT, LENGTH), result=DENSITY, examples=EXAMPLES
    )(density)
    assert refusal() == ["is registered already"]


def test_an_unknown_category_is_refused_with_the_known_ones() -> None:
    (fault,) = refusal(category="DH Magic")
    assert fault == f"category 'DH Magic' is none of {', '.join(CATEGORIES)}"


@pytest.mark.parametrize("word", ["date", "end", "type", "string", "len", "cdec", "endif", "optional", "rem", "value"])
def test_a_word_of_vba_cannot_name_an_argument(word: str) -> None:
    namespace: dict[str, Any] = {}
    exec(f"def calculation({word}):\n    '''Something.'''", namespace)
    assert refusal(namespace["calculation"], arguments=(number(word, "Something", "-"),)) == [
        f"{word} is a word of VBA",
        "has an example with too many arguments",
    ]


def test_an_argument_is_lower_case() -> None:
    def calculation(Heat_mwh: float, length_m: float) -> None:
        """Something."""

    heat = number("Heat_mwh", "Heat", "MWh")
    assert refusal(calculation, arguments=(heat, LENGTH)) == ["Heat_mwh must be lower case with underscores"]


@pytest.mark.parametrize(
    ("argument", "fault"),
    [
        (number("heat_mwh", "Heat", "kWh"), "heat_mwh has unit 'kWh', but its name says ('MWh', 'MWh/a')"),
        (number("heat_mwh", "Heat", "-"), "heat_mwh has unit '-', but its name says ('MWh', 'MWh/a')"),
        (vector("heat_mwh", "Heat", "MW"), "heat_mwh has unit 'MW', but its name says ('MWh', 'MWh/a')"),
        (whole("heat_mwh", "Heat"), "heat_mwh has unit '-', but its name says ('MWh', 'MWh/a')"),
    ],
)
def test_an_argument_without_the_unit_of_its_name_is_refused(argument: Argument, fault: str) -> None:
    assert refusal(arguments=(argument, LENGTH)) == [fault]


def test_an_argument_whose_name_lacks_the_unit_is_refused() -> None:
    def calculation(heat: float, length_m: float) -> None:
        """Something."""

    assert refusal(calculation, arguments=(number("heat", "Heat", "MWh"), LENGTH)) == [
        "heat has unit 'MWh', but its name says '-'"
    ]


@pytest.mark.parametrize("words", ["", "x" * 256])
def test_an_argument_needs_a_text_that_the_function_wizard_can_show(words: str) -> None:
    assert refusal(arguments=(number("heat_mwh", words, "MWh"), LENGTH)) == [
        "heat_mwh needs a text of at most 255 characters"
    ]


@pytest.mark.parametrize("documentation", [None, "", "x" * 256])
def test_a_function_needs_a_first_line_that_the_function_wizard_can_show(documentation: str | None) -> None:
    def calculation(heat_mwh: float, length_m: float) -> None: ...

    calculation.__doc__ = documentation
    assert refusal(calculation) == ["first line of the documentation must have 1 to 255 characters"]


def test_arguments_are_those_of_the_signature_in_its_order() -> None:
    fault = "arguments differ from the function's signature in name or order"
    assert refusal(arguments=(LENGTH, HEAT)) == [fault]
    assert refusal(arguments=(HEAT,)) == [fault, "has an example with too many arguments"]


def test_optional_arguments_stand_last() -> None:
    def calculation(heat_mwh: float, length_m: float = 1.0, *, share: float) -> None:
        """Something."""

    arguments = (HEAT, LENGTH, number("share", "Share", "-"))
    assert refusal(calculation, arguments=arguments) == [
        "arguments must be positional",
        "optional arguments must stand last",
    ]


@pytest.mark.parametrize("arguments", [(HEAT,), (vector("heat_mwh", "Heat", "MWh", at_least=0),)])
def test_a_default_keeps_its_own_limits(arguments: tuple[Argument, ...]) -> None:
    def calculation(heat_mwh: float = -1.0) -> None:
        """Something."""

    assert refusal(calculation, arguments=arguments, examples=(example(1.0, source="none"),)) == [
        "heat_mwh has a default outside its limits: heat_mwh must be >= 0 MWh, got -1"
    ]


def test_a_default_text_is_one_of_the_choices() -> None:
    def calculation(mode: str = "slow") -> None:
        """Something."""

    (fault,) = refusal(
        calculation, arguments=(text("mode", "Mode", ("fast",)),), examples=(example(1.0, source="none"),)
    )
    assert fault == "mode has a default outside its limits: mode must be one of fast, got 'slow'"


@pytest.mark.parametrize("shape", ["number", "column"])
def test_a_result_needs_a_known_unit(shape: Any) -> None:
    assert refusal(result=Result(shape, "furlong")) == ["result unit 'furlong' is unknown"]


def test_a_function_without_example_is_refused() -> None:
    assert refusal(examples=()) == ["needs an example"]


def test_all_faults_are_told_at_once_and_nothing_is_registered(functions: dict[str, WorksheetFunction]) -> None:
    def calculation(end: float = 1.0, Heat: float = 2.0) -> None: ...

    told = refusal(
        calculation,
        name="BAD",
        category="Magic",
        arguments=(number("end", "", "MWh"), LENGTH),
        result=Result("number", "furlong"),
        examples=(),
    )
    assert told == [
        "name must be DH_ and 2 to 28 capitals, digits or underscores",
        f"category 'Magic' is none of {', '.join(CATEGORIES)}",
        "first line of the documentation must have 1 to 255 characters",
        "arguments differ from the function's signature in name or order",
        "optional arguments must stand last",
        "end is a word of VBA",
        "end needs a text of at most 255 characters",
        "end has unit 'MWh', but its name says '-'",
        "result unit 'furlong' is unknown",
        "needs an example",
    ]
    assert not functions


@pytest.mark.parametrize("value", [3, 3.0, np.float64(3), np.int64(3), np.array(3.0)])
def test_a_number_comes_out_as_a_plain_float(value: Any) -> None:
    assert answer(value) == 3.0
    assert type(answer(value)) is float


def test_a_negative_zero_comes_out_as_zero() -> None:
    assert math.copysign(1, answer(-0.0)) == 1
    assert math.copysign(1, answer([-0.0], Result("column"))[0][0]) == 1
    assert math.copysign(1, answer([[-0.0]], Result("table"))[0][0]) == 1


def test_a_column_comes_out_as_rows_of_one_number() -> None:
    assert answer(np.arange(3), Result("column", "MW")) == [[0.0], [1.0], [2.0]]


def test_a_table_comes_out_as_rows_of_plain_cells() -> None:
    rows = answer(((np.float64(1), "a", np.bool_(True)), (2, "", False)), Result("table"))
    assert rows == [[1.0, "a", True], [2.0, "", False]]
    assert [type(cell) for cell in rows[0]] == [float, str, bool]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (math.nan, "number"),
        (math.inf, "number"),
        ([1.0, math.nan], "column"),
        ([[1.0, "a"], [-math.inf, "b"]], "table"),
        (lambda: 1.0 / 0.0, "number"),
        (lambda: math.exp(1e9), "number"),
        (lambda: np.float64(1e308) * np.float64(10), "number"),
        (lambda: np.zeros(2) / np.zeros(2), "column"),
        (lambda: np.log(np.zeros(2)), "column"),
    ],
)
def test_what_is_not_finite_never_leaves(value: Any, shape: Any) -> None:
    assert answer(value, Result(shape)) == CellError("#NUM!", "DH_X: no finite result for these inputs")


def test_underflow_is_no_fault() -> None:
    assert answer(lambda: np.float64(1e-300) * np.float64(1e-300)) == 0.0


@pytest.mark.parametrize(("error", "code"), [(InputError, "#VALUE!"), (NoSolutionError, "#NUM!")])
def test_every_sentence_of_an_error_names_the_function_once(error: Any, code: str) -> None:
    def calculation() -> None:
        raise error(["first", "DH_X: second"])

    assert answer(calculation) == CellError(code, "DH_X: first\nDH_X: second")


def test_an_error_of_the_program_itself_is_not_hidden() -> None:
    with pytest.raises(KeyError):
        answer(lambda: {}["missing"])


def test_cells_beyond_the_arguments_are_refused() -> None:
    assert answer(1.0, cells=(1, 2)) == CellError("#VALUE!", "DH_X: takes at most 0 arguments, got 2")


def test_the_real_registry_is_in_the_order_of_the_categories() -> None:
    places = [CATEGORIES.index(function.category) for function in REGISTRY.values()]
    assert places == sorted(places)
    assert all(name == function.name for name, function in REGISTRY.items())


def test_every_module_of_functions_is_imported() -> None:
    of_the_list = {"docstrings", "pages", "stamp", "wizard"}
    names = {module.name for module in pkgutil.iter_modules(dhxl.functions.__path__)} - of_the_list
    modules = {f"dhxl.functions.{name}" for name in names}
    code = "import sys, dhxl.functions; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert modules <= set(imported)


def test_a_cell_whose_value_does_not_matter_needs_no_unit(functions: dict[str, WorksheetFunction]) -> None:
    def calculation(trigger: Any = None) -> str:
        """Something."""
        return "done"

    worksheet_function(
        "DH_DONE",
        category="DH Info",
        arguments=(anything("trigger", "Any"),),
        result=Result("text"),
        examples=(example("done", source="itself"),),
    )(calculation)
    assert functions["DH_DONE"](CellError("#N/A")) == "done"

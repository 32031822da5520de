"""Errors: one tree, as drawn, and messages that keep all problems apart."""

from __future__ import annotations

import re

import pytest

from dhxl import errors
from dhxl.errors import DhxlError, InputError, NoSolutionError, WorkbookError


def test_the_drawn_tree_is_the_real_one() -> None:
    root, *leaves = re.findall(r"^(?:[├└]── )?(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert root == DhxlError.__name__
    assert [cls.__name__ for cls in DhxlError.__subclasses__() if cls.__module__ == errors.__name__] == leaves
    assert sorted([root, *leaves]) == sorted(name for name in errors.__all__ if name.endswith("Error"))


@pytest.mark.parametrize(("cls", "code"), [(InputError, "#VALUE!"), (NoSolutionError, "#NUM!")])
def test_the_drawn_cell_error_is_the_real_one(cls: type[DhxlError], code: str) -> None:
    assert cls.code == code
    assert re.search(rf"{cls.__name__} .* {re.escape(code)}$", errors.__doc__ or "", re.MULTILINE)


@pytest.mark.parametrize("cls", [DhxlError, InputError, NoSolutionError, WorkbookError])
def test_one_sentence_or_several_become_lines(cls: type[DhxlError]) -> None:
    assert cls("one").problems == ("one",)
    assert str(cls("one")) == "one"
    several = cls(sentence for sentence in ("first", "second"))
    assert several.problems == ("first", "second")
    assert str(several) == "first\nsecond"


def test_all_errors_can_be_caught_as_one() -> None:
    for cls in (InputError, NoSolutionError, WorkbookError):
        with pytest.raises(DhxlError):
            raise cls("anything")

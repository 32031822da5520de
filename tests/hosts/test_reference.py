"""docs/functions.md: current, the same everywhere, and without dead links."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from dhxl.functions import REGISTRY
from dhxl.hosts.reference import reference
from tests.conftest import REPOSITORY

FILE = REPOSITORY / "docs" / "functions.md"


@pytest.fixture(scope="module")
def document() -> str:
    return reference()


def section(document: str, name: str) -> str:
    return re.split(r"^##", document.partition(f"### {name}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def test_the_document_in_the_repository_is_current(document: str) -> None:
    if FILE.read_text(encoding="utf-8") != document:
        pytest.fail("docs/functions.md differs from the declarations; run: python docs/reference.py")


def test_the_document_is_the_same_in_another_process(document: str) -> None:
    code = "import sys; from dhxl.hosts.reference import reference; sys.stdout.buffer.write(reference().encode())"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout == document.encode()


def test_every_function_has_its_section_in_the_order_of_the_registry(document: str) -> None:
    assert re.findall(r"^### (\S+)$", document, re.MULTILINE) == list(REGISTRY)
    categories = list(dict.fromkeys(function.category for function in REGISTRY.values()))
    assert re.findall(r"^## (DH .+)$", document, re.MULTILINE) == categories


def test_every_link_leads_to_a_heading(document: str) -> None:
    headings = re.findall(r"^##+ (.+)$", document, re.MULTILINE)
    assert len(set(headings)) == len(headings)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", document)) <= anchors
    assert (FILE.parent / "convention.md").exists()


def test_tables_have_as_many_cells_in_every_row(document: str) -> None:
    rows = [line.strip() for line in document.splitlines()]
    width = 0
    for row in rows:
        cells = len(re.findall(r"(?<!\\)\|", row)) if row.startswith("|") else 0
        assert not (width and cells) or cells == width, row
        width = cells


def test_a_section_reads_as_a_person_would_write_it(document: str) -> None:
    said = section(document, "DH_LHD")
    assert "| `trench_length_m` | Length of the trenches, not of the pipes in them | m | > 0 |" in said
    assert "**Result**: MWh/(m·a). Ranges give a range of results." in said
    assert "`LHD = Q / L`." in said
    assert "[doi:10.1016/j.apenergy.2010.09.020](https://doi.org/10.1016/j.apenergy.2010.09.020)." in said
    assert "- `=DH_LHD(6000, 3000)` gives `2` (hand sum)" in said
    assert "- `#VALUE!` An argument is outside its limits; a network without length has no density." in said


def test_functions_are_linked_from_each_other_but_not_from_themselves(document: str) -> None:
    assert "[`DH_AVERAGE_DIAMETER`](#dh_average_diameter)" in section(document, "DH_DISTRIBUTION_COST")
    assert "](#dh_lhd)" not in section(document, "DH_LHD")


def test_code_stays_as_it_is_and_prose_holds_no_markup(document: str) -> None:
    assert "    R_soil       = ln(4 Z / D)" not in document
    assert "\nR_soil       = ln(4 Z / D) / (2 pi lambda_soil)\n" in section(document, "DH_PIPE_U")
    outside = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", document, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<", outside)


def test_the_ranges_of_an_example_stand_beneath_it_once(document: str) -> None:
    said = section(document, "DH_DISPATCH_VALUE")
    assert said.count("with `units`") == 1
    assert "| Heat pump | heat_pump | 2 |" in said

"""The standard workbooks that dhxl brings along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dhxl.errors import WorkbookError
from dhxl.studies.readings import meant

__all__ = ["DEFAULT", "TEMPLATES", "Template", "located", "template_file"]

DEFAULT: Final = "geothermal"
_REPOSITORY: Final = Path(__file__).parents[2]
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")


@dataclass(frozen=True, slots=True)
class Template:
    """A standard workbook: its name, what it is for, and its file in the repository."""

    name: str
    summary: str
    source: str

    @property
    def packed(self) -> str:
        """Return the file's place in an installed package."""
        return f"templates/{self.name}{Path(self.source).suffix}"


TEMPLATES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Template(
                "geothermal",
                "A town on a geothermal well: heat pumps, gas CHP, gas boilers, heat store",
                "workbook.xlsm",
            ),
            Template(
                "biomass",
                "A rural network of low density: biomass boilers and a gas peak boiler",
                "templates/biomass.xlsm",
            ),
        )
    }
)


def template_file(name: str) -> Traversable | None:
    """Return the file of a standard workbook, in the installed package or in the repository; None where it lacks."""
    template = TEMPLATES[name]
    packed = files("dhxl").joinpath(*template.packed.split("/"))
    if packed.is_file():
        return packed
    source = _REPOSITORY / template.source
    return source if source.is_file() else None


@contextmanager
def located(template: str) -> Iterator[Path]:
    """Yield the path of a template: a standard workbook by its name, any other by its path.

    A file of that very name in the current folder does not hide a standard workbook; ``./geothermal`` is the file.

    Raises
    ------
    WorkbookError
        There is no such template.
    """
    if template.casefold() in TEMPLATES:
        found = template_file(template.casefold())
        if found is None:
            raise WorkbookError(f"the template {template} is missing from this installation; install dhxl again")
        with as_file(found) as path:
            yield path
        return
    path = Path(template)
    if path.suffix.lower() not in _WORKBOOKS and not path.exists():
        raise WorkbookError(
            f"there is no template {template!r}{meant(template, TEMPLATES)} "
            f"(templates: {', '.join(TEMPLATES)}, or the path of a workbook)"
        )
    yield path

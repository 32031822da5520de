"""One loaded workbook for several studies: a case that two of them ask for is calculated once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, Self

from dhxl.hosts.headless import Constant
from dhxl.studies.cases import CaseResult, Cases, Inputs, OnCase
from dhxl.workbook.package import Package

__all__ = ["Bench", "Opener", "SharedCases"]


class Bench(Protocol):
    """What calculates the cases of a study."""

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came."""

    def __enter__(self) -> Bench: ...

    def __exit__(self, *_: object) -> None: ...

    def base(self) -> CaseResult:
        """Return the outputs with the workbook's own inputs."""

    def results(self, cases: Sequence[Inputs], on_case: OnCase | None = None) -> list[CaseResult | None]:
        """Return the result of each case, None for those that were not finished."""


Opener = Callable[[Package, Sequence[str], int | None], Bench]


class SharedCases:
    """Cases with the outputs of several studies; a context manager.

    Parameters
    ----------
    package : Package
        The workbook.
    outputs : sequence of str
        All outputs that the studies ask for.
    workers : int, optional
        Number of processes; without it one, or one a core where the cases take long enough.
    """

    def __init__(self, package: Package, outputs: Sequence[str], workers: int | None = 1) -> None:
        self._names = [name.casefold() for name in outputs]
        self._cases = Cases(package, outputs, workers)
        self._known: dict[tuple[tuple[str, Constant], ...], CaseResult] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cases.__exit__()

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C came."""
        return self._cases.interrupted

    def view(self, _: Package, outputs: Sequence[str], workers: int | None = 1) -> Bench:
        """Return what calculates one study, with its outputs; ``workers`` are those of the shared cases."""
        del workers
        return _View(self, [self._names.index(name.casefold()) for name in outputs])

    def results(self, cases: Sequence[Inputs], on_case: OnCase | None = None) -> list[CaseResult | None]:
        """Return the result of each case with all outputs, None for those that were not finished."""
        new = {_key(case): case for case in cases if _key(case) not in self._known}
        before = len(cases) - len(new)
        tell = on_case or (lambda _done, _count: None)
        found = self._cases.results(list(new.values()), lambda done, _: tell(before + done, len(cases)))
        self._known |= {key: result for key, result in zip(new, found, strict=True) if result is not None}
        return [self._known.get(_key(case)) for case in cases]


class _View:
    """The outputs of one study out of the shared cases."""

    def __init__(self, shared: SharedCases, places: Sequence[int]) -> None:
        self._shared = shared
        self._places = places

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the workbook to the other studies."""

    @property
    def interrupted(self) -> bool:
        return self._shared.interrupted

    def base(self) -> CaseResult:
        result = self.results([{}])[0]
        if result is None:
            raise KeyboardInterrupt
        return result

    def results(self, cases: Sequence[Inputs], on_case: OnCase | None = None) -> list[CaseResult | None]:
        found = self._shared.results(cases, on_case)
        return [result and self._picked(case, result) for case, result in zip(cases, found, strict=True)]

    def _picked(self, case: Inputs, result: CaseResult) -> CaseResult:
        return replace(result, inputs=dict(case), outputs=tuple(result.outputs[place] for place in self._places))


def _key(inputs: Inputs) -> tuple[tuple[str, Constant], ...]:
    return tuple(sorted(inputs.items(), key=lambda entry: entry[0]))

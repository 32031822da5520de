"""A workbook that is open in Excel while a macro works on it: progress, Esc, a copy, and results written back."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from xlwings import App, Book, Range

from dhxl.errors import DhxlError, WorkbookError
from dhxl.hosts.headless import Constant
from dhxl.macros.keys import watch_escape
from dhxl.workbook.values import ErrorValue

__all__ = ["Desk", "Rows", "run_macro"]

TITLE: Final = "dhxl"
_KINDS: Final = (".xlsm", ".xlsx")
_TELL_S: Final = 0.1  # between two texts of the status bar, each of which takes Excel's time
_LONGEST: Final = 1500  # characters of a message that fit on a screen
_UNHEARD: Final = {"enable_events": False}
_QUIET: Final = {"screen_updating": False, "enable_events": False, "calculation": "manual"}

Rows = list[list[Constant | ErrorValue]]

_log = logging.getLogger("dhxl")


class Desk:
    """An open workbook and its application; made by :func:`run_macro`."""

    def __init__(self, book: Book, copy: str | None = None) -> None:
        self.book = book
        self._copy = copy
        self._pressed = watch_escape(book.app.pid)
        self._told = 0.0

    def progress(self, step: str, share: float) -> None:
        """Show in the status bar what is being done and the share done.

        Raises
        ------
        KeyboardInterrupt
            Esc was pressed.
        """
        if self._pressed():
            raise KeyboardInterrupt
        now = time.monotonic()
        if now - self._told >= _TELL_S:
            self._told = now
            self.book.app.status_bar = f"{TITLE}: {step} {share:.0%} (Esc stops)"

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Yield a copy of the workbook as it is now, with what is not saved yet, in a folder that goes afterwards.

        Messages on the copy name the workbook instead.

        Raises
        ------
        WorkbookError
            The workbook is of another kind, or Excel does not save a copy.
        """
        name = Path(self.book.name)
        if name.suffix.lower() not in _KINDS:
            raise WorkbookError(f"{name}: save it as {' or '.join(_KINDS)} first")
        with tempfile.TemporaryDirectory(prefix="dhxl", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / name
            if self._copy is not None:
                shutil.move(self._copy, path)
            else:
                with _held(self.book.app, _UNHEARD):  # and calculation as it is, which the copy keeps
                    _save_copy(self.book, path)
            try:
                yield path
            except DhxlError as error:
                told = [problem.replace(str(path), str(name)) for problem in error.problems]
                raise type(error)(told) from error

    def write(self, rows: Mapping[str, Rows]) -> None:
        """Write constants into named ranges, all or none.

        Raises
        ------
        WorkbookError
            A name is missing, its range has another size, or Excel refuses; the cells then hold what they held.
        """
        places = {name: self._place(name, given) for name, given in rows.items()}
        before: list[tuple[Range, list[list[Any]]]] = []
        with _held(self.book.app, _QUIET):
            for name, place in places.items():
                try:
                    before.append((place, place.options(ndim=2, err_to_str=True).value))
                    place.value = _entered(rows[name])
                except BaseException as error:
                    _put_back(before)
                    if not isinstance(error, Exception):
                        raise
                    raise WorkbookError(
                        f"{place.sheet.name}!{place.address} ({name}): Excel does not take the results; "
                        f"is the sheet protected? ({error})"
                    ) from error

    def show(self, sheet: str) -> None:
        """Bring a sheet to the front, if Excel lets it."""
        try:
            # not Sheet.activate(), which refuses where another program came to the front meanwhile
            self.book.sheets[sheet].impl.activate()
        except Exception:  # noqa: BLE001 - a view, no result
            _log.debug("sheet %s cannot be shown", sheet, exc_info=True)

    def _place(self, name: str, rows: Rows) -> Range:
        if name not in self.book.names:
            raise WorkbookError(f"{self.book.name}: the name {name} is missing")
        place = self.book.names[name].refers_to_range
        if place.shape != (len(rows), len(rows[0])):
            raise WorkbookError(
                f"{self.book.name}: {name} has {place.shape[0]} x {place.shape[1]} cells now; run again"
            )
        return place


def run_macro(work: Callable[[Desk], str], book: Book | None = None, copy: str | None = None) -> None:
    """Do the work of a macro and say in one message what came of it; whatever happens, Excel is as it was before.

    Parameters
    ----------
    work : callable
        Does it and returns the message.
    book : Book, optional
        The workbook; without it the one whose button was pressed.
    copy : str, optional
        A file to which the button has saved a copy, which goes afterwards. On macOS Excel saves none when asked by
        Python.
    """
    chosen = book or Book.caller()
    kind = "critical"
    with _held(chosen.app, {"display_alerts": False}):  # or Excel asks again and again whether to wait for Python
        with _held(chosen.app, {"status_bar": f"{TITLE}: ..."}):
            try:
                message, kind = work(Desk(chosen, copy)), "info"
            except KeyboardInterrupt:
                message, kind = "Stopped. The workbook is as it was.", "info"
            except DhxlError as error:
                message = str(error)
            except Exception as error:  # noqa: BLE001 - the outermost door of a button
                _log.exception("a macro")
                message = f"{type(error).__name__}: {error} (internal error, please report it)"
        if copy is not None:
            Path(copy).unlink(missing_ok=True)
        chosen.app.alert(message if len(message) <= _LONGEST else message[: _LONGEST - 4] + " ...", TITLE, "ok", kind)


@contextmanager
def _held(app: App, settings: Mapping[str, Any]) -> Iterator[None]:
    """Give an application other settings for a while; each goes back by itself, also if another one cannot."""
    before: dict[str, Any] = {}
    try:
        for name, value in settings.items():
            before[name] = getattr(app, name)
            setattr(app, name, value)
        yield
    finally:
        for name, value in reversed(before.items()):
            try:
                setattr(app, name, value)
            except Exception:  # noqa: BLE001 - the other settings must go back all the same
                _log.exception("%s of Excel cannot be put back", name)


def _save_copy(book: Book, path: Path) -> None:
    try:
        book.api.SaveCopyAs(str(path))
    except Exception as error:
        raise WorkbookError(f"{book.name}: Excel does not save a copy ({error})") from error
    if not path.is_file():
        raise WorkbookError(f"{book.name}: Excel does not save a copy in {path.parent}")


def _entered(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows as they are entered: an apostrophe keeps Excel from reading a text as a date, number or formula.

    It also keeps an empty text from becoming a blank cell, which formulas would show as 0.

    Examples
    --------
    >>> _entered([[1.0, "2026-01-01", "", None, ErrorValue("#N/A")]])
    [[1.0, "'2026-01-01", "'", None, "'#N/A"]]
    """
    return [[f"'{value}" if isinstance(value, (str, ErrorValue)) else value for value in row] for row in rows]


def _put_back(before: list[tuple[Range, list[list[Any]]]]) -> None:
    for place, values in reversed(before):
        with suppress(Exception):  # a range that refuses the results refuses this, too, and holds what it held
            place.value = _entered(values)

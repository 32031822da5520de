"""The times beside the rows of a series: doubled, lacking, out of order, or on a clock that changes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["TimeAxis", "time_axis"]

_TITLES: Final = re.compile(
    r"(?:date|time|datetime|timestamp|datum|zeit|uhrzeit|zeitstempel|data|ora|tid|mtu)\b", re.IGNORECASE
)
_WRITTEN: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII)
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
_LONGEST_STEP_S: Final = _DAY_S  # months and years have no constant length
_TOLD: Final = 3
_DOMINANT: Final = 4  # the step is constant where at least one row in so many follows by it
_CHANGES: Final = {3: 1, 10: -1}  # month of the last Sunday on which clocks go forward, back


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """What the times of a column say: ``faults`` shift the rows behind them, ``notes`` are worth knowing."""

    title: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def time_axis(title: str, fields: Sequence[str], lines: Sequence[int]) -> TimeAxis | None:
    """Return what a column says as times of equal steps of at most a day; None where it is no such column.

    Parameters
    ----------
    title : str
        Title of the column.
    fields : sequence of str
        Its fields below the title.
    lines : sequence of int
        Line of the file for each of them.

    Examples
    --------
    >>> axis = time_axis("time", ["2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 01:00"], [2, 3, 4])
    >>> axis.faults[0][:88]
    'the column time must have times of equal steps: line 4 repeats 2024-01-01 01:00; rows co'
    >>> time_axis("note", ["dry", "wet"], [2, 3]) is None
    True
    """
    first = next(filter(None, fields), "")
    if not first or (_moment(first) is None and not _TITLES.match(title)):
        return None
    for month_first in (False, True):
        moments = [_moment(field, month_first=month_first) for field in fields]
        lacking = moments.count(None) - list(fields).count("")
        if not lacking or not any("/" in field for field in fields):
            break
    known = [moment for moment in moments if moment is not None]
    if len(known) < 2 or 2 * len(known) <= len(fields):
        return None
    zoned = all(moment.tzinfo for moment in known)
    seconds = [None if moment is None else _seconds(moment) for moment in moments]
    step, often = _step(seconds)
    if abs(step) > _LONGEST_STEP_S:
        return None
    if step == 0.0 and all(moment.hour == moment.minute == 0 for moment in known):
        return None  # days, beside a column with their hours
    if step == 0.0:
        place = next(row for row in range(1, len(seconds)) if seconds[row] == seconds[row - 1] is not None)
        fault = f"line {lines[place]} and others repeat the time of the line before: keep one row for each time"
        return TimeAxis(title, (f"the column {title} must have times of equal steps: {fault}",), ())
    if step < 0.0 and often * _DOMINANT >= len(known) - 1:
        fault = f"line {lines[1]} is before line {lines[0]}, and so on to the end: put the oldest row first"
        return TimeAxis(title, (f"the column {title} must have times of equal steps: {fault}",), ())
    if often * _DOMINANT < len(known) - 1:
        return TimeAxis(title, (), (f"the times of column {title} have no constant step; rows count in their order",))
    faults, notes = [], []
    for fault, note in _findings(fields, lines, moments, seconds, step, zoned=zoned):
        faults += [fault] if fault else []
        notes += [note] if note else []
    if faults:
        said = _listed(faults)
        sentence = (
            f"the column {title} must have times of equal steps: {said}; rows count in their order: mend the file"
        )
        faults = [sentence]
    if notes:
        notes = [
            f"the times of column {title} are those of the legal clock: {_listed(notes)}; no row is added or left out"
        ]
    if step == _DAY_S:
        faults, notes = [], faults + notes  # days without trade lack in many series, and no hour is shifted
    return TimeAxis(title, tuple(faults), tuple(notes))


def _findings(
    fields: Sequence[str],
    lines: Sequence[int],
    moments: Sequence[datetime | None],
    seconds: Sequence[float | None],
    step: float,
    *,
    zoned: bool,
) -> Iterator[tuple[str, str]]:
    """Yield a fault or a note for each row whose time does not follow the one before by a step."""
    last = None
    for row, second in enumerate(seconds):
        if second is None:
            field = fields[row]
            yield f"line {lines[row]} {f'has {field!r}' if field else 'has no time'}", ""
            continue
        if last is not None:
            before = seconds[last]
            assert before is not None  # a row becomes the last one with a time only
            wanted, went = (row - last) * step, second - before
            if went != wanted:
                moment = moments[row]
                assert moment is not None
                change = 0 if zoned or step > _HOUR_S else _change(moment)
                if change and went - wanted == change * _HOUR_S:
                    yield "", _changed(lines[row], moment, change)
                else:
                    yield _wrong(lines, row, last, moment, went, step), ""
        last = row


def _changed(line: int, moment: datetime, change: int) -> str:
    day = f"{moment:%Y-%m-%d}"
    if change > 0:
        return f"before line {line} the hour that lacks on {day} as clocks go forward"
    return f"at line {line} the hour that comes twice on {day} as clocks go back"


def _wrong(lines: Sequence[int], row: int, last: int, moment: datetime, went: float, step: float) -> str:
    line, shown = lines[row], f"{moment:%Y-%m-%d %H:%M}"
    if went == 0:
        return f"line {line} repeats {shown}"
    if went < 0:
        return f"line {line} ({shown}) is before line {lines[last]}"
    lacking = went / step - (row - last)
    if lacking > 0 and lacking == int(lacking):
        first = moment - timedelta(seconds=step * lacking)
        steps = f"{first:%Y-%m-%d %H:%M}" + (f" and {int(lacking) - 1:,} more" if lacking > 1 else "")
        return f"before line {line} lacks {steps}"
    return f"line {line} ({shown}) is {went / 60:g} min after line {lines[last]}, where steps are {step / 60:g} min"


def _listed(said: Sequence[str]) -> str:
    rest = len(said) - _TOLD
    return ", ".join(said[:_TOLD]) + (f" and {rest:,} more" if rest > 0 else "")


def _step(seconds: Sequence[float | None]) -> tuple[float, int]:
    """Return the most frequent step and how often it is."""
    known = [second for second in seconds if second is not None]
    steps = Counter(map(float.__sub__, known[1:], known[:-1]))
    return steps.most_common(1)[0] if steps else (0.0, 0)


def _seconds(moment: datetime) -> float:
    if moment.tzinfo:
        return moment.astimezone(UTC).timestamp()
    return moment.toordinal() * 86_400.0 + moment.hour * 3600 + moment.minute * 60 + moment.second


def _change(moment: datetime) -> int:
    """Return 1 in the hours in which clocks of Europe go forward, -1 where they go back, else 0."""
    change = _CHANGES.get(moment.month, 0)
    if not change or moment.hour > 4:
        return 0
    last = date(moment.year, moment.month, 31)
    return change if moment.day == 31 - (last.weekday() + 1) % 7 else 0


def _moment(text: str, *, month_first: bool = False) -> datetime | None:
    """Return the moment that a text names, of a span such as that of a market time unit its beginning."""
    try:
        return datetime.fromisoformat(_iso(text))
    except ValueError:
        found = _WRITTEN.match(text.partition(" - ")[0])
    if not found:
        return None
    day, sign, month, year, hour, minute, second = found.groups()
    if sign == "/" and month_first:
        day, month = month, day
    try:
        start = datetime(int(year), int(month), int(day))
    except ValueError:
        return None
    return start + timedelta(hours=int(hour or 0), minutes=int(minute or 0), seconds=int(second or 0))


def _iso(text: str) -> str:
    """Return the usual ``01.02.2024 00:00`` in the order of ISO, which is read ten times as fast; all else as it is."""
    if text[2:3] == text[5:6] == ".":
        return f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:19].partition(' - ')[0]}"
    return text

"""The calendar of a series: how long a step is where the number of steps is that of a year."""

from __future__ import annotations

__all__ = ["STEP_OF_ROWS", "calendar_faults", "step_of_rows"]

HOURS_OF_YEAR = (8760, 8784)
NEARLY_A_YEAR_H = 168.0  # a series that misses a year by less is one with lost or doubled rows
STEP_NAMES = {1.0: "hours", 0.5: "half-hours", 0.25: "quarter-hours"}
STEP_OF_ROWS = {round(hours / step): step for step in STEP_NAMES for hours in HOURS_OF_YEAR}


def step_of_rows(rows: int) -> float:
    """Return the length of a step that so many rows mean, h: what makes them a year, 1 where nothing does.

    Parameters
    ----------
    rows : int

    Returns
    -------
    float

    Examples
    --------
    >>> step_of_rows(8784), step_of_rows(17520), step_of_rows(35040), step_of_rows(24)
    (1.0, 0.5, 0.25, 1.0)
    """
    return STEP_OF_ROWS.get(rows, 1.0)


def calendar_faults(rows: int, step_h: float | None) -> list[str]:
    """Return what is wrong with a number of rows: it is nearly, but not, a year, or a given step does not fit it.

    Parameters
    ----------
    rows : int
    step_h : float or None
        Length of a step, h, as it is given; None where it is not.

    Returns
    -------
    list of str
        Sentences without their subject, the series.

    Examples
    --------
    >>> calendar_faults(35040, 1.0)
    ['has 35040 rows, the quarter-hours of a year; with step_h 1 they are 35040 h, so step_h must be 0.25 or blank']
    >>> calendar_faults(35000, None)
    ['has 35000 rows; a year of 0.25 h steps has 35040 or 35136']
    >>> calendar_faults(35040, None), calendar_faults(24, 0.25)
    ([], [])
    """
    meant = STEP_OF_ROWS.get(rows)
    if meant is not None:
        if step_h is None or step_h == meant:
            return []
        return [
            f"has {rows} rows, the {STEP_NAMES[meant]} of a year; with step_h {step_h:.12g} they are "
            f"{rows * step_h:.12g} h, so step_h must be {meant:.12g} or blank"
        ]
    for step in STEP_NAMES if step_h is None else (step_h,):
        nearly = HOURS_OF_YEAR[0] - NEARLY_A_YEAR_H <= rows * step <= HOURS_OF_YEAR[1] + NEARLY_A_YEAR_H
        if nearly and rows * step not in HOURS_OF_YEAR:
            wanted = " or ".join(f"{hours / step:.12g}" for hours in HOURS_OF_YEAR)
            return [f"has {rows} rows; a year of {step:.12g} h steps has {wanted}"]
    return []

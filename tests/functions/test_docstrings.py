"""Documentation of a calculation in its parts."""

from __future__ import annotations

from inspect import cleandoc

import pytest

from dhxl.functions.docstrings import Block, blocks_of, documentation_of

TEXT = cleandoc(
    """Heat of a network.

    More of it.

    Parameters
    ----------
    supply_degc, return_degc : float
        Temperatures,
        °C.
    hours_h : float, optional
        As in :func:`loss_of`.

    Returns
    -------
    float
        MWh/a; 0 without pipes.

    Raises
    ------
    InputError
        Outside the
        limits.
    NoSolutionError
        Nothing fits.

    Notes
    -----
    ``Q = U dT``, from ~Fourier [1]_, after :func:`~loss_of` and :func:`other`::

        U = 1 / R

        R = 2

    At last:

    - first
      item
    - second ``a - b`` item

    References
    ----------
    .. [1] Fourier J. (1822): Théorie analytique de la chaleur,
       Paris.
    .. [2] Another one.

    Examples
    --------
    >>> 1
    1
    """
)


def test_a_documentation_comes_in_its_parts() -> None:
    said = documentation_of(TEXT, {"loss_of": "DH_LOSS"})
    assert said.summary == "Heat of a network."
    assert said.details == (Block("paragraph", "More of it."),)
    assert said.parameters == {
        "supply_degc": "Temperatures, °C.",
        "return_degc": "Temperatures, °C.",
        "hours_h": "As in `DH_LOSS`.",
    }
    assert said.returns == "MWh/a; 0 without pipes."
    assert said.raises == (("InputError", "Outside the limits."), ("NoSolutionError", "Nothing fits."))
    assert said.notes == (
        Block("paragraph", "`Q = U dT`, from ~Fourier [1], after `DH_LOSS` and `other`:"),
        Block("code", "U = 1 / R\n\nR = 2"),
        Block("paragraph", "At last:"),
        Block("item", "first item"),
        Block("item", "second `a - b` item"),
    )
    assert said.references == ("Fourier J. (1822): Théorie analytique de la chaleur, Paris.", "Another one.")


def test_what_is_not_said_is_empty() -> None:
    said = documentation_of("Heat.", {})
    assert (said.details, said.parameters, said.returns, said.raises) == ((), {}, "", ())
    assert (said.notes, said.references) == ((), ())
    assert documentation_of("", {}).summary == ""
    assert blocks_of("\n", {}) == ()


def test_a_section_that_no_page_shows_is_refused() -> None:
    with pytest.raises(ValueError, match="has a section 'Warnings'; known are Parameters, Returns"):
        documentation_of("Heat.\n\nWarnings\n--------\nHot.", {})

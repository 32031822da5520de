"""The sum of a long list and a straight piece by a window that slides: against every pair of pieces, one by one."""

from __future__ import annotations

import numpy as np
import pytest

from dhxl.core.dispatch import convolution
from dhxl.core.dispatch.convolution import convolve
from dhxl.core.dispatch.pieces import SLOPE, WIDTH, XL, XR, YL, YR, Array, value_at
from dhxl.core.dispatch.sliding import between, slid
from tests.core.dispatch.test_dust import drawn_list

NEAR = 2e-9  # MWh: dust of the drawn lists


def work() -> Array:
    return np.empty((64, WIDTH))


def least_sum(a: Array, length: float, slope: float, x: float, near: float) -> float:
    """Return min over z of a(x - z) + slope z, taken at the ends of what each piece can add; a little more is near."""
    best = np.inf
    for piece in a:
        low, high = max(piece[XL], x - length - near), min(piece[XR], x + near)
        if low <= high:
            for y in (low, high):
                best = min(best, piece[YL] + piece[SLOPE] * (y - piece[XL]) + slope * (x - y))
    return float(best)


@pytest.mark.parametrize("seed", range(300))
def test_a_window_that_slides_finds_the_least_sum_everywhere(seed: int) -> None:
    """Proves: the sum is that of all pairs of pieces, wherever there is one, and the list is sorted.

    Sensitivity: a block too few, an end that is left out, or a plateau that goes on beyond its block shows at once.
    """
    rng = np.random.default_rng(seed)
    a = drawn_list(seed)
    length, slope = float(rng.choice([0.05, 0.3, 0.7, 3.0, 30.0])), float(rng.choice([-50.0, 0.0, 7.3, 20.0, 10000.0]))
    n, out, _, _ = slid(a, len(a), length, slope, work(), work(), work())
    out = out[:n]
    assert np.all(out[1:, XL] >= out[:-1, XR])
    places = np.concatenate((rng.uniform(a[0, XL], a[-1, XR] + length, 40), a[:, XL], a[:, XR] + length))
    for x in places:
        found = value_at(out, n, x)
        assert found <= least_sum(a, length, slope, x, 0.0) + 1e-4
        assert found >= least_sum(a, length, slope, x, NEAR) - 1e-4


def without_dust(_v: Array, _nv: int, h: Array, j: int, j1: int) -> bool:
    """Slide wherever the pieces are no dust, whether it pays or not."""
    return bool((h[j:j1, XR] - h[j:j1, XL]).min() > 0.01)


def test_what_is_beyond_a_limit_by_rounding_counts_as_at_the_limit() -> None:
    """Proves: the full store stays within reach. Sensitivity: cut off sharply, the last level is lost."""
    a = np.array([[0.0, 1.0, 5.0, -2.0, 3.0, 0.0], [2.0 + 1e-12, 2.5, 1.0, 0.0, 1.0, 0.0]])
    out = np.empty((10, WIDTH))
    n = between(a, 2, 0.0, 0.5, 0.5, 2.0, out)
    assert out[:n, XL].tolist() == [0.5, 2.0]
    assert out[:n, XR].tolist() == [1.0, 2.0]
    assert out[:n, YL].tolist() == [4.5, 1.5]
    assert between(a, 2, 0.0, 0.0, 1.5, 1.9, out) == 0


@pytest.mark.parametrize("seed", range(60))
def test_sliding_and_summing_run_by_run_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves: both ways of the convolution give the same function. Sensitivity: either alone could be wrong."""
    as_written = getattr(convolve, "py_func", convolve)  # compiled code has fixed its constants
    v, h = drawn_list(seed), drawn_list(seed + 1000)
    h[:, [XL, XR]] -= 0.5 * h[-1, XR]
    top = 0.8 * float(v[-1, XR])
    found = []
    for pays in (True, False):
        monkeypatch.setattr(convolution, "MANY", 0 if pays else 10**9)
        monkeypatch.setattr(convolution, "sliding_pays", without_dust)
        n, best, _, _ = as_written(v, len(v), h, len(h), 0.0, top, work(), work(), work())
        found.append(best[:n].copy())
    places = np.concatenate([np.random.default_rng(seed).uniform(0.0, top, 50)])
    for x in places:
        near = [value_at(pieces, len(pieces), y) for pieces in found for y in (x - NEAR, x, x + NEAR)]
        one, other = (value_at(pieces, len(pieces), x) for pieces in found)
        assert one == pytest.approx(other, abs=1e-4) or min(near) <= min(one, other)
    assert found[0][:, YR] == pytest.approx(
        found[0][:, YL] + found[0][:, SLOPE] * (found[0][:, XR] - found[0][:, XL]), abs=1e-6
    )

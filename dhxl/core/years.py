"""Years of hours: their calendar, and synthetic temperature and price years for places without measured ones."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from dhxl.core.checks import Vector, outside, outside_anywhere, require, vector_of
from dhxl.errors import InputError

__all__ = ["month_of_hours", "price_year", "seeded_normals", "steps_per_hour", "temperature_year"]

HOURS_OF_YEAR = (8760, 8784)
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WARMEST_HOUR = 15
LARGEST_SEED = 2**32 - 1

# Statistics of a synthetic year in the Po valley, made for this project.
DIURNAL_HALF_AMPLITUDE_K = (2.6, 3.6, 4.8, 5.2, 5.5, 5.8, 6.2, 6.0, 5.2, 4.0, 2.8, 2.4)  # K, by month
NOISE_K = 4.5  # K, standard deviation of the daily noise
NOISE_AUTOCORRELATION = 0.75  # from day to day

# Shapes of a synthetic price year, made for this project: peaks at 8 h and 19 h, dear winter months.
HOURLY_FACTORS = (
    *(0.88, 0.84, 0.81, 0.80, 0.81, 0.86, 0.95, 1.06, 1.13, 1.10, 1.02, 0.98),
    *(0.95, 0.90, 0.90, 0.94, 1.00, 1.09, 1.20, 1.27, 1.24, 1.13, 1.03, 0.94),
)  # by hour of day
MONTHLY_FACTORS = (1.10, 1.08, 0.96, 0.90, 0.88, 0.92, 1.02, 0.98, 1.02, 1.02, 1.06, 1.10)  # by month
DEVIATION_EUR_PER_MWH = 8.75  # EUR/MWh, standard deviation of the hours of the year
WEEKEND_FACTOR = 0.94  # Saturdays and Sundays of the same synthetic year cost 0.95 and 0.93 of other days
PRICE_NOISE_SHARE = 0.06  # of the price, day by day: the same year's noise against its daily shape
PRICE_NOISE_AUTOCORRELATION = 0.75  # likewise


def steps_per_hour(name: str, count: int) -> int:
    """Values per hour of a series that covers a year: 1 for hours, 4 for quarter-hours.

    Parameters
    ----------
    name : str
        Argument, for the message.
    count : int
        Number of values.

    Returns
    -------
    int
        1, 2 or 4.

    Raises
    ------
    InputError
        The number of values fits no year.

    Examples
    --------
    >>> steps_per_hour("temperature_degc", 8784), steps_per_hour("temperature_degc", 35040)
    (1, 4)
    """
    for steps in (1, 2, 4):
        if count in [hours * steps for hours in HOURS_OF_YEAR]:
            return steps
    raise InputError(
        f"{name} must cover a year with 8760 or 8784 hourly values (or 35040 or 35136 quarter-hours), "
        f"got {count} values"
    )


def month_of_hours(hours_h: int) -> npt.NDArray[np.int64]:
    """Month of every hour of a year, 0 for January to 11 for December.

    Parameters
    ----------
    hours_h : int
        8760, or 8784 for a leap year.

    Returns
    -------
    ndarray
        Shape (hours_h,).

    Examples
    --------
    >>> np.bincount(month_of_hours(8784))[:3]
    array([744, 696, 744])
    """
    days = np.array(MONTH_DAYS)
    days[1] += hours_h == HOURS_OF_YEAR[1]
    return np.repeat(np.arange(12), days * 24)


def seeded_normals(seed: int, count: int) -> Vector:
    """Random normal numbers of mean 0 and deviation 1 that follow from a seed, the same on every platform.

    Parameters
    ----------
    seed : int
        0 to 2^32 - 1.
    count : int
        How many.

    Returns
    -------
    ndarray
        Shape (count,).

    Notes
    -----
    The raw 64-bit output of numpy's PCG64, whose stream is guaranteed (that of its normal generator is not): uniform
    numbers ``u = (floor(raw / 2^11) + 1/2) / 2^53``, and from every two of them, by Box and Muller,
    ``sqrt(-2 ln u1) cos(2 pi u2)``.

    References
    ----------
    .. [1] Box G. E. P., Muller M. E. (1958): A note on the generation of random normal deviates. Annals of Mathematical
       Statistics 29, 610-611.
    .. [2] NumPy Enhancement Proposal 19: Random number generator policy.

    Examples
    --------
    >>> seeded_normals(1, 2).round(6).tolist()
    [1.101783, 1.866607]
    """
    raw = np.random.PCG64(seed).random_raw(2 * count)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53
    return np.sqrt(-2.0 * np.log(uniform[0::2])) * np.cos(2.0 * math.pi * uniform[1::2])


def _autoregressive(normals: Vector, deviation: float, autocorrelation: float) -> Vector:
    share = math.sqrt(1 - autocorrelation**2)
    noise = np.empty_like(normals)
    noise[0] = normals[0]
    for day in range(1, normals.size):
        noise[day] = autocorrelation * noise[day - 1] + share * normals[day]
    return deviation * noise


def _mid_months(hours_h: int) -> Vector:
    ends = np.cumsum(np.bincount(month_of_hours(hours_h)))
    return (np.concatenate(([0], ends[:-1])) + ends) / 2.0


def temperature_year(
    monthly_degc: npt.ArrayLike,
    diurnal_half_amplitude_k: npt.ArrayLike = DIURNAL_HALF_AMPLITUDE_K,
    noise_k: float = NOISE_K,
    noise_autocorrelation: float = NOISE_AUTOCORRELATION,
    hours_h: int = 8760,
    seed: int = 1,
) -> Vector:
    """Synthetic hourly outdoor temperatures of a year whose monthly means are met exactly; the seed picks the weather.

    Parameters
    ----------
    monthly_degc : array_like
        Mean temperature of January to December, °C, 12 values from -70 to 60.
    diurnal_half_amplitude_k : array_like, optional
        Half the difference between the warmest and the coldest hour of a mean day, K, at least 0: 12 monthly values or
        one for all. By default those of the Po valley.
    noise_k : float, optional
        Standard deviation of the day-to-day noise before the monthly means are met, K, 0 to 20; 0 is a smooth year.
    noise_autocorrelation : float, optional
        Correlation of the noise from one day to the next, 0 to below 1.
    hours_h : int, optional
        8760, or 8784 for a leap year.
    seed : int, optional
        0 to 2^32 - 1; the same seed gives the same year on every platform.

    Returns
    -------
    ndarray
        °C, shape (hours_h,); the first value is the hour from 0 to 1 on 1 January.

    Raises
    ------
    InputError
        An argument is outside its limits: all faults at once.

    Notes
    -----
    ``T = c(t) + A(t) cos(2 pi (h - 15) / 24) + n(t)``: half amplitudes A interpolated between mid-months; noise n of
    first order, ``n_d = a n_(d-1) + sqrt(1 - a^2) s z_d`` with z from :func:`seeded_normals`, one value at each noon,
    interpolated; seasonal course c interpolated between 12 mid-month values that solve the 12 monthly means. Real
    weather is not this regular: for a design, import measured years.

    References
    ----------
    .. [1] Wilks D. S. (2011): Statistical methods in the atmospheric sciences, section on first-order autoregression.

    Examples
    --------
    >>> year = temperature_year([2.5, 5, 9.8, 13.8, 18.6, 22.9, 25.1, 24.4, 19.9, 14.3, 8.3, 3.6])
    >>> year.size, round(float(year[:744].mean()), 9)
    (8760, 2.5)
    """
    means = vector_of("monthly_degc", monthly_degc)
    amplitudes = vector_of("diurnal_half_amplitude_k", diurnal_half_amplitude_k)
    require(
        _other_than("monthly_degc", means, (12,)),
        outside_anywhere("monthly_degc", means, at_least=-70, at_most=60),
        _other_than("diurnal_half_amplitude_k", amplitudes, (12, 1)),
        outside_anywhere("diurnal_half_amplitude_k", amplitudes, at_least=0, at_most=30),
        outside("noise_k", noise_k, at_least=0, at_most=20),
        outside("noise_autocorrelation", noise_autocorrelation, at_least=0, below=1),
        _no_year(hours_h),
        _no_seed(seed),
    )
    hours, mids, months = np.arange(hours_h, dtype=np.float64), _mid_months(hours_h), month_of_hours(hours_h)
    hours_of_month = np.bincount(months)

    def interpolated(mid_month_values: Vector) -> Vector:
        return np.interp(hours + 0.5, mids, mid_month_values, period=hours_h)

    def monthly_mean(values: Vector) -> Vector:
        return np.bincount(months, weights=values) / hours_of_month

    days = hours_h // 24
    noise = _autoregressive(seeded_normals(seed, days), noise_k, noise_autocorrelation)
    wandering = np.interp(hours, 24.0 * np.arange(days) + 12.0, noise, period=hours_h)
    daily = np.cos(2 * math.pi * (hours % 24 - WARMEST_HOUR) / 24)
    around = interpolated(np.broadcast_to(amplitudes, 12).astype(np.float64)) * daily + wandering
    shares = np.stack([monthly_mean(interpolated(unit)) for unit in np.eye(12, dtype=np.float64)], axis=1)
    return interpolated(np.asarray(np.linalg.solve(shares, means - monthly_mean(around)), dtype=np.float64)) + around


def price_year(
    mean_eur_per_mwh: float,
    deviation_eur_per_mwh: float = DEVIATION_EUR_PER_MWH,
    hourly_factors: npt.ArrayLike = HOURLY_FACTORS,
    monthly_factors: npt.ArrayLike = MONTHLY_FACTORS,
    weekend_factor: float = WEEKEND_FACTOR,
    noise_share: float = PRICE_NOISE_SHARE,
    first_weekday: int = 1,
    hours_h: int = 8760,
    seed: int = 1,
) -> Vector:
    """Synthetic hourly electricity prices of a year whose mean and standard deviation are met exactly; seeded.

    Parameters
    ----------
    mean_eur_per_mwh : float
        Mean of all hours, EUR/MWh.
    deviation_eur_per_mwh : float, optional
        Standard deviation of all hours, EUR/MWh, at least 0; 0 is a constant price.
    hourly_factors : array_like, optional
        Shape of a day: 24 values, at least 0, of which only the proportions count. By default peaks at 8 h and 19 h.
    monthly_factors : array_like, optional
        Shape of the year: 12 values, at least 0, likewise; 12 ones for no season.
    weekend_factor : float, optional
        Price of Saturdays and Sundays over that of other days, at least 0.
    noise_share : float, optional
        Standard deviation of the day-to-day noise as a share of the price, before scaling, 0 to 1.
    first_weekday : int, optional
        Weekday of 1 January: 1 for Monday to 7 for Sunday.
    hours_h : int, optional
        8760, or 8784 for a leap year.
    seed : int, optional
        0 to 2^32 - 1; the same seed gives the same year on every platform.

    Returns
    -------
    ndarray
        EUR/MWh, shape (hours_h,); hours can be negative where the deviation is large against the mean.

    Raises
    ------
    InputError
        An argument is outside its limits, or a constant shape is to have a deviation.

    Notes
    -----
    ``x = hourly(h) monthly(m) weekend(d) (1 + n_d)`` with noise of first order, autocorrelation 0.75, as in
    :func:`temperature_year`; then ``price = mean + deviation (x - mean(x)) / std(x)``. Another mean moves all hours by
    the same amount.

    References
    ----------
    .. [1] Weron R. (2014): Electricity price forecasting: a review of the state-of-the-art with a look into the future.
       International Journal of Forecasting 30(4), 1030-1081 (daily, weekly and yearly shape of prices).

    Examples
    --------
    >>> year = price_year(93)
    >>> round(float(year.mean()), 9), round(float(year.std()), 9)
    (93.0, 8.75)
    """
    hourly, monthly = vector_of("hourly_factors", hourly_factors), vector_of("monthly_factors", monthly_factors)
    require(
        outside("mean_eur_per_mwh", mean_eur_per_mwh),
        outside("deviation_eur_per_mwh", deviation_eur_per_mwh, at_least=0),
        _other_than("hourly_factors", hourly, (24,)),
        outside_anywhere("hourly_factors", hourly, at_least=0),
        _other_than("monthly_factors", monthly, (12,)),
        outside_anywhere("monthly_factors", monthly, at_least=0),
        outside("weekend_factor", weekend_factor, at_least=0),
        outside("noise_share", noise_share, at_least=0, at_most=1),
        outside("first_weekday", first_weekday, at_least=1, at_most=7),
        _no_year(hours_h),
        _no_seed(seed),
    )
    if deviation_eur_per_mwh == 0:
        return np.full(hours_h, float(mean_eur_per_mwh))
    days = hours_h // 24
    weekend = (np.arange(days) + first_weekday - 1) % 7 >= 5
    noise = _autoregressive(seeded_normals(seed, days), noise_share, PRICE_NOISE_AUTOCORRELATION)
    daily = np.where(weekend, weekend_factor, 1.0) * (1.0 + noise)
    x = np.tile(hourly, days) * monthly[month_of_hours(hours_h)] * np.repeat(daily, 24)
    x -= x.mean()
    deviation = float(np.sqrt(np.mean(x * x)))
    if deviation <= 1e-12 * float(hourly.max() * monthly.max()):
        raise InputError(
            f"deviation_eur_per_mwh must be 0 EUR/MWh where neither factors nor noise vary, "
            f"got {deviation_eur_per_mwh:.12g}"
        )
    return mean_eur_per_mwh + deviation_eur_per_mwh / deviation * x


def _other_than(name: str, values: Vector, sizes: tuple[int, ...]) -> list[str]:
    if values.size in sizes:
        return []
    return [f"{name} must hold {' or '.join(map(str, sizes))} values, got {values.size}"]


def _no_year(hours_h: int) -> list[str]:
    return [] if hours_h in HOURS_OF_YEAR else [f"hours_h must be 8760 or 8784 h, got {hours_h:.12g}"]


def _no_seed(seed: int) -> list[str]:
    return outside("seed", seed, at_least=0, at_most=LARGEST_SEED)

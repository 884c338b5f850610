"""Is it rising or falling? Theil–Sen's slope with Mann and Kendall's test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

FEWEST_PERIODS = 5  # with four, even a perfect rise has a two-sided p-value of 0.083


class Direction(StrEnum):
    """What a series does. The last state is not "no change": nothing is known."""

    RISING = "rising"
    FALLING = "falling"
    NO_CLEAR_CHANGE = "no clear change"
    CANNOT_BE_CALCULATED = "cannot be calculated"


@dataclass(frozen=True)
class Trend:
    """Direction of a series with the numbers behind it.

    `slope` is the median change a year (Theil–Sen) with its 95% interval `low` to `high`, in the series'
    own units or, for a relative trend, in log points a year. `tau` and `p_value` are Kendall's. `periods`
    were used, all of one geography; `reason` says why nothing could be calculated, and is blank otherwise.
    """

    direction: Direction
    periods: int
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    tau: float | None = None
    p_value: float | None = None
    reason: str = ""


def years(period_order: int) -> float:
    """A sortable yyyymm number as a year with its fraction: 202204 → 2022.25."""
    year, month = divmod(period_order, 100)
    return year + (max(month, 1) - 1) / 12


def trend(
    times: Sequence[float],
    values: Sequence[float | None],
    *,
    vintages: Sequence[str] | None = None,
    alpha: float = 0.05,
) -> Trend:
    """Trend of a series at `times` in years, in any order; missing values are None or NaN.

    `vintages` names the geography of each point. A change of geography breaks the series, and only the
    stretch after the last break is used. Raises ValueError when the lengths differ or a time is repeated.
    """
    t = np.array(times, dtype=np.float64)
    y = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    if len(t) != len(y) or (vintages is not None and len(vintages) != len(t)):
        raise ValueError("Times, values and vintages must be equally long.")
    if len(np.unique(t)) != len(t):
        raise ValueError("A time is repeated.")
    known = np.flatnonzero(~np.isnan(y))
    known = known[np.argsort(t[known])]
    broken = False
    if vintages is not None and len(known):
        latest = vintages[int(known[-1])]
        breaks = [at for at, i in enumerate(known.tolist()) if vintages[i] != latest]
        broken = bool(breaks)
        known = known[breaks[-1] + 1 :] if breaks else known
    t, y = t[known], y[known]
    if len(t) < FEWEST_PERIODS:
        since = " since the boundaries last changed" if broken else ""
        reason = f"{FEWEST_PERIODS} periods are needed and there are {len(t)}{since}"
        return Trend(Direction.CANNOT_BE_CALCULATED, len(t), reason=reason)
    if np.all(y == y[0]):
        return Trend(Direction.NO_CLEAR_CHANGE, len(t), 0.0, 0.0, 0.0, 0.0, 1.0, "every figure is the same")
    from scipy.stats import kendalltau, theilslopes  # takes a second to import, and many processes never need it

    slope, _, low, high = theilslopes(y, t, alpha=1 - alpha)
    tau, p = kendalltau(t, y)
    direction = Direction.NO_CLEAR_CHANGE
    if p <= alpha:
        direction = Direction.RISING if tau > 0 else Direction.FALLING
    return Trend(direction, len(t), float(slope), float(low), float(high), float(tau), float(p))


def relative_trend(
    times: Sequence[float],
    values: Sequence[float | None],
    reference: Sequence[float | None],
    *,
    vintages: Sequence[str] | None = None,
    alpha: float = 0.05,
) -> Trend:
    """Trend of ln(value / reference), such as a place against England: rising means gaining on it.

    A period counts when both figures are there. A figure of zero or less has no logarithm, and the trend
    then cannot be calculated.
    """
    if len(values) != len(reference):
        raise ValueError("The place and the reference must be equally long.")
    pairs = [(a, b) if a is not None and b is not None else None for a, b in zip(values, reference, strict=True)]
    if any(pair is not None and min(pair) <= 0 for pair in pairs):
        return Trend(Direction.CANNOT_BE_CALCULATED, 0, reason="a figure is zero or less, so it has no logarithm")
    logs = [None if pair is None else float(np.log(pair[0] / pair[1])) for pair in pairs]
    return trend(times, logs, vintages=vintages, alpha=alpha)

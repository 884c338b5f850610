"""How far a place is from its peers, and how sure of that one can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .missing import NEEDED, ROUNDING
from .panel import Floats, Ints

FALSE_DISCOVERY_RATE = 0.05


class Verdict(StrEnum):
    """What may be said about a gap. Without an interval nothing is said: that is never "no difference"."""

    ABOVE = "above its peers"
    BELOW = "below its peers"
    NOT_CLEAR = "no clear difference from its peers"
    NOT_COMPARED = "not compared"


class EnglandBasis(StrEnum):
    """Where the England figure beside the gap comes from."""

    PUBLISHED = "published"
    WEIGHTED_MEAN = "weighted mean"
    NONE = "none"


@dataclass(frozen=True)
class Interval:
    """A gap's 95% interval with P(gap > 0) and the two-sided p-value that go with it."""

    low: float
    high: float
    probability_above: float
    p_value: float


@dataclass(frozen=True)
class Gap:
    """One indicator of one place beside its peers and England, in the indicator's own units.

    `gap` is value − `peer_median`; `peer_q1` and `peer_q3` bound the middle half of the peers. `rank`
    counts from the highest value among the place and its `peers_with_figure` peers (1 of `ranked`);
    `percentile` is the share of all other areas that lie below, ties counting half. `low` and `high` bound
    the gap with 95% confidence from the place's own sampling error, the peers' and the choice of peers;
    `choice_low` and `choice_high` show how far the gap moves by the choice of peers alone. `q_value` is
    Benjamini and Hochberg's over the comparison. `reason` says in words why something could not be done,
    and is blank otherwise. `favourable` is None where higher is neither better nor worse. `disagreeing`
    names the methods under which the sign of the gap turns.
    """

    indicator: str
    value: float | None
    england: float | None
    england_basis: EnglandBasis
    england_gap: float | None
    peers_with_figure: int = 0
    peer_median: float | None = None
    peer_q1: float | None = None
    peer_q3: float | None = None
    gap: float | None = None
    rank: int | None = None
    ranked: int | None = None
    percentile: float | None = None
    low: float | None = None
    high: float | None = None
    probability_above: float | None = None
    p_value: float | None = None
    q_value: float | None = None
    choice_low: float | None = None
    choice_high: float | None = None
    verdict: Verdict = Verdict.NOT_COMPARED
    reason: str = ""
    favourable: bool | None = None
    disagreeing: tuple[str, ...] = ()

    @property
    def robust(self) -> bool | None:
        """Whether every defensible method gives the gap the same sign; None where there is no gap."""
        return None if self.gap is None else not self.disagreeing


def enough_peers(figures: int, peers: int) -> bool:
    """Whether 80% of the peers have a figure, the least for which their median is used."""
    return peers > 0 and figures >= NEEDED * peers - ROUNDING


def place_among(value: float, peers: Floats) -> tuple[int, int]:
    """Rank from the highest among the place and its peers, and out of how many; ties share the best rank."""
    known = peers[~np.isnan(peers)]
    return int((known > value).sum()) + 1, len(known) + 1


def percentile(value: float, others: Floats) -> float | None:
    """Per cent of the other areas below `value`, ties counting half; None when no other has a figure."""
    known = others[~np.isnan(others)]
    if not len(known):
        return None
    return float(100 * ((known < value).sum() + 0.5 * (known == value).sum()) / len(known))


def gaps_over_choices(y: Floats, place: int, picks: Ints) -> Floats:
    """The gap under each resampled choice of peers: y (areas,), picks (resamples, k) → (resamples,).

    Choices of which fewer than 80% have a figure give NaN.
    """
    chosen = y[picks]
    counts = (~np.isnan(chosen)).sum(axis=1)
    return y[place] - np.where(counts >= NEEDED * picks.shape[1] - ROUNDING, _row_medians(chosen), np.nan)


def interval(
    y: Floats, errors: Floats, place: int, peers: Ints, picks: Ints, rng: np.random.Generator
) -> Interval | str:
    """95% interval of the gap from own error, peers' error and the choice of peers; or why there is none.

    `y` and `errors` (standard errors, NaN where no interval is published) have shape (areas,). Each
    resampled choice of peers in `picks` meets one fresh draw of every figure's sampling error. Up to one
    peer in five may lack an interval: it is given the widest one among the areas compared, so that the
    result errs on the wide side.
    """
    if np.isnan(errors[place]):
        return "not compared: no interval"
    with_figure = peers[~np.isnan(y[peers])]
    if not enough_peers(int((~np.isnan(errors[with_figure])).sum()), len(with_figure)):
        return "not compared: no interval for enough of the peers"
    involved = np.union1d(np.append(with_figure, place), np.unique(picks))
    widest = float(np.nanmax(errors[involved]))
    spread = np.where(np.isnan(errors), widest, errors)
    own = y[place] + rng.standard_normal(len(picks)) * spread[place]
    theirs = y[picks] + rng.standard_normal(picks.shape) * spread[picks]
    gap = own - _row_medians(theirs)
    gap = gap[~np.isnan(gap)]
    if not len(gap):
        return "not compared: too few figures among the resampled peers"
    low, high = np.quantile(gap, [0.025, 0.975])
    above = int((gap > 0).sum())
    below = int((gap < 0).sum())
    p = min(1.0, 2 * (min(above, below) + 1) / (len(gap) + 1))
    return Interval(float(low), float(high), (above + 0.5 * (len(gap) - above - below)) / len(gap), p)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values: q ≤ α exactly where Benjamini and Hochberg's (1995) procedure rejects at α."""
    p = np.asarray(p_values, dtype=np.float64)
    if not len(p):
        return []
    order = np.argsort(p, kind="stable")
    raw = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return [float(q) for q in adjusted]


def weighted_mean(y: Floats, weights: Floats) -> float | None:
    """Σ w y / Σ w over the areas with both; None when they carry less than 80% of the weight."""
    usable = ~np.isnan(weights)
    both = usable & ~np.isnan(y)
    total = weights[usable].sum()
    if total <= 0 or weights[both].sum() < (NEEDED - ROUNDING) * total:
        return None
    return float(np.average(y[both], weights=weights[both]))


def _row_medians(table: Floats) -> Floats:
    """Median of each row over the values present, NaN for a row without any."""
    known = (~np.isnan(table)).sum(axis=1)
    ordered = np.sort(table, axis=1)  # NaN sorts last
    rows = np.arange(len(table))
    low = ordered[rows, np.maximum(known - 1, 0) // 2]
    high = ordered[rows, np.minimum(known // 2, table.shape[1] - 1)]
    return np.where(known > 0, (low + high) / 2, np.nan)

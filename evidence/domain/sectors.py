"""What a place's economy is made of: location quotients, specialisation, concentration and shift–share.

Values are jobs (or value added) by industry, in one unit and one classification. The reference, such as the nation,
is taken to include the area, as published national figures do. Nothing is filled in: what has no meaning is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Values = Mapping[str, float]
"""Industry → value, zero or more."""
LARGEST = 1e100  # far above any count; products and ratios of larger figures would overflow


class MissingIndustry(ValueError):
    """An industry that one side has and another lacks. A value that is truly nothing must be given as 0."""

    def __init__(self, industry: str, side: str) -> None:
        self.industry, self.side = industry, side
        super().__init__(f"{side} has no figure for “{industry}”; give 0 if there is none")


@dataclass(frozen=True)
class SectorMix:
    """The make-up of an area at one time.

    `location_quotients` are shares over the reference's shares: 1 is the same, 2 twice as much; None where the
    reference has none of the industry. `krugman` runs from 0 (the same make-up) to 2 (nothing in common). `hhi` is
    the sum of squared shares, from 1/N to 1, and `hhi_normalised` runs from 0 (N equal industries) to 1 (only one),
    where N counts every industry given, empty ones too; it is None for a single industry. All are None for an area or
    a reference whose values add up to 0, and `reason` says so.
    """

    location_quotients: Mapping[str, float | None]
    krugman: float | None
    hhi: float | None
    hhi_normalised: float | None
    reference_includes_area: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Effects:
    """One industry's change in its three parts, in the unit of the values; None with a `reason` where it has none."""

    national: float | None
    mix: float | None
    regional: float | None
    change: float
    reason: str = ""


@dataclass(frozen=True)
class ShiftShare:
    """An area's change between two times in three parts, in total and by industry.

    `national` is what the area would have gained at the reference's overall rate, `mix` what its industries add to that
    because they grow faster or slower across the reference, `regional` the rest: growth beyond the same industries'
    elsewhere. The three add up to `change`.
    """

    national: float | None
    mix: float | None
    regional: float | None
    change: float
    industries: Mapping[str, Effects]
    reference_includes_area: bool = True
    reason: str = ""


def sector_mix(area: Values, reference: Values) -> SectorMix:
    """Make-up of `area` against `reference`, which includes it.

    Location quotient (e_ir / e_r) / (e_in / e_n); Krugman's index K = Σ |s_ir − s_in| (Krugman 1991, Geography and
    Trade); Hirschman and Herfindahl's H = Σ s_ir², normalised (H − 1/N) / (1 − 1/N).
    Raises MissingIndustry when the two do not have the same industries, ValueError for a figure that is negative or
    not finite.
    """
    industries = _industries({"the area": area, "the reference": reference})
    own, whole = _vector(area, industries), _vector(reference, industries)
    nobody: dict[str, float | None] = dict.fromkeys(industries)
    if not own.sum():
        return SectorMix(nobody, None, None, None, reason="the area's figures add up to 0")
    if not whole.sum():
        return SectorMix(nobody, None, None, None, reason="the reference's figures add up to 0")
    shares, reference_shares = own / own.sum(), whole / whole.sum()
    quotients = {
        name: float(share / other) if other else None
        for name, share, other in zip(industries, shares, reference_shares, strict=True)
    }
    hhi, equal = float((shares**2).sum()), 1 / len(industries)
    return SectorMix(
        location_quotients=quotients,
        krugman=float(np.abs(shares - reference_shares).sum()),
        hhi=hhi,
        hhi_normalised=max(0.0, (hhi - equal) / (1 - equal)) if len(industries) > 1 else None,
    )


def shift_share(
    area_before: Values, area_after: Values, reference_before: Values, reference_after: Values
) -> ShiftShare:
    """Classic shift–share (Dunn 1960): e·G, e·(g_i − G) and e·(r_i − g_i) for every industry, and their sums.

    e is the area's value at the start, G the reference's growth overall, g_i and r_i the industry's in the reference
    and in the area. The reference includes the area. An industry that is new to the area has e = 0, and its whole
    change counts as regional. One that the reference had none of at the start has no g_i: its parts, and those of the
    total, cannot be calculated, and `reason` names it.
    Raises MissingIndustry when the four do not have the same industries, ValueError for a figure that is negative or
    not finite.
    """
    sides = {
        "the area at the start": area_before,
        "the area at the end": area_after,
        "the reference at the start": reference_before,
        "the reference at the end": reference_after,
    }
    industries = _industries(sides)
    before, after, whole_before, whole_after = (_vector(values, industries) for values in sides.values())
    change = after - before
    rises, total = whole_after - whole_before, whole_before.sum()
    overall = rises.sum() / total if total else np.nan
    growth = np.divide(rises, whole_before, out=np.full(len(industries), np.nan), where=whole_before > 0)
    parts = before * overall, before * (growth - overall), change - before * growth
    effects = {name: _effects(*(float(part[i]) for part in (*parts, change))) for i, name in enumerate(industries)}
    if unknown := [name for name, effect in effects.items() if effect.reason]:
        reason = f"the reference has nothing at the start in: {', '.join(unknown)}"
        return ShiftShare(None, None, None, float(change.sum()), effects, reason=reason)
    national, mix, regional = (float(part.sum()) for part in parts)
    return ShiftShare(national, mix, regional, float(change.sum()), effects)


def _effects(national: float, mix: float, regional: float, change: float) -> Effects:
    if np.isnan(mix):
        return Effects(
            None, None, None, change, "the reference has none of it at the start, so it has no rate of growth"
        )
    return Effects(national, mix, regional, change)


def _industries(sides: Mapping[str, Values]) -> list[str]:
    """The industries of all sides, in the order of the first. Raises MissingIndustry where one is not on every side."""
    names = list(dict.fromkeys(name for values in sides.values() for name in values))
    for name in names:
        for side, values in sides.items():
            if name not in values:
                raise MissingIndustry(name, side)
    if not names:
        raise ValueError("There are no industries.")
    return names


def _vector(values: Values, industries: list[str]) -> np.ndarray:
    vector = np.array([values[name] for name in industries], dtype=np.float64)
    if not np.isfinite(vector).all() or (vector < 0).any():
        raise ValueError("A figure is negative or not a finite number.")
    if vector.sum() > LARGEST:
        raise ValueError("The figures add up to more than can be calculated with.")
    return vector

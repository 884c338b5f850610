"""Why a place produces more or less for each resident: productivity, hours, jobs and age, adding up exactly.

GVA per head = GVA per hour × hours per job × jobs per working-age resident × working-age share of residents.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Factor(StrEnum):
    """The four factors, in the order in which they multiply."""

    GVA_PER_HOUR = "gva_per_hour"
    HOURS_PER_JOB = "hours_per_job"
    JOBS_PER_RESIDENT = "jobs_per_working_age_resident"
    WORKING_AGE_SHARE = "working_age_share"


LABELS = {
    Factor.GVA_PER_HOUR: "Value added for each hour worked",
    Factor.HOURS_PER_JOB: "Hours worked in each job",
    Factor.JOBS_PER_RESIDENT: "Jobs for each resident of working age",
    Factor.WORKING_AGE_SHARE: "Share of residents who are of working age",
}


@dataclass(frozen=True)
class Part:
    """One factor's part of a gap. `percent` is what the gap would be if the places differed in nothing else.

    `contribution` is ln(value / reference). Contributions add up to the gap; the percentages multiply, and so add up
    only roughly.
    """

    factor: Factor
    value: float
    reference: float
    contribution: float
    percent: float


@dataclass(frozen=True)
class Decomposition:
    """A gap in GVA per head between a place and a reference, and its four parts.

    `per_head` and `reference_per_head` are implied figures: the products of the factors, not published ones. `log_gap`
    is ln(per_head / reference_per_head), and equals the sum of the contributions. All are None, and `parts` empty,
    where a factor is missing: `reason` says which.
    """

    per_head: float | None = None
    reference_per_head: float | None = None
    log_gap: float | None = None
    percent: float | None = None
    parts: tuple[Part, ...] = ()
    reason: str = ""


def hours_per_job(gva_per_job: float | None, gva_per_hour: float | None) -> float | None:
    """Hours a year in each job: GVA per job over GVA per hour. None where one is missing or not above zero."""
    if gva_per_job is None or gva_per_hour is None or gva_per_job <= 0 or gva_per_hour <= 0:
        return None
    return gva_per_job / gva_per_hour


def decompose(place: Mapping[Factor, float | None], reference: Mapping[Factor, float | None]) -> Decomposition:
    """Split ln(y / y_ref), y being the product of the factors, into one contribution ln(x / x_ref) for each.

    Any units do, so long as the two sides share them; a share may be a fraction or a percentage.
    """
    values: dict[Factor, tuple[float, float]] = {}
    for factor in Factor:
        pair = []
        for side, factors in (("the place", place), ("the reference", reference)):
            value = factors.get(factor)
            if value is None or math.isnan(value):
                return Decomposition(reason=f"{side} has no figure for: {LABELS[factor].lower()}")
            if not 0 < value < math.inf:
                return Decomposition(reason=f"{side} has a figure that is not above zero for: {LABELS[factor].lower()}")
            pair.append(value)
        values[factor] = (pair[0], pair[1])
    parts = tuple(_part(factor, *pair) for factor, pair in values.items())
    log_gap = sum(part.contribution for part in parts)
    return Decomposition(
        per_head=math.prod(part.value for part in parts),
        reference_per_head=math.prod(part.reference for part in parts),
        log_gap=log_gap,
        percent=100 * math.expm1(log_gap),
        parts=parts,
    )


def _part(factor: Factor, value: float, reference: float) -> Part:
    contribution = math.log(value) - math.log(reference)
    return Part(factor, value, reference, contribution, 100 * math.expm1(contribution))

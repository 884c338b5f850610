"""Why a place's value added for each resident differs from England's, from the published figures that are loaded.

The working-age share is residents aged 16 to 64 by the Annual Population Survey over all residents by the census. The
former is what `jobs_per_16_64` is divided by, in the same year, so it cancels, and with it its sampling error: jobs for
each resident of working age × working-age share = jobs for each resident. The census's own shares would give residents
aged 15 to 64 (100 less those under 15 and those of 65 and over), which is another group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from evidence.domain.decomposition import LABELS, Decomposition, Factor, decompose, hours_per_job
from evidence.models import Observation
from lisapp.places.models import Place

from .panels import ENGLAND
from .sectors import SourceNote, source_notes

PER_HOUR, PER_JOB = "gva_per_hour_worked", "gva_per_filled_job"
JOBS, AGED, RESIDENTS = "jobs_per_16_64", "population_16_64", "population_census"
YEARLY = {
    PER_HOUR: "value added for each hour worked",
    PER_JOB: "value added for each job",
    JOBS: "jobs for each resident of working age",
    AGED: "residents aged 16 to 64",
}
"""Figures that must be of the same year."""
MADE_OF = {
    Factor.GVA_PER_HOUR: (PER_HOUR,),
    Factor.HOURS_PER_JOB: (PER_JOB, PER_HOUR),
    Factor.JOBS_PER_RESIDENT: (JOBS,),
    Factor.WORKING_AGE_SHARE: (AGED, RESIDENTS),
}
UNITS = {
    Factor.GVA_PER_HOUR: "£",
    Factor.HOURS_PER_JOB: "hours a year",
    Factor.JOBS_PER_RESIDENT: "jobs per resident aged 16 to 64",
    Factor.WORKING_AGE_SHARE: "% of residents",
}
NOTES = (
    "Value added for each resident is the product of the four factors: an implied figure, not a published one.",
    "England includes the place.",
    "Hours for each job are value added for each job divided by value added for each hour. Value added is in current "
    "prices and smoothed over years by ONS, and England's is estimated from the figures of all its authorities.",
    "Jobs per resident count employee jobs and working owners, and value added for each job counts the self-employed "
    "too, so the implied figure is somewhat low for the place and for England alike.",
    "Jobs are those of September, and residents aged 16 to 64 are the average of a survey over the calendar year.",
    "Jobs are counted where they are done and residents where they live: people who commute raise jobs per resident "
    "where they work and lower it where they live.",
)


@dataclass(frozen=True)
class FactorView:
    """One factor of the place and of England, with the periods of the figures that it is made of.

    `contribution` is ln(value / England's): contributions add up to the gap. `percent` is the gap that this factor
    alone would make.
    """

    code: str
    label: str
    unit: str
    period: str
    value: float
    england: float
    contribution: float
    percent: float
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True)
class DecompositionView:
    """A place's gap to England in value added for each resident (£, implied), split into four factors.

    `period` is that of all figures but the census's. `notes` say what to bear in mind, where periods differ among them.
    `reason` says why nothing could be calculated, and is blank otherwise.
    """

    place: str
    place_name: str
    period: str = ""
    census: str = ""
    per_head: float | None = None
    england_per_head: float | None = None
    log_gap: float | None = None
    percent: float | None = None
    factors: tuple[FactorView, ...] = ()
    reference_includes_area: bool = True
    notes: tuple[str, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The view as plain values, to be frozen in a report."""
        return asdict(self)


class _Cell(NamedTuple):
    """A place's and England's figures of one period."""

    own: Observation
    england: Observation


def decomposition(place: Place) -> DecompositionView:
    """Split the gap in the newest year for which the place and England have all the yearly figures. One query."""
    rows = (
        Observation.objects.filter(indicator__code__in=[*YEARLY, RESIDENTS], place__code__in={place.code, ENGLAND})
        .order_by("period_order")
        .select_related("indicator", "place", "source")
    )
    pairs = _pairs(rows, place.code)
    if lacking := [name for code, name in (YEARLY | {RESIDENTS: "residents"}).items() if not pairs[code]]:
        return _without(place, f"There are no figures for {place.name} and England on: {', '.join(lacking)}.")
    shared = [period for period in pairs[AGED] if all(period in pairs[code] for code in YEARLY)]
    if not shared:
        return _without(place, f"There is no year for which all figures are there: {', '.join(YEARLY.values())}.")
    period, census = shared[-1], _nearest(pairs[RESIDENTS], pairs[AGED][shared[-1]].own.period_order)
    cells = {code: pairs[code][period] for code in YEARLY} | {RESIDENTS: pairs[RESIDENTS][census]}
    if len({cell.own.geography_vintage for cell in cells.values()}) > 1:
        return _without(place, f"The figures for {place.name} in {period} are not all on the same boundaries.")
    split = decompose(*(_factors({code: cell[side].value for code, cell in cells.items()}) for side in (0, 1)))
    if split.reason:
        return _without(place, f"It cannot be calculated: {split.reason}.")
    return _view(place, split, cells, period, census)


def _pairs(rows: Iterable[Observation], code: str) -> dict[str, dict[str, _Cell]]:
    """By indicator, the periods, oldest first, for which both have a figure."""
    found: dict[tuple[str, str], dict[str, Observation]] = defaultdict(dict)
    for row in rows:
        found[row.indicator.code, row.period][row.place.code] = row
    pairs: dict[str, dict[str, _Cell]] = defaultdict(dict)
    for (indicator, period), by_place in found.items():
        if code in by_place and ENGLAND in by_place:
            pairs[indicator][period] = _Cell(by_place[code], by_place[ENGLAND])
    return pairs


def _nearest(censuses: Mapping[str, _Cell], order: int) -> str:
    """The census nearest in time to a yyyymm."""
    return min(censuses, key=lambda census: abs(censuses[census].own.period_order - order))


def _factors(values: Mapping[str, float]) -> dict[Factor, float | None]:
    """The four factors of one side, the share as a fraction."""
    return {
        Factor.GVA_PER_HOUR: values[PER_HOUR],
        Factor.HOURS_PER_JOB: hours_per_job(values[PER_JOB], values[PER_HOUR]),
        Factor.JOBS_PER_RESIDENT: values[JOBS],
        Factor.WORKING_AGE_SHARE: values[AGED] / values[RESIDENTS] if values[RESIDENTS] else None,
    }


def _without(place: Place, reason: str) -> DecompositionView:
    return DecompositionView(place=place.code, place_name=place.name, reason=reason)


def _view(
    place: Place, split: Decomposition, cells: Mapping[str, _Cell], period: str, census: str
) -> DecompositionView:
    return DecompositionView(
        place=place.code,
        place_name=place.name,
        period=period,
        census=census,
        per_head=split.per_head,
        england_per_head=split.reference_per_head,
        log_gap=split.log_gap,
        percent=split.percent,
        factors=tuple(
            FactorView(
                code=part.factor.value,
                label=LABELS[part.factor],
                unit=UNITS[part.factor],
                period=_period(part.factor, period, census),
                value=part.value * _scale(part.factor),
                england=part.reference * _scale(part.factor),
                contribution=part.contribution,
                percent=part.percent,
                sources=source_notes(row.source for code in MADE_OF[part.factor] for row in cells[code]),
            )
            for part in split.parts
        ),
        notes=(*NOTES, *_between(period, census)),
    )


def _period(factor: Factor, period: str, census: str) -> str:
    if factor != Factor.WORKING_AGE_SHARE or census == period:
        return period
    return f"{period}, over residents in the census of {census}"


def _scale(factor: Factor) -> int:
    """A share is shown in per cent."""
    return 100 if factor == Factor.WORKING_AGE_SHARE else 1


def _between(period: str, census: str) -> list[str]:
    """What to say where residents were counted in another year."""
    if census == period:
        return []
    text = f"Residents are those of the census of {census} and all other figures are of {period}"
    return [f"{text}: a change in the number of residents between the two is part of the working-age share."]

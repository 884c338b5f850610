"""A place's jobs by industry against England's, from the published figures that are loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evidence.domain import sectors
from evidence.models import Observation, Source
from lisapp.places.models import Place

from .panels import ENGLAND

INDUSTRIES = {
    "jobs_agriculture": "Agriculture, forestry and fishing",
    "jobs_mining_utilities": "Mining, quarrying and utilities",
    "jobs_manufacturing": "Manufacturing",
    "jobs_construction": "Construction",
    "jobs_motor_trades": "Motor trades",
    "jobs_wholesale": "Wholesale",
    "jobs_retail": "Retail",
    "jobs_transport_storage": "Transport and storage",
    "jobs_accommodation_food": "Accommodation and food services",
    "jobs_information_communication": "Information and communication",
    "jobs_finance_insurance": "Finance and insurance",
    "jobs_property": "Property",
    "jobs_professional_scientific_technical": "Professional, scientific and technical services",
    "jobs_business_admin_support": "Business administration and support",
    "jobs_public_admin_defence": "Public administration and defence",
    "jobs_education": "Education",
    "jobs_health": "Health and care",
    "jobs_arts_recreation_other": "Arts, recreation and other services",
}
"""Indicator code → industry: the 18 broad groups of the Business Register and Employment Survey."""
NOTES = (
    "England includes the place.",
    "The source rounds its figures, so small industries are known only roughly, and so is their change.",
    "Shift–share describes a change and does not explain it.",
)


@dataclass(frozen=True)
class SourceNote:
    """Where figures come from. A blank `derivation` means as published."""

    citation: str
    url: str
    licence: str
    vintage: str
    derivation: str


@dataclass(frozen=True)
class Industry:
    """One industry: jobs and shares (from 0 to 1) in the newest period, and its change since the first one.

    `national`, `mix`, `regional` and `change` are jobs; None where there is only one period.
    """

    code: str
    label: str
    jobs: float
    england_jobs: float
    share: float | None
    england_share: float | None
    location_quotient: float | None
    national: float | None
    mix: float | None
    regional: float | None
    change: float | None


@dataclass(frozen=True)
class SectorMixView:
    """Make-up of a place's jobs in `period`, and their change since `first_period` (blank when there is none earlier).

    Both periods are on the boundaries named by `boundaries`. `reason` says why nothing could be calculated, and is
    blank otherwise; `change_reason` does the same for the change alone.
    """

    place: str
    place_name: str
    period: str = ""
    first_period: str = ""
    boundaries: str = ""
    jobs: float | None = None
    england_jobs: float | None = None
    industries: tuple[Industry, ...] = ()
    krugman: float | None = None
    hhi: float | None = None
    hhi_normalised: float | None = None
    national: float | None = None
    mix: float | None = None
    regional: float | None = None
    change: float | None = None
    change_reason: str = ""
    reference_includes_area: bool = True
    sources: tuple[SourceNote, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The view as plain values, to be frozen in a report."""
        return asdict(self)


def source_notes(found: Iterable[Source]) -> tuple[SourceNote, ...]:
    """Return each source once, in the order of their citations."""
    once = {source.pk: source for source in found}
    ordered = sorted(once.values(), key=lambda source: (source.citation, source.code))
    return tuple(SourceNote(s.citation, s.url, s.licence, s.vintage, s.derivation) for s in ordered)


def sector_mix(place: Place) -> SectorMixView:
    """Describe the make-up of a place's jobs, and its change since the oldest period on the same boundaries. One query.

    Only periods in which both the place and England have a figure for every industry are used.
    """
    rows = list(
        Observation.objects.filter(indicator__code__in=INDUSTRIES, place__code__in={place.code, ENGLAND})
        .order_by("period_order")
        .select_related("indicator", "place", "source")
    )
    own, whole = _by_period(rows, place.code), _by_period(rows, ENGLAND)
    if not own:
        return _without(place, f"The reference data have no jobs by industry for {place.name}.")
    complete = [period for period, jobs in own.items() if _complete(jobs) and _complete(whole.get(period, {}))]
    if not complete:
        return _without(place, f"In no period do {place.name} and England both have a figure for every industry.")
    newest = complete[-1]
    first = next(period for period in complete if _boundaries(own[period]) == _boundaries(own[newest]))
    used = [row for jobs in (own, whole) for period in {first, newest} for row in jobs[period].values()]
    return _view(place, own, whole, first, newest, source_notes(row.source for row in used))


Jobs = Mapping[str, Observation]
"""Indicator code → the figure of one place and period."""


def _by_period(rows: Iterable[Observation], code: str) -> dict[str, dict[str, Observation]]:
    """Figures by period, oldest first, and by indicator code."""
    found: dict[str, dict[str, Observation]] = defaultdict(dict)
    for row in rows:
        if row.place.code == code:
            found[row.period][row.indicator.code] = row
    return found


def _complete(jobs: Jobs) -> bool:
    """Whether every industry has a figure, all on the same boundaries."""
    return len(jobs) == len(INDUSTRIES) and len(_boundaries(jobs)) == 1


def _boundaries(jobs: Jobs) -> set[str]:
    return {row.geography_vintage for row in jobs.values()}


def _without(place: Place, reason: str) -> SectorMixView:
    return SectorMixView(place=place.code, place_name=place.name, reason=reason)


def _view(
    place: Place,
    own: Mapping[str, Jobs],
    whole: Mapping[str, Jobs],
    first: str,
    newest: str,
    sources: tuple[SourceNote, ...],
) -> SectorMixView:
    before, after, england_before, england_after = (
        {code: jobs[period][code].value for code in INDUSTRIES} for jobs in (own, whole) for period in (first, newest)
    )
    mix = sectors.sector_mix(after, england_after)
    change = sectors.shift_share(before, after, england_before, england_after) if first != newest else None
    totals: dict[str, Any] = {name: getattr(change, name, None) for name in ("national", "mix", "regional", "change")}
    jobs, england_jobs = sum(after.values()), sum(england_after.values())
    return SectorMixView(
        place=place.code,
        place_name=place.name,
        period=newest,
        first_period=first if change else "",
        boundaries=_boundaries(own[newest]).pop(),
        jobs=jobs,
        england_jobs=england_jobs,
        industries=tuple(
            Industry(
                code=code,
                label=label,
                jobs=after[code],
                england_jobs=england_after[code],
                share=after[code] / jobs if jobs else None,
                england_share=england_after[code] / england_jobs if england_jobs else None,
                location_quotient=mix.location_quotients[code],
                **{name: getattr(change.industries[code], name) if change else None for name in totals},
            )
            for code, label in INDUSTRIES.items()
        ),
        krugman=mix.krugman,
        hhi=mix.hhi,
        hhi_normalised=mix.hhi_normalised,
        **totals,
        change_reason=change.reason if change else "There is only one period on these boundaries.",
        sources=sources,
        notes=NOTES,
        reason=mix.reason,
    )

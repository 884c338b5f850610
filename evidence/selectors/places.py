"""A place's page: headline figures, how they changed, peers, neighbours, and what others have to say about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from evidence import permissions
from evidence.domain.comparators import Method, NotEnoughData, PeerSet, find_peers, trend, years
from evidence.enums import IndicatorRole, PillarCode
from evidence.imports import geography
from evidence.models import DataRelease, Indicator, Observation, Source
from evidence.selectors import uses
from evidence.selectors.panels import ENGLAND, Point, panel_data, unbroken
from evidence.selectors.report_page import trend_words
from evidence.selectors.wording import chart_unit, figure, in_sentence, short_unit, span
from lisapp.design.charts import LineChart, LineSeries
from lisapp.places.enums import PlaceKind
from lisapp.places.models import LEP, Place, PlaceMembership

LISTED = (PlaceKind.LEP, PlaceKind.LOCAL_AUTHORITY, PlaceKind.COMBINED_AUTHORITY)
#: What a page leads with, in order of preference: figures that several strategies begin from.
HEADLINES: Mapping[str, tuple[str, ...]] = {
    PillarCode.IDEAS: ("stem_professionals_share", "he_research_income", "h2020_funding"),
    PillarCode.PEOPLE: ("employment_rate", "level3plus_rate", "nvq4plus_rate_16_64", "apprenticeship_starts_per_100k"),
    PillarCode.INFRASTRUCTURE: (
        "gigabit_broadband_rate",
        "net_housing_additions_per_1000",
        "rail_station_30min_walk_rate",
    ),
    PillarCode.BUSINESS_ENVIRONMENT: ("gva_per_hour_worked", "business_birth_rate", "active_businesses"),
    PillarCode.PLACES: ("population_census", "gdhi_per_head", "ghg_per_capita"),
}
MOST_IN_A_FOUNDATION = 2
FEWEST_FOR_A_LINE = 3
LONGEST_UNIT = 12  # characters that fit beside the numbers of a small drawing
TOTALS = ("people", "enterprises", "jobs")  # units of totals: England's stands for nothing beside a place's
LONGEST_NAME = 12  # characters of a place's name that fit beside a small drawing
PEERS_KEPT_FOR = 24 * 60 * 60
REASONS = 3  # indicators on which a peer is most alike


# What other apps show on the page


@dataclass(frozen=True)
class PlaceLink:
    """Something written about a place: a title that leads to it, and a note such as its state."""

    title: str
    href: str
    note: str


Provider = Callable[[Place, Sequence[int], Any], Iterable[PlaceLink]]
"""Takes the place, the keys of the place and of the areas that it is part of, and the reader."""


def written_about(place: Place, wholes: Sequence[Place], user: Any) -> list[PlaceLink]:
    """Return what the apps above this one have about a place that `user` may see."""
    keys = [place.pk, *(whole.pk for whole in wholes)]
    providers: list[Provider] = [import_string(path) for path in uses.place_providers]
    return [link for provider in providers for link in provider(place, keys, user)]


# Lists and relations


def places(*, words: str = "", kind: str = "", region: str = "") -> QuerySet[Place]:
    """Return LEP areas and authorities whose name or code holds all the `words`, of a kind and in a region."""
    found = Place.objects.filter(kind__in=[kind] if kind else LISTED)
    if region:
        found = found.filter(region=region)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(code__icontains=word))
    return found


def regions() -> list[str]:
    """Return the names of the regions that places lie in."""
    named = Place.objects.filter(kind__in=LISTED).exclude(region="").values_list("region", flat=True)
    return sorted(set(named.order_by()))


def is_former(place: Place) -> bool:
    """Whether the area no longer stands."""
    return place.valid_to is not None and place.valid_to < datetime.date.today()


@dataclass(frozen=True)
class Related:
    """The places that a place is made of, belongs to, followed and was followed by."""

    wholes: list[Place]
    parts: list[Place]
    predecessors: list[Place]
    successors: list[Place]


def related(place: Place) -> Related:
    """Return the relations of a place. Two queries."""
    wholes, parts = [], []
    for row in PlaceMembership.objects.filter(Q(parent=place) | Q(child=place)).select_related("parent", "child"):
        if row.child_id == place.pk:
            wholes.append(row.parent)
        elif not is_former(row.child):
            parts.append(row.child)
    before, after = geography.predecessors(place.code), geography.successors(place.code)
    changed = {other.code: other for other in Place.objects.filter(code__in=[*before, *after])}
    return Related(
        wholes=_by_name(wholes),
        parts=_by_name(parts),
        predecessors=[changed[code] for code in before if code in changed],
        successors=[changed[code] for code in after if code in changed],
    )


def _by_name(found: Iterable[Place]) -> list[Place]:
    """Each once: an authority can be part of an area in several vintages."""
    return sorted(set(found), key=lambda place: (place.name, place.code))


def leps_that_can_ask(place: Place, wholes: Sequence[Place], user: Any) -> list[LEP]:
    """Return the LEPs for which `user` can ask for a comparator report on this place."""
    covered = [place.pk, *(whole.pk for whole in wholes)]
    found = LEP.objects.visible_to(user).filter(
        Exists(LEP.places.through.objects.filter(lep=OuterRef("pk"), place__in=covered))
    )
    return [lep for lep in found if permissions.can_request_report(user, lep)]


# Figures


@dataclass(frozen=True)
class Headline:
    """One figure of a place as texts, with where it comes from and, where it has a few periods, its line."""

    indicator: Indicator
    label: str
    unit: str
    period: str
    value: str
    interval: str
    england: str
    trend: str
    boundaries: str
    source: Source
    line: LineChart | None


@dataclass(frozen=True)
class Foundation:
    """The headline figures of one of the five foundations."""

    label: str
    headlines: list[Headline]


def foundations(place: Place) -> list[Foundation]:
    """Return the headline figures that exist for a place, by foundation. One query."""
    wanted = [code for codes in HEADLINES.values() for code in codes]
    rows = (
        Observation.objects.filter(indicator__code__in=wanted)
        .filter(Q(place=place) | Q(place__code=ENGLAND))
        .order_by("period_order")
        .select_related("indicator", "source")
    )
    own: dict[str, list[Observation]] = {}
    england: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.place_id == place.pk:
            own.setdefault(row.indicator.code, []).append(row)
        else:
            england.setdefault(row.indicator.code, {})[row.period] = row.value
    return [
        Foundation(
            str(PillarCode(pillar).label),
            [
                _headline(place, own[code], england.get(code, {}))
                for code in [code for code in codes if code in own][:MOST_IN_A_FOUNDATION]
            ],
        )
        for pillar, codes in HEADLINES.items()
    ]


def _headline(place: Place, rows: Sequence[Observation], england: Mapping[str, float]) -> Headline:
    newest = rows[-1]
    indicator = newest.indicator
    stretch = unbroken([Point(row.period, row.period_order, row.value, row.geography_vintage) for row in rows])
    words = _trend_words(indicator, stretch)
    unit, decimals = indicator.unit, indicator.decimals
    return Headline(
        indicator=indicator,
        label=indicator.label,
        unit="" if unit in (short_unit(unit), "people") else unit,
        period=newest.period,
        value=figure(newest.value, unit, decimals),
        interval=span(newest.lower, newest.upper, unit, decimals),
        england=figure(england.get(newest.period), unit, decimals) if unit not in TOTALS else "",
        trend=words,
        boundaries=newest.geography_vintage,
        source=newest.source,
        line=_line(place, newest, stretch, england, words) if len(stretch) >= FEWEST_FOR_A_LINE else None,
    )


def _trend_words(indicator: Indicator, stretch: Sequence[Point]) -> str:
    found = trend([years(point.order) for point in stretch], [point.value for point in stretch])
    state = {
        "state": found.direction.value,
        "slope": found.slope,
        "periods": found.periods,
        "reason": found.reason,
    }
    return trend_words({"trend": state, "unit": indicator.unit, "decimals": indicator.decimals})


def _line(
    place: Place, newest: Observation, stretch: Sequence[Point], england: Mapping[str, float], words: str
) -> LineChart:
    indicator = newest.indicator
    name = place.name if len(place.name) <= LONGEST_NAME else "This place"
    series = [LineSeries(name, [point.value for point in stretch], "place")]
    beside = [england.get(point.period) for point in stretch]
    if indicator.unit not in TOTALS and any(value is not None for value in beside):
        series.append(LineSeries("England", beside, "england"))
    unit = chart_unit(indicator.unit)
    beside_numbers = unit if len(unit) <= LONGEST_UNIT else ""
    return LineChart(
        title=indicator.label if beside_numbers or not unit else f"{indicator.label}, {unit}",
        description=words,
        source=newest.source.citation,
        period=f"{stretch[0].period} to {stretch[-1].period}",
        vintage=newest.geography_vintage,
        periods=[point.period for point in stretch],
        series=series,
        unit=beside_numbers,
        width=360,
        height=250,
    )


# Peers


@dataclass(frozen=True)
class PeerRow:
    """A peer, with the indicators of structure on which it is most alike."""

    code: str
    name: str
    region: str
    alike: list[str]


@dataclass(frozen=True)
class PeerList:
    """The peers by the recommended method, nearest first, or the reason why there are none."""

    rows: list[PeerRow]
    indicators: int
    candidates: int
    release: str
    reason: str


def peers_of(place: Place) -> PeerList:
    """Return the peers of a place, kept for a day for each release of the data.

    They are chosen once, without the test of stability that a report makes. Nine queries where nothing is kept, else
    one.
    """
    release = DataRelease.objects.first()
    if release is None:
        return PeerList([], 0, 0, "", "No reference data is loaded, so there is nothing to compare.")
    key = f"evidence:peers:{release.pk}:{release.checksum[:16]}:{place.code}"
    found: PeerList | None = cache.get(key)
    if found is None:
        found = _peers(place, release.name)
        cache.set(key, found, PEERS_KEPT_FOR)
    return found


def _peers(place: Place, release: str) -> PeerList:
    structural = Indicator.objects.filter(role=IndicatorRole.STRUCTURAL).values_list("code", flat=True)
    data = panel_data(place, structural)
    own = [at for at, code in enumerate(data.panel.indicator_codes) if data.slices[code].own]
    if not own:
        return PeerList([], 0, 0, release, f"{place} has no figure on an indicator that chooses peers.")
    panel = data.panel.take(np.arange(len(data.panel.areas)), own)
    found = find_peers(panel, place.code, replace(Method(), resamples=0))
    if isinstance(found, NotEnoughData):
        return PeerList([], 0, 0, release, f"Peers cannot be worked out: {found.reason}.")
    rows = [
        PeerRow(
            peer.code,
            peer.name,
            data.areas[peer.code].region,
            _alike(found, at, {code: i.label for code, i in data.indicators.items()}),
        )
        for at, peer in enumerate(found.peers)
    ]
    return PeerList(rows, len(found.weights), found.candidates, release, "")


def _alike(found: PeerSet, at: int, labels: Mapping[str, str]) -> list[str]:
    """The indicators with the smallest differences between the place and its peer."""
    known = [(abs(gap), code) for code, gap in found.peers[at].differences.items() if gap is not None]
    return [in_sentence(labels[code]) for _, code in sorted(known)[:REASONS]]

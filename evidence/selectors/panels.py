"""Published figures as the table that the comparator engine works on.

One period an indicator: the newest for which enough areas of the place's kind have a figure on the same boundaries.
Figures on other boundaries than that period's are not mixed in.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from evidence.domain.comparators import HigherIs, Panel, PanelArea, PanelIndicator, Role
from evidence.models import Indicator, Observation, Source
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place, PlaceMembership

ENGLAND = "E92000001"
NEEDED = 0.8  # share of the areas that must have a figure before a period is compared, as in the engine


@dataclass(frozen=True)
class Slice:
    """The period of an indicator that is compared.

    `vintage` names the boundaries; `areas` is how many have a figure, and `own` whether the place is one of them.
    """

    period: str
    order: int
    vintage: str
    areas: int
    own: bool


@dataclass(frozen=True, eq=False)
class PanelData:
    """Everything that a report reads before it knows the peers.

    `panel` has the areas of the place's kind (the place among them) by the indicators that have figures for that kind.
    `slices`, `england` and `england_sources` go by indicator code, `sources` by area code and indicator code; `without`
    lists the indicators asked for that have no figures for places of this kind.
    """

    place: Place
    panel: Panel
    areas: Mapping[str, Place]
    indicators: Mapping[str, Indicator]
    slices: Mapping[str, Slice]
    england: Mapping[str, float]
    sources: Mapping[tuple[str, str], Source]
    england_sources: Mapping[str, Source]
    without: tuple[Indicator, ...]


@dataclass(frozen=True)
class Point:
    """One value of a series."""

    period: str
    order: int
    value: float
    vintage: str


Series = Mapping[str, Mapping[str, list[Point]]]
"""Indicator code → place code → its points in order of time."""


def areas_like(place: Place) -> QuerySet[Place]:
    """Return the areas that a place can be compared with: of its kind, and standing when it stood (itself included)."""
    when = place.valid_to or datetime.date.today()
    return Place.objects.filter(kind=place.kind).filter(
        Q(pk=place.pk)
        | (Q(valid_from__isnull=True) | Q(valid_from__lte=when)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=when))
    )


def panel_data(place: Place, codes: Iterable[str]) -> PanelData:
    """Read the panel of a place and the indicators with these codes. Six queries, whatever their number."""
    wanted = list(Indicator.objects.filter(code__in=list(codes)))
    observed = Observation.objects.filter(indicator__in=wanted)
    areas = list(areas_like(place).filter(Q(pk=place.pk) | Exists(observed.filter(place=OuterRef("pk")))))
    slices = _slices(observed, place, areas)
    indicators = [indicator for indicator in wanted if indicator.pk in slices]
    cells, england = _cells(observed, areas, slices)
    sources = Source.objects.in_bulk({cell.source for cell in [*cells.values(), *england.values()]})
    parents, overlaps = _relations(areas)
    panel = Panel(
        tuple(
            PanelArea(area.code, area.name, area.region, frozenset(parents[area.pk]), frozenset(overlaps[area.pk]))
            for area in areas
        ),
        tuple(
            PanelIndicator(i.code, i.label, i.pillar, Role(i.role), HigherIs(i.higher_is), i.unit) for i in indicators
        ),
        *_tables(cells, areas, indicators),
    )
    code_of = {indicator.pk: indicator.code for indicator in indicators}
    area_code = {area.pk: area.code for area in areas}
    return PanelData(
        place=place,
        panel=panel,
        areas={area.code: area for area in areas},
        indicators={indicator.code: indicator for indicator in indicators},
        slices={code_of[pk]: chosen for pk, chosen in slices.items()},
        england={code_of[pk]: cell.value for pk, cell in england.items()},
        england_sources={code_of[pk]: sources[cell.source] for pk, cell in england.items()},
        sources={(area_code[place_pk], code_of[pk]): sources[cell.source] for (place_pk, pk), cell in cells.items()},
        without=tuple(indicator for indicator in wanted if indicator.pk not in slices),
    )


def available(place: Place) -> dict[Indicator, Slice]:
    """Return every indicator that has figures for places of this kind, with the period that would be compared."""
    indicators = Indicator.objects.in_bulk()
    slices = _slices(Observation.objects.all(), place, list(areas_like(place)))
    return {indicators[pk]: slices[pk] for pk in sorted(slices, key=lambda pk: indicators[pk].label)}


def _slices(observed: QuerySet[Observation], place: Place, areas: Sequence[Place]) -> dict[int, Slice]:
    """Choose the period of each indicator, by its primary key.

    The newest period with figures for 80% of the areas, the place among them; failing that, the newest with 80%;
    failing that, the one with most. An indicator that no area has a figure for gets none.
    """
    counted = (
        observed.filter(place__in=[area.pk for area in areas])
        .values("indicator_id", "period", "period_order", "geography_vintage")
        .annotate(areas=Count("pk"), own=Count("pk", filter=Q(place=place)))
        .order_by("indicator_id", "period_order", "geography_vintage")
    )
    best: dict[int, tuple[tuple[bool, int, int, int], Slice]] = {}
    for row in counted:
        enough = row["areas"] >= NEEDED * len(areas)
        merit = (enough, row["own"], row["period_order"], row["areas"])
        if not enough:
            merit = (False, 0, row["areas"], row["period_order"])
        candidate = Slice(row["period"], row["period_order"], row["geography_vintage"], row["areas"], bool(row["own"]))
        if row["indicator_id"] not in best or merit > best[row["indicator_id"]][0]:
            best[row["indicator_id"]] = (merit, candidate)
    return {pk: chosen for pk, (_, chosen) in best.items()}


class _Cell(NamedTuple):
    value: float
    lower: float | None
    upper: float | None
    source: int


def _cells(
    observed: QuerySet[Observation], areas: Sequence[Place], slices: Mapping[int, Slice]
) -> tuple[dict[tuple[int, int], _Cell], dict[int, _Cell]]:
    """The values of the chosen periods by (place, indicator), and England's by indicator."""
    rows = (
        observed.filter(period_order__in={chosen.order for chosen in slices.values()})
        .filter(Q(place__in=[area.pk for area in areas]) | Q(place__code=ENGLAND))
        .values_list(
            "place__code",
            "place_id",
            "indicator_id",
            "period",
            "geography_vintage",
            "value",
            "lower",
            "upper",
            "source",
        )
    )
    cells: dict[tuple[int, int], _Cell] = {}
    england: dict[int, _Cell] = {}
    for place_code, place, indicator, period, vintage, value, lower, upper, source in rows:
        chosen = slices.get(indicator)
        if chosen is None or period != chosen.period:
            continue
        if place_code == ENGLAND:
            england[indicator] = _Cell(
                value, lower, upper, source
            )  # the country's boundary is the same in every vintage
        elif vintage == chosen.vintage:
            cells[place, indicator] = _Cell(value, lower, upper, source)
    return cells, england


def _tables(
    cells: Mapping[tuple[int, int], _Cell], areas: Sequence[Place], indicators: Sequence[Indicator]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values and 95% limits, each (areas, indicators) with NaN where there is none."""
    values, lower, upper = (np.full((len(areas), len(indicators)), np.nan) for _ in range(3))
    for i, area in enumerate(areas):
        for j, indicator in enumerate(indicators):
            cell = cells.get((area.pk, indicator.pk))
            if cell is None:
                continue
            values[i, j] = cell.value
            if cell.lower is not None and cell.upper is not None:
                lower[i, j], upper[i, j] = cell.lower, cell.upper
    return values, lower, upper


def _relations(areas: Sequence[Place]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """Which of the areas contain one another, and which share ground because a part belongs to both."""
    codes = {area.pk: area.code for area in areas}
    parents: dict[int, set[str]] = defaultdict(set)
    overlaps: dict[int, set[str]] = defaultdict(set)
    wholes: dict[tuple[int, str], set[int]] = defaultdict(set)
    for parent, child, vintage in PlaceMembership.objects.filter(parent__in=list(codes)).values_list(
        "parent_id", "child_id", "vintage"
    ):
        if child in codes:
            parents[child].add(codes[parent])
        wholes[child, vintage].add(parent)
    for sharing in wholes.values():
        for pk in sharing:
            overlaps[pk] |= {codes[other] for other in sharing if other != pk}
    return parents, overlaps


def series(place: Place, peer_codes: Sequence[str], indicators: Iterable[Indicator]) -> Series:
    """Read every period of these indicators for the place, its peers and England. One query."""
    rows = (
        Observation.objects.filter(indicator__in=list(indicators))
        .filter(Q(place__code__in=[place.code, *peer_codes, ENGLAND]))
        .order_by("period_order", "period")
        .values_list("indicator__code", "place__code", "period", "period_order", "value", "geography_vintage")
    )
    found: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for indicator, code, period, order, value, vintage in rows:
        found[indicator][code].append(Point(period, order, value, vintage))
    return found


def unbroken(points: Sequence[Point]) -> list[Point]:
    """The newest stretch of a series: the points after the last change of boundaries."""
    stretch = list(points)
    for at in range(len(points) - 1, 0, -1):
        if points[at - 1].vintage != points[-1].vintage:
            return stretch[at:]
    return stretch


def reportable_places(lep_places: Iterable[Place]) -> QuerySet[Place]:
    """Return the places that a LEP's reports can be about: its own areas, and the standing authorities within them."""
    own = [place.pk for place in lep_places]
    parts = PlaceMembership.objects.filter(parent__in=own, child=OuterRef("pk"))
    standing = Q(valid_to__isnull=True) | Q(valid_to__gte=datetime.date.today())
    authorities = Q(kind=PlaceKind.LOCAL_AUTHORITY) & standing & Exists(parts)
    return Place.objects.filter(Q(pk__in=own, kind__in=[PlaceKind.LEP, PlaceKind.LOCAL_AUTHORITY]) | authorities)

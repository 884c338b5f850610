"""Indicators to look through, and one indicator with its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from evidence.models import Indicator, Observation, Source
from evidence.selectors.panels import ENGLAND, Point, unbroken
from evidence.selectors.places import LISTED
from evidence.selectors.wording import amount, chart_unit, span
from lisapp.design.charts import LineChart, LineSeries
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place

FEWEST_FOR_A_LINE = 2


@dataclass(frozen=True)
class Coverage:
    """For how many places, and from which to which year, an indicator has figures."""

    places: int
    first: int
    last: int

    @property
    def years(self) -> str:
        """The years as 2004 to 2023, or one of them alone."""
        return str(self.last) if self.first == self.last else f"{self.first} to {self.last}"


def indicators(*, pillar: str = "", kind: str = "", words: str = "") -> QuerySet[Indicator]:
    """Return the indicators of a foundation, with figures for a kind of place, whose texts hold all the `words`."""
    found = Indicator.objects.all()
    if pillar:
        found = found.filter(pillar=pillar)
    if kind:
        found = found.filter(Exists(Observation.objects.filter(indicator=OuterRef("pk"), place__kind=kind)))
    for word in words.split():
        found = found.filter(Q(label__icontains=word) | Q(definition__icontains=word) | Q(code__icontains=word))
    return found


def coverage(shown: Iterable[Indicator]) -> dict[int, Coverage]:
    """Return the coverage of each indicator that has figures, by primary key. One query."""
    rows = (
        Observation.objects.filter(indicator__in=list(shown))
        .values("indicator_id")
        .annotate(places=Count("place", distinct=True), first=Min("period_order"), last=Max("period_order"))
        .order_by()
    )
    return {row["indicator_id"]: Coverage(row["places"], row["first"] // 100, row["last"] // 100) for row in rows}


def kinds_with_figures(indicator: Indicator) -> list[PlaceKind]:
    """Return the kinds of place that an indicator has figures for, in the order of the choices."""
    kinds = set(Place.objects.filter(_has_figures(indicator)).values_list("kind", flat=True))
    return [kind for kind in PlaceKind if kind in kinds]


def places_with_figures(indicator: Indicator) -> QuerySet[Place]:
    """Return the places that an indicator has figures for."""
    return Place.objects.filter(_has_figures(indicator))


def _has_figures(indicator: Indicator) -> Exists:
    return Exists(Observation.objects.filter(indicator=indicator, place=OuterRef("pk")))


def latest_values(indicator: Indicator, kind: str) -> QuerySet[Observation]:
    """Return the newest value of each place of a kind, by name of place: a list to look things up in, not a ranking."""
    newest = (
        Observation.objects.filter(indicator=indicator, place=OuterRef("place"))
        .order_by("-period_order")
        .values("period_order")[:1]
    )
    return (
        Observation.objects.filter(indicator=indicator, place__kind=kind, period_order=Subquery(newest))
        .select_related("place", "source")
        .order_by("place__name", "place__code")
    )


@dataclass(frozen=True)
class ValueRow:
    """A value of a place as texts, with its source. `page` is the code of a place that has a page, else blank."""

    place: str
    page: str
    period: str
    value: str
    interval: str
    boundaries: str
    source: Source


def written(indicator: Indicator, observations: Iterable[Observation]) -> list[ValueRow]:
    """Write values, with their units and intervals, for the table of an indicator."""
    unit, decimals = indicator.unit, indicator.decimals
    return [
        ValueRow(
            row.place.name,
            row.place.code if row.place.kind in LISTED else "",
            row.period,
            amount(row.value, unit, decimals),
            span(row.lower, row.upper, unit, decimals),
            row.geography_vintage,
            row.source,
        )
        for row in observations
    ]


def sources(indicator: Indicator) -> QuerySet[Source]:
    """Return the sources that the values of an indicator come from."""
    return Source.objects.filter(Exists(Observation.objects.filter(indicator=indicator, source=OuterRef("pk"))))


def over_time(indicator: Indicator, place: Place) -> LineChart | None:
    """Return the chart of a place beside England, after the last change of boundaries; None for fewer than two periods.

    The place can be England itself.
    """
    rows = (
        Observation.objects.filter(indicator=indicator)
        .filter(Q(place=place) | Q(place__code=ENGLAND))
        .annotate(code=F("place__code"))
        .order_by("period_order")
        .select_related("source")
    )
    own = [row for row in rows if row.code == place.code]
    england = {row.period: row.value for row in rows if row.code == ENGLAND}
    points = unbroken([Point(row.period, row.period_order, row.value, row.geography_vintage) for row in own])
    if len(points) < FEWEST_FOR_A_LINE:
        return None
    series = [
        LineSeries(place.name, [point.value for point in points], "england" if place.code == ENGLAND else "place")
    ]
    if england and place.code != ENGLAND:
        series.append(LineSeries("England", [england.get(point.period) for point in points], "england"))
    return LineChart(
        title=f"{indicator.label}: {place}",
        description=_in_words(indicator, place, points),
        source="; ".join(dict.fromkeys(row.source.citation for row in own)),
        period=f"{points[0].period} to {points[-1].period}",
        vintage=points[-1].vintage,
        periods=[point.period for point in points],
        series=series,
        unit=chart_unit(indicator.unit),
        height=320,
    )


def _in_words(indicator: Indicator, place: Place, points: list[Point]) -> str:
    first, last = (amount(point.value, indicator.unit, indicator.decimals) for point in (points[0], points[-1]))
    return f"{place}: {first} in {points[0].period} and {last} in {points[-1].period}."

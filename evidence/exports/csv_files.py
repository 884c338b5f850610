"""Figures as CSV files that a spreadsheet can open without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from evidence.models import ComparatorReport, Indicator, Observation
from lisapp.design.spreadsheets import csv_lines
from lisapp.places.models import Place

REPORT_COLUMNS = {
    "indicator": "Indicator code",
    "label": "Indicator",
    "pillar": "Foundation",
    "role": "Role",
    "unit": "Unit",
    "period": "Period",
    "value": "Place",
    "lower": "Place, lower 95% limit",
    "upper": "Place, upper 95% limit",
    "peers_median": "Peers, median",
    "peers_q1": "Peers, lower quartile",
    "peers_q3": "Peers, upper quartile",
    "peers_n": "Peers with a figure",
    "england": "England",
    "gap": "Gap to the peers' median",
    "gap_lower": "Gap, lower 95% limit",
    "gap_upper": "Gap, upper 95% limit",
    "probability": "Probability that the gap is above zero",
    "state": "What can be said",
    "source": "Source",
    "url": "Address of the source",
    "licence": "Licence",
    "vintage": "Edition of the source",
    "derivation": "How derived (empty: as published)",
    "geography_vintage": "Boundaries",
}
INDICATOR_COLUMNS = {
    "place__code": "Place code",
    "place__name": "Place",
    "place__kind": "Kind of place",
    "period": "Period",
    "value": "Value",
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "source__citation": "Source",
    "source__url": "Address of the source",
    "source__licence": "Licence",
    "source__vintage": "Edition of the source",
    "source__derivation": "How derived (empty: as published)",
    "geography_vintage": "Boundaries",
}
PLACE_COLUMNS = {
    "indicator__code": "Indicator code",
    "indicator__label": "Indicator",
    "indicator__pillar": "Foundation",
    "indicator__unit": "Unit",
    **{key: column for key, column in INDICATOR_COLUMNS.items() if not key.startswith("place__")},
}


def report_lines(report: ComparatorReport) -> Iterator[str]:
    """The figures of a report, one indicator a line, with the place and the data release in every line."""
    place = report.result.get("place", {})
    about = [place.get("code", report.place.code), place.get("name", report.place.name), report.data_release.name]
    header = ["Place code", "Place name", "Data release", *REPORT_COLUMNS.values()]
    figures = report.result.get("figures", [])
    return csv_lines(header, ([*about, *(row.get(key) for key in REPORT_COLUMNS)] for row in figures))


def indicator_lines(indicator: Indicator) -> Iterator[str]:
    """Every value of an indicator, by place and period."""
    rows: QuerySet[Observation, Any] = (
        Observation.objects.filter(indicator=indicator)
        .order_by("place__kind", "place__name", "place__code", "period_order")
        .values_list(*INDICATOR_COLUMNS)
    )
    about = [indicator.code, indicator.label, indicator.unit]
    header = ["Indicator code", "Indicator", "Unit", *INDICATOR_COLUMNS.values()]
    return csv_lines(header, ([*about, *row] for row in rows.iterator(chunk_size=2000)))


def place_lines(place: Place) -> Iterator[str]:
    """Every value of a place, by indicator and period."""
    rows: QuerySet[Observation, Any] = (
        Observation.objects.filter(place=place)
        .order_by("indicator__pillar", "indicator__label", "period_order")
        .values_list(*PLACE_COLUMNS)
    )
    header = ["Place code", "Place", *PLACE_COLUMNS.values()]
    return csv_lines(header, ([place.code, place.name, *row] for row in rows.iterator(chunk_size=2000)))

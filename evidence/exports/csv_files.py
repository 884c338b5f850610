"""Figures and evidence items as CSV files that a spreadsheet can open without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

from evidence.domain.strength import NOT_STATED
from evidence.enums import EvidenceKind
from evidence.models import ComparatorReport, EvidenceItem, Indicator, Observation
from evidence.selectors.permalinks import permalink
from evidence.selectors.what_works import NO_ITEM, SAYS_NOTHING, Cell, Finding, GapMap
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

ITEM_COLUMNS = {
    "title": "Title",
    "get_kind_display": "Kind",
    "lep": "LEP (empty: reference evidence)",
    "get_policy_area_display": "Policy area",
    "get_pillar_display": "Foundation",
    "get_intervention_type_display": "Kind of intervention",
    "outcome": "Outcome",
    "studies_screened": "Studies looked through",
    "studies_counted": "Studies accepted",
    "counted_from_level": "Accepted from Maryland level",
    "studies_on_outcome": "Studies on the outcome",
    "studies_positive": "Found a positive effect",
    "studies_mixed": "Found mixed effects",
    "studies_none": "Found no effect",
    "studies_harmful": "Found harm",
    "maryland_best": "Best Maryland level",
    "maryland_levels": "Maryland levels",
    "uk_studies": "Studies from the United Kingdom",
    "newest_year": "Year of the newest study",
    "effect_size": "Size of the effect",
    "effect_interval": "Interval",
    "cost": "Cost",
    "transferability": "Transferability",
    "finding": "Finding",
    "caution": "Caution",
    "source_name": "Source",
    "source_url": "Address of the source",
    "source_date": "Date of the source",
}
MAP_COLUMNS = (
    "Kind of intervention",
    "Foundation",
    "Reviews",
    "Single studies",
    "Local items",
    "Best Maryland level",
    "Studies",
    "What was found",
    "In words",
)


def report_lines(report: ComparatorReport) -> Iterator[str]:
    """The figures of a report, one indicator a line.

    Each line says which place and data release, and the address, without the site, that runs the comparison again.
    """
    place, again = report.result.get("place", {}), permalink(report)
    about = [place.get("code", report.place.code), place.get("name", report.place.name), report.data_release.name]
    header = ["Place code", "Place name", "Data release", *REPORT_COLUMNS.values(), "Address that runs it again"]
    figures = report.result.get("figures", [])
    return csv_lines(header, ([*about, *(row.get(key) for key in REPORT_COLUMNS), again] for row in figures))


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


def item_lines(found: Iterable[EvidenceItem]) -> Iterator[str]:
    """Evidence items, one a line, with what their sources state; "not stated" where they do not."""
    header = [*ITEM_COLUMNS.values(), "What was found", "Effect in words"]
    return csv_lines(header, (_item_row(Finding(item)) for item in found))


def _item_row(finding: Finding) -> list[Any]:
    row: list[Any] = []
    for name in ITEM_COLUMNS:
        value = getattr(finding.item, name)
        value = value() if callable(value) else value
        blank = value in (None, "") and name not in ("lep", "caution")
        row.append(NOT_STATED if blank else value if isinstance(value, int) else str(value or ""))
    return [*row, finding.label, finding.sentence]


def gap_map_lines(found: GapMap) -> Iterator[str]:
    """The map, one cell a line. An empty cell has no level and no number of studies, not 0."""
    return csv_lines(MAP_COLUMNS, (_cell_row(cell) for cell in found.cells))


def _cell_row(cell: Cell) -> list[Any]:
    return [
        str(cell.kind.label),
        str(cell.pillar.label),
        cell.number(EvidenceKind.REVIEW),
        cell.number(EvidenceKind.STUDY),
        cell.local,
        cell.level if cell.findings else "",
        cell.studies if cell.studies is not None else NOT_STATED if cell.findings else "",
        "; ".join(f"{label}: {number}" for label, _, number in cell.states),
        cell.words if cell.findings else f"{NO_ITEM}. {SAYS_NOTHING}",
    ]

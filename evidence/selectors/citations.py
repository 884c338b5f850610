"""A figure as it is copied into a citation, so that a later load of data cannot change what was argued from."""

from __future__ import annotations

from typing import Any

from evidence.models import ComparatorReport, Indicator, Observation
from evidence.selectors.panels import ENGLAND
from lisapp.places.models import Place

COPIED = (
    "indicator",
    "label",
    "value",
    "unit",
    "decimals",
    "period",
    "lower",
    "upper",
    "source",
    "url",
    "licence",
    "vintage",
    "derivation",
    "peers_median",
    "england",
)

Figure = dict[str, Any]
"""Keys: indicator, label, place, place_code, value, unit, decimals, period, lower, upper, source, url, licence,
vintage, derivation, peers_median, england, report_id (text, or None where it comes from no report)."""


def figure_from_report(report: ComparatorReport, indicator_code: str) -> Figure:
    """Return the figure of a finished report as it stands there.

    Raises LookupError where the report does not show the indicator.
    """
    for row in report.result.get("figures", []):
        if row["indicator"] == indicator_code:
            break
    else:
        raise LookupError(f"The report has no figure for {indicator_code}.")
    return {
        **{key: row[key] for key in COPIED},
        "place": report.place.name,
        "place_code": report.place.code,
        "report_id": str(report.pk),
    }


def latest_figure(indicator: Indicator, place: Place) -> Figure:
    """Return the newest published figure of an indicator for a place, with England's for the same period.

    Raises LookupError where there is none.
    """
    observations = Observation.objects.filter(indicator=indicator).select_related("source")
    newest = observations.filter(place=place).order_by("-period_order").first()
    if newest is None:
        raise LookupError(f"There is no figure for {place} on {indicator}.")
    england = observations.filter(place__code=ENGLAND, period=newest.period).first()
    return {
        "indicator": indicator.code,
        "label": indicator.label,
        "place": place.name,
        "place_code": place.code,
        "value": newest.value,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "period": newest.period,
        "lower": newest.lower,
        "upper": newest.upper,
        "source": newest.source.citation,
        "url": newest.source.url,
        "licence": newest.source.licence,
        "vintage": newest.source.vintage,
        "derivation": newest.source.derivation,
        "peers_median": None,
        "england": england.value if england else None,
        "report_id": None,
    }

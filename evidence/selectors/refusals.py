"""When the figures do not suffice: what is missing, and what else could be compared."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np

from evidence.domain.comparators import NotEnoughData
from evidence.models import ComparatorReport, Indicator
from evidence.selectors.panels import PanelData, reportable_places
from evidence.selectors.wording import count, listed, per_cent
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place, PlaceMembership

NEAREST = 3
EARTH_KM = 6371.0


def refusal(report: ComparatorReport, data: PanelData, answer: NotEnoughData) -> dict[str, Any]:
    """Return what the report's page needs to explain a refusal.

    Keys: message; missing [{code, label}]; needed and share_present (0 to 1); suggestions, each with kind
    ("indicators", "place", "choose"), a label, the place's code and, for indicators, their codes.
    """
    labels = dict(Indicator.objects.filter(code__in=answer.missing).values_list("code", "label"))
    missing = [{"code": code, "label": labels[code]} for code in answer.missing]
    return {
        "message": message(data.place, answer, [row["label"] for row in missing]),
        "missing": missing,
        "needed": answer.needed,
        "share_present": answer.share_present,
        "suggestions": [
            *_other_indicators(data, answer),
            *_other_places(report),
            {"kind": "choose", "label": "Choose the indicators yourself", "place": data.place.code},
        ],
    }


def message(place: Place, answer: NotEnoughData, labels: list[str]) -> str:
    """Say in one sentence or two why no peers can be named."""
    if not labels:
        return f"{place} cannot be compared: {answer.reason}. Choose indicators of structure, such as residents."
    if answer.share_present == 0 and answer.reason.startswith("no indicator"):
        return f"{place} cannot be compared: {answer.reason}. {listed(labels, most=3)} would have chosen its peers."
    return (
        f"{place} cannot be compared: {count(len(labels), 'indicator is', 'indicators are')} missing "
        f"({listed(labels, most=3)}). Figures for {per_cent(answer.needed)} of the weight are needed, and "
        f"{per_cent(answer.share_present)} are there."
    )


def _other_indicators(data: PanelData, answer: NotEnoughData) -> list[dict[str, Any]]:
    values = data.panel.values[data.panel.row(data.place.code)]
    missing = set(answer.missing)
    kept = [
        code
        for code, value in zip(data.panel.indicator_codes, values, strict=True)
        if code not in missing and not np.isnan(value)
    ]
    if not any(data.indicators[code].role == "structural" for code in kept):
        return []
    label = f"Compare on the {count(len(kept), 'indicator')} that have figures"
    return [{"kind": "indicators", "label": label, "place": data.place.code, "indicators": kept}]


def _other_places(report: ComparatorReport) -> list[dict[str, Any]]:
    """Areas that contain the place, authorities within it, or the nearest ones, among what the LEP can report on."""
    place = report.place
    within_reach = {other.pk: other for other in reportable_places(report.lep.places.all()).exclude(pk=place.pk)}
    links = PlaceMembership.objects.filter(parent__in=[place.pk, *within_reach], child__in=[place.pk, *within_reach])
    pairs = set(links.values_list("parent_id", "child_id"))
    wholes = [within_reach[parent] for parent, child in pairs if child == place.pk and parent in within_reach]
    parts = [within_reach[child] for parent, child in pairs if parent == place.pk and child in within_reach]
    found = [_suggest(other, f"Use {other}, which contains it") for other in sorted(wholes, key=str)]
    if place.kind == PlaceKind.LOCAL_AUTHORITY:
        near = sorted((o for o in within_reach.values() if o.kind == place.kind), key=lambda o: _distance(place, o))
        found += [_suggest(other, f"Use {other}, a neighbouring authority") for other in near[:NEAREST]]
    found += [_suggest(other, f"Use the local authority {other}") for other in sorted(parts, key=str)]
    return found


def _suggest(place: Place, label: str) -> dict[str, Any]:
    return {"kind": "place", "label": label, "place": place.code}


def _distance(a: Place, b: Place) -> float:
    """Great-circle distance in km (haversine formula); places without a position sort last."""
    if a.longitude is None or a.latitude is None or b.longitude is None or b.latitude is None:
        return float("inf")
    lon_a, lat_a, lon_b, lat_b = map(radians, (a.longitude, a.latitude, b.longitude, b.latitude))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))

"""Spillover partners: places that a strategy touches because they are near, not because they are alike.

Two lists that are never mixed with comparators: who shares a border, and who shares commuters.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from evidence.models import CommutingFlow, Contiguity, PlaceBoundary, Source
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place, PlaceMembership

MOST = 10  # commuting partners named

Partners = dict[str, Any]
"""Keys: contiguity {partners [{code, name, border_km, shares_ground}], boundaries, source, reason} and commuting
{partners [{code, name, out, out_share, into, into_share}], residents, jobs, others, period, source, reason}. `reason`
is blank where the list stands; else the list is empty and the reason says why. `source` has citation, url, licence,
vintage and derivation, or is None."""


def spillover_partners(place: Place) -> Partners:
    """Return a place's neighbours by border and by commuting, as JSON-able values. At most six queries."""
    return {"contiguity": by_contiguity(place), "commuting": by_commuting(place)}


def by_contiguity(place: Place) -> dict[str, Any]:
    """Return the areas of the same kind that share a border with the place, by name.

    Boundaries that the operator loaded come before those behind the reference data; the newest edition counts.
    """
    loaded = PlaceBoundary.objects.filter(place=place).order_by("-pk").values_list("vintage", flat=True).first()
    rows = list(
        Contiguity.objects.filter(Q(place=place) | Q(neighbour=place))
        .select_related("place", "neighbour", "source")
        .order_by("-pk")
    )
    edition = loaded or (rows[0].boundaries if rows else "")
    rows = [row for row in rows if row.boundaries == edition]
    if not rows:
        return {
            "partners": [],
            "boundaries": edition,
            "source": None,
            "reason": _no_border(place, known=bool(loaded) or _kind_has_borders(place)),
        }
    sharing = _sharing_ground(place)
    partners = []
    for row in rows:
        other = row.neighbour if row.place_id == place.pk else row.place
        partners.append(
            {
                "code": other.code,
                "name": other.name,
                "border_km": row.border_km,
                "shares_ground": other.pk in sharing,
            }
        )
    partners.sort(key=lambda partner: (partner["name"], partner["code"]))
    return {"partners": partners, "boundaries": edition, "source": _source(rows[0].source), "reason": ""}


def _kind_has_borders(place: Place) -> bool:
    """Whether every area of this kind that stands today was looked at: LEP areas are in the reference data."""
    return place.kind == PlaceKind.LEP and Contiguity.objects.filter(place__kind=place.kind).exists()


def _no_border(place: Place, *, known: bool) -> str:
    if known:
        return f"{place} shares no land border with another {place.get_kind_display()}."
    return (
        f"Which areas border {place} is not known here: no boundary file for this kind of area "
        f"({place.get_kind_display()}) is loaded."
    )


def _sharing_ground(place: Place) -> set[int]:
    """Places that overlap with this one because an authority belongs to both."""
    parts = PlaceMembership.objects.filter(parent=place).values("child")
    found = PlaceMembership.objects.filter(child__in=parts).exclude(parent=place).values_list("parent", flat=True)
    return set(found)


def by_commuting(place: Place) -> dict[str, Any]:
    """Return the areas of the same kind with most commuters to and from the place, in the newest period.

    `out_share` is the share of the place's working residents in the figures, `into_share` the share of the people who
    work there; both count those who live and work in the place.
    """
    flows = (
        CommutingFlow.objects.filter(Q(origin=place) | Q(destination=place))
        .filter(origin__kind=place.kind, destination__kind=place.kind)
        .select_related("origin", "destination", "source")
        .order_by("-period")
    )
    newest = flows.values_list("period", flat=True).first()
    if newest is None:
        return {
            "partners": [],
            "residents": None,
            "jobs": None,
            "others": 0,
            "period": "",
            "source": None,
            "reason": _no_flows(place),
        }
    rows = list(flows.filter(period=newest))
    residents = sum(row.commuters for row in rows if row.origin_id == place.pk)
    jobs = sum(row.commuters for row in rows if row.destination_id == place.pk)
    partners: dict[str, dict[str, Any]] = {}
    for row in rows:
        leaving = row.origin_id == place.pk
        other = row.destination if leaving else row.origin
        if other.pk == place.pk:
            continue
        empty = {"code": other.code, "name": other.name, "out": 0, "out_share": 0.0, "into": 0, "into_share": 0.0}
        partner = partners.setdefault(other.code, empty)
        whole = residents if leaving else jobs
        partner["out" if leaving else "into"] = row.commuters
        partner["out_share" if leaving else "into_share"] = row.commuters / whole if whole else 0.0
    ranked = sorted(partners.values(), key=lambda partner: (-partner["out"] - partner["into"], partner["code"]))
    return {
        "partners": ranked[:MOST],
        "residents": residents,
        "jobs": jobs,
        "others": len(ranked) - len(ranked[:MOST]),
        "period": newest,
        "source": _source(rows[0].source),
        "reason": "",
    }


def in_per_cent(share: float) -> str:
    """A share from 0 to 1 with one decimal; what rounds to nothing is "under 0.1%"."""
    return "under 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def _no_flows(place: Place) -> str:
    if CommutingFlow.objects.exists():
        return f"The commuting figures that are loaded have none for {place}."
    return "No commuting figures are loaded."


def _source(source: Source) -> dict[str, str]:
    return {
        "citation": source.citation,
        "url": source.url,
        "licence": source.licence,
        "vintage": source.vintage,
        "derivation": source.derivation,
    }

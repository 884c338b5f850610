"""The map of a place among the places of its kind: its peers, its neighbours, or the values of an indicator."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np
from django.db.models import Q

from evidence.domain.tiles import SHORT_NAMES, Centre, Whole, arrange, spread
from evidence.models import Indicator, PlaceBoundary
from evidence.selectors.panels import panel_data
from evidence.selectors.wording import chart_unit
from lisapp.design.charts import BoundaryMap, Classes, Outline, Tile, TileMap
from lisapp.design.charts.tiles import Kind
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place, PlaceMembership

CLASSES = 5
LEP_WIDTH, AUTHORITY_WIDTH = 700, 620
TILES = "Each tile is one area of equal size, placed near where the area lies."
GROUPED = (
    "Each tile is one authority of equal size. The centres of authorities are not in the reference data: those of one "
    "LEP area stand together around its middle, and where a tile lies among them has no meaning."
)


def place_map(
    place: Place, *, peers: Iterable[str], neighbours: Iterable[str], indicator: Indicator | None = None
) -> TileMap | BoundaryMap | None:
    """Return the map of a place, or None where places of its kind cannot be put on one.

    With boundaries of that kind loaded it shows them, else tiles. `peers` and `neighbours` are codes. With an
    `indicator` it shows the figures of its newest full period in classes of equally many areas.
    """
    kinds = _kinds(place, set(peers), set(neighbours))
    values, shown = _values(place, indicator) if indicator else ({}, {})
    title = f"{indicator.label}: {place} and areas like it" if indicator else f"Where {place} lies"
    common: dict[str, Any] = {"title": title, **shown}
    newest = PlaceBoundary.objects.filter(place__kind=place.kind).order_by("-pk").values("vintage")[:1]
    outlines = list(
        PlaceBoundary.objects.filter(place__kind=place.kind, vintage=newest).select_related("place", "source")
    )
    if any(outline.place_id == place.pk for outline in outlines):
        return _boundary_map(outlines, kinds, values, common)
    return _tile_map(place, kinds, values, common)


def _kinds(place: Place, peers: Set[str], neighbours: Set[str]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = dict.fromkeys(peers, "peer")
    kinds |= {code: "both" if code in peers else "neighbour" for code in neighbours}
    kinds[place.code] = "place"
    return kinds


def _values(place: Place, indicator: Indicator) -> tuple[dict[str, float | None], dict[str, Any]]:
    """Values by code, and what the chart says about them; nothing where too few differ for two classes."""
    data = panel_data(place, [indicator.code])
    if indicator.code not in data.slices:
        return {}, {}
    column = data.panel.values[:, 0]
    known = column[~np.isnan(column)]
    limits = sorted({float(limit) for limit in np.quantile(known, np.linspace(0, 1, CLASSES + 1))})
    if len(limits) < 3:
        return {}, {}
    chosen = data.slices[indicator.code]
    citations = sorted({source.citation for source in data.sources.values()})
    values = {
        area.code: None if np.isnan(value) else float(value)
        for area, value in zip(data.panel.areas, column, strict=True)
    }
    return values, {
        "classes": Classes(indicator.label, limits, chart_unit(indicator.unit), indicator.decimals),
        "source": "; ".join(citations),
        "period": chosen.period,
        "vintage": chosen.vintage,
    }


def _boundary_map(
    outlines: Sequence[PlaceBoundary],
    kinds: Mapping[str, Kind],
    values: Mapping[str, float | None],
    common: dict[str, Any],
) -> BoundaryMap:
    source = f"{outlines[0].source.citation}, boundaries of {outlines[0].vintage}"
    common["source"] = "; ".join(filter(None, [common.get("source", ""), source]))
    return BoundaryMap(
        outlines=[
            Outline(row.place.name, row.polygons, kinds.get(row.place.code, "other"), values.get(row.place.code))
            for row in outlines
        ],
        width=LEP_WIDTH if len(outlines) < 100 else AUTHORITY_WIDTH,
        height=680,
        **common,
    )


def _tile_map(
    place: Place, kinds: Mapping[str, Kind], values: Mapping[str, float | None], common: dict[str, Any]
) -> TileMap | None:
    today = datetime.date.today()
    standing = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    areas = list(Place.objects.filter(standing, kind__in={PlaceKind.LEP, place.kind}))
    leps = [area for area in areas if area.kind == PlaceKind.LEP and area.longitude is not None]
    names = {area.code: area.name for area in areas if area.kind == place.kind}
    if place.kind == PlaceKind.LEP:
        centres = [_centre(area) for area in leps]
        note, width = TILES, LEP_WIDTH
    elif place.kind == PlaceKind.LOCAL_AUTHORITY:
        centres = [centre for centre in spread(_wholes(leps)) if centre.code in names]
        note, width = GROUPED, AUTHORITY_WIDTH
    else:
        return None
    cells = arrange(centres)
    if place.code not in cells:
        return None
    tiles = [
        Tile(names[code], column, row, kinds.get(code, "other"), SHORT_NAMES.get(code, names[code]), values.get(code))
        for code, (column, row) in cells.items()
    ]
    source = f"Tiles: arranged from the centres of LEP areas, Office for National Statistics. {note}"
    common["source"] = ". ".join(filter(None, [common.get("source", ""), source]))
    return TileMap(tiles=tiles, width=width, **common)


def _centre(area: Place) -> Centre:
    return Centre(area.code, float(area.longitude or 0), float(area.latitude or 0))


def _wholes(leps: Sequence[Place]) -> list[Whole]:
    parts: dict[int, list[str]] = defaultdict(list)
    for parent, child in PlaceMembership.objects.filter(parent__in=leps).values_list("parent_id", "child__code"):
        parts[parent].append(child)
    return [
        Whole(_centre(lep), lep.area_km2 or 1.0, tuple(sorted(set(parts[lep.pk])))) for lep in leps if parts[lep.pk]
    ]

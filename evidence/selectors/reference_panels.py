"""The loaded reference data as panels for many places at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.domain.comparators import Panel, Role
from evidence.models import Indicator
from evidence.selectors.panels import panel_data
from lisapp.places.models import Place


@dataclass(frozen=True, eq=False)
class PlacesAlike:
    """Places that are compared on the same periods, with the panel for them and the period of each indicator."""

    codes: tuple[str, ...]
    panel: Panel
    periods: dict[str, str]


def structure_of(place: Place) -> PlacesAlike:
    """One place with its panel, on the periods that its report would use."""
    return _alike(place, [place.code])


def structure_of_all(kind: str) -> list[PlacesAlike]:
    """All standing areas of a kind, in as few panels as their reports would use.

    Most have a figure for the newest period that enough areas have, so one panel does for them. A place without one
    is compared on its own newest period, as in its report.
    """
    nowhere = Place(pk=-1, kind=kind)  # has no figures, so that the periods are those that most areas have
    common = _alike(nowhere, [])
    complete = np.all(~np.isnan(common.panel.values), axis=1).tolist()
    groups = {
        tuple(sorted(common.periods.items())): (
            common,
            [area.code for area, ok in zip(common.panel.areas, complete, strict=True) if ok],
        )
    }
    others = [area.code for area, ok in zip(common.panel.areas, complete, strict=True) if not ok]
    for place in Place.objects.filter(code__in=others).order_by("code"):
        own = structure_of(place)
        groups.setdefault(tuple(sorted(own.periods.items())), (own, []))[1].append(place.code)
    return [PlacesAlike(tuple(codes), alike.panel, alike.periods) for alike, codes in groups.values() if codes]


def _alike(place: Place, codes: Sequence[str]) -> PlacesAlike:
    structural = Indicator.objects.filter(role=Role.STRUCTURAL.value).values_list("code", flat=True)
    data = panel_data(place, structural)
    periods = {code: f"{chosen.period} [{chosen.vintage}]" for code, chosen in data.slices.items()}
    return PlacesAlike(tuple(codes), data.panel, periods)

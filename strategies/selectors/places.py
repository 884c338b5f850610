"""The strategies that the page of a place lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evidence.selectors.places import PlaceLink
from lisapp.places.models import Place
from strategies.models import Strategy

MOST = 20


def strategies_of(place: Place, keys: Sequence[int], user: Any) -> list[PlaceLink]:
    """Return the strategies for a place, or for an area that it is part of, that `user` may see. One query."""
    found = Strategy.objects.visible_to(user).filter(place__in=keys).select_related("lep")
    return [
        PlaceLink(strategy.title, strategy.get_absolute_url(), f"{strategy.get_status_display()}, by {strategy.lep}")
        for strategy in found[:MOST]
    ]

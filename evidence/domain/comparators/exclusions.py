"""Who may not be a place's peer, and why."""

from __future__ import annotations

from collections.abc import Sequence, Set

from .panel import PanelArea

ITSELF = "the place itself"
PARENT = "contains the place"
CHILD = "is part of the place"
OVERLAP = "overlaps the place"
SAME_REGION = "in the same region"
BY_HAND = "left out by choice"


def excluded(
    areas: Sequence[PanelArea],
    place: PanelArea,
    *,
    regions: Set[str] = frozenset(),
    same_region: bool = False,
    by_hand: Set[str] = frozenset(),
) -> dict[str, str]:
    """Codes that may not be peers of `place`, each with the reason.

    The place, its parents, its children and whatever overlaps it always; on request whole `regions` (such as
    London), the place's own region, and codes left out `by_hand`.
    """
    reasons: dict[str, str] = {}
    for area in areas:
        if area.code == place.code:
            reasons[area.code] = ITSELF
        elif area.code in place.parents:
            reasons[area.code] = PARENT
        elif place.code in area.parents:
            reasons[area.code] = CHILD
        elif area.code in place.overlaps or place.code in area.overlaps:
            reasons[area.code] = OVERLAP
        elif area.code in by_hand:
            reasons[area.code] = BY_HAND
        elif area.region and area.region in regions:
            reasons[area.code] = f"in {area.region}, which is left out"
        elif same_region and area.region and area.region == place.region:
            reasons[area.code] = SAME_REGION
    return reasons

"""From parameters to the result of a comparison: what the job freezes, and what a permalink shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache

from evidence.domain.comparators import NotEnoughData, PeerSet, compare, find_peers, peers_by_hand
from evidence.models import DataRelease
from evidence.selectors.decomposition import decomposition
from evidence.selectors.methods import method_from
from evidence.selectors.neighbours import spillover_partners
from evidence.selectors.panels import PanelData, panel_data, series
from evidence.selectors.results import build
from evidence.selectors.sectors import sector_mix
from lisapp.places.models import Place

Progress = Callable[[int, str], None]
A_DAY = 24 * 3600


@dataclass(frozen=True, eq=False)
class Comparison:
    """The result as plain values, or why there is none (then `result` is empty)."""

    data: PanelData
    result: dict[str, Any]
    why_not: NotEnoughData | None = None


def _unreported(percent: int, message: str) -> None:
    """Nobody is waiting for the progress."""


def compare_place(place: Place, parameters: Mapping[str, Any], progress: Progress = _unreported) -> Comparison:
    """Compare a place as stored parameters say: keys indicators, method and, for peers chosen by hand, peers.

    Raises ValueError where the peers chosen by hand may not be peers.
    """
    progress(5, "Reading the figures")
    data = panel_data(place, parameters["indicators"])
    method = method_from(parameters["method"])
    by_hand = parameters.get("peers")
    progress(25, "Choosing the peers")
    peers = find_peers(data.panel, place.code, replace(method, resamples=0))
    if isinstance(peers, NotEnoughData):
        return Comparison(data, {}, peers)
    suggested = peers.codes
    if by_hand:
        progress(40, "Measuring how far the chosen peers are")
        peers = peers_by_hand(data.panel, place.code, method, by_hand["codes"])
    elif method.resamples:
        progress(40, f"Testing how stable the choice is, {method.resamples:,} times")
        peers = find_peers(data.panel, place.code, method)
    if not isinstance(peers, PeerSet):
        return Comparison(data, {}, peers)
    progress(75, "Comparing the place with its peers and England")
    gaps = compare(data.panel, peers, england=data.england)
    progress(90, "Writing the report")
    history = series(place, peers.codes, data.indicators.values())
    hand = None if not by_hand else {"reason": by_hand["reason"], "suggested": list(suggested)}
    result = build(data, peers, gaps, history, by_hand=hand) | {
        "sectors": sector_mix(place).as_json(),
        "decomposition": decomposition(place).as_json(),
        "spillovers": spillover_partners(place),
    }
    return Comparison(data, result)


def cached_result(place: Place, parameters: Mapping[str, Any], release: DataRelease) -> dict[str, Any] | None:
    """The result that somebody asked for before with the same choices and data, or None."""
    found: dict[str, Any] | None = cache.get(_key(place, parameters, release))
    return found


def keep_result(place: Place, parameters: Mapping[str, Any], release: DataRelease, result: dict[str, Any]) -> None:
    """Keep a result for a day: the same choices and data always give the same one."""
    cache.set(_key(place, parameters, release), result, A_DAY)


def _key(place: Place, parameters: Mapping[str, Any], release: DataRelease) -> str:
    choices = json.dumps([place.code, parameters, release.checksum], sort_keys=True)
    return f"comparison:{hashlib.sha256(choices.encode()).hexdigest()}"

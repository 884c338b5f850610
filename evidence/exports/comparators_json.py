"""Peers of many places as plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.domain.comparators import Method, Metric, NotEnoughData, Panel, Peer, PeerSet

DISTANCES = {"local-scaled": Metric.LOCAL, "euclidean": Metric.EUCLIDEAN, "mahalanobis": Metric.MAHALANOBIS}
Found = Mapping[str, PeerSet | NotEnoughData]


def places_and_excluded(panel: Panel, found: Found) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The peers by place, and what took no part: areas and indicators, each with its reason.

    A place without enough figures has no peers and is among the excluded.
    """
    places = {code: {"peers": _peers(answer)} for code, answer in found.items()}
    reasons = {code: answer.reason for code, answer in found.items() if isinstance(answer, NotEnoughData)}
    indicators: dict[str, str] = {}
    for answer in found.values():
        if isinstance(answer, PeerSet):
            pool = set(answer.pool)
            gone = {left.code: left.reason for left in answer.areas_left_out if left.code not in pool}
            reasons = gone | reasons
            indicators = {left.code: left.reason for left in answer.indicators_left_out}
    excluded = [{"code": code, "reason": reasons[code]} for code in panel.area_codes if code in reasons]
    return places, excluded + [{"indicator": code, "reason": reason} for code, reason in sorted(indicators.items())]


def _peers(answer: PeerSet | NotEnoughData) -> list[dict[str, Any]]:
    return [] if isinstance(answer, NotEnoughData) else [_peer(peer) for peer in answer.peers]


def _peer(peer: Peer) -> dict[str, Any]:
    return {
        "code": peer.code,
        "distance": peer.distance,
        "score": peer.score,
        "shares": dict(peer.shares),
        "inclusion": peer.inclusion,
        "median_rank": peer.median_rank,
    }


def choices(method: Method) -> dict[str, Any]:
    """Every choice of a method, under the names of the command's options where it has one."""
    return {
        "standardise": method.standardise.value,
        "ddof": method.ddof,
        "distance": next(name for name, metric in DISTANCES.items() if metric == method.metric),
        "peers": method.k,
        "scale_k": method.scale_k if method.metric == Metric.LOCAL else None,
        "needed": method.needed,
        "resamples": method.resamples,
        "concentration": method.concentration,
        "core_at": method.core_at,
        "seed": method.seed,
        "ties": "by code",
    }


def fitted(found: Found) -> dict[str, Any]:
    """The weights used and the frozen moments by indicator; empty where no place has peers."""
    for answer in found.values():
        if isinstance(answer, PeerSet):
            moments = {code: {"centre": c, "spread": s} for code, (c, s) in answer.moments.items()}
            return {"weights_used": dict(answer.weights), "moments": moments}
    return {"weights_used": {}, "moments": {}}

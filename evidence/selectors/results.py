"""What a comparator report says: the engine's answer as the dictionary that is frozen in `ComparatorReport.result`.

Keys: schema, place {code, name, kind}, summary [{title, sentences}], peers, by_hand (None, or {reason, added,
dropped}), near_misses [{code, name, inclusion}], excluded, method, left_out, figures. Every figure carries its source,
period, vintage, licence and boundaries. There is no composite score and no league table.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evidence.domain.comparators import (
    Direction,
    Gap,
    Peer,
    PeerSet,
    Role,
    Trend,
    Verdict,
    relative_trend,
    trend,
    years,
)
from evidence.enums import PillarCode
from evidence.selectors.methods import in_words, parameters_of
from evidence.selectors.panels import ENGLAND, NEEDED, PanelData, Point, Series, unbroken
from evidence.selectors.summaries import summary
from lisapp.places.models import Place

SCHEMA = 2
NEAR_MISSES = 8
STATES = {Verdict.ABOVE: "above peers", Verdict.BELOW: "below peers", Verdict.NOT_CLEAR: "no clear difference"}
CHOSE_PEERS = "used to choose the peers"
_PILLARS = list(PillarCode.values)
_ROLES = [Role.OUTCOME, Role.DRIVER, Role.STRUCTURAL]


def build(
    data: PanelData,
    peer_set: PeerSet,
    gaps: Sequence[Gap],
    history: Series,
    *,
    by_hand: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the result of a report: plain dictionaries, lists, text and numbers.

    `by_hand` is given where people chose the peers: their reason, and the codes that the method had suggested.
    """
    place = data.place
    figures = _figures(data, peer_set, gaps, history)
    peers = [_peer(data, peer) for peer in peer_set.peers]
    result = {
        "schema": SCHEMA,
        "place": {"code": place.code, "name": place.name, "kind": place.kind} | _position(place),
        "peers": peers,
        "by_hand": by_hand and _by_hand(data, peer_set, by_hand),
        "near_misses": _near_misses(data, peer_set),
        "excluded": [
            {"code": area.code, "name": data.areas[area.code].name, "reason": area.reason}
            for area in peer_set.areas_left_out
            if area.code != place.code
        ],
        "method": {
            **parameters_of(peer_set.method),
            "words": in_words(peer_set.method, place.kind),
            "candidates": peer_set.candidates,
            "share_present": peer_set.share_present,
            "indicators": [
                {"code": code, "label": data.indicators[code].label, "weight": weight}
                for code, weight in sorted(peer_set.weights.items(), key=lambda pair: (-pair[1], pair[0]))
            ],
        },
        "left_out": [
            {"code": gone.code, "label": data.indicators[gone.code].label, "reason": gone.reason}
            for gone in peer_set.indicators_left_out
        ]
        + [
            {"code": gone.code, "label": gone.label, "reason": f"no figures for a {place.get_kind_display().lower()}"}
            for gone in data.without
        ],
        "figures": figures,
    }
    return result | {"summary": summary(result)}


def _by_hand(data: PanelData, peer_set: PeerSet, choice: Mapping[str, Any]) -> dict[str, Any]:
    """Why people chose the peers, and how their choice differs from the method's."""
    chosen, suggested = set(peer_set.codes), choice["suggested"]
    return {
        "reason": choice["reason"],
        "added": [peer.name for peer in peer_set.peers if peer.code not in suggested],
        "dropped": [data.areas[code].name for code in suggested if code not in chosen],
    }


def _near_misses(data: PanelData, peer_set: PeerSet) -> list[dict[str, Any]]:
    """The areas that the repeats chose most often among those that are no peers."""
    rest = {code: share for code, share in peer_set.inclusion.items() if code not in peer_set.codes and share > 0}
    nearest = sorted(rest, key=lambda code: (-rest[code], code))[:NEAR_MISSES]
    return [{"code": code, "name": data.areas[code].name, "inclusion": rest[code]} for code in nearest]


def _position(place: Place) -> dict[str, float | None]:
    return {"longitude": place.longitude, "latitude": place.latitude}


def _peer(data: PanelData, peer: Peer) -> dict[str, Any]:
    area = data.areas[peer.code]
    return {
        "code": peer.code,
        "name": peer.name,
        "region": area.region,
        **_position(area),
        "rank": peer.rank,
        "distance": peer.distance,
        "share_present": peer.share_present,
        "reasons": [
            {
                "indicator": code,
                "label": data.indicators[code].label,
                "share": share,
                "difference": peer.differences[code],
            }
            for code, share in sorted(peer.shares.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        "inclusion": peer.inclusion,
        "median_rank": peer.median_rank,
        "rank_low": peer.rank_low,
        "rank_high": peer.rank_high,
        "core": peer.core,
    }


def _figures(data: PanelData, peer_set: PeerSet, gaps: Sequence[Gap], history: Series) -> list[dict[str, Any]]:
    gap_of = {gap.indicator: gap for gap in gaps}
    why_not = {gone.code: gone.reason for gone in peer_set.indicators_left_out}
    rows = []
    for code in sorted(data.indicators, key=lambda code: _order(data, code)):
        gap = gap_of.get(code)
        compared = _beside_peers(gap) if gap else _structural(data, peer_set, code, why_not)
        rows.append(_identity(data, code) | compared | _over_time(data, peer_set, code, history))
    return rows


def _order(data: PanelData, code: str) -> tuple[int, int, str]:
    indicator = data.indicators[code]
    return _PILLARS.index(indicator.pillar), _ROLES.index(Role(indicator.role)), indicator.label


def _identity(data: PanelData, code: str) -> dict[str, Any]:
    """What the figure is, its value for the place and England, and where it comes from."""
    indicator, chosen, place = data.indicators[code], data.slices[code], data.place
    row, column = data.panel.row(place.code), data.panel.column(code)
    sources = {area: source for (area, of), source in data.sources.items() if of == code}
    source = sources.get(place.code) or next(iter(sources.values()))
    lower, upper = data.panel.lower, data.panel.upper
    return {
        "indicator": code,
        "label": indicator.label,
        "pillar": indicator.pillar,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "role": indicator.role,
        "higher_is": indicator.higher_is,
        "caveat": indicator.caveat,
        "period": chosen.period,
        "value": _known(data.panel.values[row, column]),
        "lower": None if lower is None else _known(lower[row, column]),
        "upper": None if upper is None else _known(upper[row, column]),
        "england": data.england.get(code),
        "england_derivation": data.england_sources[code].derivation if code in data.england_sources else "",
        "source": source.citation,
        "url": source.url,
        "licence": source.licence,
        "vintage": source.vintage,
        "derivation": source.derivation,
        "geography_vintage": chosen.vintage,
    }


def _beside_peers(gap: Gap) -> dict[str, Any]:
    state = STATES.get(gap.verdict) or gap.reason
    return {
        "peers_median": gap.peer_median,
        "peers_q1": gap.peer_q1,
        "peers_q3": gap.peer_q3,
        "peers_n": gap.peers_with_figure,
        "gap": gap.gap,
        "gap_lower": gap.low,
        "gap_upper": gap.high,
        "choice_lower": gap.choice_low,
        "choice_upper": gap.choice_high,
        "probability": gap.probability_above,
        "q_value": gap.q_value,
        "percentile": gap.percentile,
        "favourable": gap.favourable,
        "disagreeing": list(gap.disagreeing),
        "state": state,
    }


def _structural(data: PanelData, peer_set: PeerSet, code: str, why_not: Mapping[str, str]) -> dict[str, Any]:
    """An indicator that chooses the peers is shown beside them, but its gap is not tested: it is small by design."""
    values = _peer_values(data, peer_set, code)
    own = _known(data.panel.values[data.panel.row(data.place.code), data.panel.column(code)])
    known = [value for value in values.values() if value is not None]
    q1, middle, q3 = (float(q) for q in np.quantile(known, [0.25, 0.5, 0.75])) if known else (None, None, None)
    state = f"not compared: {why_not[code]}" if code in why_not else CHOSE_PEERS
    return {
        "peers_median": middle,
        "peers_q1": q1,
        "peers_q3": q3,
        "peers_n": len(known),
        "gap": own - middle if own is not None and middle is not None else None,
        "gap_lower": None,
        "gap_upper": None,
        "choice_lower": None,
        "choice_upper": None,
        "probability": None,
        "q_value": None,
        "percentile": None,
        "favourable": None,
        "disagreeing": [],
        "state": state,
    }


def _peer_values(data: PanelData, peer_set: PeerSet, code: str) -> dict[str, float | None]:
    column = data.panel.column(code)
    return {peer: _known(data.panel.values[data.panel.row(peer), column]) for peer in peer_set.codes}


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _over_time(data: PanelData, peer_set: PeerSet, code: str, history: Series) -> dict[str, Any]:
    """The peers' values now, and the series of the place with its trend.

    The series starts after the last change of boundaries. The peers' median of a period is given where 80% of them
    have a figure on the same boundaries.
    """
    of_place = history.get(code, {})
    own = of_place.get(data.place.code, [])
    stretch = unbroken(own)
    england = {point.period: point.value for point in of_place.get(ENGLAND, [])}
    peers = [{point.period: point for point in of_place.get(peer, [])} for peer in peer_set.codes]
    times, values = [years(point.order) for point in stretch], [point.value for point in stretch]
    against = relative_trend(times, values, [england.get(point.period) for point in stretch]) if england else None
    return {
        "peers": _peer_values(data, peer_set, code),
        "trend": _trend(trend(times, values)) | {"earlier_left_out": len(own) - len(stretch)},
        "trend_against_england": None if against is None else _trend(against),
        "series": {
            "periods": [point.period for point in stretch],
            "place": values,
            "peers_median": [_median_of(peers, point) for point in stretch],
            "england": [england.get(point.period) for point in stretch],
        },
    }


def _trend(found: Trend) -> dict[str, Any]:
    calculated = found.direction != Direction.CANNOT_BE_CALCULATED
    return {
        "state": found.direction.value,
        "slope": found.slope,
        "low": found.low,
        "high": found.high,
        "periods": found.periods,
        "reason": "" if calculated else found.reason,
    }


def _median_of(peers: Sequence[Mapping[str, Point]], at: Point) -> float | None:
    values = [
        series[at.period].value for series in peers if at.period in series and series[at.period].vintage == at.vintage
    ]
    return statistics.median(values) if values and len(values) >= NEEDED * len(peers) else None

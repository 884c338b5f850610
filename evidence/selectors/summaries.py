"""What a comparator report says in plain sentences, each computed from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evidence.selectors.wording import KINDS, amount, count, difference, in_sentence, listed, per_cent

Row = Mapping[str, Any]
MOST = 4  # how many indicators a sentence names before it counts the rest


def summary(result: Row) -> list[dict[str, Any]]:
    """Say where the place stands against its peers and England, what is sure and what is not.

    `result` is a report's result without its summary. Structural figures are not summed up: they chose the peers.
    Returns parts, each {title, sentences}; the first has no title.
    """
    name = result["place"]["name"]
    tested = [row for row in result["figures"] if row["role"] != "structural"]
    sure = _clear(name, tested)
    parts = {
        "": [_who(result)],
        "Where it stands": [*_headlines(name, tested), _england(name, tested), *_outside(name, tested)],
        "What is sure": [*(sure or [_nothing_sure(tested)]), _trends(name, tested)],
        "What is not sure": [
            _not_clear(name, tested),
            _without_interval(tested),
            _how_stable(result),
            _fragile(name, tested),
            _missing(name, tested),
        ],
    }
    said = {title: [sentence for sentence in sentences if sentence] for title, sentences in parts.items()}
    return [{"title": title, "sentences": sentences} for title, sentences in said.items() if sentences]


def _nothing_sure(rows: Sequence[Row]) -> str:
    if any(row["state"] == "no clear difference" for row in rows):
        return "No difference from the peers is clear once uncertainty and the number of comparisons are allowed for."
    return "No difference from the peers could be tested, so none of them is sure."


def _who(result: Row) -> str:
    method = result["method"]
    if by_hand := result.get("by_hand"):
        others = f"{len(result['peers'])} {KINDS[result['place']['kind']]} that people chose"
        return f"{result['place']['name']} is compared with {others}. Their reason: {by_hand['reason'].rstrip('.')}."
    return (
        f"{result['place']['name']} is compared with the {len(result['peers'])} {KINDS[result['place']['kind']]} most "
        f"like it in structure, out of {method['candidates']:,}, judged by "
        f"{count(len(method['indicators']), 'indicator')}."
    )


def choice(result: Row) -> list[str]:
    """Who chose the peers, how their choice differs from the method's, and how stable the choice is."""
    said = []
    if by_hand := result.get("by_hand"):
        added, dropped = listed(by_hand["added"], most=MOST), listed(by_hand["dropped"], most=MOST)
        said.append(f"People chose these peers. Their reason: {by_hand['reason'].rstrip('.')}.")
        said.append(f"The method would not have chosen {added}." if added else "The method would have chosen them too.")
        if dropped:
            said.append(f"It suggested {dropped}, which are not among them.")
        said.append("As the choice was not drawn again, the intervals of the gaps hold sampling error only.")
    return [*said, _how_stable(result)]


def _how_stable(result: Row) -> str:
    resamples, peers = result["method"]["resamples"], result["peers"]
    if not resamples:
        return "How stable this choice of peers is was not tested."
    core = [peer["name"] for peer in peers if peer["core"]]
    at_least = per_cent(result["method"]["core_at"])
    if not core:
        return (
            f"None of these peers was chosen in at least {at_least} of {resamples:,} repeats of the choice: read the "
            "peers as examples and rely on the group, not on any one of them."
        )
    return (
        f"{len(core)} of the {len(peers)} are core peers, chosen in at least {at_least} of {resamples:,} repeats of "
        f"the choice: {listed(core, most=6)}."
    )


def _clear(name: str, rows: Sequence[Row]) -> list[str]:
    said = []
    for state, word in (("above peers", "above"), ("below peers", "below")):
        found = _largest([row for row in rows if row["state"] == state])
        if found:
            said.append(f"{name} is clearly {word} its peers on {listed([_gap(row) for row in found], most=MOST)}.")
    return said


def _gap(row: Row) -> str:
    higher = "higher" if row["gap"] > 0 else "lower"
    return f"{in_sentence(row['label'])} ({difference(row['gap'], row['unit'], row['decimals'])} {higher})"


def _largest(rows: Sequence[Row]) -> list[Row]:
    """Widest gaps first, measured against the spread of the peers, so that units do not decide."""

    def size(row: Row) -> float:
        spread = (row["peers_q3"] or 0) - (row["peers_q1"] or 0)
        return abs(row["gap"]) / spread if spread else 0.0

    return sorted(rows, key=lambda row: (-size(row), row["indicator"]))


def _not_clear(name: str, rows: Sequence[Row]) -> str:
    found = [row for row in rows if row["state"] == "no clear difference"]
    if not found:
        return ""
    noun = count(len(found), "indicator")
    return (
        f"On {noun} there is no clear difference between {name} and its peers, given the uncertainty of the figures "
        "and the number of comparisons."
    )


def _without_interval(rows: Sequence[Row]) -> str:
    found = _untested(rows)
    if not found:
        return ""
    return (
        f"For {count(len(found), 'indicator')} no interval is published for the place or enough of its peers, so "
        "whether the difference is more than chance cannot be said."
    )


def _untested(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["gap"] is not None and row["state"].startswith("not compared")]


def _outside(name: str, rows: Sequence[Row]) -> list[str]:
    """Without a published interval, say only whether the place lies outside the middle half of its peers."""
    said = []
    for side, outside in (("above", _above), ("below", _below)):
        rows_outside = _largest([row for row in _untested(rows) if outside(row)])
        if rows_outside:
            labels = listed([_gap(row) for row in rows_outside], most=MOST)
            said.append(f"Untested, {name} lies {side} the middle half of its peers on {labels}.")
    return said


def _above(row: Row) -> bool:
    return bool(row["value"] > row["peers_q3"])


def _below(row: Row) -> bool:
    return bool(row["value"] < row["peers_q1"])


def _headlines(name: str, rows: Sequence[Row]) -> list[str]:
    """One outcome of each foundation, the one furthest from the peers, beside the peers and England."""
    complete = [row for row in rows if row["role"] == "outcome" and None not in (row["value"], row["peers_median"])]
    said = []
    for pillar in dict.fromkeys(row["pillar"] for row in complete):
        row = _largest([row for row in complete if row["pillar"] == pillar])[0]
        own, peers, england = (
            amount(row[key], row["unit"], row["decimals"]) for key in ("value", "peers_median", "england")
        )
        beside = f"{england} in England" if england else "no figure for England"
        said.append(f"{row['label']} ({row['period']}): {own} in {name}, {peers} for the median peer, {beside}.")
    return said


def _england(name: str, rows: Sequence[Row]) -> str:
    directed = [row for row in rows if row["higher_is"] != "neutral"]
    both = [row for row in directed if row["value"] is not None and row["england"] is not None]
    if not both:
        return ""
    better = [
        row
        for row in both
        if row["value"] != row["england"] and (row["value"] > row["england"]) == (row["higher_is"] == "better")
    ]
    return (
        f"{name} does better than England on {len(better)} of the {count(len(both), 'indicator')} for which England "
        "has a figure and one direction is better. These differences are not tested."
    )


def _trends(name: str, rows: Sequence[Row]) -> str:
    """How many figures rise, fall or do neither; a trend that cannot be calculated is counted apart."""
    states = [row["trend"]["state"] for row in rows]
    words = (("rising", "rise"), ("falling", "fall"), ("no clear change", "show no clear change"))
    parts = [f"{states.count(state)} {word}" for state, word in words if state in states]
    unknown = states.count("cannot be calculated")
    if not parts:
        return f"No trend could be calculated for {name}: fewer than five periods are on the same boundaries."
    rest = f"; for {unknown} no trend can be calculated" if unknown else ""
    return f"Of the {count(len(rows), 'figure')} for {name} over time, {listed(parts)}{rest}."


def _fragile(name: str, rows: Sequence[Row]) -> str:
    found = [row for row in rows if row["disagreeing"]]
    if not found:
        return ""
    labels = listed([in_sentence(row["label"]) for row in found], most=MOST)
    return (
        f"Read with care: on {labels}, whether {name} lies above or below its peers depends on which of several "
        "reasonable methods chooses them."
    )


def _missing(name: str, rows: Sequence[Row]) -> str:
    found = [row for row in rows if row["value"] is None]
    if not found:
        return ""
    return f"There is no figure for {name} on {listed([in_sentence(row['label']) for row in found], most=MOST)}."

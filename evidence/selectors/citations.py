"""A figure or an evidence item as it is copied into a citation, so that later data cannot change the argument."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from evidence.domain.strength import four_facts
from evidence.models import ComparatorReport, EvidenceItem, Indicator, Observation
from evidence.selectors.panels import ENGLAND
from evidence.selectors.strength import facts_of
from evidence.selectors.wording import amount, difference
from lisapp.places.models import Place

COPIED = (
    "indicator",
    "label",
    "value",
    "unit",
    "decimals",
    "period",
    "lower",
    "upper",
    "source",
    "url",
    "licence",
    "vintage",
    "derivation",
    "peers_median",
    "england",
)

#: What a report finds of the figure beside the peers; a report of an older kind may lack some of it.
FINDING = (
    "peers_n",
    "peers_q1",
    "peers_q3",
    "gap",
    "gap_lower",
    "gap_upper",
    "favourable",
    "disagreeing",
    "state",
)

Figure = dict[str, Any]
"""Keys: indicator, label, place, place_code, value, unit, decimals, period, lower, upper, source, url, licence,
vintage, derivation, peers_median, england, report_id (text, or None where it comes from no report); where it comes
from a report also those of FINDING, as evidence.selectors.results writes them."""


def figure_from_report(report: ComparatorReport, indicator_code: str) -> Figure:
    """Return the figure of a finished report as it stands there, with what the report finds beside the peers.

    Raises LookupError where the report does not show the indicator.
    """
    for row in report.result.get("figures", []):
        if row["indicator"] == indicator_code:
            break
    else:
        raise LookupError(f"The report has no figure for {indicator_code}.")
    return {
        **{key: row[key] for key in COPIED},
        **{key: row[key] for key in FINDING if key in row},
        "place": report.place.name,
        "place_code": report.place.code,
        "report_id": str(report.pk),
    }


def latest_figure(indicator: Indicator, place: Place) -> Figure:
    """Return the newest published figure of an indicator for a place, with England's for the same period.

    Raises LookupError where there is none.
    """
    observations = Observation.objects.filter(indicator=indicator).select_related("source")
    newest = observations.filter(place=place).order_by("-period_order").first()
    if newest is None:
        raise LookupError(f"There is no figure for {place} on {indicator}.")
    england = observations.filter(place__code=ENGLAND, period=newest.period).first()
    return {
        "indicator": indicator.code,
        "label": indicator.label,
        "place": place.name,
        "place_code": place.code,
        "value": newest.value,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "period": newest.period,
        "lower": newest.lower,
        "upper": newest.upper,
        "source": newest.source.citation,
        "url": newest.source.url,
        "licence": newest.source.licence,
        "vintage": newest.source.vintage,
        "derivation": newest.source.derivation,
        "peers_median": None,
        "england": england.value if england else None,
        "report_id": None,
    }


def copy_of_item(item: EvidenceItem) -> dict[str, Any]:
    """Return what an evidence item says now, as plain data.

    Keys: topic, outcome, studies_counted, studies_on_outcome, studies_positive (None where the source does not state
    them), finding, caution, version; four_facts (effect, strength, cost and transferability, each as name and text);
    strength (the fields of evidence.domain.strength.EvidenceFacts).
    """
    facts = facts_of(item)
    return {
        "topic": item.title,
        "outcome": item.outcome,
        "studies_counted": item.studies_counted,
        "studies_on_outcome": item.studies_on_outcome,
        "studies_positive": item.studies_positive,
        "finding": item.finding,
        "caution": item.caution,
        "version": item.version,
        "four_facts": [[fact.name, fact.text] for fact in four_facts(facts)],
        "strength": asdict(facts),
    }


def finding_sentence(figure: Mapping[str, Any]) -> str:
    """Say what a report finds: the gap to the peers' median with its interval, how many peers, and the state.

    Empty where the figure comes from no report, or from one that states no gap.
    """
    if figure.get("gap") is None or not figure.get("state"):
        return ""
    unit, decimals = str(figure.get("unit") or ""), int(figure.get("decimals") or 0)
    peers = f"its {figure['peers_n']:,} peers with a figure" if figure.get("peers_n") else "its peers"
    interval = "no interval"
    if figure.get("gap_lower") is not None and figure.get("gap_upper") is not None:
        lower, upper = (_signed(figure[key], unit, decimals) for key in ("gap_lower", "gap_upper"))
        interval = f"95% interval {lower} to {upper}"
    said = f"Gap to the median of {peers}: {_signed(figure['gap'], unit, decimals)}, {interval}."
    state = str(figure["state"])
    said += f" {state[:1].upper()}{state[1:]}."
    if figure.get("disagreeing"):
        said += " Other defensible methods disagree on the direction."
    return said


def _signed(value: float, unit: str, decimals: int) -> str:
    """Write a difference with its sign: +2.1 percentage points, −£1,200."""
    sign = "" if not round(value, decimals) else "+" if value > 0 else "−"
    return f"{sign}{difference(value, unit, decimals)}"


@dataclass(frozen=True)
class Newer:
    """What the data now say in place of a cited figure.

    `is_revision` where it is the cited period's own figure with another value; else it is of a newer period, and
    `revised` is the cited period's other value, where that has changed too.
    """

    value: float
    period: str
    vintage: str
    source: str
    is_revision: bool
    revised: float | None = None


def newer_sentence(figure: Mapping[str, Any], newer: Mapping[str, Any]) -> str:
    """Say what the data now say in place of a cited figure; empty where `newer` (a Newer as a dictionary) is empty."""
    if not newer:
        return ""
    unit, decimals = str(figure.get("unit") or ""), int(figure.get("decimals") or 0)
    edition = str(newer["vintage"]).strip().rstrip(".")
    edition = f" ({edition[:1].lower() if edition[1:2].islower() else edition[:1]}{edition[1:]})" if edition else ""
    value = amount(newer["value"], unit, decimals)
    if newer["is_revision"]:
        return f"Newer data: the figure for {newer['period']} has been revised to {value}{edition}."
    revised = amount(newer.get("revised"), unit, decimals)
    also = f"; that for {figure['period']} has been revised to {revised}" if revised else ""
    return f"Newer data: {value} for {newer['period']}{edition}{also}."


def newer_figures(figures: Iterable[Figure]) -> list[Newer | None]:
    """Return for each cited figure what supersedes it, or None: one query, however many there are.

    A figure is superseded by another value of its own period or by a newer period of the same indicator and place.
    Where the data no longer hold its period, it cannot be told which is newer, and nothing is claimed.
    """
    cited = list(figures)
    known = [figure for figure in cited if figure.get("place_code") and figure.get("indicator")]
    if not known:
        return [None] * len(cited)
    later = Observation.objects.filter(
        indicator=OuterRef("indicator"), place=OuterRef("place"), period_order__gt=OuterRef("period_order")
    )
    found = (
        Observation.objects.filter(
            Q(period__in={figure["period"] for figure in known}) | ~Exists(later),
            indicator__code__in={figure["indicator"] for figure in known},
            place__code__in={figure["place_code"] for figure in known},
        )
        .select_related("indicator", "place", "source")
        .order_by("period_order")
    )
    by_place: dict[tuple[str, str], list[Observation]] = {}
    for observation in found:
        by_place.setdefault((observation.indicator.code, observation.place.code), []).append(observation)
    return [
        _newer(figure, by_place.get((str(figure.get("indicator")), str(figure.get("place_code"))), ()))
        for figure in cited
    ]


def _newer(figure: Figure, observations: Iterable[Observation]) -> Newer | None:
    """`observations` are of the figure's indicator and place, oldest first, the newest of all at the end."""
    series = list(observations)
    same = next((each for each in series if each.period == figure["period"]), None)
    if same is None or figure.get("value") is None:
        return None
    newest = series[-1]
    is_revised = not math.isclose(same.value, float(figure["value"]), rel_tol=1e-9, abs_tol=1e-12)
    if newest is same and not is_revised:
        return None
    return Newer(
        value=newest.value,
        period=newest.period,
        vintage=newest.source.vintage,
        source=newest.source.citation,
        is_revision=newest is same,
        revised=same.value if is_revised and newest is not same else None,
    )

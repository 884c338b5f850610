"""Cited figures and reviews in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from evidence.domain.strength import Flag
from evidence.models import ComparatorReport, EvidenceItem, Indicator
from evidence.selectors.citations import finding_sentence, newer_sentence
from evidence.selectors.uses import Link, Use
from evidence.selectors.wording import amount
from lisapp.design.markdown import MarkLink, marked
from lisapp.design.marks import source_mark
from strategies.domain.facts import CitationFacts, StrategyFacts
from strategies.domain.strength import Claim, flags_of_citations, flags_of_claim
from strategies.enums import CitationKind
from strategies.models import Citation, Pillar, Strategy

BESIDE = (("Middle of the peers", "peers_median"), ("England", "england"))


def figure_values(figure: dict[str, Any]) -> list[tuple[str, str]]:
    """Return whose value it is and the value with its unit: the place first, then peers and England where known.

    `figure` is a cited figure or a row of a report's figures, which name value, unit, decimals and period alike.
    """
    unit, decimals = str(figure.get("unit") or ""), int(figure.get("decimals") or 0)
    place = ", ".join(str(part) for part in (figure.get("place"), figure.get("period")) if part)
    values = [(place, amount(figure.get("value"), unit, decimals) or "not published")]
    for label, key in BESIDE:
        if figure.get(key) is not None:
            values.append((label, amount(figure[key], unit, decimals)))
    return values


def figure_source(figure: dict[str, Any]) -> str:
    """Where a cited figure comes from, in sentences: source, edition, licence, how it was derived."""
    parts = [figure.get("source"), figure.get("vintage"), figure.get("licence")]
    if figure.get("derivation"):
        parts.append(f"Derived: {figure['derivation']}")
    texts = [str(part).strip().rstrip(".") for part in parts if part]
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in texts)


def figure_line(figure: dict[str, Any]) -> str:
    """The same in a line, with what a report finds: Testshire, 2023: £31.20. Middle of the peers: £34.50. Gap to …"""
    values = [f"{label}: {value}." for label, value in figure_values(figure)]
    return " ".join([*values, finding]) if (finding := finding_sentence(figure)) else " ".join(values)


def counts_line(positive: int | None, on_outcome: int | None, outcome: str) -> str:
    """Say what a review counted: never a bare percentage, no study is not no effect, and None is not 0."""
    about = outcome.lower() or "the outcome"
    if on_outcome is None:
        return f"How many studies looked at {about} is not stated."
    if not on_outcome:
        return f"No evidence on {about}: no study that was good enough looked at it."
    if positive is None:
        looked = "1 study" if on_outcome == 1 else f"{on_outcome} studies"
        return f"{looked} looked at {about}; how many found a positive effect is not stated."
    return f"{positive} of {on_outcome} studies found a positive effect on {about}."


def citation_line(citation: Citation) -> str:
    """Say in a line what a stored citation shows, and where it is from."""
    if citation.kind == CitationKind.FIGURE:
        return f"{figure_line(citation.figure)} {citation.source_name}".strip()
    source = ", ".join(part for part in (citation.source_name, citation.source_date) if part)
    return f"{citation.get_kind_display()}. {source}".strip()


def fact_line(citation: CitationFacts) -> str:
    """Say in a line what a citation among a strategy's facts shows, and what newer data say."""
    if citation.kind == CitationKind.FIGURE:
        return f"{figure_line(citation.figure)} {newer_sentence(citation.figure, citation.newer)}".strip()
    if citation.kind == CitationKind.WHAT_WORKS:
        review = citation.review
        return counts_line(review["studies_positive"], review["studies_on_outcome"], review["outcome"])
    return ", ".join(part for part in (citation.source_name, citation.source_date) if part)


def flags_beside(facts: StrategyFacts, claim: Claim | CitationFacts) -> tuple[Flag, ...]:
    """Return what is weak today about a claim's evidence, or about one citation taken alone."""
    year = timezone.localdate().year
    if isinstance(claim, CitationFacts):
        return flags_of_citations([claim], year=year)
    return flags_of_claim(facts, claim, year=year)


@dataclass(frozen=True)
class FigureRow:
    """A value with its period and edition, as a cited figure is set beside a newer one."""

    label: str
    value: str
    period: str
    edition: str


def newer_values(citation: CitationFacts) -> list[FigureRow]:
    """The cited figure and what newer data say in its place; empty where it is not superseded."""
    figure, newer = citation.figure, citation.newer
    if not newer:
        return []
    unit, decimals = str(figure.get("unit") or ""), int(figure.get("decimals") or 0)

    def row(label: str, value: Any, period: str, edition: str) -> FigureRow:
        return FigureRow(label, amount(value, unit, decimals), period, edition)

    rows = [row("Cited", figure["value"], figure["period"], str(figure.get("vintage") or ""))]
    if newer.get("revised") is not None:
        rows.append(row("Same period, now", newer["revised"], figure["period"], newer["vintage"]))
    return [*rows, row("Newer", newer["value"], newer["period"], newer["vintage"])]


#: What `rests_on` reads of a citation, so that a list takes as many queries as one.
RESTING = ("diagnoses__pillar", "interventions__objectives__pillar", "sections__template")


def rests_on(citation: Citation) -> tuple[Link, ...]:
    """Everything that rests on a citation, with the page where its readers see it: diagnoses and interventions under
    their pillar, sections with their text. Read the citation with RESTING."""
    slug = citation.strategy.slug

    def under(pillar: Pillar | None, anchor: str) -> str:
        if pillar is None:
            return reverse("strategies:chain", args=[slug])
        return f"{reverse('strategies:pillar', args=[slug, pillar.code])}#{anchor}"

    found = []
    for diagnosis in citation.diagnoses.all():
        found.append(Link(f"Diagnosis: {diagnosis}", under(diagnosis.pillar, f"diagnosis-{diagnosis.pk}")))
    for intervention in citation.interventions.all():
        pillar = next((objective.pillar for objective in intervention.objectives.all()), None)
        found.append(Link(f"Intervention: {intervention}", under(pillar, f"intervention-{intervention.pk}")))
    for section in citation.sections.all():
        page = reverse("strategies:section_history", args=[slug, section.template.key])
        found.append(Link(f"Section: {section}", page))
    return tuple(found)


def mark_links(facts: StrategyFacts, prefix: str = "#source-") -> dict[int, MarkLink]:
    """What stands in a text for each mark such as [S3]: the mark itself, leading to its note on the same page."""
    return {number: MarkLink(source_mark(number), f"{prefix}{number}") for number in facts.by_number()}


def notes_of(text: str, facts: StrategyFacts) -> list[tuple[CitationFacts, str]]:
    """The citations that a text marks, in its order, with what each says."""
    known = facts.by_number()
    return [(known[number], fact_line(known[number])) for number in marked(text).numbers if number in known]


def uses(thing: Model, user: Any) -> list[Use]:
    """Return where an indicator, a report or an evidence item is cited, in strategies that `user` sees.

    It takes 8 queries, however many there are.
    """
    pointing = {Indicator: "indicator", ComparatorReport: "report", EvidenceItem: "review"}
    name = next((name for model, name in pointing.items() if isinstance(thing, model)), None)
    if name is None:
        return []
    citations = (
        Citation.objects.filter(**{name: thing}, strategy__in=Strategy.objects.visible_to(user))
        .select_related("strategy")
        .prefetch_related(*RESTING)
        .order_by("strategy__title", "strategy_id", "number")
    )
    return [
        Use(
            where=Link(str(citation.strategy), citation.strategy.get_absolute_url()),
            citation=Link(f"S{citation.number}. {citation.title}", citation.get_absolute_url()),
            rests_on_it=rests_on(citation),
        )
        for citation in citations
    ]

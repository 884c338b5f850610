"""The frozen draft of a strategy as the public reads it: prose with numbered paragraphs, and the thread.

Everything comes from the release, nothing from the strategy as it stands now.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from consultations.domain.paragraphs import number_paragraphs
from lisapp.design import markdown
from strategies.domain.facts import (
    CitationFacts,
    DiagnosisFacts,
    InterventionFacts,
    ObjectiveFacts,
    StrategyFacts,
)
from strategies.selectors.citations import fact_line, figure_source


@dataclass(frozen=True)
class Source:
    """A piece of evidence under the number by which the draft refers to it.

    `shows` says in words what it shows, `origin` where it is from, `url` where to read it ("" where nowhere).
    """

    number: int
    citation: CitationFacts
    shows: str
    origin: str
    url: str


@dataclass(frozen=True)
class SectionView:
    """A section in which something has been written."""

    number: int
    key: str
    title: str
    html: SafeString


@dataclass(frozen=True)
class InterventionView:
    """An intervention with its sources. `shown_under` is the objective that it was described under already."""

    facts: InterventionFacts
    sources: list[Source]
    shown_under: ObjectiveFacts | None = None


@dataclass(frozen=True)
class ObjectiveView:
    """An objective with the problem that it answers, and what will be done for it."""

    facts: ObjectiveFacts
    diagnosis: DiagnosisFacts | None
    sources: list[Source]
    interventions: list[InterventionView]


@dataclass(frozen=True)
class PillarView:
    """A pillar with its objectives by rank, and the problems that no objective answers yet."""

    code: str
    title: str
    objectives: list[ObjectiveView]
    unanswered: list[DiagnosisFacts]


@dataclass(frozen=True)
class FrozenDraft:
    """The whole page. `unwritten` holds the titles of the sections that are still empty."""

    facts: StrategyFacts
    sections: list[SectionView]
    unwritten: list[str]
    pillars: list[PillarView]
    sources: list[Source]

    @property
    def has_thread(self) -> bool:
        """Whether there is any objective or problem to show."""
        return any(pillar.objectives or pillar.unanswered for pillar in self.pillars)


def frozen_draft(content: dict) -> FrozenDraft:
    """Build the page from a release's content (no queries). Raises ValueError for a newer shape."""
    facts = StrategyFacts.from_dict(content)
    sources = [_source(number, citation) for number, citation in enumerate(facts.citations, start=1)]
    sections = sorted(facts.sections, key=lambda section: section.order)
    written = [section for section in sections if section.body.strip()]
    links = {
        source.citation.number: markdown.MarkLink(f"[{source.number}]", f"#source-{source.number}")
        for source in sources
        if source.citation.number
    }
    return FrozenDraft(
        facts=facts,
        sections=[
            SectionView(number, section.key, section.title, _prose(section.body, number, links))
            for number, section in enumerate(written, start=1)
        ],
        unwritten=[section.title for section in sections if not section.body.strip()],
        pillars=_pillars(facts, {source.citation.id: source for source in sources}),
        sources=sources,
    )


def _source(number: int, citation: CitationFacts) -> Source:
    figure, review = citation.figure, citation.review
    named = ", ".join(part for part in (citation.source_name, citation.source_date) if part)
    if figure:
        return Source(number, citation, fact_line(citation), figure_source(figure), figure.get("url") or "")
    shows = f"{review['finding']} {fact_line(citation)}".strip() if review else ""
    return Source(number, citation, shows, f"{named}." if named else "", citation.source_url)


def _prose(text: str, section: int, links: dict[int, markdown.MarkLink]) -> SafeString:
    return mark_safe(number_paragraphs(markdown.render(text, 3, links), section))  # noqa: S308 sanitised by render


def _pillars(facts: StrategyFacts, by_id: dict[int, Source]) -> list[PillarView]:
    diagnoses = {diagnosis.id: diagnosis for diagnosis in facts.diagnoses}
    answered = {objective.diagnosis for objective in facts.objectives}
    described: dict[int, ObjectiveFacts] = {}
    pillars = []
    for pillar in sorted(facts.pillars, key=lambda pillar: pillar.order):
        views = []
        for objective in sorted((o for o in facts.objectives if o.pillar == pillar.code), key=lambda o: o.rank):
            diagnosis = diagnoses.get(objective.diagnosis) if objective.diagnosis else None
            interventions = []
            for intervention in facts.interventions:
                if objective.id in intervention.objectives:
                    first = described.setdefault(intervention.id, objective)
                    interventions.append(
                        InterventionView(
                            intervention,
                            _sources(intervention.citations, by_id),
                            None if first.id == objective.id else first,
                        )
                    )
            sources = _sources(diagnosis.citations, by_id) if diagnosis else []
            views.append(ObjectiveView(objective, diagnosis, sources, interventions))
        unanswered = [d for d in facts.diagnoses if d.pillar == pillar.code and d.id not in answered]
        pillars.append(PillarView(pillar.code, pillar.title, views, unanswered))
    return pillars


def _sources(citations: tuple[int, ...], by_id: dict[int, Source]) -> list[Source]:
    return [by_id[citation] for citation in citations if citation in by_id]

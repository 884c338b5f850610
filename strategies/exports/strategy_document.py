"""A strategy's facts as a document: cover, contents, chapters in the framework's order, chain, annexes, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from lisapp.design.dates import shown
from lisapp.documents.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    Cover,
    Details,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    paragraph,
)
from lisapp.documents.markdown import blocks_of
from strategies.domain.facts import (
    DiagnosisFacts,
    InterventionFacts,
    ObjectiveFacts,
    PillarFacts,
    SectionFacts,
    StrategyFacts,
)
from strategies.enums import MarylandLevel
from strategies.exports import evidence_blocks as evidence
from strategies.exports.annexes import annexes
from strategies.exports.chain_blocks import chain_blocks
from strategies.models import Release

DEMONSTRATION = "Demonstration content. It was written to show how this software works and is no organisation’s policy."
Item = tuple[str, tuple[Block, ...]]
# What XML cannot hold, and so neither can a Word file: control characters, lone surrogates, two noncharacters.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def build(facts: StrategyFacts, *, release_number: int, content_hash: str, released_on: date) -> Document:
    """Return the document of one frozen version of a strategy.

    The same facts, number, hash and date always give the same document.
    """
    facts = StrategyFacts.from_dict(_cleaned(facts.to_dict()))
    writer = _Writer(facts)
    version = f"Version {release_number}, {shown(released_on)}"
    blocks = (
        Contents(),
        PageBreak(),
        *writer.chapters(),
        *chain_blocks(facts, number=writer.next_number()),
        *annexes(facts, writer.notes, version=version, content_hash=content_hash),
    )
    return Document(
        title=facts.title,
        author=facts.lep,
        subject=f"{facts.framework} for {facts.place}, {version.lower()}",
        dated=released_on,
        cover=Cover(
            kicker=facts.framework,
            title=facts.title,
            subtitle=f"{facts.started_year} to {facts.horizon_year}",
            facts=(
                ("Prepared by", facts.lep),
                ("Area", f"{facts.place} ({facts.place_code})"),
                ("Version", f"{release_number}"),
                ("Date", shown(released_on)),
            ),
            mark=DEMONSTRATION if facts.is_demonstration else "",
        ),
        blocks=blocks,
        notes=writer.notes.all(),
    )


def _cleaned(value: Any) -> Any:
    """Return JSON-able data without the characters that no file could hold."""
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def document_of(release: Release) -> Document:
    """Return the document of a release, dated with the day on which it was frozen.

    Raises ValueError where a newer version of this software froze it.
    """
    return build(
        StrategyFacts.from_dict(release.content),
        release_number=release.number,
        content_hash=release.content_hash,
        released_on=timezone.localdate(release.created_at),
    )


class _Writer:
    """Writes the chapters in reading order, so that notes and chapters are numbered as they come."""

    def __init__(self, facts: StrategyFacts) -> None:
        self.facts = facts
        self.notes = evidence.Notes(facts)
        self._chapters = 0

    def next_number(self) -> int:
        """Return the number of the chapter that comes next."""
        return self._chapters + 1

    def _chapter(self, title: str, anchor: str) -> Heading:
        self._chapters += 1
        return Heading(1, f"{self._chapters}. {title}", anchor)

    def chapters(self) -> list[Block]:
        """Return the vision, the sections, and the pillars that no section is about but that hold something."""
        facts = self.facts
        blocks: list[Block] = [self._chapter("Vision", "vision")]
        blocks += blocks_of(facts.vision) or [_unwritten("The vision has not been written in this version.")]
        pillars = {pillar.code: pillar for pillar in facts.pillars}
        done = set()
        for section in sorted(facts.sections, key=lambda s: s.order):
            blocks += self._section(section, pillars.get(section.pillar))
            done.add(section.pillar)
        for pillar in sorted(facts.pillars, key=lambda p: p.order):
            thread = [] if pillar.code in done else self._thread(pillar)
            if thread:
                blocks += [self._chapter(pillar.title, f"pillar-{pillar.code}"), *thread]
        loose = [i for i in facts.interventions if not i.objectives]
        if loose:
            blocks.append(self._chapter("Interventions that serve no objective yet", "loose-interventions"))
            blocks += [block for i in loose for block in self._intervention(i, level=2)]
        return blocks

    def _section(self, section: SectionFacts, pillar: PillarFacts | None) -> list[Block]:
        body = list(blocks_of(section.body, note_of=self.notes.in_text))
        if not body and not section.required and pillar is None:
            return []
        heading = self._chapter(section.title, f"section-{section.key}")
        written = body or [_unwritten("This section has not been written in this version.")]
        return [heading, *written, *(self._thread(pillar) if pillar else [])]

    def _thread(self, pillar: PillarFacts) -> list[Block]:
        """The pillar's diagnoses, objectives and interventions."""
        facts = self.facts
        diagnoses = [d for d in facts.diagnoses if d.pillar == pillar.code]
        objectives = sorted((o for o in facts.objectives if o.pillar == pillar.code), key=lambda o: o.rank)
        mine = {o.id for o in objectives}
        serving = [i for i in facts.interventions if mine & set(i.objectives)]
        home = {o.id: o.pillar for o in facts.objectives}
        blocks: list[Block] = []
        if diagnoses:
            blocks.append(Heading(2, f"{pillar.title}: what stands in the way", f"diagnoses-{pillar.code}"))
            blocks += [block for d in diagnoses for block in self._diagnosis(d)]
        if objectives:
            blocks.append(Heading(2, f"{pillar.title}: objectives", f"objectives-{pillar.code}"))
            blocks += [block for o in objectives for block in self._objective(o)]
        if serving:
            blocks.append(Heading(2, f"{pillar.title}: interventions", f"interventions-{pillar.code}"))
            for intervention in serving:
                first = home.get(intervention.objectives[0])
                if first == pillar.code:
                    blocks += self._intervention(intervention, level=3)
                else:
                    blocks.append(self._elsewhere(intervention, first))
        return blocks

    def _elsewhere(self, intervention: InterventionFacts, pillar: str | None) -> Block:
        title = next((p.title for p in self.facts.pillars if p.code == pillar), "another pillar")
        link = Run(intervention.title, href=f"#intervention-{intervention.id}")
        return Paragraph((link, Run(f" also serves these objectives. It is described under {title}.")))

    def _diagnosis(self, diagnosis: DiagnosisFacts) -> list[Block]:
        items = _items(
            ("Who or where", diagnosis.affected),
            ("Side of the market", diagnosis.side_label or "Not settled yet"),
            ("Why it persists", diagnosis.failure_label or "No market or government failure is named yet"),
        )
        items.append(("Evidence", self._evidence(diagnosis.citations)))
        return [
            Heading(3, diagnosis.problem, f"diagnosis-{diagnosis.id}", kicker="Diagnosis"),
            *blocks_of(diagnosis.explanation, top=4),
            Details(diagnosis.problem, tuple(items)),
        ]

    def _objective(self, objective: ObjectiveFacts) -> list[Block]:
        problem = next((d for d in self.facts.diagnoses if d.id == objective.diagnosis), None)
        items: list[Item] = []
        if problem:
            items.append(("Answers", (Paragraph((Run(problem.problem, href=f"#diagnosis-{problem.id}"),)),)))
        items += _items(
            ("Outcome looked for", objective.outcome),
            ("Measured by", objective.outcome_indicator_label),
            ("Owner here", objective.owner),
            ("National counterpart", objective.national_counterpart),
        )
        return [
            Heading(3, objective.title, f"objective-{objective.id}", kicker=f"Objective, priority {objective.rank}"),
            *blocks_of(objective.rationale, top=4),
            *([Details(objective.title, tuple(items))] if items else []),
        ]

    def _intervention(self, intervention: InterventionFacts, *, level: int) -> list[Block]:
        served = [o for o in self.facts.objectives if o.id in intervention.objectives]
        items: list[Item] = []
        if served:
            items.append(("Serves", _links((o.title, f"#objective-{o.id}") for o in served)))
        items += _items(
            ("Reach", intervention.reach_label),
            ("Why this sector", intervention.sector_argument),
            ("Activities", intervention.activities),
            ("Outputs", intervention.outputs),
            ("Outcomes", intervention.outcomes),
            ("Who gains", intervention.who_gains),
            ("Who may lose", intervention.who_may_lose),
            ("Delivered by", intervention.delivery_partner),
            ("Who bears the risk", intervention.risk_owner),
        )
        items.append(("Evidence", self._evidence(intervention.citations)))
        items += _evaluation(intervention)
        return [
            Heading(level, intervention.title, f"intervention-{intervention.id}", kicker="Intervention"),
            *blocks_of(intervention.description, top=level + 1),
            Details(intervention.title, tuple(items)),
        ]

    def _evidence(self, ids: Iterable[int]) -> tuple[Block, ...]:
        return evidence.evidence_list([self.facts.citation(key) for key in ids], self.notes)


def _evaluation(intervention: InterventionFacts) -> list[Item]:
    level = intervention.evaluation_level
    aimed = f"Level {MarylandLevel(level).label} (Maryland scale, 1 to 5)" if level else ""
    items = _items(
        ("Evaluation question", intervention.evaluation_question),
        ("Evaluation design", intervention.evaluation_design),
        ("Strength aimed at", aimed),
        ("Evaluated by", intervention.evaluation_owner),
    )
    return items or _items(("Evaluation", "No evaluation is planned yet."))


def _items(*pairs: tuple[str, str]) -> list[Item]:
    """Label and text, as label and blocks, for those that have text."""
    return [(label, blocks_of(text, top=4)) for label, text in pairs if text.strip()]


def _links(pairs: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    found = tuple((Paragraph((Run(text, href=href),)),) for text, href in pairs)
    return found[0] if len(found) == 1 else (BulletList(found),)


def _unwritten(text: str) -> Block:
    return Callout("Still to be written", (paragraph(text),))

"""The thread of a strategy as a chain: what rests on what, what is missing, and what to do next. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from strategies.domain.facts import DiagnosisFacts, InterventionFacts, ObjectiveFacts, StrategyFacts

Step = Literal["evidence", "diagnosis", "objective", "intervention", "outcome", "evaluation"]
STEPS: tuple[Step, ...] = ("evidence", "diagnosis", "objective", "intervention", "outcome", "evaluation")
State = Literal["none", "part", "full"]
EVIDENCE = "evidence-"  # begins the id of a citation's box


@dataclass(frozen=True)
class Mend:
    """Where a gap is mended: a page's name, the key of the object there (if any) and the form's first values."""

    page: str
    object_id: int | str | None = None
    initial: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Gap:
    """Something that the thread lacks: at which step, for what, what to do about it, and where."""

    step: Step
    pillar: str
    short: str
    action: str
    message: str
    mend: Mend


@dataclass(frozen=True)
class Node:
    """A box of the chain. `gap` is set where the box stands for something missing."""

    id: str
    step: Step
    ref: str
    title: str
    mend: Mend | None = None
    gap: Gap | None = None
    pillars: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Chain:
    """Boxes in the order in which they are read, links from id to id, and every gap (also those that have no box)."""

    nodes: tuple[Node, ...]
    links: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]

    def of_pillar(self, pillar: str) -> Chain:
        """Return the part that belongs to one pillar."""
        nodes = tuple(node for node in self.nodes if pillar in node.pillars)
        ids = {node.id for node in nodes}
        links = tuple(link for link in self.links if link[0] in ids and link[1] in ids)
        return Chain(nodes, links, tuple(gap for gap in self.gaps if gap.pillar == pillar))

    def cited(self) -> set[int]:
        """Return the ids of the citations that something here rests on."""
        return {int(node.id.removeprefix(EVIDENCE)) for node in self.nodes if node.id.startswith(EVIDENCE)}


class _Builder:
    def __init__(self, facts: StrategyFacts) -> None:
        self.facts = facts
        self.nodes: dict[str, Node] = {}
        self.links: list[tuple[str, str]] = []
        self.gaps: list[Gap] = []
        self.titles = {pillar.code: pillar.title for pillar in facts.pillars}

    def node(self, node_id: str, step: Step, ref: str, title: str, mend: Mend, pillars: frozenset[str]) -> str:
        known = self.nodes.get(node_id)
        if known:
            pillars |= known.pillars
        self.nodes[node_id] = Node(node_id, step, ref, title, mend, None, pillars)
        return node_id

    def gap(self, step: Step, pillar: str, name: tuple[str, str], message: str, mend: Mend) -> Gap:
        """Record a gap. `name` says what is missing, and what to do."""
        gap = Gap(step, pillar, *name, message, mend)
        self.gaps.append(gap)
        return gap

    def gap_node(self, node_id: str, gap: Gap, pillars: frozenset[str]) -> str:
        self.nodes[node_id] = Node(node_id, gap.step, "", gap.short, gap.mend, gap, pillars)
        return node_id

    def link(self, source: str, target: str) -> None:
        if (source, target) not in self.links:
            self.links.append((source, target))

    def build(self) -> Chain:
        objectives_of: dict[int, list[ObjectiveFacts]] = {}
        for objective in self.facts.objectives:
            if objective.diagnosis is not None:
                objectives_of.setdefault(objective.diagnosis, []).append(objective)
        for number, diagnosis in enumerate(self.facts.diagnoses, start=1):
            self._diagnosis(number, diagnosis, objectives_of.get(diagnosis.id, []))
        for number, objective in enumerate(self.facts.objectives, start=1):
            self._objective(number, objective)
        pillar_of = {objective.id: objective.pillar for objective in self.facts.objectives}
        for number, intervention in enumerate(self.facts.interventions, start=1):
            self._intervention(number, intervention, pillar_of)
        self._intervention_evidence()
        order = {step: position for position, step in enumerate(STEPS)}
        nodes = sorted(self.nodes.values(), key=lambda node: order[node.step])
        gaps = sorted(self.gaps, key=lambda gap: order[gap.step])
        return Chain(tuple(nodes), tuple(self.links), tuple(gaps))

    def _diagnosis(self, number: int, diagnosis: DiagnosisFacts, objectives: list[ObjectiveFacts]) -> None:
        pillars = frozenset({diagnosis.pillar, *(objective.pillar for objective in objectives)})
        mend = Mend("diagnosis_edit", diagnosis.id)
        own = self.node(f"diagnosis-{diagnosis.id}", "diagnosis", f"D{number}", diagnosis.problem, mend, pillars)
        named = f"“{diagnosis.problem}”"
        for citation_id in diagnosis.citations:
            self.link(self._evidence(citation_id, pillars), own)
        if not diagnosis.citations:
            gap = self.gap(
                "evidence",
                diagnosis.pillar,
                ("No evidence cited", "Cite evidence for this diagnosis"),
                f"The diagnosis {named} cites no evidence. Without it nobody can tell whether it is so.",
                mend,
            )
            self.link(self.gap_node(f"gap-evidence-{diagnosis.id}", gap, pillars), own)
        if not diagnosis.side:
            self.gap(
                "diagnosis",
                diagnosis.pillar,
                ("Side not said", "Say on which side the cause lies"),
                f"The diagnosis {named} does not say whether the cause lies on the supply or the demand side.",
                mend,
            )
        if not diagnosis.failure:
            self.gap(
                "diagnosis",
                diagnosis.pillar,
                ("Failure not named", "Name the market or government failure"),
                f"The diagnosis {named} names no market or government failure, so there is no case to intervene yet.",
                mend,
            )
        if not objectives:
            gap = self.gap(
                "objective",
                diagnosis.pillar,
                ("No objective answers this", "Set an objective for this diagnosis"),
                f"No objective answers the diagnosis {named}.",
                Mend("objective_new", None, (("pillar", diagnosis.pillar), ("diagnosis", str(diagnosis.id)))),
            )
            self.link(own, self.gap_node(f"gap-objective-{diagnosis.id}", gap, pillars))

    def _objective(self, number: int, objective: ObjectiveFacts) -> None:
        pillars = frozenset({objective.pillar})
        mend = Mend("objective_edit", objective.id)
        own = self.node(f"objective-{objective.id}", "objective", f"O{number}", objective.title, mend, pillars)
        named = f"“{objective.title}”"
        if objective.diagnosis is not None and f"diagnosis-{objective.diagnosis}" in self.nodes:
            self.link(f"diagnosis-{objective.diagnosis}", own)
        else:
            gap = self.gap(
                "diagnosis",
                objective.pillar,
                ("No diagnosis behind this", "Say which diagnosis this objective answers"),
                f"The objective {named} answers no diagnosis: it is not clear which problem it solves.",
                mend,
            )
            self.link(self.gap_node(f"gap-diagnosis-{objective.id}", gap, pillars), own)
        if not objective.rationale:
            self.gap(
                "objective",
                objective.pillar,
                ("No productivity rationale", "Say why this objective raises productivity"),
                f"The objective {named} does not say why it raises productivity.",
                mend,
            )
        if not objective.outcome:
            self.gap(
                "outcome",
                objective.pillar,
                ("No outcome named", "Name an outcome for this objective"),
                f"The objective {named} names no outcome that would show progress.",
                mend,
            )
        if not any(objective.id in intervention.objectives for intervention in self.facts.interventions):
            gap = self.gap(
                "intervention",
                objective.pillar,
                ("No intervention serves this", "Plan an intervention for this objective"),
                f"No intervention serves the objective {named}.",
                Mend("intervention_new", None, (("objectives", str(objective.id)),)),
            )
            self.link(own, self.gap_node(f"gap-intervention-{objective.id}", gap, pillars))

    def _intervention(self, number: int, intervention: InterventionFacts, pillar_of: dict[int, str]) -> None:
        served = [o for o in intervention.objectives if o in pillar_of]
        pillars = frozenset(pillar_of[o] for o in served)
        pillar = pillar_of[served[0]] if served else ""
        mend = Mend("intervention_edit", intervention.id)
        key, named = f"intervention-{intervention.id}", f"“{intervention.title}”"
        own = self.node(key, "intervention", f"I{number}", intervention.title, mend, pillars)
        for objective in served:
            self.link(f"objective-{objective}", own)
        if not served:
            gap = self.gap(
                "objective",
                "",
                ("Serves no objective", "Say which objective this intervention serves"),
                f"The intervention {named} serves no objective.",
                mend,
            )
            self.link(self.gap_node(f"gap-serves-{intervention.id}", gap, pillars), own)
        if not intervention.citations:
            self.gap(
                "evidence",
                pillar,
                ("No evidence that it works", "Cite evidence that this intervention works"),
                f"The intervention {named} cites no evidence. Cite what evaluations found, or say that it is untested.",
                mend,
            )
        self._results(number, intervention, pillar, pillars, own, mend)

    def _results(
        self,
        number: int,
        intervention: InterventionFacts,
        pillar: str,
        pillars: frozenset[str],
        own: str,
        mend: Mend,
    ) -> None:
        named = f"“{intervention.title}”"
        outcome = f"outcome-{intervention.id}"
        if intervention.outcomes:
            self.node(outcome, "outcome", f"R{number}", intervention.outcomes, mend, pillars)
        else:
            gap = self.gap(
                "outcome",
                pillar,
                ("No outcome named", "Name an outcome of this intervention"),
                f"The intervention {named} names no outcome for people.",
                mend,
            )
            self.gap_node(outcome, gap, pillars)
        self.link(own, outcome)
        evaluation = f"evaluation-{intervention.id}"
        if intervention.evaluation_question and intervention.evaluation_design:
            level = f" (Maryland level {intervention.evaluation_level})" if intervention.evaluation_level else ""
            title = f"{intervention.evaluation_question}{level}"
            self.node(evaluation, "evaluation", f"E{number}", title, mend, pillars)
        else:
            gap = self.gap(
                "evaluation",
                pillar,
                ("No evaluation planned", "Plan how this intervention is evaluated"),
                f"The intervention {named} has no evaluation: a question and a design, with whom it is compared.",
                mend,
            )
            self.gap_node(evaluation, gap, pillars)
        self.link(outcome, evaluation)

    def _evidence(self, citation_id: int, pillars: frozenset[str]) -> str:
        citation = self.facts.citation(citation_id)
        title = f"{citation.title}{_value(citation.figure)}"
        reference, mend = self.facts.reference(citation_id), Mend("citation", citation_id)
        return self.node(f"{EVIDENCE}{citation_id}", "evidence", reference, title, mend, pillars)

    def _intervention_evidence(self) -> None:
        """What interventions rest on: after the diagnoses' evidence, so that the boxes keep their reading order."""
        for intervention in self.facts.interventions:
            own = f"intervention-{intervention.id}"
            for citation_id in intervention.citations:
                self.link(self._evidence(citation_id, self.nodes[own].pillars), own)


def _value(figure: dict[str, object]) -> str:
    value, unit = figure.get("value"), str(figure.get("unit") or "")
    if not isinstance(value, int | float):
        return ""
    decimals = figure.get("decimals")
    text = f"{value:,.{decimals if isinstance(decimals, int) else 1}f}"
    return f": {unit}{text}" if unit in ("£", "€") else f": {text}{unit if unit == '%' else f' {unit}'.rstrip()}"


def build_chain(facts: StrategyFacts) -> Chain:
    """Return the chain of a strategy, with its gaps in the order of the thread."""
    return _Builder(facts).build()


def coverage(facts: StrategyFacts, chain: Chain) -> dict[tuple[str, str], State]:
    """How far each pillar is at each step: nothing there, something with a gap, or complete."""
    cells: dict[tuple[str, str], State] = {}
    for pillar in facts.pillars:
        part = chain.of_pillar(pillar.code)
        for step in STEPS:
            there = any(node.step == step and node.gap is None for node in part.nodes)
            missing = any(gap.step == step for gap in part.gaps)
            cells[pillar.code, step] = "none" if not there else "part" if missing else "full"
    return cells


@dataclass(frozen=True)
class NextStep:
    """What to do next, why, and where."""

    title: str
    why: str
    mend: Mend


def next_step(facts: StrategyFacts, chain: Chain) -> NextStep:
    """Return the one step that helps the thread most now: evidence first, then along the thread, then the writing."""
    if not facts.reports:
        return NextStep(
            "Ask for a comparator report",
            "It shows where the place stands beside places like it. Everything else rests on that.",
            Mend("report_new"),
        )
    if not facts.diagnoses:
        return NextStep(
            "Record a first diagnosis",
            "Say which problem the evidence shows, on which side of the market, and why it does not mend itself.",
            Mend("diagnosis_new"),
        )
    if chain.gaps:
        gap = chain.gaps[0]
        return NextStep(gap.action, gap.message, gap.mend)
    empty = [section for section in facts.sections if section.required and not section.body.strip()]
    if empty:
        return NextStep(
            f"Write the section “{empty[0].title}”",
            f"The thread is whole. {len(empty)} required {'section is' if len(empty) == 1 else 'sections are'} empty.",
            Mend("section_edit", empty[0].key),
        )
    return NextStep(
        "Freeze a version and make the draft document",
        "The thread is whole and every required section is written. Share it, consult on it, or send it for review.",
        Mend("document_new"),
    )

"""The logic chain as a drawing and as the same table, pillar by pillar."""

from __future__ import annotations

from lisapp.design.charts import ChainDiagram, ChainLink, ChainNode
from lisapp.design.charts.base import Drawing
from lisapp.documents.document import Block, Figure, Heading, PageBreak, Table, paragraph, plain
from strategies.domain.facts import DiagnosisFacts, ObjectiveFacts, PillarFacts, StrategyFacts

EVIDENCE, DIAGNOSIS, OBJECTIVE, INTERVENTION, OUTCOME, EVALUATION = range(6)
TALLEST = 480.0  # pixels of a drawing that a page on its side shows with legible text

Thread = tuple[DiagnosisFacts | None, list[ObjectiveFacts]]


def chain_blocks(facts: StrategyFacts, *, number: int) -> list[Block]:
    """Return the chapter on the logic chain, or nothing where no pillar holds any part of it."""
    blocks: list[Block] = []
    for pillar in sorted(facts.pillars, key=lambda p: p.order):
        diagrams = diagrams_of(facts, pillar)
        for part, diagram in enumerate(diagrams, start=1):
            blocks += [PageBreak(wide=True), *([] if blocks else _opening(number))]
            if part == 1:
                blocks.append(Heading(2, pillar.title, f"chain-{pillar.code}"))
            name = f"Logic chain, {pillar.title}" + (f", part {part} of {len(diagrams)}" if len(diagrams) > 1 else "")
            blocks += _drawn(diagram, name)
    return blocks


def _opening(number: int) -> list[Block]:
    return [
        Heading(1, f"{number}. How the parts hang together", "chain"),
        paragraph(
            "Read from left to right: what the evidence shows, the problem behind it, what is to change, what will be "
            "done, what should come of it, and how we will know. A dashed box is a gap. The evidence shown is what the "
            "problems rest on; that for each intervention stands in its own chapter."
        ),
    ]


def _drawn(diagram: ChainDiagram, name: str) -> list[Block]:
    table = diagram.table()
    rows = tuple(tuple(plain(cell) for cell in row) for row in table.rows)
    return [
        Figure(diagram.svg(), diagram.text, f"{name}. The table below says the same."),
        Table(f"{name}, as a table", tuple(table.headers), rows, widths=(30, 12, 10, 24, 24)),
    ]


def diagrams_of(facts: StrategyFacts, pillar: PillarFacts) -> list[ChainDiagram]:
    """Return the chain of one pillar, in as many drawings as it needs to stay legible on paper.

    What belongs to one problem stays together.
    """
    diagrams: list[ChainDiagram] = []
    together: list[Thread] = []
    for thread in _threads(facts, pillar):
        candidate = _diagram(facts, pillar, [*together, thread])
        if together and _height(candidate) > TALLEST:
            together, candidate = [], _diagram(facts, pillar, [thread])
            diagrams.append(candidate)
        elif together:
            diagrams[-1] = candidate
        else:
            diagrams.append(candidate)
        together.append(thread)
    return diagrams


def _height(diagram: ChainDiagram) -> float:
    return diagram.draw(Drawing())[1]


def _threads(facts: StrategyFacts, pillar: PillarFacts) -> list[Thread]:
    """A problem with the objectives that answer it; an objective that answers none stands alone."""
    objectives = sorted((o for o in facts.objectives if o.pillar == pillar.code), key=lambda o: o.rank)
    answered = {o.diagnosis for o in objectives}
    threads: list[Thread] = [
        (diagnosis, [o for o in objectives if o.diagnosis == diagnosis.id])
        for diagnosis in facts.diagnoses
        if diagnosis.pillar == pillar.code or diagnosis.id in answered
    ]
    return threads + [(None, [o]) for o in objectives if o.diagnosis is None]


class _Chain:
    """Collects boxes and links; where a step is missing, a gap stands in its place."""

    def __init__(self) -> None:
        self.nodes: dict[str, ChainNode] = {}
        self.links: list[ChainLink] = []

    def add(self, key: str, column: int, title: str) -> None:
        """Add a box, once."""
        self.nodes.setdefault(key, ChainNode(key, column, title))

    def _gap(self, key: str, column: int, title: str) -> list[str]:
        gap = f"{key}-{column}"
        self.nodes.setdefault(gap, ChainNode(gap, column, title, kind="gap"))
        return [gap]

    def rests(self, key: str, sources: list[str], column: int, missing: str) -> None:
        """Say what a box rests on."""
        self.links += [ChainLink(source, key) for source in sources or self._gap(key, column, missing)]

    def leads(self, key: str, targets: list[str], column: int, missing: str) -> None:
        """Say what a box leads to."""
        self.links += [ChainLink(key, target) for target in targets or self._gap(key, column, missing)]


def _diagram(facts: StrategyFacts, pillar: PillarFacts, threads: list[Thread]) -> ChainDiagram:
    """Draw some of a pillar's threads: what they rest on and lead to, and the gaps."""
    diagnoses = [diagnosis for diagnosis, _ in threads if diagnosis]
    objectives = [objective for _, mine in threads for objective in mine]
    interventions = [i for i in facts.interventions if {o.id for o in objectives} & set(i.objectives)]
    chain = _Chain()
    cited = {key for diagnosis in diagnoses for key in diagnosis.citations}
    for citation in facts.citations:
        if citation.id in cited:
            chain.add(f"e{citation.id}", EVIDENCE, citation.title)
    for diagnosis in diagnoses:
        chain.add(f"d{diagnosis.id}", DIAGNOSIS, diagnosis.problem)
        chain.rests(f"d{diagnosis.id}", [f"e{key}" for key in diagnosis.citations], EVIDENCE, "No evidence is cited")
    for objective in objectives:
        key = f"o{objective.id}"
        chain.add(key, OBJECTIVE, objective.title)
        problem = [f"d{objective.diagnosis}"] if objective.diagnosis else []
        chain.rests(key, problem, DIAGNOSIS, "No problem is named")
        chain.leads(
            key,
            [f"i{i.id}" for i in interventions if objective.id in i.objectives],
            INTERVENTION,
            "Nothing serves this yet",
        )
    for intervention in interventions:
        key = f"i{intervention.id}"
        chain.add(key, INTERVENTION, intervention.title)
        served = [o for o in objectives if o.id in intervention.objectives]
        for objective in served:
            if objective.outcome:
                chain.add(f"u{objective.id}", OUTCOME, objective.outcome)
        outcomes = [f"u{o.id}" for o in served if o.outcome]
        chain.leads(key, outcomes, OUTCOME, "No outcome is named")
        if intervention.evaluation_question and outcomes:
            chain.add(f"v{intervention.id}", EVALUATION, intervention.evaluation_question)
        planned = [f"v{intervention.id}"] if intervention.evaluation_question else []
        for outcome in outcomes:
            chain.leads(outcome, planned, EVALUATION, "No evaluation is planned")
    return ChainDiagram(title=f"Logic chain, {pillar.title}", nodes=list(chain.nodes.values()), links=chain.links)

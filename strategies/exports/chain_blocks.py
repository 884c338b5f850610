"""The logic chain as a drawing and as the same table, pillar by pillar."""

from __future__ import annotations

from lisapp.design.charts import ChainDiagram, ChainLink, ChainNode
from strategies.domain.facts import PillarFacts, StrategyFacts
from strategies.exports.document import Block, Figure, Heading, PageBreak, Table, paragraph, plain

EVIDENCE, DIAGNOSIS, OBJECTIVE, INTERVENTION, OUTCOME, EVALUATION = range(6)


def chain_blocks(facts: StrategyFacts, *, number: int) -> list[Block]:
    """Return the chapter on the logic chain, or nothing where no pillar holds any part of it."""
    diagrams = [(pillar, diagram_of(facts, pillar)) for pillar in sorted(facts.pillars, key=lambda p: p.order)]
    drawn = [(pillar, diagram) for pillar, diagram in diagrams if diagram.nodes]
    if not drawn:
        return []
    blocks: list[Block] = []
    for position, (pillar, diagram) in enumerate(drawn):
        blocks.append(PageBreak(wide=True))
        if position == 0:
            blocks += [
                Heading(1, f"{number}. How the parts hang together", "chain"),
                paragraph(
                    "Read from left to right: what the evidence shows, the problem behind it, what is to change, what "
                    "will be done, what should come of it, and how we will know. A dashed box is a gap."
                ),
            ]
        table = diagram.table()
        blocks += [
            Heading(2, pillar.title, f"chain-{pillar.code}"),
            Figure(diagram.svg(), diagram.text, f"Logic chain, {pillar.title}. The table below says the same."),
            Table(
                f"Logic chain, {pillar.title}, as a table",
                tuple(table.headers),
                tuple(tuple(plain(cell) for cell in row) for row in table.rows),
                widths=(30, 12, 10, 24, 24),
            ),
        ]
    return blocks


def diagram_of(facts: StrategyFacts, pillar: PillarFacts) -> ChainDiagram:
    """Return the chain of one pillar: its diagnoses and objectives, with what they rest on and what serves them."""
    diagnoses = [d for d in facts.diagnoses if d.pillar == pillar.code]
    objectives = [o for o in facts.objectives if o.pillar == pillar.code]
    mine = {o.id for o in objectives}
    interventions = [i for i in facts.interventions if mine & set(i.objectives)]
    nodes: list[ChainNode] = []
    links: list[ChainLink] = []
    cited = {key for part in (*diagnoses, *interventions) for key in part.citations}
    nodes += [ChainNode(f"e{c.id}", EVIDENCE, c.title) for c in facts.citations if c.id in cited]
    for diagnosis in diagnoses:
        nodes.append(ChainNode(f"d{diagnosis.id}", DIAGNOSIS, diagnosis.problem))
        links += [ChainLink(f"e{key}", f"d{diagnosis.id}") for key in diagnosis.citations]
    for objective in objectives:
        nodes.append(ChainNode(f"o{objective.id}", OBJECTIVE, objective.title))
        if objective.diagnosis in {d.id for d in diagnoses}:
            links.append(ChainLink(f"d{objective.diagnosis}", f"o{objective.id}"))
        if objective.outcome:
            nodes.append(ChainNode(f"u{objective.id}", OUTCOME, objective.outcome))
    for intervention in interventions:
        nodes.append(ChainNode(f"i{intervention.id}", INTERVENTION, intervention.title))
        for key in intervention.objectives:
            if key in mine:
                links.append(ChainLink(f"o{key}", f"i{intervention.id}"))
        if intervention.evaluation_question:
            nodes.append(ChainNode(f"v{intervention.id}", EVALUATION, intervention.evaluation_question))
    return ChainDiagram(title=f"Logic chain, {pillar.title}", nodes=nodes, links=links)

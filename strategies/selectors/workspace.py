"""What the workspace shows around every page: where one is on the thread, what is missing, and the next step."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from lisapp.design.charts import ChainDiagram, ChainLink, ChainNode, CoverageGrid
from strategies.domain.chain import STEPS, Chain, Gap, Mend, NextStep, build_chain, coverage, next_step
from strategies.domain.facts import StrategyFacts
from strategies.models import Pillar, Strategy
from strategies.selectors.facts import strategy_facts

STEP_TITLES = ("Evidence", "Diagnosis", "Objective", "Intervention", "Outcome", "Evaluation")


@dataclass(frozen=True)
class NavItem:
    """A line of the side navigation. `key` is what a page names as the current one."""

    key: str
    label: str
    href: str
    count: str = ""
    gaps: int = 0


@dataclass(frozen=True)
class Workspace:
    """A strategy as the workspace sees it."""

    strategy: Strategy
    facts: StrategyFacts
    chain: Chain
    next: NextStep
    groups: tuple[tuple[str, tuple[NavItem, ...]], ...]

    @property
    def next_url(self) -> str:
        """Where the next step is taken."""
        return mend_url(self.strategy, self.next.mend)

    @property
    def grid(self) -> CoverageGrid:
        """How far each pillar is at each step of the thread."""
        cells = coverage(self.facts, self.chain)
        titles = {pillar.code: pillar.title for pillar in self.facts.pillars}
        names: dict[str, str] = dict(zip(STEPS, STEP_TITLES, strict=True))
        return CoverageGrid(
            title="How far each pillar is",
            rows=list(titles.values()),
            columns=list(STEP_TITLES),
            cells={(titles[pillar], names[step]): state for (pillar, step), state in cells.items()},
            row_name="Pillar",
        )

    def gap_rows(self, pillar: str | None = None) -> list[tuple[Gap, str]]:
        """Return the gaps (of one pillar, or all) with the address of the page that mends each."""
        gaps = self.chain.gaps if pillar is None else self.chain.of_pillar(pillar).gaps
        return [(gap, mend_url(self.strategy, gap.mend)) for gap in gaps]


def workspace(strategy: Strategy) -> Workspace:
    """Return the workspace of a strategy. It is read once for each strategy object: a page asks more than once."""
    known: Workspace | None = getattr(strategy, "_workspace", None)
    if known is None:
        facts = strategy_facts(strategy)
        chain = build_chain(facts)
        known = Workspace(strategy, facts, chain, next_step(facts, chain), _navigation(strategy, facts, chain))
        strategy._workspace = known  # type: ignore[attr-defined]
    return known


def mend_url(strategy: Strategy, mend: Mend) -> str:
    """Return the address of the page that mends a gap, with its form's first values in the query."""
    if mend.page == "report_new":
        return reverse("evidence:report_new", args=[strategy.lep.slug])
    arguments = [strategy.slug, *([mend.object_id] if mend.object_id is not None else [])]
    address = reverse(f"strategies:{mend.page}", args=arguments)
    return f"{address}?{urlencode(mend.initial)}" if mend.initial else address


def four_questions(pillar: Pillar) -> list[tuple[str, str]]:
    """The questions that structure the work on a pillar, each with its prompt."""
    return [
        ("Why it matters for productivity", pillar.why_it_matters),
        ("What is known to work", pillar.what_works),
        ("What to bear in mind", pillar.bear_in_mind),
        ("What to do when carrying it out", pillar.implementing),
    ]


def chain_diagram(strategy: Strategy, chain: Chain, title: str, *, linked: bool = True) -> ChainDiagram:
    """Draw a chain: gaps are dashed boxes, and each box leads to where it is written or mended.

    What an intervention rests on is named in its box: a line from the first column would cross what lies between.
    """
    refs = {node.id: node.ref for node in chain.nodes if node.step == "evidence"}
    is_intervention = {node.id for node in chain.nodes if node.step == "intervention"}
    rests_on: dict[str, list[str]] = {}
    links = []
    for source, target in chain.links:
        if source in refs and target in is_intervention:
            rests_on.setdefault(target, []).append(refs[source])
        else:
            links.append(ChainLink(source, target))
    return ChainDiagram(
        title=title,
        nodes=[
            ChainNode(
                id=node.id,
                column=STEPS.index(node.step),
                title=f"{node.title} (evidence {', '.join(rests_on[node.id])})" if node.id in rests_on else node.title,
                ref=node.ref,
                href=mend_url(strategy, node.mend) if linked and node.mend else "",
                kind="gap" if node.gap else "thing",
            )
            for node in chain.nodes
        ],
        links=links,
    )


def _navigation(strategy: Strategy, facts: StrategyFacts, chain: Chain) -> tuple[tuple[str, tuple[NavItem, ...]], ...]:
    def address(name: str, *more: str) -> str:
        return reverse(f"strategies:{name}", args=[strategy.slug, *more])

    written = sum(1 for section in facts.sections if section.body.strip())
    pillars = tuple(
        NavItem(
            f"pillar-{pillar.code}",
            pillar.title,
            address("pillar", pillar.code),
            gaps=len(chain.of_pillar(pillar.code).gaps),
        )
        for pillar in facts.pillars
    )
    return (
        (
            "The thread",
            (
                NavItem("overview", "Overview", address("strategy")),
                NavItem("evidence", "Evidence", address("citation_list"), str(len(facts.citations))),
                NavItem("chain", "The chain", address("chain"), gaps=len(chain.gaps)),
            ),
        ),
        ("Pillars", pillars),
        (
            "The document",
            (
                NavItem("sections", "Sections", address("section_list"), f"{written} of {len(facts.sections)}"),
                NavItem("documents", "Versions and documents", address("releases")),
            ),
        ),
        (
            "Tested by others",
            (
                NavItem("principles", "Ten principles", address("principles")),
                NavItem("consultation", "Consultation", reverse("consultations:list", args=[strategy.slug])),
            ),
        ),
    )

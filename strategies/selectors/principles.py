"""What the officers' page on the principles and the reviewers' page show, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from strategies.domain.facts import (
    CitationFacts,
    DiagnosisFacts,
    InterventionFacts,
    ObjectiveFacts,
    PillarFacts,
    StrategyFacts,
)
from strategies.domain.principles import (
    TO_MEND,
    Finding,
    Outcome,
    Severity,
    State,
    all_checks,
    run_checks,
    state_of,
)
from strategies.exports.evidence_blocks import figure_value
from strategies.models import CheckDefinition, Claim, Framework, Judgement, Principle, Review, Strategy
from strategies.selectors.citations import counts_line
from strategies.selectors.workspace import workspace

OUTCOME_ORDER = list(Outcome)
EACH_PART = frozenset({"citation", "pillar", "diagnosis_edit", "objective_edit", "intervention_edit", "section_edit"})
MEND_TEXT = {
    "chain": "Open the thread",
    "citation_list": "Open the evidence",
    "diagnosis_new": "Add a diagnosis",
    "intervention_new": "Add an intervention",
    "objective_new": "Add an objective",
    "report_new": "Make a comparator report",
    "section_list": "Open the sections",
    "strategy_edit": "Change the strategy’s details",
}


@dataclass(frozen=True)
class Link:
    """A text and where it leads (empty: nowhere)."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class FindingView:
    """A finding with the parts of the strategy that it is about, and the page that mends the whole."""

    finding: Finding
    parts: tuple[Link, ...]
    mend: Link | None


@dataclass(frozen=True)
class PrincipleView:
    """A principle on the officers' page. `judgements` are the reviewers', newest first."""

    principle: Principle
    findings: tuple[FindingView, ...]
    alone: tuple[CheckDefinition, ...]
    state: State
    claim: Claim | None
    judgements: tuple[Judgement, ...]

    @property
    def to_mend(self) -> tuple[FindingView, ...]:
        """The findings that ask for something."""
        return tuple(view for view in self.findings if view.finding.outcome in TO_MEND)

    @property
    def the_rest(self) -> tuple[FindingView, ...]:
        """The findings that ask for nothing."""
        return tuple(view for view in self.findings if view.finding.outcome not in TO_MEND)

    @property
    def latest(self) -> Judgement | None:
        """The newest judgement."""
        return self.judgements[0] if self.judgements else None


@dataclass(frozen=True)
class ReviewRow:
    """A principle on the reviewers' page: what was found in the frozen version, claimed, and judged so far."""

    principle: Principle
    groups: tuple[tuple[str, tuple[Finding, ...]], ...]
    alone: tuple[CheckDefinition, ...]
    claim: str
    judgement: Judgement | None


@dataclass(frozen=True)
class PillarThread:
    """What a frozen version says under one pillar."""

    pillar: PillarFacts
    diagnoses: tuple[tuple[DiagnosisFacts, tuple[CitationFacts, ...]], ...]
    objectives: tuple[tuple[ObjectiveFacts, str], ...]


@dataclass(frozen=True)
class FrozenThread:
    """The thread of a frozen version, with the ids replaced by what they stand for; evidence with what it says."""

    evidence: tuple[tuple[CitationFacts, str], ...]
    pillars: tuple[PillarThread, ...]
    interventions: tuple[tuple[InterventionFacts, tuple[str, ...], tuple[CitationFacts, ...]], ...]


def principle_views(strategy: Strategy) -> tuple[PrincipleView, ...]:
    """Return the principles of the strategy's framework with findings on the strategy as it stands now."""
    findings = _by_principle(workspace(strategy).facts)  # the frame of the page has read them too
    claims = {claim.principle_id: claim for claim in strategy.claims.select_related("updated_by")}
    judgements = defaultdict(list)
    judged = Judgement.objects.filter(review__strategy=strategy).select_related("by", "review__release")
    for judgement in judged.order_by("-at", "-pk"):
        judgements[judgement.principle_id].append(judgement)
    return tuple(
        PrincipleView(
            principle=principle,
            findings=tuple(_with_links(finding, strategy) for finding in findings[principle.number]),
            alone=_alone(principle),
            state=state_of(findings[principle.number]),
            claim=claims.get(principle.pk),
            judgements=tuple(judgements[principle.pk]),
        )
        for principle in _principles(strategy.framework)
    )


def review_rows(review: Review, facts: StrategyFacts) -> tuple[ReviewRow, ...]:
    """Return the principles with findings and claims of the frozen `facts`, and the review's judgements."""
    findings = _by_principle(facts)
    claims = {claim.principle: claim.text for claim in facts.claims}
    judgements = {judgement.principle_id: judgement for judgement in review.judgements.select_related("by")}
    return tuple(
        ReviewRow(
            principle=principle,
            groups=tuple(
                (outcome.label, tuple(group))
                for outcome, group in groupby(findings[principle.number], key=lambda finding: finding.outcome)
            ),
            alone=_alone(principle),
            claim=claims.get(principle.number, ""),
            judgement=judgements.get(principle.pk),
        )
        for principle in _principles(review.strategy.framework)
    )


def frozen_facts(review: Review) -> StrategyFacts:
    """Return the facts of the version that a review is about."""
    return StrategyFacts.from_dict(review.release.content)


def frozen_thread(facts: StrategyFacts) -> FrozenThread:
    """Arrange a version's facts for reading."""
    citation = {c.id: c for c in facts.citations}
    problem = {d.id: d.problem for d in facts.diagnoses}
    objective = {o.id: o.title for o in facts.objectives}

    def cited(ids: Iterable[int]) -> tuple[CitationFacts, ...]:
        return tuple(citation[i] for i in ids if i in citation)

    return FrozenThread(
        evidence=tuple((c, _what_it_says(c)) for c in facts.citations),
        pillars=tuple(
            PillarThread(
                pillar=pillar,
                diagnoses=tuple((d, cited(d.citations)) for d in facts.diagnoses if d.pillar == pillar.code),
                objectives=tuple(
                    (o, problem.get(o.diagnosis, "") if o.diagnosis else "")
                    for o in facts.objectives
                    if o.pillar == pillar.code
                ),
            )
            for pillar in facts.pillars
        ),
        interventions=tuple(
            (i, tuple(objective[o] for o in i.objectives if o in objective), cited(i.citations))
            for i in facts.interventions
        ),
    )


def _what_it_says(citation: CitationFacts) -> str:
    """A citation's figure, count of studies or source, in words."""
    figure, review = citation.figure, citation.review
    if citation.kind == "figure":
        beside = {"median of peers": "peers_median", "England": "england"}
        values = [f"{figure.get('place')}: {figure_value(figure)}, {figure.get('period')}"]
        values += [f"{name} {figure_value(figure, key)}" for name, key in beside.items() if figure.get(key) is not None]
        return f"{'; '.join(values)}. Source: {figure.get('source')}."
    if citation.kind == "what_works":
        counts = counts_line(
            review.get("studies_positive"), review.get("studies_on_outcome"), str(review.get("outcome"))
        )
        return f"{counts} {review.get('finding')}"
    return ", ".join(part for part in (citation.source_name, citation.source_date) if part)


def _principles(framework: Framework) -> list[Principle]:
    return list(framework.principles.prefetch_related("criteria", "checks"))


def _by_principle(facts: StrategyFacts) -> dict[int, list[Finding]]:
    """Group the findings by principle: what is missing first, and the essential before advice."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in run_checks(facts):
        found[finding.principle].append(finding)
    for findings in found.values():
        findings.sort(key=lambda f: (OUTCOME_ORDER.index(f.outcome), f.severity != Severity.ESSENTIAL))
    return found


def _alone(principle: Principle) -> tuple[CheckDefinition, ...]:
    """The framework's checks that the software does not make, and that the reviewer makes alone."""
    made = {each.code for each in all_checks()}
    return tuple(definition for definition in principle.checks.all() if definition.code not in made)


def _with_links(finding: Finding, strategy: Strategy) -> FindingView:
    each = finding.mend in EACH_PART
    parts = tuple(
        Link(ref.label, reverse(f"strategies:{finding.mend}", args=[strategy.slug, ref.id]) if each else "")
        for ref in finding.objects
    )
    if each or not finding.mend:
        return FindingView(finding, parts, None)
    if finding.mend == "report_new":
        href = reverse("evidence:report_new", args=[strategy.lep.slug])
    else:
        href = reverse(f"strategies:{finding.mend}", args=[strategy.slug])
    return FindingView(finding, parts, Link(MEND_TEXT[finding.mend], href))

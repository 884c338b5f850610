"""Principles 6, 7 and 10: what is done, what it changes, and how anyone will know."""

from __future__ import annotations

import re

from strategies.domain.facts import CitationFacts, InterventionFacts, StrategyFacts
from strategies.domain.principles.findings import (
    Outcome,
    Result,
    Severity,
    check,
    counted,
    gaps_in,
    not_yet,
    over_items,
)
from strategies.domain.principles.text import words_of

COMPARISON_LEVEL = 3  # from here on the Maryland scale an evaluation has a comparison group

NO_INTERVENTION = Result(Outcome.MISSING, "There is no intervention yet.", (), "intervention_new")


def title(intervention: InterventionFacts) -> str:
    """The label of an intervention in a finding."""
    return intervention.title


def mentions(facts: StrategyFacts, pattern: re.Pattern[str], *, gap: str, what: str) -> Result:
    """Check that each intervention's own text speaks of something. Whether the argument holds is for the reviewer."""
    if not facts.interventions:
        return not_yet("There is no intervention yet.")
    return over_items(
        facts.interventions,
        lambda intervention: [] if pattern.search(words_of(intervention)) else [gap],
        kind="intervention",
        label=title,
        good=(
            f"speaks of {what}; whether the argument holds is for the reviewer",
            f"speak of {what}; whether the argument holds is for the reviewer",
        ),
        bad=(f"seems to say nothing of {what}", f"seem to say nothing of {what}"),
        fail=Outcome.ATTENTION,
    )


def _cited(facts: StrategyFacts, intervention: InterventionFacts) -> list[CitationFacts]:
    return [citation for citation in facts.citations if citation.id in intervention.citations]


def _evaluated(citations: list[CitationFacts]) -> list[CitationFacts]:
    """Reviews of evaluations that count at least one study on the outcome."""
    return [c for c in citations if c.kind == "what_works" and (c.review.get("studies_on_outcome") or 0) > 0]


def _weakness(citation: CitationFacts) -> str:
    """Say how few studies found an effect, where fewer than half did; else nothing."""
    studies, positive = citation.review["studies_on_outcome"], citation.review.get("studies_positive")
    if positive is None or positive * 2 >= studies:
        return ""
    return f"only {positive} of {counted(studies, 'study', 'studies')} found a positive effect ({citation.title})"


@check(
    "P6.1",
    "Each intervention has its logic: need, activities, outputs and outcomes",
    "Without the chain from need to outcome nobody can say how it is meant to work, or test whether it did.",
    Severity.ESSENTIAL,
)
def logic_model(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return NO_INTERVENTION
    diagnosed = {d.id for d in facts.diagnoses}
    needed = {o.id for o in facts.objectives if o.diagnosis in diagnosed}
    return over_items(
        facts.interventions,
        lambda i: gaps_in(
            no_objective=not i.objectives,
            no_diagnosed_need=bool(i.objectives) and not needed & set(i.objectives),
            no_activities=not i.activities.strip(),
            no_outputs=not i.outputs.strip(),
            no_outcomes=not i.outcomes.strip(),
        ),
        kind="intervention",
        label=title,
        good=(
            "has its need, activities, outputs and outcomes; inputs and assumptions are for the reviewer",
            "have their need, activities, outputs and outcomes; inputs and assumptions are for the reviewer",
        ),
        bad=("lacks a part of its logic", "lack a part of their logic"),
    )


@check(
    "P6.3",
    "Each intervention rests on evaluated evidence, and weak evidence is known as such",
    "What has been evaluated elsewhere shows what to expect; where little is known, say so and test.",
    Severity.ESSENTIAL,
)
def evaluated_evidence(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return NO_INTERVENTION

    def lacks(intervention: InterventionFacts) -> list[str]:
        cited = _cited(facts, intervention)
        reviews = _evaluated(cited)
        if not cited:
            return ["no evidence cited"]
        if not reviews:
            return ["no review of evaluations cited"]
        return [weak for weak in map(_weakness, reviews) if weak]

    without = any(not _cited(facts, intervention) for intervention in facts.interventions)
    return over_items(
        facts.interventions,
        lacks,
        kind="intervention",
        label=title,
        good=("cites a review of evaluations", "cite a review of evaluations"),
        bad=("rests on weak or missing evidence", "rest on weak or missing evidence"),
        fail=Outcome.MISSING if without else Outcome.ATTENTION,
    )


@check(
    "P6.4",
    "Sector targeting carries its argument",
    "A measure open to all sectors needs no bet on which will grow; an exception has to be argued.",
    Severity.ADVICE,
)
def sector_argument(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return not_yet("There is no intervention yet.")
    if all(intervention.reach == "horizontal" for intervention in facts.interventions):
        return not_yet("No intervention is aimed at a sector.")
    return over_items(
        facts.interventions,
        lambda i: gaps_in(
            not_said_whether_it_is_aimed_at_a_sector=not i.reach,
            no_argument_for_the_sector=i.reach == "sector" and not i.sector_argument.strip(),
        ),
        kind="intervention",
        label=title,
        good=("argues its choice of a sector", "are open to any sector or argue their choice of one"),
        bad=("lacks the argument for a sector", "lack the argument for a sector"),
    )


@check(
    "P7.1",
    "Each intervention says what would happen without it",
    "Paying for what would happen anyway changes nothing.",
    Severity.ADVICE,
)
def deadweight(facts: StrategyFacts) -> Result:
    pattern = re.compile(
        r"deadweight|counterfactual|reference case|happen(?:ed)? anyway|\banyway\b|without (?:it|this|the)\b|otherwise",
        re.IGNORECASE,
    )
    what = "what would happen without it"
    return mentions(facts, pattern, gap="nothing on what would happen anyway", what=what)


@check(
    "P7.2",
    "Leakage, displacement and substitution are considered",
    "A gain here may be a loss next door, or replace what somebody did already.",
    Severity.ADVICE,
)
def leakage_and_displacement(facts: StrategyFacts) -> Result:
    pattern = re.compile(r"leak|displac|substitut|crowd(?:s|ing)? out|instead of", re.IGNORECASE)
    what = "leakage, displacement or substitution"
    return mentions(facts, pattern, gap="none of the three spoken of", what=what)


@check(
    "P7.3",
    "Conditions, an end date or an exit are stated",
    "Support without conditions or an end rewards asking for it, not what it is for.",
    Severity.ADVICE,
)
def conditions_and_exit(facts: StrategyFacts) -> Result:
    pattern = re.compile(
        r"condition(?:al|s)\b|\bexit|sunset|time-limited|\buntil (?:19|20)\d\d|\bends?\b (?:in|on|by|after|when|if)\b|"
        r"\bfor (?:one|two|three|four|five|\d+) years?\b|repa(?:y|id)|clawback",
        re.IGNORECASE,
    )
    what = "conditions, an end or an exit"
    return mentions(facts, pattern, gap="no condition, end or exit", what=what)


@check(
    "P10.1",
    "Each intervention has a delivery partner and a risk owner",
    "Where nobody carries the risk, everybody assumes that somebody else does.",
    Severity.ESSENTIAL,
)
def partner_and_risk_owner(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return NO_INTERVENTION
    return over_items(
        facts.interventions,
        lambda i: gaps_in(no_delivery_partner=not i.delivery_partner.strip(), no_risk_owner=not i.risk_owner.strip()),
        kind="intervention",
        label=title,
        good=(
            "names its delivery partner and risk owner; contributions are for the reviewer",
            "name their delivery partner and risk owner; contributions are for the reviewer",
        ),
        bad=("lacks a delivery partner or a risk owner", "lack a delivery partner or a risk owner"),
    )


@check(
    "P10.2",
    "Each intervention has an evaluation plan: question, design, Maryland level, owner",
    "An evaluation that is not planned before the start usually cannot be made after the end.",
    Severity.ESSENTIAL,
)
def evaluation_plan(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return NO_INTERVENTION
    return over_items(
        facts.interventions,
        lambda i: gaps_in(
            no_question=not i.evaluation_question.strip(),
            no_design=not i.evaluation_design.strip(),
            no_Maryland_level=i.evaluation_level is None,
            no_owner=not i.evaluation_owner.strip(),
        ),
        kind="intervention",
        label=title,
        good=("has an evaluation plan", "have an evaluation plan"),
        bad=("lacks a part of its evaluation plan", "lack a part of their evaluation plan"),
    )


@check(
    "P10.3",
    "Designs that claim to detect an effect give the sample size or the smallest effect they can detect",
    "Too small a trial finds nothing, whatever the truth.",
    Severity.ADVICE,
)
def detectable_effects(facts: StrategyFacts) -> Result:
    claiming = [i for i in facts.interventions if (i.evaluation_level or 0) >= COMPARISON_LEVEL]
    if not claiming:
        return not_yet("No evaluation with a comparison group is planned yet.")
    pattern = re.compile(
        r"sample|detectable|detect|statistical power|\b\d[\d,]* (?:firms|people|learners|participants)", re.IGNORECASE
    )
    return over_items(
        claiming,
        lambda i: [] if pattern.search(i.evaluation_design) else ["no sample size or detectable effect"],
        kind="intervention",
        label=title,
        good=("speaks of its sample or what it can detect", "speak of their sample or what they can detect"),
        bad=("does not say what its design can detect", "do not say what their designs can detect"),
        fail=Outcome.ATTENTION,
    )


@check(
    "P10.4",
    "Each intervention says what would stop it, or make it grow",
    "Results that change no decision are not worth collecting.",
    Severity.ADVICE,
)
def stop_or_scale(facts: StrategyFacts) -> Result:
    pattern = re.compile(
        r"\bstop|\bscale|\bexpand|\bextend|\bclose[sd]?\b|trigger|\bcontinue (?:if|only|when)", re.IGNORECASE
    )
    what = "what would stop it or make it grow"
    return mentions(facts, pattern, gap="no trigger to stop or scale", what=what)


@check(
    "P10.6",
    "An untested idea is set up as a trial",
    "What nobody has evaluated yet should teach whoever comes next.",
    Severity.ADVICE,
)
def untested_ideas_are_trials(facts: StrategyFacts) -> Result:
    if not facts.interventions:
        return not_yet("There is no intervention yet.")
    untested = [i for i in facts.interventions if not _evaluated(_cited(facts, i))]
    if not untested:
        return not_yet("Every intervention cites a review of evaluations, so none is untested.")
    return over_items(
        untested,
        lambda i: gaps_in(
            no_evaluation_with_a_comparison_group_planned=(i.evaluation_level or 0) < COMPARISON_LEVEL,
        ),
        kind="intervention",
        label=title,
        good=(
            "rests on no evaluated evidence and is set up as a trial",
            "without evaluated evidence are set up as trials",
        ),
        bad=(
            "cites no evaluated evidence and is not set up as a trial",
            "cite no evaluated evidence and are not set up as trials",
        ),
        fail=Outcome.ATTENTION,
    )

"""Principles 3 and 5: the causes of problems, and the goals that answer them."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from strategies.domain.facts import DiagnosisFacts, ObjectiveFacts, StrategyFacts
from strategies.domain.principles.findings import (
    ObjectRef,
    Outcome,
    Result,
    Severity,
    check,
    counted,
    gaps_in,
    not_yet,
    over_items,
)

MOST_PER_PILLAR = 3
HORIZON_YEARS = 10

NO_DIAGNOSIS = Result(Outcome.MISSING, "No problem has been diagnosed yet.", (), "diagnosis_new")
NO_OBJECTIVE = Result(Outcome.MISSING, "There is no objective yet.", (), "objective_new")


def _problem(diagnosis: DiagnosisFacts) -> str:
    return diagnosis.problem


def _title(objective: ObjectiveFacts) -> str:
    return objective.title


@check(
    "P3.1",
    "Each diagnosis says supply, demand or both, with evidence",
    "Measures on one side of the market do nothing for a problem on the other.",
    Severity.ESSENTIAL,
)
def sides_with_evidence(facts: StrategyFacts) -> Result:
    if not facts.diagnoses:
        return NO_DIAGNOSIS
    return over_items(
        facts.diagnoses,
        lambda d: gaps_in(no_side_named=not d.side, no_evidence_cited=not d.citations),
        kind="diagnosis",
        plural="diagnoses",
        label=_problem,
        good=(
            "says which side of the market the problem is on, with evidence",
            "say which side of the market the problem is on, with evidence",
        ),
        bad=("lacks the side of the market or its evidence", "lack the side of the market or its evidence"),
    )


@check(
    "P3.2",
    "Each diagnosis names a market or government failure",
    "Where markets already do the work, public money changes little; say why they do not.",
    Severity.ESSENTIAL,
)
def failures_named(facts: StrategyFacts) -> Result:
    if not facts.diagnoses:
        return NO_DIAGNOSIS
    return over_items(
        facts.diagnoses,
        lambda d: gaps_in(no_failure_named=not d.failure, no_explanation=not d.explanation.strip()),
        kind="diagnosis",
        plural="diagnoses",
        label=_problem,
        good=("names the failure and explains it", "name the failure and explain it"),
        bad=("does not name a failure and explain it", "do not name a failure and explain it"),
    )


@check(
    "P3.3",
    "No objective without a diagnosis",
    "An objective that answers no diagnosed problem cannot be argued for.",
    Severity.ESSENTIAL,
)
def objectives_answer_a_diagnosis(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return not_yet("There is no objective yet.")
    known = {diagnosis.id for diagnosis in facts.diagnoses}
    return over_items(
        facts.objectives,
        lambda objective: gaps_in(no_diagnosis=objective.diagnosis not in known),
        kind="objective",
        label=_title,
        good=("answers a diagnosed problem", "answer a diagnosed problem"),
        bad=("answers no diagnosed problem", "answer no diagnosed problem"),
    )


@check(
    "P5.1",
    "Objectives are ranked, at most three under a pillar",
    "Where everything comes first nothing does: few, ranked goals can be shared and kept to.",
    Severity.ADVICE,
)
def few_and_ranked(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return NO_OBJECTIVE
    under: dict[str, list[int]] = defaultdict(list)
    for objective in facts.objectives:
        under[objective.pillar].append(objective.rank)
    refs = []
    for pillar in facts.pillars:
        ranks = under.get(pillar.code, [])
        if len(ranks) > MOST_PER_PILLAR:
            refs.append(ObjectRef("pillar", pillar.code, f"{pillar.title}: {len(ranks)} objectives"))
        elif len(set(ranks)) < len(ranks):
            refs.append(ObjectRef("pillar", pillar.code, f"{pillar.title}: two objectives share a rank"))
    if not refs:
        return Result(Outcome.PASS, f"{counted(len(facts.objectives), 'objective')}, ranked, at most three a pillar.")
    return Result(
        Outcome.ATTENTION,
        f"Objectives under {counted(len(refs), 'pillar')} are more than three, or not ranked one after the other.",
        tuple(refs),
        "pillar",
    )


@check(
    "P5.2",
    "Each objective says why it raises productivity",
    "Productivity is what ties objectives, interventions and outcomes together.",
    Severity.ESSENTIAL,
)
def productivity_rationale(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return NO_OBJECTIVE
    return over_items(
        facts.objectives,
        lambda objective: gaps_in(no_rationale=not objective.rationale.strip()),
        kind="objective",
        label=_title,
        good=("says why it raises productivity", "say why they raise productivity"),
        bad=("does not say why it raises productivity", "do not say why they raise productivity"),
    )


@check(
    "P5.3",
    "Each objective has an owner here and a national counterpart",
    "A common goal has somebody on each side who answers for it.",
    Severity.ADVICE,
)
def owners(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return NO_OBJECTIVE
    return over_items(
        facts.objectives,
        lambda o: gaps_in(
            no_owner_here=not o.owner.strip(), no_national_counterpart=not o.national_counterpart.strip()
        ),
        kind="objective",
        label=_title,
        good=("has an owner here and a national counterpart", "have an owner here and a national counterpart"),
        bad=("lacks an owner here or a national counterpart", "lack an owner here or a national counterpart"),
    )


@check(
    "P5.4",
    "The horizon is ten years or more",
    "Productivity changes slowly; goals for a few years favour what shows quickly.",
    Severity.ADVICE,
)
def long_horizon(facts: StrategyFacts) -> Result:
    if not facts.objectives:
        return not_yet("There is no objective yet that a horizon could hold for.")
    years = facts.horizon_year - facts.started_year
    if years >= HORIZON_YEARS:
        return Result(Outcome.PASS, f"The strategy looks to {facts.horizon_year}, {years} years from its start.")
    return Result(
        Outcome.ATTENTION,
        f"The strategy looks to {facts.horizon_year}, {counted(max(years, 0), 'year')} from its start in "
        f"{facts.started_year}.",
        (),
        "strategy_edit",
    )


@check(
    "P5.5",
    "Links across pillars are stated",
    "Skills pay where firms can use them, and ideas where firms take them up: measures that serve one pillar alone "
    "miss this.",
    Severity.ADVICE,
)
def linked_pillars(facts: StrategyFacts) -> Result:
    pillar_of = {objective.id: objective.pillar for objective in facts.objectives}
    in_use = [pillar for pillar in facts.pillars if pillar.code in set(pillar_of.values())]
    wanted = [
        (a, b)
        for a, b in combinations(in_use, 2)
        if "people" in (a.code, b.code) or {a.code, b.code} == {"ideas", "business-environment"}
    ]
    if not wanted or not facts.interventions:
        return not_yet("There are not yet interventions and objectives under two pillars that ought to be linked.")
    served = [{pillar_of[o] for o in i.objectives if o in pillar_of} for i in facts.interventions]
    unlinked = [(a, b) for a, b in wanted if not any({a.code, b.code} <= pillars for pillars in served)]
    if not unlinked:
        return Result(Outcome.PASS, "Interventions serve objectives under each of the pillars that belong together.")
    pairs = "; ".join(f"{a.title} with {b.title}" for a, b in unlinked)
    return Result(
        Outcome.ATTENTION,
        f"No intervention serves objectives under both of these pillars: {pairs}.",
        (),
        "chain",
    )

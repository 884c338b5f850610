"""The software's checks: each passes on a strategy that has what it asks for, and finds it where it is taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.domain.facts import (
    CitationFacts,
    DiagnosisFacts,
    InterventionFacts,
    ObjectiveFacts,
    PillarFacts,
    ReportFacts,
    SectionFacts,
    StrategyFacts,
)
from strategies.domain.principles import Outcome, Severity, all_checks, run_checks, state_of
from strategies.domain.principles.findings import Finding, check
from strategies.domain.principles.text import is_cited, sentences

EMPTY = StrategyFacts(
    title="Testshire strategy",
    slug="testshire",
    lep="Testshire",
    place="Testshire",
    place_code="E37000001",
    framework="Local Industrial Strategy (2018)",
    framework_code="lis",
    framework_version=1,
    horizon_year=2036,
    started_year=2026,
    pillars=(PillarFacts("ideas", "Ideas", 1), PillarFacts("people", "People", 2)),
    sections=(SectionFacts("summary", "Summary", 1, ""), SectionFacts("ideas", "Ideas", 2, "", pillar="ideas")),
)

BODY = """Output an hour is lower than in similar areas, at £31.20 [in 2023](https://www.ons.gov.uk/).

Digital tools spread slowly, exports are few, the population is ageing, and net zero changes what is made here.

- Young disabled people gain from shared places.
- Productivity was £31.2 an hour.
"""

FIGURE = {"label": "GVA per hour", "place": "Testshire", "value": 31.2, "decimals": 1, "source": "ONS", "unit": "£"}
WHOLE = replace(
    EMPTY,
    sections=(SectionFacts("summary", "Summary", 1, BODY),),
    citations=(
        CitationFacts(
            1,
            "figure",
            "GVA per hour, 2023",
            indicator="gva",
            figure={**FIGURE, "period": "2023", "peers_median": 34.5, "england": 38.0, "report_id": "r1"},
        ),
        CitationFacts(
            2,
            "figure",
            "GVA per hour, 2017",
            indicator="gva",
            figure={**FIGURE, "period": "2017", "peers_median": 31.5, "england": 35.0, "report_id": "r1"},
        ),
        CitationFacts(3, "report", "How Testshire compares", report_id="r1"),
        CitationFacts(4, "what_works", "Apprenticeships", review={"studies_on_outcome": 9, "studies_positive": 7}),
        CitationFacts(5, "local", "Skills survey", source_name="Chamber of Commerce"),
    ),
    reports=(ReportFacts("r1", "How Testshire compares", "Testshire", "May 2025", "2026-11-24", True, ("Ambria",)),),
    diagnoses=(
        DiagnosisFacts(1, "ideas", "Firms adopt late", "", "demand", "", "information", "", "They do not know.", (1,)),
        DiagnosisFacts(2, "people", "Firms train too little", "", "supply", "", "externality", "", "Poaching.", (5,)),
    ),
    objectives=(
        ObjectiveFacts(
            1, "ideas", "Firms use what exists", 1, "They make more.", 1, owner="A", national_counterpart="B"
        ),
        ObjectiveFacts(2, "people", "Raise skills", 2, "They make more.", 1, owner="A", national_counterpart="B"),
    ),
    interventions=(
        InterventionFacts(
            1,
            "Shared apprentices",
            objectives=(1, 2),
            description="Small firms may apply for three years. Without it few would train. Displacement is watched.",
            reach="sector",
            sector_argument="Only builders share sites.",
            activities="Match firms.",
            outputs="Apprentices placed.",
            outcomes="More qualified people.",
            who_gains="Young people.",
            who_may_lose="Training providers elsewhere.",
            delivery_partner="The college",
            risk_owner="The authority",
            citations=(4,),
            evaluation_question="Do more young people qualify?",
            evaluation_design="Sample of 400 people. Stop if fewer than half finish; success is scaled up.",
            evaluation_level=3,
            evaluation_owner="The university",
        ),
        InterventionFacts(
            2,
            "Adoption vouchers",
            objectives=(1,),
            description="Firms may apply until 2029. Some buy anyway; others could be displaced. Failure ends it.",
            reach="horizontal",
            activities="Give vouchers.",
            outputs="Tools bought.",
            outcomes="More made an hour.",
            who_gains="Small firms.",
            who_may_lose="Suppliers of older tools.",
            delivery_partner="The growth hub",
            risk_owner="The authority",
            citations=(4,),
            evaluation_question="Do vouchers speed up adoption?",
            evaluation_design="Lottery among 300 firms; stop after a year without a difference.",
            evaluation_level=5,
            evaluation_owner="The university",
        ),
    ),
)


def with_first(facts: StrategyFacts, part: str, **changes: object) -> StrategyFacts:
    """Return the facts with the first of a part's items changed."""
    first, *rest = getattr(facts, part)
    return replace(facts, **{part: (replace(first, **changes), *rest)})


def with_text(body: str) -> StrategyFacts:
    """Return the whole strategy with another text."""
    return with_first(WHOLE, "sections", body=body)


def found(facts: StrategyFacts, code: str) -> Finding:
    """Return the finding of one check."""
    return next(finding for finding in run_checks(facts) if finding.code == code)


ONE_FIGURE = replace(WHOLE, citations=WHOLE.citations[:1])
UNTESTED = with_first(WHOLE, "interventions", citations=(5,))

# code → the same strategy with what the check asks for, and with it taken away; the outcome that is then due
CASES: dict[str, tuple[StrategyFacts, StrategyFacts, Outcome]] = {
    "P1.1": (WHOLE, with_first(WHOLE, "diagnoses", citations=(4,)), Outcome.MISSING),
    "P1.2": (WHOLE, replace(WHOLE, reports=()), Outcome.MISSING),
    "P1.3": (WHOLE, with_text("Output is well below average."), Outcome.ATTENTION),
    "P1.4": (WHOLE, with_first(WHOLE, "citations", figure={**FIGURE, "england": 38.0}), Outcome.ATTENTION),
    "P1.6": (WHOLE, with_first(WHOLE, "objectives", title="Create 10,000 new jobs"), Outcome.ATTENTION),
    "P1.7": (WHOLE, with_text("Some 45% of firms train."), Outcome.ATTENTION),
    "P2.3": (
        WHOLE,
        with_first(WHOLE, "citations", figure={**FIGURE, "period": "2019", "peers_median": 1.0}),
        Outcome.ATTENTION,
    ),
    "P2.4": (WHOLE, with_text("Digital tools, exports and an ageing population."), Outcome.ATTENTION),
    "P3.1": (WHOLE, with_first(WHOLE, "diagnoses", side=""), Outcome.MISSING),
    "P3.2": (WHOLE, with_first(WHOLE, "diagnoses", failure=""), Outcome.MISSING),
    "P3.3": (WHOLE, with_first(WHOLE, "objectives", diagnosis=None), Outcome.MISSING),
    "P5.1": (WHOLE, with_first(WHOLE, "objectives", pillar="people"), Outcome.ATTENTION),
    "P5.2": (WHOLE, with_first(WHOLE, "objectives", rationale=" "), Outcome.MISSING),
    "P5.3": (WHOLE, with_first(WHOLE, "objectives", national_counterpart=""), Outcome.MISSING),
    "P5.4": (WHOLE, replace(WHOLE, horizon_year=2031), Outcome.ATTENTION),
    "P5.5": (WHOLE, with_first(WHOLE, "interventions", objectives=(1,)), Outcome.ATTENTION),
    "P6.1": (WHOLE, with_first(WHOLE, "interventions", outputs=""), Outcome.MISSING),
    "P6.3": (WHOLE, with_first(WHOLE, "interventions", citations=()), Outcome.MISSING),
    "P6.4": (WHOLE, with_first(WHOLE, "interventions", sector_argument=""), Outcome.MISSING),
    "P7.1": (WHOLE, with_first(WHOLE, "interventions", description="Firms may apply."), Outcome.ATTENTION),
    "P7.2": (WHOLE, with_first(WHOLE, "interventions", description="Firms may apply."), Outcome.ATTENTION),
    "P7.3": (WHOLE, with_first(WHOLE, "interventions", description="Firms may apply."), Outcome.ATTENTION),
    "P8.1": (WHOLE, with_first(WHOLE, "interventions", description="A pool."), Outcome.ATTENTION),
    "P8.2": (
        WHOLE,
        with_first(WHOLE, "interventions", who_may_lose="", description="A pool."),
        Outcome.ATTENTION,
    ),
    "P8.3": (WHOLE, with_first(WHOLE, "interventions", evaluation_design="400 people."), Outcome.ATTENTION),
    "P9.1": (WHOLE, with_first(WHOLE, "interventions", who_may_lose=""), Outcome.MISSING),
    "P9.3": (WHOLE, with_text("Young people gain."), Outcome.ATTENTION),
    "P10.1": (WHOLE, with_first(WHOLE, "interventions", risk_owner=""), Outcome.MISSING),
    "P10.2": (WHOLE, with_first(WHOLE, "interventions", evaluation_level=None), Outcome.MISSING),
    "P10.3": (WHOLE, with_first(WHOLE, "interventions", evaluation_design="Compare."), Outcome.ATTENTION),
    "P10.4": (WHOLE, with_first(WHOLE, "interventions", evaluation_design="Compare."), Outcome.ATTENTION),
    "P10.6": (UNTESTED, with_first(UNTESTED, "interventions", evaluation_level=1), Outcome.ATTENTION),
}


def test_every_check_has_a_case():
    assert set(CASES) == {each.code for each in all_checks()}


@pytest.mark.parametrize("code", CASES)
def test_a_check_passes_where_the_strategy_has_what_it_asks_for(code):
    finding = found(CASES[code][0], code)
    assert finding.outcome is Outcome.PASS, finding.message
    assert not finding.objects


@pytest.mark.parametrize("code", CASES)
def test_a_check_finds_what_was_taken_away_and_says_why_it_matters(code):
    _, broken, outcome = CASES[code]
    finding = found(broken, code)
    rationale = next(each.rationale for each in all_checks() if each.code == code)
    assert finding.outcome is outcome, finding.message
    assert finding.message.endswith(rationale)
    assert finding.mend


@pytest.mark.parametrize("facts", [EMPTY, replace(EMPTY, pillars=(), sections=())])
def test_nothing_passes_on_an_empty_strategy(facts):
    assert {f.outcome for f in run_checks(facts)} <= {
        Outcome.MISSING,
        Outcome.NOT_APPLICABLE,
        Outcome.CANNOT_BE_CHECKED,
    }


def test_an_empty_strategy_is_told_where_to_begin():
    missing = {f.code: f.mend for f in run_checks(EMPTY) if f.outcome is Outcome.MISSING}
    assert missing["P1.2"] == "report_new"
    assert missing["P3.1"] == "diagnosis_new"
    assert missing["P5.2"] == "objective_new"
    assert missing["P6.1"] == "intervention_new"


def test_findings_point_at_the_parts_to_mend():
    finding = found(with_first(WHOLE, "objectives", owner="", national_counterpart=""), "P5.3")
    (part,) = finding.objects
    assert (part.kind, part.id) == ("objective", "1")
    assert part.label == "Firms use what exists: no owner here and no national counterpart"
    assert finding.message.startswith("1 of 2 objectives lacks an owner here or a national counterpart.")


def test_a_report_that_is_not_cited_or_rests_on_older_data_needs_attention():
    uncited = replace(WHOLE, citations=WHOLE.citations[3:])
    assert found(uncited, "P1.2").outcome is Outcome.ATTENTION
    older = with_first(WHOLE, "reports", is_latest_data=False)
    assert "older data" in found(older, "P1.2").message


def test_weak_evidence_is_named_with_its_counts():
    weak = replace(WHOLE.citations[3], review={"studies_on_outcome": 9, "studies_positive": 2})
    finding = found(replace(WHOLE, citations=(*WHOLE.citations[:3], weak, WHOLE.citations[4])), "P6.3")
    assert finding.outcome is Outcome.ATTENTION
    assert "only 2 of 9 studies found a positive effect (Apprenticeships)" in finding.objects[0].label


def test_a_single_period_is_no_trend_and_is_not_claimed_as_one():
    assert found(ONE_FIGURE, "P2.3").outcome is Outcome.CANNOT_BE_CHECKED


def test_two_objectives_of_the_same_rank_are_not_ranked():
    objectives = tuple(replace(o, pillar="people", rank=1) for o in WHOLE.objectives)
    assert "share a rank" in found(replace(WHOLE, objectives=objectives), "P5.1").objects[0].label


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Pay is lower than the national average.", Outcome.PASS),
        ("Pay is lower than in Ambria.", Outcome.PASS),
        ("Output is higher than in 2015.", Outcome.NOT_APPLICABLE),
        ("We compared with others.", Outcome.ATTENTION),
        ("Firms here lag behind.", Outcome.ATTENTION),
        ("The centre is above the river.", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_comparison_must_name_its_group(text, outcome):
    assert found(with_text(text), "P1.3").outcome is outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("It was £31 an hour.", Outcome.PASS),
        ("It was £31.2 an hour.", Outcome.PASS),
        ("It was £31.4 an hour.", Outcome.ATTENTION),
        ("A share of 45%, says the Chamber of Commerce.", Outcome.PASS),
        ("Founded in 1994, with 12 members.", Outcome.NOT_APPLICABLE),
        ("| Place | Share |\n| --- | --- |\n| Here | 45% |", Outcome.ATTENTION),
    ],
)
def test_a_figure_in_the_text_must_have_a_source(text, outcome):
    assert found(with_text(text), "P1.7").outcome is outcome


@pytest.mark.parametrize(
    ("written", "number", "expected"),
    [
        ("1.2 million", 1_234_567.0, True),
        ("£1,235", 1234.6, True),
        ("12%", 12.4, True),
        ("12.5%", 12.4, False),
        ("£3 billion", 3.1e9, True),
    ],
)
def test_a_figure_matches_a_cited_number_rounded_as_it_is_written(written, number, expected):
    assert is_cited(written, [number]) is expected


def test_sentences_are_split_at_ends_and_list_items_but_not_within_numbers():
    facts = with_text("It rose to 3.5 points. Then it fell.\n\n- One thing\n- Another thing. And more.")
    assert [s.text for s in sentences(facts)] == [
        "It rose to 3.5 points.",
        "Then it fell.",
        "- One thing",
        "- Another thing.",
        "And more.",
    ]


def test_two_checks_cannot_share_a_code():
    with pytest.raises(ValueError, match=r"P1\.1"):
        check("P1.1", "Again", "Why.", Severity.ADVICE)(lambda facts: None)


def test_the_state_of_a_principle_names_what_is_missing_before_what_needs_attention():
    findings = run_checks(CASES["P3.1"][1])
    assert state_of([f for f in findings if f.principle == 3]).code == "missing"
    assert state_of([f for f in run_checks(CASES["P1.3"][1]) if f.principle == 1]).code == "attention"
    assert state_of([f for f in run_checks(WHOLE) if f.principle == 3]).code == "clear"
    assert state_of([]).label == "Judged by the reviewer alone"


kinds = st.sampled_from(["figure", "report", "local", "what_works"])


@given(kinds, st.sampled_from(["ideas", "people"]))
def test_citing_more_evidence_for_a_diagnosis_never_makes_it_less_evidenced(kind, pillar):
    extra = CitationFacts(99, kind, "More", figure={}, review={"studies_on_outcome": 3, "studies_positive": 3})
    for facts in (WHOLE, CASES["P1.1"][1], CASES["P3.1"][1]):
        diagnoses = tuple(
            replace(d, citations=(*d.citations, 99)) if d.pillar == pillar else d for d in facts.diagnoses
        )
        richer = replace(facts, citations=(*facts.citations, extra), diagnoses=diagnoses)
        for code in ("P1.1", "P3.1"):
            before, after = found(facts, code), found(richer, code)
            assert len(after.objects) <= len(before.objects)
            assert before.outcome is not Outcome.PASS or after.outcome is Outcome.PASS


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    facts = with_text(text)
    assert run_checks(facts) == run_checks(StrategyFacts.from_dict(facts.to_dict()))


@given(st.data())
def test_taking_parts_away_never_breaks_a_check(data):
    """References to parts that are gone, as between an edit and the next, are findings and not failures."""
    parts = ("pillars", "sections", "citations", "diagnoses", "objectives", "interventions", "reports")
    facts = replace(
        WHOLE,
        **{part: tuple(x for x in getattr(WHOLE, part) if data.draw(st.booleans(), label=part)) for part in parts},
    )
    assert len(run_checks(facts)) == len(CASES)

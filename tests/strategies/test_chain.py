"""The chain: nothing is lost, every gap is found, and the next step follows the thread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.domain.chain import STEPS, build_chain, coverage, next_step
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

PILLARS = (PillarFacts("ideas", "Ideas", 1), PillarFacts("people", "People", 2))
EMPTY = StrategyFacts(
    title="Strategy",
    slug="strategy",
    lep="Testshire",
    place="Testshire",
    place_code="E1",
    framework="Framework (2018)",
    framework_code="framework",
    framework_version=1,
    horizon_year=2036,
    started_year=2026,
    pillars=PILLARS,
)
REPORT = ReportFacts("r", "Report", "Testshire", "Release", "2026-11-24", True)
WHOLE = replace(
    EMPTY,
    reports=(REPORT,),
    citations=(
        CitationFacts(1, "figure", "GVA per hour", figure={"value": 31.25, "unit": "£", "decimals": 1}),
        CitationFacts(2, "what_works", "Apprenticeships: 7 of 9 studies"),
    ),
    diagnoses=(
        DiagnosisFacts(1, "people", "Too little training", side="supply", failure="externality", citations=(1,)),
    ),
    objectives=(
        ObjectiveFacts(1, "people", "Train more", diagnosis=1, rationale="Because", outcome="More at level 3"),
    ),
    interventions=(
        InterventionFacts(
            1,
            "Pool",
            objectives=(1,),
            outcomes="More qualified",
            citations=(2,),
            evaluation_question="Does it work?",
            evaluation_design="By lot",
            evaluation_level=5,
        ),
    ),
    sections=(SectionFacts("summary", "Summary", 1, "Text"),),
)


def test_a_whole_thread_has_no_gap_and_reads_from_evidence_to_evaluation():
    chain = build_chain(WHOLE)
    assert chain.gaps == ()
    assert [node.step for node in chain.nodes if "2" not in node.id] == list(STEPS)
    assert ("evidence-1", "diagnosis-1") in chain.links
    assert ("outcome-1", "evaluation-1") in chain.links
    assert ("evidence-2", "intervention-1") in chain.links
    assert "£31.2" in chain.nodes[0].title


@pytest.mark.parametrize(
    ("part", "change", "step", "words"),
    [
        ("diagnoses", {"citations": ()}, "evidence", "cites no evidence"),
        ("diagnoses", {"side": ""}, "diagnosis", "supply or the demand side"),
        ("diagnoses", {"failure": ""}, "diagnosis", "market or government failure"),
        ("objectives", {"diagnosis": None}, "diagnosis", "answers no diagnosis"),
        ("objectives", {"rationale": ""}, "objective", "why it raises productivity"),
        ("objectives", {"outcome": ""}, "outcome", "names no outcome"),
        ("interventions", {"objectives": ()}, "objective", "serves no objective"),
        ("interventions", {"citations": ()}, "evidence", "cites no evidence"),
        ("interventions", {"outcomes": ""}, "outcome", "names no outcome"),
        ("interventions", {"evaluation_design": ""}, "evaluation", "has no evaluation"),
    ],
)
def test_each_thing_left_out_is_a_gap_that_says_where_it_is_mended(part, change, step, words):
    broken = replace(WHOLE, **{part: (replace(getattr(WHOLE, part)[0], **change),)})
    gaps = [gap for gap in build_chain(broken).gaps if words in gap.message]
    assert [gap.step for gap in gaps] == [step]
    assert gaps[0].mend.page.endswith("_edit")
    assert gaps[0].mend.object_id == 1


def test_a_diagnosis_that_nothing_answers_offers_an_objective_for_it():
    gap = next(g for g in build_chain(replace(WHOLE, objectives=(), interventions=())).gaps if g.step == "objective")
    assert gap.mend.page == "objective_new"
    assert dict(gap.mend.initial) == {"pillar": "people", "diagnosis": "1"}


def test_the_next_step_follows_the_thread():
    assert next_step(EMPTY, build_chain(EMPTY)).mend.page == "report_new"
    reported = replace(EMPTY, reports=(REPORT,))
    assert next_step(reported, build_chain(reported)).mend.page == "diagnosis_new"
    broken = replace(WHOLE, interventions=())
    assert next_step(broken, build_chain(broken)).mend.page == "intervention_new"
    unwritten = replace(WHOLE, sections=(SectionFacts("summary", "Summary", 1, " "),))
    assert "Summary" in next_step(unwritten, build_chain(unwritten)).title
    assert next_step(WHOLE, build_chain(WHOLE)).mend.page == "document_new"


def test_coverage_tells_nothing_from_something_and_something_from_all():
    cells = coverage(WHOLE, build_chain(WHOLE))
    assert {cells["people", step] for step in STEPS} == {"full"}
    assert {cells["ideas", step] for step in STEPS} == {"none"}
    broken = replace(WHOLE, diagnoses=(replace(WHOLE.diagnoses[0], side=""),))
    assert coverage(broken, build_chain(broken))["people", "diagnosis"] == "part"


ids = st.integers(1, 5)
texts = st.sampled_from(["", "Some text"])


@st.composite
def any_facts(draw):
    citations = draw(st.lists(ids, unique=True))
    diagnoses = draw(st.lists(ids, unique=True))
    objectives = draw(st.lists(ids, unique=True))
    interventions = draw(st.lists(ids, unique=True))
    some = lambda of: tuple(draw(st.lists(st.sampled_from(of), unique=True)) if of else [])  # noqa: E731
    pillar = st.sampled_from(["ideas", "people"])
    return replace(
        EMPTY,
        citations=tuple(CitationFacts(i, "local", f"C{i}") for i in citations),
        diagnoses=tuple(
            DiagnosisFacts(i, draw(pillar), f"D{i}", side=draw(texts), citations=some(citations)) for i in diagnoses
        ),
        objectives=tuple(
            ObjectiveFacts(
                i,
                draw(pillar),
                f"O{i}",
                diagnosis=draw(st.sampled_from([None, *diagnoses])),
                outcome=draw(texts),
            )
            for i in objectives
        ),
        interventions=tuple(
            InterventionFacts(
                i,
                f"I{i}",
                objectives=some(objectives),
                citations=some(citations),
                outcomes=draw(texts),
                evaluation_question=draw(texts),
                evaluation_design=draw(texts),
            )
            for i in interventions
        ),
    )


@given(any_facts())
def test_no_part_is_lost_and_every_link_has_both_ends(facts):
    chain = build_chain(facts)
    found = {node.id for node in chain.nodes}
    assert len(found) == len(chain.nodes)
    assert all(source in found and target in found for source, target in chain.links)
    assert len(set(chain.links)) == len(chain.links)
    for kind, parts in [
        ("diagnosis", facts.diagnoses),
        ("objective", facts.objectives),
        ("intervention", facts.interventions),
    ]:
        assert {f"{kind}-{part.id}" for part in parts} <= found
    cited = {c for part in (*facts.diagnoses, *facts.interventions) for c in part.citations}
    assert {f"evidence-{c}" for c in cited} <= found


@given(any_facts())
def test_every_box_but_evidence_is_tied_to_something(facts):
    chain = build_chain(facts)
    tied = {end for link in chain.links for end in link}
    assert {node.id for node in chain.nodes} == tied
    assert all(node.gap is None or node.gap in chain.gaps for node in chain.nodes)

"""The strength of evidence: six states, four facts in words, and flags that unknown facts never raise."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.domain.strength import (
    EvidenceFacts,
    FlagKind,
    State,
    claim_flags,
    counts,
    effect_sentence,
    four_facts,
    outcomes_named,
    state_of,
    total_studies,
)

REVIEW = EvidenceFacts(
    title="Apprenticeships",
    outcome="Employment",
    screened=1250,
    counted=27,
    from_level=3,
    on_outcome=9,
    positive=7,
    source_year=2016,
)
TRIAL = EvidenceFacts(
    title="Vouchers",
    outcome="Turnover",
    direction="positive",
    effect_size="Turnover 8.2% higher",
    counted=1,
    on_outcome=1,
    best_level=5,
    uk=1,
    newest_year=2020,
)
YEAR = 2026


@st.composite
def facts(draw) -> EvidenceFacts:
    """Anything that a source may state, with counts that nest; and anything of it left out."""
    counted = draw(st.integers(0, 80))
    on_outcome = draw(st.integers(0, counted))
    positive = draw(st.integers(0, on_outcome))
    harmful = draw(st.integers(0, on_outcome - positive))
    unknown = st.none()
    return EvidenceFacts(
        title=draw(st.sampled_from(["", "Advice"])),
        outcome=draw(st.sampled_from(["", "Employment", "Turnover", "GDP for each resident"])),
        direction=draw(st.sampled_from(["", "positive", "mixed", "none", "harmful", "not_measured"])),
        effect_size=draw(st.sampled_from(["", "8.2% higher", "five jobs more"])),
        effect_interval=draw(st.sampled_from(["", "2% to 14%"])),
        screened=draw(unknown | st.integers(counted, 3000)),
        counted=draw(unknown | st.just(counted)),
        from_level=draw(unknown | st.integers(1, 5)),
        on_outcome=draw(unknown | st.just(on_outcome)),
        positive=draw(unknown | st.just(positive)),
        harmful=draw(unknown | st.just(harmful)),
        best_level=draw(unknown | st.integers(1, 5)),
        uk=draw(unknown | st.integers(0, counted)),
        newest_year=draw(unknown | st.integers(1990, 2026)),
        source_year=draw(unknown | st.integers(1990, 2026)),
        local=draw(st.booleans()),
    )


def kinds(evidence, outcome="") -> set[FlagKind]:
    return {flag.kind for flag in claim_flags(evidence, year=YEAR, outcome=outcome)}


class TestTheState:
    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({"positive": 7}, State.WORKS),
            ({"positive": 4}, State.MIXED),
            ({"positive": 0}, State.NO_EFFECT),
            ({"positive": 0, "none": 9}, State.NO_EFFECT),
            ({"positive": 0, "harmful": 1}, State.MIXED),
            ({"positive": 1, "harmful": 6}, State.HARMFUL),
            ({"on_outcome": 0, "positive": 0}, State.OTHER_OUTCOME),
            ({"counted": 0, "on_outcome": 0, "positive": 0}, State.NO_EVIDENCE),
            ({"positive": None}, None),
            ({"on_outcome": None, "positive": None}, None),
            ({"positive": None, "direction": "mixed"}, State.MIXED),
            ({"direction": "none", "positive": None}, State.NO_EFFECT),
            ({"direction": "not_measured", "on_outcome": None, "positive": None}, State.OTHER_OUTCOME),
        ],
    )
    def test_it_follows_from_what_the_source_states(self, changes, state):
        assert state_of(replace(REVIEW, **changes)) == state

    @given(facts())
    def test_no_effect_found_is_never_said_where_nobody_looked(self, item):
        state = state_of(item)
        if state == State.NO_EFFECT:
            assert item.counted != 0
            assert item.on_outcome != 0
        if item.counted == 0:
            assert state == State.NO_EVIDENCE

    @given(facts())
    def test_no_effect_and_no_evidence_are_never_the_same_words(self, item):
        nobody_looked = replace(item, counted=0, on_outcome=0, positive=0, harmful=0)
        looked = replace(item, counted=9, on_outcome=9, positive=0, harmful=0, mixed=None, direction="")
        assert (state_of(nobody_looked), state_of(looked)) == (State.NO_EVIDENCE, State.NO_EFFECT)
        assert effect_sentence(nobody_looked) != effect_sentence(looked)
        assert counts(nobody_looked) != counts(looked)


class TestTheFourFacts:
    def test_they_stand_side_by_side(self):
        effect, strength, cost, transferability = four_facts(REVIEW)
        assert effect.text == (
            "Of 9 studies that looked at employment, 7 found a positive effect. Size: not stated. Interval: not stated."
        )
        assert strength.text == (
            "27 studies at Maryland level 3 or above, of 1,250 looked through. Best Maryland level: not stated. "
            "From the United Kingdom: not stated. Newest study: not stated; the source is of 2016."
        )
        assert (cost.text, transferability.text) == ("Not stated.", "Not stated.")

    def test_a_single_trial_reads_as_one(self):
        effect, strength, *_ = four_facts(TRIAL)
        assert effect.text == (
            "1 study looked at turnover: it found a positive effect. Size: Turnover 8.2% higher. Interval: not stated."
        )
        assert "From the United Kingdom: 1 of 1 study." in strength.text

    def test_a_direction_without_counts_says_that_the_counts_are_not_stated(self):
        item = EvidenceFacts(outcome="Employment", direction="positive", counted=10)
        assert effect_sentence(item) == (
            "The source reports a positive effect on employment; how many studies looked at employment is not stated; "
            "it counts 10 studies."
        )

    def test_local_evidence_is_not_put_on_the_maryland_scale(self):
        effect, strength, *_ = four_facts(EvidenceFacts(local=True))
        assert effect.text.startswith("Not measured")
        assert strength.text.startswith("Not on the Maryland scale")

    @given(facts().filter(lambda item: not item.local))
    def test_the_number_of_studies_is_always_there_and_no_percentage_stands_bare(self, item):
        effect, strength, *_ = four_facts(item)
        for text in (effect.text, strength.text, counts(item), effect_sentence(item)):
            assert re.search(r"\d stud(y|ies)|[Nn]o study|[Nn]umber of studies|how many studies", text), text
        assert "None" not in effect.text.replace("None of", "")
        assert not re.search(r"\d\s*(%|per cent)", strength.text + counts(item) + effect_sentence(item))

    @given(facts())
    def test_what_is_not_stated_is_never_written_as_nought(self, item):
        silent = replace(item, counted=None, on_outcome=None, positive=None, harmful=None, uk=None, best_level=None)
        words = " ".join(fact.text for fact in four_facts(replace(silent, local=False)))
        assert not re.search(r"\b0\b", words)
        assert "not stated" in words


class TestFlagsOnAClaim:
    def test_a_claim_without_evidence_is_uncited_and_nothing_else(self):
        assert kinds([]) == {FlagKind.UNCITED}

    def test_a_sound_review_raises_none(self):
        assert kinds([REVIEW], "Employment") == set()

    @pytest.mark.parametrize(
        ("evidence", "outcome", "flag"),
        [
            ([replace(REVIEW, best_level=2, from_level=1)], "", FlagKind.BELOW_LEVEL),
            ([TRIAL], "", FlagKind.SINGLE_STUDY),
            ([replace(REVIEW, uk=0)], "", FlagKind.NOT_UK),
            ([replace(REVIEW, newest_year=2015)], "", FlagKind.OLD),
            ([replace(REVIEW, source_year=2015)], "", FlagKind.OLD),
            ([REVIEW], "higher output per hour", FlagKind.OTHER_OUTCOME),
            ([TRIAL], "", FlagKind.NO_INTERVAL),
        ],
    )
    def test_each_weakness_is_flagged_in_a_sentence(self, evidence, outcome, flag):
        found = {f.kind: f.sentence for f in claim_flags(evidence, year=YEAR, outcome=outcome)}
        assert found[flag][0].isupper()
        assert found[flag].endswith(".")

    def test_citing_a_review_that_found_no_study_is_flagged(self):
        assert kinds([replace(REVIEW, counted=0, on_outcome=0, positive=0)]) == {FlagKind.BELOW_LEVEL}

    def test_ten_years_are_not_yet_over_ten(self):
        assert FlagKind.OLD not in kinds([replace(REVIEW, newest_year=2016)])

    def test_two_outcomes_of_one_trial_are_still_a_single_study(self):
        trial = replace(TRIAL, study_set="vouchers")
        assert FlagKind.SINGLE_STUDY in kinds([trial, replace(trial, outcome="Employment")])
        assert FlagKind.SINGLE_STUDY not in kinds([TRIAL, replace(TRIAL, outcome="Employment")])

    def test_another_item_mends_what_one_lacks(self):
        weak = replace(REVIEW, best_level=2, from_level=1, uk=0, newest_year=2010)
        strong = replace(TRIAL, outcome="Employment", effect_interval="2 to 14")
        assert kinds([weak, strong], "jobs") == set()

    def test_outcomes_in_other_words_are_the_same_outcome(self):
        assert FlagKind.OTHER_OUTCOME not in kinds([REVIEW], "More jobs for young people")
        assert outcomes_named("R&D spending and patents") == {"research", "innovation"}

    def test_an_outcome_in_unknown_words_is_not_judged(self):
        assert FlagKind.OTHER_OUTCOME not in kinds([REVIEW], "A happier town")
        assert FlagKind.OTHER_OUTCOME not in kinds([replace(REVIEW, outcome="At least one outcome")], "Turnover")

    def test_a_survey_of_local_people_counts_as_a_citation_and_no_more(self):
        assert kinds([EvidenceFacts(local=True, title="Survey")], "Employment") == set()

    @given(st.lists(facts(), min_size=1, max_size=4), st.sampled_from(["", "Employment", "A happier town"]))
    def test_unknown_facts_never_raise_a_flag(self, items, outcome):
        silent = [
            EvidenceFacts(title=item.title, local=item.local, direction=item.direction, effect_interval="1 to 2")
            for item in items
        ]
        assert kinds(silent, outcome) == set()
        raised = kinds(items, outcome) - {FlagKind.NO_INTERVAL}
        one_unknown = [*items, EvidenceFacts(title="Unknown")]
        assert not kinds(one_unknown, outcome) & raised
        assert FlagKind.UNCITED not in kinds(items)


def test_studies_of_one_set_are_added_once():
    assert total_studies([("innovation", 63), ("innovation", 42), ("", 7), ("", 7)]) == 77

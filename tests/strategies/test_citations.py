"""What a citation keeps of the evidence, what newer data say of it, and what is weak about a claim's evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from evidence.selectors.citations import finding_sentence, newer_figures
from lisapp.audit.models import LogEntry
from lisapp.design import markdown
from lisapp.design.marks import replace_mark
from lisapp.documents.document import Run
from lisapp.documents.markdown import blocks_of
from lisapp.errors import NotAllowed, StaleEdit
from strategies.domain.facts import CitationFacts, DiagnosisFacts, InterventionFacts, SectionFacts, StrategyFacts
from strategies.domain.strength import flags_of_claim
from strategies.models import Citation, Diagnosis
from strategies.selectors.facts import strategy_facts
from strategies.services import citations
from strategies.services.sections import restore_revision, save_section
from tests.factories.evidence import (
    ComparatorReportFactory,
    EvidenceItemFactory,
    IndicatorFactory,
    ObservationFactory,
    SourceFactory,
)
from tests.factories.kernel import LEPFactory, MembershipFactory
from tests.factories.strategies import CitationFactory, DiagnosisFactory, InterventionFactory, StrategyFactory
from tests.strategies import document_facts

FOUND = {
    "unit": "£",
    "decimals": 2,
    "lower": None,
    "upper": None,
    "source": "ONS",
    "url": "https://www.ons.gov.uk/",
    "licence": "OGL",
    "vintage": "Published May 2025",
    "derivation": "",
    "peers_median": 34.5,
    "england": 38.0,
    "peers_n": 15,
    "peers_q1": 33.0,
    "peers_q3": 36.0,
    "gap": -3.3,
    "gap_lower": -4.1,
    "gap_upper": -2.5,
    "favourable": False,
    "disagreeing": [],
    "state": "below peers",
}


@pytest.fixture
def strategy(db):
    return StrategyFactory()


@pytest.fixture
def observed(strategy):
    return ObservationFactory(place=strategy.place, value=31.2, indicator__unit="£", indicator__decimals=2)


def write(strategy, body, key="people", version=1):
    section = strategy.sections.get(template__key=key)
    save_section(section=section, body=body, by=strategy.created_by, expected_version=version)
    return section


def report_on(strategy, observation, **changes):
    row = {"indicator": observation.indicator.code, "label": observation.indicator.label, "value": observation.value}
    row |= {"period": observation.period, **FOUND, **changes}
    report = ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
    report.result = {"place": {"code": strategy.place.code, "name": strategy.place.name}, "figures": [row], "peers": []}
    report.save()
    return report


def cite(strategy, observation, **more):
    return citations.cite_figure(strategy=strategy, indicator=observation.indicator, by=strategy.created_by, **more)


def later(observation, **changes):
    values = {"indicator": observation.indicator, "place": observation.place, "period": "2024", "value": 32.1}
    values |= {"period_order": 202412, "source__vintage": "Published May 2026"}
    return ObservationFactory(**values | changes)


class TestMarks:
    def test_a_mark_is_read_in_text_and_lists_and_nowhere_else(self):
        text = "One [S3]. `[S4]` [S5](https://example.org) \\[S6] [S0] [SX]\n\n- item [S12][S3]\n\n```\n[S7]\n```\n"
        assert markdown.marked(text).numbers == (3, 12)

    def test_a_mark_in_a_heading_or_a_tables_head_is_named_apart(self):
        text = "## Skills [S1]\n\n| A [S2] |\n| --- |\n| b [S3] |\n"
        assert markdown.marked(text).in_headings == (1, 2)

    def test_a_known_mark_becomes_a_link_and_an_unknown_one_stays_text(self):
        html = markdown.render("See [S3] and [S4].", sources={3: markdown.MarkLink("[S3]", "#source-3")})
        assert '<a class="govuk-link lis-note-mark" href="#source-3"' in html
        assert ">[S3]</a> and [S4]." in html

    def test_an_address_that_no_page_may_link_to_is_dropped(self):
        html = markdown.render("[S3]", sources={3: markdown.MarkLink("<b>", "javascript:alert(1)")})
        assert "javascript" not in html
        assert "<b>" not in html

    def test_a_document_gets_a_note_in_the_place_of_a_mark(self):
        (paragraph,) = blocks_of("**An hour** [S3] [S4].", note_of=lambda number: Run(note=1) if number == 3 else None)
        assert paragraph.runs == (Run("An hour", bold=True), Run(" "), Run(note=1), Run(" [S4]."))

    def test_one_mark_takes_the_place_of_another(self):
        assert replace_mark("a [S1] \\[S1] [S1](x) [S11]", 1, 7) == "a [S7] \\[S1] [S1](x) [S11]"


class TestNumbers:
    def test_citations_are_counted_in_their_strategy_and_a_number_is_never_used_again(self, strategy):
        first, second = (CitationFactory(strategy=strategy) for _ in range(2))
        assert (first.mark, second.mark) == ("[S1]", "[S2]")
        citations.remove_citation(citation=second, by=strategy.created_by)
        assert CitationFactory(strategy=strategy).number == 3
        assert CitationFactory().number == 1


class TestTextsThatCite:
    def test_a_section_cites_what_its_text_marks(self, strategy):
        first, _, third = (CitationFactory(strategy=strategy) for _ in range(3))
        section = write(strategy, "An hour produces less here [S3][S1].")
        assert set(section.citations.all()) == {first, third}
        assert {s.key: s.citations for s in strategy_facts(strategy).sections}["people"] == (first.pk, third.pk)
        write(strategy, "An hour produces less here [S1].", version=2)
        assert list(section.citations.all()) == [first]

    def test_a_mark_that_leads_nowhere_is_refused_and_nothing_is_saved(self, strategy):
        CitationFactory()  # S1 of another strategy
        with pytest.raises(ValidationError, match=r"\[S1\] and \[S9\] are not among this strategy’s evidence"):
            write(strategy, "It is so [S1] [S9].")
        assert strategy.sections.get(template__key="people").body == ""

    def test_a_mark_in_a_heading_is_refused(self, strategy):
        CitationFactory(strategy=strategy)
        with pytest.raises(ValidationError, match="a heading cannot carry a note"):
            write(strategy, "## Skills [S1]")

    def test_an_earlier_text_whose_evidence_is_gone_is_not_restored(self, strategy):
        citation = CitationFactory(strategy=strategy)
        section = write(strategy, "It is so [S1].")
        write(strategy, "It is so.", version=2)
        citations.remove_citation(citation=citation, by=strategy.created_by)
        section.refresh_from_db()
        revision = section.revisions.get(number=2)
        with pytest.raises(ValidationError, match=r"\[S1\] is not among"):
            restore_revision(revision=revision, by=strategy.created_by, expected_version=3)

    def test_evidence_that_a_text_cites_is_not_removed_and_the_text_stays(self, strategy):
        citation = CitationFactory(strategy=strategy)
        section = write(strategy, "It is so [S1].")
        with pytest.raises(ValidationError, match="The text of People cites"):
            citations.remove_citation(citation=citation, by=strategy.created_by)
        section.refresh_from_db()
        assert section.body == "It is so [S1]."

    def test_evidence_of_a_diagnosis_is_unlinked_and_the_log_keeps_what_it_was(self, strategy):
        citation = CitationFactory(strategy=strategy, is_figure=True)
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
        citations.remove_citation(citation=citation, by=strategy.created_by)
        assert not diagnosis.citations.exists()
        kept = LogEntry.objects.get(event="strategies.citation.removed").data
        assert (kept["figure"]["value"], kept["rested_on_it"]) == (31.2, [str(diagnosis)])


class TestFindings:
    def test_what_a_report_finds_is_copied_and_said_with_its_interval_peers_and_state(self, strategy, observed):
        citation = cite(strategy, observed, report=report_on(strategy, observed))
        assert finding_sentence(citation.figure) == (
            "Gap to the median of its 15 peers with a figure: −£3.30, 95% interval −£4.10 to −£2.50. Below peers."
        )

    def test_a_gap_without_an_interval_says_so(self):
        row = {**FOUND, "gap_lower": None, "gap_upper": None, "state": "not compared: no interval", "unit": "%"}
        assert finding_sentence(row) == (
            "Gap to the median of its 15 peers with a figure: −3.30 percentage points, no interval. "
            "Not compared: no interval."
        )

    def test_disagreeing_methods_are_said(self):
        assert "Other defensible methods disagree" in finding_sentence({**FOUND, "disagreeing": ["k=20"]})

    @pytest.mark.parametrize("figure", [{}, {"value": 3.0, "unit": "%"}, {**FOUND, "gap": None}])
    def test_a_figure_without_a_gap_has_no_finding(self, figure):
        assert finding_sentence(figure) == ""

    def test_a_later_load_changes_nothing_that_was_cited(self, strategy, observed):
        report = report_on(strategy, observed)
        citation = cite(strategy, observed, report=report)
        report.result["figures"][0]["gap"] = 99.0
        report.save()
        citation.refresh_from_db()
        assert citation.figure["gap"] == -3.3


class TestSuperseded:
    def test_nothing_newer_is_claimed_where_the_data_are_as_they_were(self, strategy, observed):
        assert newer_figures([cite(strategy, observed).figure]) == [None]

    def test_a_newer_period_supersedes(self, strategy, observed):
        citation = cite(strategy, observed)
        later(observed)
        (newer,) = newer_figures([citation.figure])
        assert (newer.value, newer.period, newer.vintage) == (32.1, "2024", "Published May 2026")
        assert (newer.is_revision, newer.revised) == (False, None)

    def test_another_value_of_the_same_period_is_a_revision(self, strategy, observed):
        citation = cite(strategy, observed)
        observed.value, observed.source = 31.9, SourceFactory(vintage="Published June 2026")
        observed.save()
        (newer,) = newer_figures([citation.figure])
        assert (newer.value, newer.period, newer.vintage, newer.is_revision) == (
            31.9,
            "2023",
            "Published June 2026",
            True,
        )

    def test_a_newer_period_and_a_revision_are_both_said(self, strategy, observed):
        citation = cite(strategy, observed)
        observed.value = 31.9
        observed.save()
        later(observed)
        (newer,) = newer_figures([citation.figure])
        assert (newer.value, newer.revised) == (32.1, 31.9)

    def test_a_new_edition_with_the_same_value_supersedes_nothing(self, strategy, observed):
        citation = cite(strategy, observed)
        observed.source = SourceFactory(vintage="Published June 2026")
        observed.save()
        assert newer_figures([citation.figure]) == [None]

    def test_other_places_indicators_and_earlier_periods_supersede_nothing(self, strategy, observed):
        citation = cite(strategy, observed)
        later(observed, place=ObservationFactory().place)
        later(observed, indicator=IndicatorFactory())
        later(observed, period="2022", period_order=202212)
        assert newer_figures([citation.figure]) == [None]

    def test_where_the_cited_period_is_gone_nothing_is_claimed(self, strategy, observed):
        citation = cite(strategy, observed)
        later(observed)
        observed.delete()
        assert newer_figures([citation.figure, {}]) == [None, None]

    def test_one_query_tells_it_of_a_whole_list(self, strategy, django_assert_num_queries):
        figures = []
        for _ in range(12):
            observation = ObservationFactory(place=strategy.place)
            figures.append(cite(strategy, observation).figure)
            later(observation, value=observation.value + 1)
        with django_assert_num_queries(1):
            assert all(newer_figures(figures))
        with django_assert_num_queries(0):
            assert newer_figures([{}, {}]) == [None, None]

    def test_the_same_period_with_another_value_is_another_citation(self, strategy, observed):
        first = cite(strategy, observed)
        assert cite(strategy, observed) == first
        observed.value = 31.9
        observed.save()
        second = cite(strategy, observed)
        assert second != first
        assert first.figure["value"] == 31.2


class TestCitingTheNewer:
    def test_links_move_on_request_and_the_earlier_citation_stays(self, strategy, observed):
        old = cite(strategy, observed, note="It is low.")
        moving, staying = (DiagnosisFactory(strategy=strategy, citations=[old]) for _ in range(2))
        intervention = InterventionFactory(strategy=strategy, citations=[old])
        section = write(strategy, "It is £31.20 [S1].")
        later(observed)
        made = citations.cite_newer_figure(
            citation=old,
            by=strategy.created_by,
            note="It has risen.",
            diagnoses=[moving],
            interventions=[intervention],
            sections=[section],
        )
        assert (made.figure["value"], made.replaces, made.note) == (32.1, old, "It has risen.")
        assert (list(moving.citations.all()), list(staying.citations.all())) == ([made], [old])
        assert list(intervention.citations.all()) == [made]
        section.refresh_from_db()
        assert section.body == "It is £31.20 [S2]."
        assert section.revisions.first().note == "Newer figure: [S2] in place of [S1]"
        old.refresh_from_db()
        assert old.figure["value"] == 31.2
        entry = LogEntry.objects.get(event="strategies.citation.renewed")
        assert entry.data["old"]["value"] == 31.2
        assert len(entry.data["moved"]) == 3

    def test_a_second_click_makes_one_citation_and_moves_nothing_twice(self, strategy, observed):
        old = cite(strategy, observed)
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[old])
        later(observed)
        made = [
            citations.cite_newer_figure(citation=old, by=strategy.created_by, diagnoses=[diagnosis]) for _ in range(2)
        ]
        assert made[0] == made[1]
        assert Diagnosis.objects.get().version == 2

    def test_a_figure_of_a_report_is_renewed_from_the_report_that_shows_it(self, strategy, observed):
        old = cite(strategy, observed, report=report_on(strategy, observed))
        newest = later(observed)
        as_published = citations.cite_newer_figure(citation=old, by=strategy.created_by)
        assert (as_published.report, as_published.figure["peers_median"]) == (None, None)
        report = report_on(strategy, newest)
        made = citations.cite_newer_figure(citation=old, by=strategy.created_by)
        assert (made.report, made.figure["gap"]) == (report, -3.3)

    def test_where_nothing_is_newer_nothing_is_cited(self, strategy, observed):
        old = cite(strategy, observed)
        local = CitationFactory(strategy=strategy)
        for citation in (old, local):
            with pytest.raises(ValidationError, match="no newer figure"):
                citations.cite_newer_figure(citation=citation, by=strategy.created_by)

    def test_a_colleagues_save_is_not_written_over(self, strategy, observed):
        old = cite(strategy, observed)
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[old])
        Diagnosis.objects.filter(pk=diagnosis.pk).update(version=5)
        later(observed)
        with pytest.raises(StaleEdit):
            citations.cite_newer_figure(citation=old, by=strategy.created_by, diagnoses=[diagnosis])
        assert Citation.objects.get() == old

    def test_claims_of_another_strategy_and_viewers_are_refused(self, strategy, observed):
        old = cite(strategy, observed)
        later(observed)
        with pytest.raises(ValidationError, match="another strategy"):
            citations.cite_newer_figure(citation=old, by=strategy.created_by, diagnoses=[DiagnosisFactory()])
        viewer = MembershipFactory(lep=strategy.lep, viewer=True).user
        with pytest.raises(NotAllowed):
            citations.cite_newer_figure(citation=old, by=viewer)


class TestEvidenceItems:
    def test_the_four_facts_are_copied_in_words_with_the_n(self, strategy):
        item = EvidenceItemFactory()
        citation = citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by)
        item.studies_positive = 1
        item.finding = "Changed."
        item.save()
        citation.refresh_from_db()
        names = [name for name, _ in citation.review_copy["four_facts"]]
        assert names == ["Effect", "Strength", "Cost", "Transferability"]
        assert "Of 9 studies that looked at employment, 7 found a positive effect" in str(citation.review_copy)
        (facts,) = strategy_facts(strategy).citations
        assert (facts.review["studies_positive"], facts.review["finding"]) == (7, EvidenceItemFactory.build().finding)

    def test_local_evidence_of_the_lep_and_shared_by_another_is_a_local_source(self, strategy):
        own = EvidenceItemFactory(local=True, lep=strategy.lep)
        shared = EvidenceItemFactory(local=True, is_shared=True)
        made = [
            citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by) for item in (own, shared)
        ]
        assert [(each.kind, each.review) for each in made] == [("local", own), ("local", shared)]

    def test_what_another_lep_keeps_private_is_refused_also_to_someone_of_both(self, strategy):
        item = EvidenceItemFactory(local=True, lep=LEPFactory())
        both = MembershipFactory(lep=strategy.lep).user
        MembershipFactory(lep=item.lep, user=both)
        for by in (strategy.created_by, both):
            with pytest.raises(ValidationError, match="private to another LEP"):
                citations.cite_what_works(strategy=strategy, review=item, by=by)


def reviewed(key, **stated):
    return CitationFacts(id=key, kind="what_works", title="A review", review={"strength": stated})


def kinds_of(claim, *cited):
    facts = replace(document_facts.facts(), citations=cited)
    return [flag.kind.name for flag in flags_of_claim(facts, claim, year=2026)]


class TestFlags:
    def test_a_claim_without_evidence_is_uncited(self):
        assert kinds_of(DiagnosisFacts(1, "people", "x")) == ["UNCITED"]
        assert kinds_of(InterventionFacts(1, "x")) == ["UNCITED"]
        assert kinds_of(SectionFacts("people", "People", 1, "We say so.")) == ["UNCITED"]

    def test_an_empty_section_claims_nothing(self):
        assert kinds_of(SectionFacts("people", "People", 1, " \n")) == []

    def test_a_figure_is_no_evaluation_and_raises_no_flag(self):
        figure = CitationFacts(id=5, kind="figure", title="GVA", figure={"value": 3})
        assert kinds_of(DiagnosisFacts(1, "people", "x", citations=(5,)), figure) == []

    def test_a_weak_study_raises_each_flag_that_its_facts_state(self):
        weak = reviewed(
            5,
            outcome="Employment",
            counted=1,
            on_outcome=1,
            positive=1,
            best_level=2,
            uk=0,
            newest_year=2010,
            effect_size="5 points",
        )
        found = kinds_of(InterventionFacts(1, "x", outcomes="Higher wages", citations=(5,)), weak)
        assert found == ["BELOW_LEVEL", "SINGLE_STUDY", "NOT_UK", "OLD", "OTHER_OUTCOME", "NO_INTERVAL"]

    def test_what_the_source_does_not_state_raises_no_flag(self):
        assert kinds_of(InterventionFacts(1, "x", outcomes="Higher wages", citations=(5,)), reviewed(5)) == []

    def test_what_a_later_version_copied_more_is_passed_over(self):
        assert kinds_of(DiagnosisFacts(1, "people", "x", citations=(5,)), reviewed(5, something_new=3)) == []


class TestFrozenVersions:
    def test_facts_frozen_before_there_were_marks_are_read_as_they_were(self):
        data = document_facts.facts().to_dict()
        for citation in data["citations"]:
            del citation["number"], citation["newer"]
        for section in data["sections"]:
            del section["citations"]
        facts = StrategyFacts.from_dict(data)
        assert facts.by_number() == {}
        assert facts.reference(facts.citations[1].id) == "S2"

"""The pages on evidence: marks in texts, what supersedes a figure, where each thing is used, and who sees it."""

from __future__ import annotations

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse

from consultations.selectors.frozen import frozen_draft
from lisapp.documents.document import Paragraph, text_of, walk
from strategies.exports.strategy_document import build
from strategies.models import Citation
from strategies.selectors.citations import uses
from strategies.selectors.facts import strategy_facts
from strategies.services import citations
from strategies.services.sections import save_section
from tests.factories.evidence import ComparatorReportFactory, EvidenceItemFactory, ObservationFactory
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    ReviewFactory,
    StrategyFactory,
)
from tests.strategies.test_citations import cite, later, report_on, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return StrategyFactory()


@pytest.fixture
def observed(strategy):
    return ObservationFactory(place=strategy.place, value=31.2, indicator__unit="£", indicator__decimals=2)


@pytest.fixture
def officer(sign_in, strategy):
    return sign_in(strategy.created_by)


def url(name, strategy, *more):
    return reverse(f"strategies:{name}", args=[strategy.slug, *more])


def read(response):
    """The words of a page, with single spaces."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


class TestWritingASection:
    def test_beside_the_text_stand_the_marks_to_type(self, officer, strategy):
        citation = CitationFactory(strategy=strategy, title="Survey of firms")
        page = BeautifulSoup(officer.get(url("section_edit", strategy, "summary")).content, "html.parser")
        button = page.select_one("button[data-insert]")
        assert (button["data-insert"], button["data-insert-into"], button.has_attr("hidden")) == (
            "[S1]",
            "id_body",
            True,
        )
        assert "[S1] Survey of firms" in " ".join(button.parent.get_text(" ").split())
        assert page.find("a", string="Survey of firms")["href"] == citation.get_absolute_url()

    def test_a_preview_shows_each_mark_as_a_link_to_its_note_and_saves_nothing(self, officer, strategy):
        CitationFactory(strategy=strategy, title="Survey of firms")
        data = {"body": "It is so [S1].", "version": 1, "preview": "1"}
        page = BeautifulSoup(officer.post(url("section_edit", strategy, "people"), data).content, "html.parser")
        mark = page.select_one("a.lis-note-mark")
        assert (mark["href"], mark.get_text()) == ("#source-1", "[S1]")
        assert "Survey of firms" in page.select_one("#source-1").get_text()
        assert strategy.sections.get(template__key="people").body == ""

    @pytest.mark.parametrize("more", [{}, {"preview": "1"}])
    def test_an_unknown_mark_is_refused_beside_the_field_with_everything_typed(self, officer, strategy, more):
        data = {"body": "An hour of work [S7].", "version": 1, "note": "First", **more}
        page = officer.post(url("section_edit", strategy, "people"), data)
        soup = BeautifulSoup(page.content, "html.parser")
        assert "[S7] is not among this strategy’s evidence" in soup.select_one("#id_body-error").get_text()
        assert soup.select_one("#id_body").get_text().strip() == "An hour of work [S7]."
        assert soup.select_one("#id_note")["value"] == "First"
        assert page.content.decode().count("<title>Error: ") == 1
        assert strategy.sections.get(template__key="people").body == ""

    def test_the_text_as_it_stands_has_its_notes_and_an_earlier_one_is_refused_with_the_reason(self, officer, strategy):
        citation = CitationFactory(strategy=strategy, title="Survey of firms")
        write(strategy, "It is so [S1].")
        page = BeautifulSoup(officer.get(url("section_history", strategy, "people")).content, "html.parser")
        assert page.select_one("a.lis-note-mark")["href"] == "#source-1"
        assert "Survey of firms" in page.select_one("#source-1").get_text()
        write(strategy, "It is so.", version=2)
        citations.remove_citation(citation=citation, by=strategy.created_by)
        answer = officer.post(url("section_history", strategy, "people"), {"revision": 2, "seen": 3}, follow=True)
        assert "Revision 2 cannot be restored as it is. [S1] is not among" in read(answer)

    def test_a_written_section_without_evidence_is_flagged_in_the_list(self, officer, strategy):
        write(strategy, "It is so.")
        assert read(officer.get(url("section_list", strategy))).count("Nothing is cited for this.") == 1

    def test_a_page_takes_as_many_queries_for_twenty_citations_as_for_three(
        self, officer, strategy, django_assert_num_queries, django_assert_max_num_queries
    ):
        def add(number):
            made = [CitationFactory(strategy=strategy, is_figure=True) for _ in range(number)]
            return " ".join(f"So [S{each.number}]." for each in made)

        write(strategy, add(3))
        for name, more in [("section_edit", ["people"]), ("section_history", ["people"]), ("section_list", [])]:
            with django_assert_max_num_queries(30) as few:
                officer.get(url(name, strategy, *more))
            section = strategy.sections.get(template__key="people")
            body = f"{section.body} {add(7)}"
            save_section(section=section, body=body, by=strategy.created_by, expected_version=section.version)
            with django_assert_num_queries(len(few)):
                officer.get(url(name, strategy, *more))


class TestWhereATextIsRead:
    def test_the_document_turns_a_mark_into_a_note_with_the_source(self, strategy, observed):
        cite(strategy, observed, report=report_on(strategy, observed))
        write(strategy, "An hour produces less here [S1].")
        later(observed)
        built = build(strategy_facts(strategy), release_number=1, content_hash="a" * 64, released_on=date(2026, 11, 24))
        (marked,) = [
            block
            for block in walk(built.blocks)
            if isinstance(block, Paragraph) and text_of(block.runs).startswith("An hour produces")
        ]
        assert [run.note for run in marked.runs if run.note] == [1]
        assert "[S1]" not in text_of(marked.runs)
        note = text_of(built.notes[0].runs)
        for words in ("£31.20 (2023)", "Below peers.", "Newer data: £32.10 for 2024", "Vintage: Published May 2025."):
            assert words in note

    def test_the_document_marks_a_stale_figure_and_gives_the_finding(self, strategy, observed):
        citation = cite(strategy, observed, report=report_on(strategy, observed))
        DiagnosisFactory(strategy=strategy, citations=[citation])
        later(observed)
        built = build(strategy_facts(strategy), release_number=1, content_hash="a" * 64, released_on=date(2026, 11, 24))
        words = "\n".join(text_of(block.runs) for block in walk(built.blocks) if isinstance(block, Paragraph))
        assert "Gap to the median of its 15 peers with a figure: −£3.30, 95% interval −£4.10 to −£2.50." in words
        assert "Newer data: £32.10 for 2024 (published May 2026)." in words

    def test_the_public_draft_leads_from_a_mark_to_the_numbered_source(self, strategy):
        CitationFactory(strategy=strategy)
        gone = CitationFactory(strategy=strategy)
        citations.remove_citation(citation=gone, by=strategy.created_by)
        CitationFactory(strategy=strategy)
        write(strategy, "It is so [S3].")
        html = frozen_draft(strategy_facts(strategy).to_dict()).sections[0].html
        assert 'href="#source-2"' in html
        assert ">[2]</a>" in html

    def test_a_reviewer_is_led_from_a_mark_to_the_evidence_of_the_version(self, sign_in, strategy):
        CitationFactory(strategy=strategy, title="Survey of firms")
        write(strategy, "It is so [S1].")
        review = ReviewFactory(strategy=strategy)
        page = sign_in(UserFactory(reviewer=True)).get(reverse("admin:strategies_review_version", args=[review.pk]))
        soup = BeautifulSoup(page.content, "html.parser")
        assert soup.select_one("a.lis-note-mark")["href"] == "#evidence-S1"
        assert "Survey of firms" in soup.select_one("#evidence-S1").get_text()


class TestSupersededPages:
    def test_the_page_shows_both_values_with_period_and_edition(self, officer, strategy, observed):
        citation = cite(strategy, observed)
        later(observed)
        words = read(officer.get(citation.get_absolute_url()))
        assert "There is a newer figure than the one cited" in words
        assert "Cited: £31.20 for 2023. Published May 2025" in words
        assert "Newer: £32.10 for 2024. Published May 2026" in words
        assert "1 of the cited figures has been superseded" in read(officer.get(url("citation_list", strategy)))

    def test_citing_the_newer_figure_moves_what_is_ticked(self, officer, strategy, observed):
        old = cite(strategy, observed)
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[old])
        section = write(strategy, "It is £31.20 [S1].")
        later(observed)
        address = url("citation_renew", strategy, old.pk)
        form = officer.get(address).context["form"]
        assert form["move"].value() == [f"diagnosis-{diagnosis.pk}"], "a text is not changed unless asked"
        answer = officer.post(address, {"move": [f"diagnosis-{diagnosis.pk}"], "note": "Risen."}, follow=True)
        made = Citation.objects.get(replaces=old)
        assert "The newer figure is cited as [S2]" in read(answer)
        assert "In place of S1" in read(answer)
        assert list(diagnosis.citations.all()) == [made]
        section.refresh_from_db()
        assert section.body == "It is £31.20 [S1]."
        assert f"The newer figure is cited as S2 {made}" in read(officer.get(old.get_absolute_url()))
        assert "Newer figure cited in place of" in read(officer.get(url("strategy", strategy)))

    def test_where_nothing_is_newer_the_page_says_so_and_a_forged_form_too(self, officer, strategy, observed):
        address = url("citation_renew", strategy, cite(strategy, observed).pk)
        assert "The data have nothing newer than what is cited." in read(officer.get(address))
        assert officer.post(address, {}).status_code == 200
        assert Citation.objects.count() == 1

    def test_a_claim_of_another_strategy_cannot_be_named(self, officer, strategy, observed):
        old = cite(strategy, observed)
        later(observed)
        foreign = DiagnosisFactory()
        DiagnosisFactory(strategy=strategy, citations=[old])
        answer = officer.post(url("citation_renew", strategy, old.pk), {"move": [f"diagnosis-{foreign.pk}"]})
        assert answer.status_code == 200
        assert Citation.objects.count() == 1

    def test_a_viewer_reads_both_values_and_is_offered_no_button(self, sign_in, strategy, observed):
        citation = cite(strategy, observed)
        later(observed)
        client = sign_in(MembershipFactory(lep=strategy.lep, viewer=True).user)
        words = read(client.get(citation.get_absolute_url()))
        assert "Newer: £32.10" in words
        assert "Cite the newer figure" not in words
        assert client.get(url("citation_renew", strategy, citation.pk)).status_code == 403


class TestFlagsBesideClaims:
    def test_pillar_forms_and_the_evidences_own_page_show_what_is_weak(self, officer, strategy):
        item = EvidenceItemFactory(source_date="October 2012")
        citation = citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by)
        objective = ObjectiveFactory(strategy=strategy)
        intervention = InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
        old = "The newest evidence is of 2012, more than ten years ago."
        pages = [
            url("pillar", strategy, objective.pillar.code),
            url("intervention_edit", strategy, intervention.pk),
            citation.get_absolute_url(),
        ]
        assert [old in read(officer.get(page)) for page in pages] == [True] * 3
        assert "Nothing is cited for this." in read(
            officer.get(url("diagnosis_edit", strategy, objective.diagnosis.pk))
        )

    def test_the_page_shows_the_four_facts_as_they_were_and_says_that_the_item_changed(self, officer, strategy):
        item = EvidenceItemFactory()
        citation = citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by)
        item.version, item.studies_positive = 2, 1
        item.save()
        words = read(officer.get(citation.get_absolute_url()))
        assert "Of 9 studies that looked at employment, 7 found a positive effect" in words
        assert "It has been changed since it was cited" in words

    def test_the_form_offers_own_and_shared_evidence_and_no_private_one(self, officer, strategy):
        EvidenceItemFactory(local=True, lep=strategy.lep, title="Our survey")
        EvidenceItemFactory(local=True, is_shared=True, title="A shared workshop")
        EvidenceItemFactory(local=True, title="A private file")
        words = read(officer.get(url("citation_new", strategy, "what_works")))
        assert "Our survey" in words
        assert "A shared workshop" in words
        assert "A private file" not in words


class TestWhereItIsUsed:
    @pytest.fixture
    def used(self, strategy, observed):
        report = report_on(strategy, observed)
        citation = cite(strategy, observed, report=report)
        DiagnosisFactory(strategy=strategy, citations=[citation], problem="Output is low")
        objective = ObjectiveFactory(strategy=strategy)
        InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation], title="A pool")
        write(strategy, "An hour produces less here [S1].")
        return citation

    def test_the_citation_lists_every_diagnosis_intervention_and_section_with_links_that_lead_there(
        self, sign_in, strategy, used
    ):
        client = sign_in(MembershipFactory(lep=strategy.lep, viewer=True).user)
        page = BeautifulSoup(client.get(used.get_absolute_url()).content, "html.parser")
        for text in ("Diagnosis: Output is low", "Intervention: A pool", "Section: People"):
            assert client.get(page.find("a", string=text)["href"]).status_code == 200

    def test_report_indicator_and_item_list_the_strategies_that_the_reader_sees(self, sign_in, strategy, used):
        item = EvidenceItemFactory()
        citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by)
        report = ComparatorReportFactory(lep=strategy.lep, place=strategy.place, ready=True)
        citations.cite_report(strategy=strategy, report=report, by=strategy.created_by)
        pages = [
            used.indicator.get_absolute_url(),
            report.get_absolute_url(),
            reverse("evidence:item", args=[item.slug]),
        ]
        client = sign_in(strategy.created_by)
        assert [str(strategy) in read(client.get(page)) for page in pages] == [True] * 3
        assert "Diagnosis: Output is low" in read(client.get(pages[0]))
        stranger = sign_in(MembershipFactory().user)
        for page in (pages[0], pages[2]):
            words = read(stranger.get(page))
            assert str(strategy) not in words
            assert "No strategy that you can see cites this." in words

    def test_it_takes_as_many_queries_for_many_as_for_one(self, strategy, used, django_assert_num_queries):
        with django_assert_num_queries(8):
            assert len(uses(used.indicator, strategy.created_by)) == 1
        for number in range(5):
            other = StrategyFactory(lep=strategy.lep)
            made = CitationFactory(strategy=other, is_figure=True, indicator=used.indicator)
            DiagnosisFactory(strategy=other, citations=[made], problem=f"Problem {number}")
            objective = ObjectiveFactory(strategy=other)
            InterventionFactory(strategy=other, objectives=[objective], citations=[made])
            write(other, f"So [S{made.number}].")
        with django_assert_num_queries(8):
            assert len(uses(used.indicator, strategy.created_by)) == 6

    def test_deleting_what_a_text_cites_is_refused_with_the_place(self, officer, strategy, used):
        address = url("citation_delete", strategy, used.pk)
        for words in (read(officer.get(address)), read(officer.post(address))):
            assert "This evidence cannot be deleted yet" in words
            assert "Write People" in words
        assert Citation.objects.filter(pk=used.pk).exists()

    def test_deleting_names_what_is_unlinked_first(self, officer, strategy):
        citation = CitationFactory(strategy=strategy)
        diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation], problem="Output is low")
        address = url("citation_delete", strategy, citation.pk)
        assert "Diagnosis: Output is low" in read(officer.get(address))
        officer.post(address)
        assert not Citation.objects.exists()
        diagnosis.refresh_from_db()
        assert diagnosis.problem == "Output is low"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1280, 375])
def test_the_pages_are_accessible_and_a_button_inserts_a_mark(live_server, browser, officer, strategy, observed, width):
    old = cite(strategy, observed, report=report_on(strategy, observed))
    item = EvidenceItemFactory(source_date="October 2012")
    citations.cite_what_works(strategy=strategy, review=item, by=strategy.created_by)
    write(strategy, "It is low [S2].")
    later(observed)
    context = browser.new_context(viewport={"width": width, "height": 900})
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": officer.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    edit = url("section_edit", strategy, "summary")
    for path in (
        url("citation_list", strategy),
        old.get_absolute_url(),
        url("citation_renew", strategy, old.pk),
        url("citation_delete", strategy, old.pk),
        url("section_history", strategy, "people"),
        edit,
    ):
        page.goto(f"{live_server.url}{path}")
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Text", exact=True).fill("It is low.")
    page.get_by_label("Text", exact=True).evaluate("field => field.setSelectionRange(9, 9)")
    page.get_by_text("Evidence to draw on").click()
    page.get_by_role("button", name="Insert [S1]").click()
    assert page.get_by_label("Text", exact=True).input_value() == "It is low[S1]."
    page.get_by_role("button", name="Preview").click()
    assert page.get_by_role("link", name="[S1]", exact=True).get_attribute("href") == "#source-1"
    context.close()

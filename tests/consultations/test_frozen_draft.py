"""The frozen draft as the public reads it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consultations.selectors.frozen import frozen_draft
from strategies.models import Release
from strategies.selectors.facts import strategy_facts
from tests.consultations.conftest import open_now
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    """A strategy with a thread, a section of two paragraphs, and evidence of two kinds."""
    strategy = StrategyFactory(vision="A place where **everyone** gains.")
    figure = CitationFactory(strategy=strategy, is_figure=True)
    survey = CitationFactory(strategy=strategy, source_url="https://example.org/survey")
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[figure])
    first = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis, title="First objective", rank=1)
    second = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis, title="Second objective", rank=2)
    InterventionFactory(strategy=strategy, objectives=[first, second], citations=[survey])
    DiagnosisFactory(strategy=strategy, problem="Nobody answers this")
    section = strategy.sections.get(template__key="people")
    section.body = "One paragraph.\n\nAnother <script>alert(1)</script>."
    section.save()
    return strategy


def test_it_has_numbered_paragraphs_and_names_what_is_not_written(strategy):
    page = frozen_draft(strategy_facts(strategy).to_dict())
    (section,) = page.sections
    assert section.number == 1
    assert 'id="paragraph-1-1"' in section.html
    assert 'id="paragraph-1-2"' in section.html
    assert page.unwritten == ["Executive summary", "Ideas"]


def test_the_thread_goes_from_problem_to_what_will_be_done_with_the_sources_of_each(strategy):
    page = frozen_draft(strategy_facts(strategy).to_dict())
    pillar = next(pillar for pillar in page.pillars if pillar.objectives)
    first, second = pillar.objectives
    assert first.diagnosis.problem == "Firms train too little"
    assert [source.number for source in first.sources] == [1]
    assert [source.number for source in first.interventions[0].sources] == [2]
    assert first.interventions[0].shown_under is None
    assert second.interventions[0].shown_under.title == "First objective"
    assert [diagnosis.problem for diagnosis in pillar.unanswered] == ["Nobody answers this"]


def test_every_source_says_what_it_shows_and_where_it_is_from(strategy):
    figure, survey = frozen_draft(strategy_facts(strategy).to_dict()).sources
    assert "£31.2" in figure.shows
    assert "Open Government Licence" in figure.origin
    assert figure.url == "https://www.ons.gov.uk/"
    assert survey.origin == "Testshire Chamber of Commerce, March 2026."
    assert survey.url == "https://example.org/survey"


def test_anybody_reads_it_in_two_queries(client, strategy, django_assert_num_queries):
    made = open_now(strategy)
    address = reverse("consultations:draft", args=[made.slug])
    with django_assert_num_queries(1):
        response = client.get(address)
    page = response.content.decode()
    for expected in ("First objective", "Firms train too little", "£31.2", 'href="#source-1"', 'id="source-1"'):
        assert expected in page
    assert "<strong>everyone</strong>" in page
    assert "<script>alert" not in page


def test_every_link_within_the_page_leads_somewhere(client, strategy):
    import re

    made = open_now(strategy)
    page = client.get(reverse("consultations:draft", args=[made.slug])).content.decode()
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids, target


def test_a_release_of_a_newer_shape_is_not_shown_wrongly(client, strategy):
    made = open_now(strategy)
    release = Release.objects.get()
    release.content["schema"] = 99
    release.save()
    assert client.get(reverse("consultations:draft", args=[made.slug])).status_code == 404

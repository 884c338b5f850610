"""The officers' page on the principles, and the request for a review."""

from __future__ import annotations

import pytest
from django.urls import reverse

from strategies.enums import Verdict
from strategies.models import CheckDefinition, Principle, Review
from strategies.services import reviews
from tests.factories.evidence import ComparatorReportFactory
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import (
    CitationFactory,
    ClaimFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return StrategyFactory()


@pytest.fixture
def page(strategy):
    return reverse("strategies:principles", args=[strategy.slug])


@pytest.fixture
def request_page(strategy):
    return reverse("strategies:review_request", args=[strategy.slug])


def person(strategy, **traits):
    return MembershipFactory(lep=strategy.lep, **traits).user


def judged(strategy, verdict=Verdict.PARTLY, reason="Two pillars lack evidence."):
    review = reviews.request_review(strategy=strategy, by=strategy.created_by)
    reviewer = UserFactory(reviewer=True)
    reviews.assign(review=review, by=reviewer)
    for principle in strategy.framework.principles.all():
        reviews.judge(
            review=review, principle=principle, verdict=verdict, reason=reason, by=reviewer, expected_version=0
        )
    return reviews.complete(review=review, summary="Start with the evidence.", by=reviewer)


def add_one_of_each(strategy):
    citation = CitationFactory(strategy=strategy, is_figure=True)
    objective = ObjectiveFactory(strategy=strategy, owner="")
    DiagnosisFactory(strategy=strategy, citations=[citation])
    InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
    ComparatorReportFactory(lep=strategy.lep, ready=True)
    judged(strategy)


def test_each_principle_stands_with_findings_claim_and_judgement(sign_in, strategy, page):
    ClaimFactory(strategy=strategy)
    review = judged(strategy)
    text = sign_in(person(strategy)).get(page).content.decode()
    assert "1. Principle 1" in text
    assert "The evidence section compares the area with its peers." in text
    assert "Two pillars lack evidence." in text
    assert f"version {review.release.number}" in text
    assert "Start with the evidence." in text
    assert "no diagnosis that cites a figure" in text


def test_a_working_title_is_marked_and_an_exact_one_is_not(sign_in, strategy, page):
    Principle.objects.filter(framework=strategy.framework, number=2).delete()
    assert "Working title" not in sign_in(person(strategy)).get(page).content.decode()
    strategy.framework.principles.update(wording_status="working_title")
    assert "Working title" in sign_in(person(strategy)).get(page).content.decode()


def test_findings_link_to_what_mends_them(sign_in, strategy, page):
    objective = ObjectiveFactory(strategy=strategy, owner="", title="Raise skills")
    Principle.objects.create(framework=strategy.framework, number=5, title="Goals", wording_status="exact", summary="x")
    text = sign_in(person(strategy)).get(page).content.decode()
    assert reverse("strategies:objective_edit", args=[strategy.slug, objective.pk]) in text
    assert "Raise skills: no owner here" in text
    assert reverse("evidence:report_new", args=[strategy.lep.slug]) in text


def test_checks_that_the_software_does_not_make_are_left_to_the_reviewer_and_never_passed(sign_in, strategy, page):
    principle = strategy.framework.principles.get(number=1)
    CheckDefinition.objects.create(principle=principle, code="P1.5", title="Weaknesses are cited as well")
    CheckDefinition.objects.create(principle=principle, code="P1.1", title="A check that the software makes")
    context = sign_in(person(strategy)).get(page).context
    view = context["views"][0]
    assert [definition.code for definition in view.alone] == ["P1.5"]
    assert "P1.5" not in [each.finding.code for each in view.findings]
    assert "P1.1" in [each.finding.code for each in view.findings]


def test_the_page_takes_as_many_queries_for_much_as_for_little(
    sign_in, strategy, page, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(person(strategy))
    add_one_of_each(strategy)
    client.get(page)
    with django_assert_max_num_queries(30) as little:
        client.get(page)
    for _ in range(3):
        add_one_of_each(strategy)
    ClaimFactory(strategy=strategy)
    with django_assert_num_queries(len(little.captured_queries)):
        client.get(page)


def test_a_judgement_of_an_open_review_is_shown_as_open(sign_in, strategy, page):
    review = reviews.request_review(strategy=strategy, by=strategy.created_by)
    reviewer = UserFactory(reviewer=True)
    reviews.assign(review=review, by=reviewer)
    principle = strategy.framework.principles.first()
    reviews.judge(
        review=review, principle=principle, verdict=Verdict.MET, reason="Yes.", by=reviewer, expected_version=0
    )
    text = sign_in(person(strategy)).get(page).content.decode()
    assert "The review is still open, so this may change" in text
    assert f"{reviewer} is reviewing it" in text


@pytest.mark.parametrize(
    ("traits", "claims", "sends"),
    [({"viewer": True}, False, False), ({}, True, False), ({"lead": True}, True, True)],
)
def test_people_see_the_steps_that_are_theirs(sign_in, strategy, page, request_page, traits, claims, sends):
    text = sign_in(person(strategy, **traits)).get(page).content.decode()
    assert ("Write a claim" in text) is claims
    assert (request_page in text) is sends
    assert ("Only the lead for this LEP can do this." in text) is not sends


def test_outsiders_and_reviewers_find_nothing_here(sign_in, page):
    for outsider in (UserFactory(), UserFactory(reviewer=True)):
        assert sign_in(outsider).get(page).status_code == 404


# Sending for review


@pytest.mark.parametrize("traits", [{"viewer": True}, {}])
def test_only_the_lead_opens_the_request(sign_in, strategy, request_page, traits):
    client = sign_in(person(strategy, **traits))
    for response in (client.get(request_page), client.post(request_page, {"note": "x"})):
        assert response.status_code == 403
        assert "Only the lead for this LEP can do this." in response.content.decode()
    assert not Review.objects.exists()


def test_the_lead_sends_a_version_with_a_note_and_a_date(sign_in, strategy, page, request_page):
    client = sign_in(strategy.created_by)
    assert "frozen as it stands" in client.get(request_page).content.decode()
    response = client.post(
        request_page, {"note": "Look at 6.", "due-day": "1", "due-month": "3", "due-year": "2999"}, follow=True
    )
    assert response.redirect_chain[-1][0] == page
    assert "Version 1 is now with the reviewers." in response.content.decode()
    review = Review.objects.get()
    assert (review.note, str(review.due)) == ("Look at 6.", "2999-03-01")


def test_a_date_in_the_past_is_refused_and_the_note_kept(sign_in, strategy, request_page):
    sent = {"note": "Look at 6.", "due-day": "1", "due-month": "3", "due-year": "2019"}
    text = sign_in(strategy.created_by).post(request_page, sent).content.decode()
    assert "must be on or after" in text
    assert "Look at 6." in text
    assert not Review.objects.exists()


def test_sending_twice_opens_one_review(sign_in, strategy, request_page):
    client = sign_in(strategy.created_by)
    client.post(request_page, {"note": ""})
    response = client.post(request_page, {"note": ""}, follow=True)
    assert "with the reviewers already" in response.content.decode()
    assert Review.objects.count() == 1
    assert "is with the reviewers already" in client.get(request_page).content.decode()

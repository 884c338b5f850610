"""The reviewers' thread in the admin: the queue, the frozen version, the judgements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from strategies.enums import ReviewStatus, Verdict
from strategies.models import CheckDefinition, Document, Judgement
from strategies.services import reviews
from tests.factories.evidence import EvidenceItemFactory
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import (
    CitationFactory,
    ClaimFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    ReviewFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/strategies/review/"


@pytest.fixture
def reviewer():
    return UserFactory(reviewer=True, full_name="Rita Reviewer")


@pytest.fixture
def strategy():
    return StrategyFactory(title="Northshire strategy")


@pytest.fixture
def review(strategy):
    ClaimFactory(strategy=strategy, text="As it was sent.")
    return reviews.request_review(strategy=strategy, by=strategy.created_by, note="Look at 2 first.")


@pytest.fixture
def taken(review, reviewer):
    return reviews.assign(review=review, by=reviewer)


def url(review):
    return reverse("admin:strategies_review_change", args=[review.pk])


def judgement(number=1, **changes):
    values = {"verdict": "met", "reason": "Argued well.", "version": "0"} | changes
    return {"judge": str(number)} | {f"p{number}-{name}": value for name, value in values.items()}


# Who


def test_officers_cannot_open_the_admin(sign_in, strategy, review):
    client = sign_in(MembershipFactory(lep=strategy.lep).user)
    for address in (QUEUE, url(review), reverse("admin:strategies_review_version", args=[review.pk])):
        response = client.get(address, follow=True)
        assert response.status_code == 403
        assert "Only reviewers and administrators can open this part." in response.content.decode()


def test_visitors_are_asked_to_sign_in(client, review):
    assert client.get(url(review)).status_code == 302
    assert client.post(url(review), {"take": "1"}).status_code == 302
    review.refresh_from_db()
    assert review.status == ReviewStatus.REQUESTED


def test_a_reviewer_sees_the_reviews_and_nothing_else(sign_in, reviewer, review):
    client = sign_in(reviewer)
    apps = client.get("/admin/").context["app_list"]
    assert [model["object_name"] for app in apps for model in app["models"]] == ["Review"]
    for address in ("/admin/accounts/user/", "/admin/audit/logentry/", "/admin/strategies/framework/"):
        assert client.get(address).status_code == 403


# The queue


def test_the_queue_shows_what_waits_with_overdue_in_words(sign_in, reviewer, taken, strategy):
    ReviewFactory(due=timezone.localdate() - timedelta(days=3))
    ReviewFactory(status=ReviewStatus.COMPLETED, completed_at=timezone.now(), due=timezone.localdate())
    reviews.judge(
        review=taken,
        principle=strategy.framework.principles.first(),
        verdict=Verdict.MET,
        reason="Yes.",
        by=reviewer,
        expected_version=0,
    )
    response = sign_in(reviewer).get(QUEUE)
    text = response.content.decode()
    assert text.count("Overdue: ") == 1
    assert "Northshire strategy" in text
    assert "1 of 2" in text
    assert "Nobody yet" in text
    assert "No date" in text
    statuses = [row.status for row in response.context["cl"].result_list]
    assert statuses[-1] == ReviewStatus.COMPLETED


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status__exact=in_progress", True),
        ("status__exact=requested", False),
        ("whose=mine", True),
        ("whose=nobody", False),
        ("q=northshire", True),
        ("q=elsewhere", False),
    ],
)
def test_the_queue_can_be_narrowed(sign_in, reviewer, taken, query, shown):
    ReviewFactory()
    text = sign_in(reviewer).get(f"{QUEUE}?{query}").content.decode()
    assert ("Northshire strategy" in text) is shown


def test_the_queue_can_be_narrowed_to_a_lep(sign_in, reviewer, review):
    other = ReviewFactory()
    response = sign_in(reviewer).get(f"{QUEUE}?strategy__lep__id__exact={other.strategy.lep_id}")
    assert [row.pk for row in response.context["cl"].result_list] == [other.pk]


def test_the_queue_takes_as_many_queries_for_many(
    sign_in, reviewer, taken, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(reviewer)
    client.get(QUEUE)
    with django_assert_max_num_queries(8) as little:
        client.get(QUEUE)
    for _ in range(4):
        reviews.assign(review=ReviewFactory(), by=UserFactory(reviewer=True))
    with django_assert_num_queries(len(little.captured_queries)):
        client.get(QUEUE)


# The review's page


def test_the_page_shows_the_version_that_was_sent_and_not_what_came_after(sign_in, reviewer, taken, strategy):
    claim = strategy.claims.get()
    reviews.save_claim(
        strategy=strategy,
        principle=claim.principle,
        text="Written later.",
        by=strategy.created_by,
        expected_version=1,
    )
    CheckDefinition.objects.create(principle=claim.principle, code="P1.5", title="Weaknesses are cited")
    text = sign_in(reviewer).get(url(taken)).content.decode()
    assert "As it was sent." in text
    assert "Written later." not in text
    assert "Look at 2 first." in text
    assert "have no diagnosis that cites a figure" in text
    assert "Criterion of 1" in text
    assert "Weaknesses are cited" in text
    assert text.count("<fieldset") == text.count("<legend") == 2


def test_the_frozen_version_can_be_read_without_belonging_to_the_lep(sign_in, reviewer, strategy):
    section = strategy.sections.first()
    section.body = "## What we found\n\nFirms train *too little*."
    section.save()
    figure = CitationFactory(strategy=strategy, is_figure=True)
    what_works = CitationFactory(strategy=strategy, kind="what_works", review=EvidenceItemFactory())
    objective = ObjectiveFactory(
        strategy=strategy, diagnosis=DiagnosisFactory(strategy=strategy, citations=[figure]), title="Raise skills"
    )
    InterventionFactory(strategy=strategy, objectives=[objective], citations=[what_works], title="Shared pool")
    review = reviews.request_review(strategy=strategy, by=strategy.created_by)
    section.body = "Changed since."
    section.save()
    client = sign_in(reviewer)
    text = client.get(reverse("admin:strategies_review_version", args=[review.pk])).content.decode()
    for words in ("<em>too little</em>", "Raise skills", "Shared pool", "£31.2", "7 of 9 studies", "Firms train"):
        assert words in text
    assert "Changed since." not in text


def test_a_document_of_the_version_is_offered_once_it_is_made(sign_in, reviewer, review):
    client, address = sign_in(reviewer), reverse("admin:strategies_review_version", args=[review.pk])
    made = Document(strategy=review.strategy, release=review.release, created_by=review.requested_by)
    made.save()
    assert made.get_absolute_url() not in client.get(address).content.decode()
    made.finished_at = timezone.now()
    made.save()
    assert made.get_absolute_url() in client.get(address).content.decode()
    assert client.get(made.get_absolute_url()).status_code == 200


def test_the_page_takes_as_many_queries_for_much_as_for_little(
    sign_in, reviewer, taken, strategy, django_assert_num_queries, django_assert_max_num_queries
):
    client = sign_in(reviewer)
    client.get(url(taken))
    with django_assert_max_num_queries(14) as little:
        client.get(url(taken))
    for number, principle in enumerate(strategy.framework.principles.all()):
        reviews.judge(
            review=taken, principle=principle, verdict=Verdict.MET, reason="Yes.", by=reviewer, expected_version=0
        )
        CheckDefinition.objects.create(principle=principle, code=f"P{number}.9", title="Another")
    with django_assert_num_queries(len(little.captured_queries)):
        client.get(url(taken))


def test_a_review_that_does_not_exist_is_not_found(sign_in, reviewer):
    assert sign_in(reviewer).get("/admin/strategies/review/999/change/").status_code == 404


def test_nothing_on_the_page_needs_inline_script_or_style(sign_in, reviewer, taken):
    client = sign_in(reviewer)
    for address in ("/admin/", QUEUE, url(taken), reverse("admin:strategies_review_version", args=[taken.pk])):
        response = client.get(address)
        text = response.content.decode()
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


# Taking, judging, completing


def test_a_reviewer_takes_judges_and_completes(sign_in, reviewer, review, strategy):
    client = sign_in(reviewer)
    assert "Take this review" in client.get(url(review)).content.decode()
    client.post(url(review), {"take": "1"})
    response = client.post(url(review), judgement(1, verdict="partly"))
    assert response.url == f"{url(review)}?saved=1#principle-1"
    shown = client.get(response.url).content.decode()
    assert f'data-draft-saved="review-{review.pk}-1"' in shown
    assert "Principle 1 judged: partly met" in shown
    client.post(url(review), judgement(2))
    client.post(url(review), {"complete": "1", "summary": "Start with the evidence."})
    review.refresh_from_db()
    assert (review.status, review.reviewer, review.summary) == (
        ReviewStatus.COMPLETED,
        reviewer,
        "Start with the evidence.",
    )
    closed = client.get(url(review)).content.decode()
    assert "This review is completed." in closed
    assert "<textarea" not in closed


def test_a_judgement_can_be_changed_from_the_page(sign_in, reviewer, taken):
    client = sign_in(reviewer)
    client.post(url(taken), judgement(1))
    text = client.get(url(taken)).content.decode()
    assert 'name="p1-version" value="1"' in text
    client.post(url(taken), judgement(1, verdict="not_met", reason="On reflection.", version="1"))
    assert Judgement.objects.get().reason == "On reflection."


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reason": ""}, "Enter the reason for your judgement"),
        ({"reason": "  "}, "Enter the reason for your judgement"),
        ({"verdict": ""}, "Select met, partly met or not met"),
    ],
)
def test_an_incomplete_judgement_is_refused_beside_the_field_and_keeps_what_was_typed(
    sign_in, reviewer, taken, changes, error
):
    response = sign_in(reviewer).post(url(taken), judgement(2, **({"reason": "Typed with care."} | changes)))
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count(error) == 2  # in the summary on top, and beside the field
    assert text.startswith("<!DOCTYPE html>")
    assert "<title>Error:" in text
    if "reason" not in changes:
        assert "Typed with care." in text
    else:
        assert 'value="met" id="id_p2-verdict_0" checked' in text
    assert not Judgement.objects.exists()


def test_a_judgement_saved_in_another_window_is_shown_beside_mine(sign_in, reviewer, taken):
    client = sign_in(reviewer)
    client.post(url(taken), judgement(1, reason="The first."))
    text = client.post(url(taken), judgement(1, reason="The second.", verdict="partly")).content.decode()
    assert "The first." in text
    assert "The second." in text
    assert 'name="p1-version" value="1"' in text
    assert Judgement.objects.get().reason == "The first."


def test_a_judgement_after_a_colleague_took_over_keeps_the_text(sign_in, reviewer, taken):
    colleague = UserFactory(reviewer=True)
    reviews.assign(review=reviews.hand_back(review=taken, by=reviewer), by=colleague)
    text = sign_in(reviewer).post(url(taken), judgement(1, reason="Typed with care.")).content.decode()
    assert f"{colleague} is doing this review." in text
    assert "Typed with care." in text
    assert not Judgement.objects.exists()


def test_completing_too_early_says_what_is_left_and_keeps_the_summary(sign_in, reviewer, taken):
    text = sign_in(reviewer).post(url(taken), {"complete": "1", "summary": "Nearly."}).content.decode()
    assert "Still to do: 1, 2." in text
    assert "Nearly." in text
    taken.refresh_from_db()
    assert taken.status == ReviewStatus.IN_PROGRESS


def test_completing_without_a_summary_is_refused(sign_in, reviewer, taken):
    text = sign_in(reviewer).post(url(taken), {"complete": "1", "summary": ""}).content.decode()
    assert text.count("Enter a summary for the officers") == 2


def test_a_review_can_be_handed_back(sign_in, reviewer, taken):
    sign_in(reviewer).post(url(taken), {"hand_back": "1"})
    taken.refresh_from_db()
    assert (taken.status, taken.reviewer) == (ReviewStatus.REQUESTED, None)


def test_taking_what_a_colleague_has_says_who(sign_in, taken, reviewer):
    text = sign_in(UserFactory(reviewer=True)).post(url(taken), {"take": "1"}, follow=True).content.decode()
    assert "Rita Reviewer has taken this review already." in text
    assert "Rita Reviewer is doing this review." in text
    assert "<textarea" not in text


# Conflict of interest


def test_a_reviewer_of_their_own_lep_is_told_why_and_refused(sign_in, review, strategy):
    insider = MembershipFactory(lep=strategy.lep, user=UserFactory(reviewer=True), viewer=True).user
    client = sign_in(insider)
    assert "Northshire strategy" in client.get(QUEUE).content.decode()
    text = client.get(url(review)).content.decode()
    assert "You belong to this LEP, so someone else must review its strategy." in text
    assert "Take this review" not in text
    for sent in ({"take": "1"}, judgement(1), {"complete": "1", "summary": "Fine."}, {"hand_back": "1"}):
        response = client.post(url(review), sent)
        assert response.status_code == 403
        assert "You belong to this LEP" in response.content.decode()
    review.refresh_from_db()
    assert review.status == ReviewStatus.REQUESTED
    assert not Judgement.objects.exists()


def test_an_administrator_can_hand_back_for_a_reviewer_who_is_away(sign_in, taken):
    client = sign_in(UserFactory(administrator=True))
    assert "As an administrator you can put it back" in client.get(url(taken)).content.decode()
    client.post(url(taken), {"hand_back": "1"})
    taken.refresh_from_db()
    assert taken.reviewer is None


def test_reviews_are_neither_added_nor_deleted_by_hand(sign_in, review):
    client = sign_in(UserFactory(administrator=True))
    assert client.get("/admin/strategies/review/add/").status_code == 403
    assert client.get(f"/admin/strategies/review/{review.pk}/delete/").status_code == 403
    assert client.get(f"/admin/strategies/review/{review.pk}/history/").url == f"{url(review)}#history"

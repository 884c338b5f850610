"""Claims, and the way of a review: requested, taken, judged, completed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from lisapp.audit.formatters import describe
from lisapp.audit.models import LogEntry
from lisapp.errors import InvalidTransition, NotAllowed, StaleEdit
from strategies.enums import ReviewStatus, StrategyStatus, Verdict
from strategies.models import Claim, Judgement, Review
from strategies.selectors.principles import frozen_facts
from strategies.services import reviews
from tests.factories.kernel import MembershipFactory, UserFactory
from tests.factories.strategies import FrameworkFactory, StrategyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return StrategyFactory()


@pytest.fixture
def lead(strategy):
    return strategy.created_by


@pytest.fixture
def principle(strategy):
    return strategy.framework.principles.first()


@pytest.fixture
def reviewer():
    return UserFactory(reviewer=True)


@pytest.fixture
def review(strategy, lead):
    return reviews.request_review(strategy=strategy, by=lead)


@pytest.fixture
def taken(review, reviewer):
    return reviews.assign(review=review, by=reviewer)


def judge(review, principle, by, **changes):
    values = {"verdict": Verdict.MET, "reason": "It is argued well.", "expected_version": 0} | changes
    return reviews.judge(review=review, principle=principle, by=by, **values)


def judge_all(review, by):
    for principle in review.strategy.framework.principles.all():
        judge(review, principle, by)


# Claims


def test_a_claim_is_written_and_changed(strategy, lead, principle):
    claim = reviews.save_claim(strategy=strategy, principle=principle, text=" One. ", by=lead, expected_version=0)
    assert (claim.text, claim.version) == ("One.", 1)
    claim = reviews.save_claim(strategy=strategy, principle=principle, text="Two.", by=lead, expected_version=1)
    assert (claim.text, claim.version) == ("Two.", 2)
    entry = LogEntry.objects.about(strategy).first()
    assert describe(entry) == "Claim on principle 1 saved"


@pytest.mark.parametrize("expected_version", [0, 1, 3])
def test_a_claim_that_a_colleague_saved_first_comes_back_with_their_text(strategy, lead, principle, expected_version):
    for version, text in enumerate(("First", "Second")):
        reviews.save_claim(strategy=strategy, principle=principle, text=text, by=lead, expected_version=version)
    with pytest.raises(StaleEdit) as stale:
        reviews.save_claim(
            strategy=strategy, principle=principle, text="Mine", by=lead, expected_version=expected_version
        )
    assert stale.value.theirs == {"text": "Second"}
    assert (stale.value.version, stale.value.by) == (2, str(lead))
    assert Claim.objects.get().text == "Second"


def test_a_claim_opened_on_a_text_that_is_gone_is_stale_too(strategy, lead, principle):
    with pytest.raises(StaleEdit) as stale:
        reviews.save_claim(strategy=strategy, principle=principle, text="Mine", by=lead, expected_version=4)
    assert stale.value.version == 0


def test_viewers_and_reviewers_cannot_claim(strategy, principle, reviewer):
    viewer = MembershipFactory(lep=strategy.lep, viewer=True).user
    for person in (viewer, reviewer):
        with pytest.raises(NotAllowed):
            reviews.save_claim(strategy=strategy, principle=principle, text="x", by=person, expected_version=0)


def test_a_claim_belongs_to_the_strategys_own_framework(strategy, lead, reviewer):
    foreign = FrameworkFactory().principles.first()
    with pytest.raises(ValidationError, match="another framework"):
        reviews.save_claim(strategy=strategy, principle=foreign, text="x", by=lead, expected_version=0)


# Requesting


def test_a_request_freezes_the_strategy_with_its_claims(strategy, lead, principle):
    reviews.save_claim(strategy=strategy, principle=principle, text="As sent.", by=lead, expected_version=0)
    review = reviews.request_review(strategy=strategy, by=lead, note=" Look at 6. ", due=date(2026, 12, 24))
    reviews.save_claim(strategy=strategy, principle=principle, text="Later.", by=lead, expected_version=1)
    strategy.refresh_from_db()
    assert (review.status, review.note, review.due) == (ReviewStatus.REQUESTED, "Look at 6.", date(2026, 12, 24))
    assert strategy.status == StrategyStatus.IN_REVIEW
    assert [claim.text for claim in frozen_facts(review).claims] == ["As sent."]
    assert describe(LogEntry.objects.get(event="strategies.review.requested")) == "Version 1 sent for review"


def test_only_one_review_is_open_at_a_time(strategy, lead, review):
    with pytest.raises(InvalidTransition, match="already"):
        reviews.request_review(strategy=strategy, by=lead)
    assert Review.objects.count() == 1


@pytest.mark.parametrize("trait", ["viewer", None])
def test_only_the_lead_sends_for_review(strategy, trait):
    person = MembershipFactory(lep=strategy.lep, **({trait: True} if trait else {})).user
    with pytest.raises(NotAllowed, match="Only the lead"):
        reviews.request_review(strategy=strategy, by=person)


def test_a_strategy_out_to_consultation_stays_so(lead, strategy, reviewer):
    strategy.status = StrategyStatus.CONSULTING
    strategy.save()
    review = reviews.assign(review=reviews.request_review(strategy=strategy, by=lead), by=reviewer)
    judge_all(review, reviewer)
    reviews.complete(review=review, summary="Good.", by=reviewer)
    strategy.refresh_from_db()
    assert strategy.status == StrategyStatus.CONSULTING


# Taking and handing back


def test_a_reviewer_takes_a_review_once(review, reviewer):
    for _ in range(2):
        reviews.assign(review=review, by=reviewer)
    assert (review.status, review.reviewer) == (ReviewStatus.IN_PROGRESS, reviewer)
    assert LogEntry.objects.filter(event="strategies.review.taken").count() == 1


def test_a_second_reviewer_is_told_who_has_it(taken, reviewer):
    with pytest.raises(InvalidTransition, match=f"{reviewer} has taken"):
        reviews.assign(review=taken, by=UserFactory(reviewer=True))


def test_nobody_reviews_their_own_lep(review, principle):
    insider = MembershipFactory(lep=review.strategy.lep, user=UserFactory(reviewer=True), viewer=True).user
    for step in (
        lambda: reviews.assign(review=review, by=insider),
        lambda: judge(review, principle, insider),
        lambda: reviews.complete(review=review, summary="x", by=insider),
        lambda: reviews.hand_back(review=review, by=insider),
    ):
        with pytest.raises(NotAllowed, match="You belong to this LEP"):
            step()


def test_officers_do_not_judge(review, principle, lead):
    with pytest.raises(NotAllowed, match="Only reviewers"):
        judge(review, principle, lead)


def test_a_review_handed_back_keeps_its_judgements(taken, reviewer, principle):
    judge(taken, principle, reviewer)
    held = reviews.hand_back(review=taken, by=reviewer)
    assert (held.status, held.reviewer) == (ReviewStatus.REQUESTED, None)
    second = UserFactory(reviewer=True)
    reviews.assign(review=held, by=second)
    changed = judge(held, principle, second, verdict=Verdict.PARTLY, expected_version=1)
    assert (changed.by, changed.version, held.judgements.count()) == (second, 2, 1)


def test_only_the_reviewer_or_an_administrator_hands_back(taken, reviewer):
    with pytest.raises(InvalidTransition, match=f"{reviewer} is doing"):
        reviews.hand_back(review=taken, by=UserFactory(reviewer=True))
    reviews.hand_back(review=taken, by=UserFactory(administrator=True))
    with pytest.raises(InvalidTransition, match="Nobody"):
        reviews.hand_back(review=taken, by=reviewer)


# Judging


def test_a_judgement_can_be_changed_while_the_review_is_open_and_the_log_says_so(taken, reviewer, principle):
    judge(taken, principle, reviewer)
    judge(taken, principle, reviewer, verdict=Verdict.NOT_MET, reason="On reflection.", expected_version=1)
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.reason, judgement.version) == (Verdict.NOT_MET, "On reflection.", 2)
    told = [describe(entry) for entry in LogEntry.objects.about(taken).filter(event="strategies.review.judged")]
    assert told == ["Principle 1 judged: not met (was: met)", "Principle 1 judged: met"]


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_a_judgement_needs_a_reason(taken, reviewer, principle, reason):
    with pytest.raises(ValidationError):
        judge(taken, principle, reviewer, reason=reason)
    assert not Judgement.objects.exists()


def test_a_judgement_needs_a_known_verdict(taken, reviewer, principle):
    with pytest.raises(ValidationError):
        judge(taken, principle, reviewer, verdict="splendid")


def test_a_judgement_from_an_older_page_is_stale(taken, reviewer, principle):
    judge(taken, principle, reviewer)
    with pytest.raises(StaleEdit) as stale:
        judge(taken, principle, reviewer, reason="Mine")
    assert stale.value.theirs == {"verdict": "Met", "reason": "It is argued well."}


def test_a_review_is_judged_by_whoever_took_it(review, taken, principle):
    with pytest.raises(InvalidTransition, match="is doing this review"):
        judge(taken, principle, UserFactory(reviewer=True))


def test_a_review_is_taken_before_it_is_judged(review, reviewer, principle):
    with pytest.raises(InvalidTransition, match="Take this review"):
        judge(review, principle, reviewer)


def test_a_principle_of_another_framework_cannot_be_judged(taken, reviewer):
    with pytest.raises(ValidationError, match="another framework"):
        judge(taken, FrameworkFactory().principles.first(), reviewer)


# Completing


def test_every_principle_is_judged_before_a_review_is_complete(taken, reviewer, principle):
    judge(taken, principle, reviewer)
    with pytest.raises(InvalidTransition, match="Still to do: 2"):
        reviews.complete(review=taken, summary="Good.", by=reviewer)


def test_a_review_needs_a_summary(taken, reviewer):
    judge_all(taken, reviewer)
    with pytest.raises(ValidationError):
        reviews.complete(review=taken, summary=" ", by=reviewer)


def test_a_completed_review_is_closed_and_the_strategy_goes_back_to_drafting(taken, reviewer, principle, lead):
    judge_all(taken, reviewer)
    done = reviews.complete(review=taken, summary="Good.", by=reviewer)
    done.strategy.refresh_from_db()
    assert (done.status, done.strategy.status) == (ReviewStatus.COMPLETED, StrategyStatus.DRAFTING)
    with pytest.raises(NotAllowed, match="completed"):
        judge(done, principle, reviewer, expected_version=1)
    again = reviews.request_review(strategy=done.strategy, by=lead)
    assert (again.release, again.status) == (done.release, ReviewStatus.REQUESTED)

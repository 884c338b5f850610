"""Claims by officers, and reviews of a frozen version by people from outside the LEP."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.errors import InvalidTransition, StaleEdit
from strategies import permissions
from strategies.enums import OPEN_REVIEW_STATUSES, ReviewStatus, StrategyStatus, Verdict
from strategies.models import Claim, Judgement, Principle, Review, Strategy
from strategies.services.releases import freeze
from strategies.services.versions import save_version, stale_edit


@transaction.atomic
def save_claim(*, strategy: Strategy, principle: Principle, text: str, by: Any, expected_version: int) -> Claim:
    """Save what the officers say about a principle. `expected_version` is 0 where there was no claim yet.

    Raises NotAllowed, ValidationError (a principle of another framework) or StaleEdit (carrying the stored text).
    """
    permissions.can_draft(by, strategy).or_raise()
    _require_same_framework(strategy, principle)
    claim = strategy.claims.filter(principle=principle).first()
    changes = {"text": text.strip(), "updated_by": by, "updated_at": timezone.now()}
    if claim is None:
        if expected_version:
            raise StaleEdit(theirs={"text": ""}, version=0)
        claim = Claim(strategy=strategy, principle=principle, **changes)
        claim.full_clean()
        try:
            with transaction.atomic():
                claim.save()
        except IntegrityError:
            raise stale_edit(strategy.claims.get(principle=principle), changes) from None
    else:
        save_version(claim, expected_version=expected_version, changes=changes)
    log("strategies.claim.saved", target=strategy, by=by, lep=strategy.lep, data={"principle": principle.number})
    return claim


def _require_same_framework(strategy: Strategy, principle: Principle) -> None:
    if principle.framework_id != strategy.framework_id:
        raise ValidationError("This principle belongs to another framework.")


@transaction.atomic
def request_review(*, strategy: Strategy, by: Any, note: str = "", due: date | None = None) -> Review:
    """Freeze the strategy with its claims, and put that version into the reviewers' queue.

    Raises NotAllowed, or InvalidTransition while another review is open.
    """
    permissions.can_send_for_review(by, strategy).or_raise()
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    if strategy.reviews.filter(status__in=OPEN_REVIEW_STATUSES).exists():
        raise InvalidTransition("This strategy is with the reviewers already.")
    release = freeze(strategy=strategy, by=by, note="Sent for review")
    review = Review(strategy=strategy, release=release, requested_by=by, note=note.strip(), due=due)
    review.full_clean()
    review.save()
    _move(strategy, StrategyStatus.DRAFTING, StrategyStatus.IN_REVIEW)
    log(
        "strategies.review.requested",
        target=strategy,
        by=by,
        lep=strategy.lep,
        data={"review": review.pk, "release": release.number, "due": due},
    )
    return review


def _move(strategy: Strategy, old: StrategyStatus, new: StrategyStatus) -> None:
    """Change the strategy's status, where it is `old`: a strategy out to consultation stays so."""
    if Strategy.objects.filter(pk=strategy.pk, status=old).update(status=new):
        strategy.status = new


@transaction.atomic
def assign(*, review: Review, by: Any) -> Review:
    """Let a reviewer take a review that waits.

    Raises NotAllowed (also for someone of the strategy's own LEP), or InvalidTransition where a colleague has it.
    """
    permissions.can_judge(by, review).or_raise()
    waiting = Review.objects.filter(pk=review.pk, status=ReviewStatus.REQUESTED)
    taken = waiting.update(status=ReviewStatus.IN_PROGRESS, reviewer=by)
    review.refresh_from_db()
    if taken:
        log("strategies.review.taken", target=review, by=by, lep=review.strategy.lep)
    elif review.reviewer_id != by.pk:
        raise InvalidTransition(f"{review.reviewer} has taken this review already.")
    return review


@transaction.atomic
def hand_back(*, review: Review, by: Any) -> Review:
    """Return a review to the queue, for another reviewer. What was judged so far stays.

    The reviewer may do so, and an administrator for a reviewer who is away. Raises NotAllowed or InvalidTransition.
    """
    permissions.can_judge(by, review).or_raise()
    held = Review.objects.select_related("strategy__lep").select_for_update(of=("self",)).get(pk=review.pk)
    if held.status != ReviewStatus.IN_PROGRESS:
        raise InvalidTransition("Nobody has taken this review.")
    if held.reviewer_id != by.pk and not by.is_superuser:
        raise InvalidTransition(f"{held.reviewer} is doing this review.")
    held.status, held.reviewer = ReviewStatus.REQUESTED, None
    held.full_clean()
    held.save()
    log("strategies.review.handed_back", target=held, by=by, lep=held.strategy.lep)
    return held


def _held(review: Review, by: Any) -> Review:
    """Lock a review that `by` is doing. Raises NotAllowed or InvalidTransition."""
    held = Review.objects.select_related("strategy__lep").select_for_update(of=("self",)).get(pk=review.pk)
    permissions.can_judge(by, held).or_raise()
    if held.status == ReviewStatus.REQUESTED:
        raise InvalidTransition("Take this review before you judge.")
    if held.reviewer_id != by.pk:
        raise InvalidTransition(f"{held.reviewer} is doing this review.")
    return held


@transaction.atomic
def judge(
    *, review: Review, principle: Principle, verdict: str, reason: str, by: Any, expected_version: int
) -> Judgement:
    """Judge one principle, or change the judgement while the review is open. `expected_version` is 0 for a first one.

    Raises NotAllowed, InvalidTransition, ValidationError (no verdict or reason, or a principle of another framework)
    or StaleEdit (carrying the stored verdict and reason).
    """
    held = _held(review, by)
    _require_same_framework(held.strategy, principle)
    judgement = held.judgements.filter(principle=principle).select_related("by").first()
    if (judgement.version if judgement else 0) != expected_version:
        raise _stale_judgement(judgement)
    before = judgement.verdict if judgement else ""
    if judgement is None:
        judgement = Judgement(review=held, principle=principle)
    else:
        judgement.version += 1
    judgement.verdict, judgement.reason, judgement.by, judgement.at = verdict, reason.strip(), by, timezone.now()
    judgement.full_clean()
    judgement.save()
    log(
        "strategies.review.judged",
        target=held,
        by=by,
        lep=held.strategy.lep,
        data={"principle": principle.number, "verdict": verdict, "before": before, "reason": judgement.reason},
    )
    return judgement


def _stale_judgement(judgement: Judgement | None) -> StaleEdit:
    if judgement is None:
        return StaleEdit(theirs={"verdict": "", "reason": ""}, version=0)
    return StaleEdit(
        theirs={"verdict": judgement.get_verdict_display(), "reason": judgement.reason},
        version=judgement.version,
        by=str(judgement.by),
        at=judgement.at,
    )


@transaction.atomic
def complete(*, review: Review, summary: str, by: Any) -> Review:
    """Finish a review in which every principle is judged, with a summary for the officers.

    Raises NotAllowed, InvalidTransition (naming the principles that are left) or ValidationError (no summary).
    """
    held = _held(review, by)
    judged = held.judgements.values("principle")
    left = list(held.strategy.framework.principles.exclude(pk__in=judged).values_list("number", flat=True))
    if left:
        numbers = ", ".join(map(str, left))
        raise InvalidTransition(f"Judge every principle first. Still to do: {numbers}.")
    if not summary.strip():
        raise ValidationError({"summary": "Enter a summary"})
    held.status, held.summary, held.completed_at = ReviewStatus.COMPLETED, summary.strip(), timezone.now()
    held.full_clean()
    held.save()
    _move(held.strategy, StrategyStatus.IN_REVIEW, StrategyStatus.DRAFTING)
    log(
        "strategies.review.completed",
        target=held.strategy,
        by=by,
        lep=held.strategy.lep,
        data={"review": held.pk},
    )
    return held


@formatter("strategies.claim.saved")
def _claim_saved(entry: LogEntry) -> str:
    return f"Claim on principle {entry.data['principle']} saved"


@formatter("strategies.review.requested")
def _review_requested(entry: LogEntry) -> str:
    return f"Version {entry.data['release']} sent for review"


@formatter("strategies.review.judged")
def _review_judged(entry: LogEntry) -> str:
    data = entry.data
    was = f" (was: {Verdict(data['before']).label.lower()})" if data.get("before") else ""
    return f"Principle {data['principle']} judged: {Verdict(data['verdict']).label.lower()}{was}"

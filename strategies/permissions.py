"""Who may do what with a strategy."""

from __future__ import annotations

from typing import Any

from lisapp.accounts.permissions import Decision
from lisapp.places import permissions as lep_permissions
from strategies.enums import EDITABLE_STATUSES, OPEN_REVIEW_STATUSES
from strategies.models import Review, Strategy


def can_view(user: Any, strategy: Strategy) -> Decision:
    """People of the LEP and administrators."""
    return lep_permissions.can_view(user, strategy.lep)


def can_draft(user: Any, strategy: Strategy) -> Decision:
    """Officers and leads of the LEP, while the strategy is not agreed."""
    decision = lep_permissions.can_draft(user, strategy.lep)
    if decision and strategy.status not in EDITABLE_STATUSES:
        return Decision.no(f"This strategy is {strategy.get_status_display().lower()}, so it can no longer be changed.")
    return decision


def can_send_for_review(user: Any, strategy: Strategy) -> Decision:
    """The lead of the LEP."""
    return lep_permissions.can_lead(user, strategy.lep)


def can_judge(user: Any, review: Review) -> Decision:
    """Reviewers and administrators, never on a LEP of their own, while the review is open."""
    if not (user.is_reviewer or user.is_superuser):
        return Decision.no("Only reviewers can judge a strategy.")
    if user.role_in(review.strategy.lep):
        return Decision.no("You belong to this LEP, so someone else must review its strategy.")
    if review.status not in OPEN_REVIEW_STATUSES:
        return Decision.no("This review is completed.")
    return Decision.yes()

"""Who may do what with a LEP."""

from __future__ import annotations

from typing import Any

from lisapp.accounts.permissions import Decision
from lisapp.places.enums import DRAFTING_ROLES, Role
from lisapp.places.models import LEP


def can_view(user: Any, lep: LEP) -> Decision:
    """Members and administrators see a LEP."""
    if user.is_superuser or user.role_in(lep):
        return Decision.yes()
    return Decision.no("Only people in this LEP can see it.")


def can_draft(user: Any, lep: LEP) -> Decision:
    """Officers and leads draft."""
    if user.role_in(lep) in DRAFTING_ROLES:
        return Decision.yes()
    return Decision.no("Only people drafting for this LEP can do this. Ask its lead for the officer role.")


def can_lead(user: Any, lep: LEP) -> Decision:
    """Leads take the steps that others see: opening a consultation, sending a strategy for review."""
    if user.role_in(lep) == Role.LEAD:
        return Decision.yes()
    return Decision.no("Only the lead for this LEP can do this.")

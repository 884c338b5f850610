"""Who may do what with a consultation. What the public may do follows from its dates, in the services."""

from __future__ import annotations

from typing import Any

from consultations.enums import ConsultationStatus
from consultations.models import Consultation
from lisapp.accounts.permissions import Decision
from lisapp.places import permissions as lep_permissions
from strategies import permissions as strategy_permissions
from strategies.models import Strategy


def can_view(user: Any, consultation: Consultation) -> Decision:
    """People of the LEP, viewers too, and administrators: the questions before they open, and the responses."""
    return lep_permissions.can_view(user, consultation.strategy.lep)


def can_create(user: Any, strategy: Strategy) -> Decision:
    """Officers and leads, while the strategy can still change: nobody is asked about what is settled."""
    return strategy_permissions.can_draft(user, strategy)


def can_prepare(user: Any, consultation: Consultation) -> Decision:
    """Officers and leads see the page where a consultation is prepared."""
    return lep_permissions.can_draft(user, consultation.strategy.lep)


def can_edit(user: Any, consultation: Consultation) -> Decision:
    """Officers and leads, until it is published: everyone must answer the same questions."""
    decision = can_prepare(user, consultation)
    if decision and consultation.status != ConsultationStatus.DRAFT:
        return Decision.no("This consultation is published, so that its questions and dates can no longer change.")
    return decision


def can_publish(user: Any, consultation: Consultation) -> Decision:
    """The lead, once."""
    decision = lep_permissions.can_lead(user, consultation.strategy.lep)
    if decision and consultation.status != ConsultationStatus.DRAFT:
        return Decision.no("This consultation is published already.")
    return decision

"""Who may ask for a comparator report or keep evidence of a LEP's own, and who sees them."""

from __future__ import annotations

from typing import Any

from evidence.models import ComparatorReport, EvidenceItem
from lisapp.accounts.permissions import Decision
from lisapp.places import permissions as lep_permissions
from lisapp.places.models import LEP


def can_request_report(user: Any, lep: LEP) -> Decision:
    """Officers and leads of the LEP."""
    return lep_permissions.can_draft(user, lep)


def can_view_report(user: Any, report: ComparatorReport) -> Decision:
    """People of the LEP and administrators."""
    return lep_permissions.can_view(user, report.lep)


def can_view_item(user: Any, item: EvidenceItem) -> Decision:
    """Reference evidence and shared items: everybody who has signed in. Others: people of the LEP, administrators."""
    if item.lep is None:
        return Decision.yes()
    if user.is_authenticated and item.is_shared:
        return Decision.yes()
    return lep_permissions.can_view(user, item.lep)


def can_add_item(user: Any, lep: LEP) -> Decision:
    """Officers and leads of the LEP."""
    return lep_permissions.can_draft(user, lep)


def can_edit_item(user: Any, item: EvidenceItem) -> Decision:
    """Officers and leads of the LEP that it belongs to. Reference evidence changes with the reference data."""
    if item.lep is None:
        return Decision.no("Reviews and studies come with the reference data and cannot be changed here.")
    return lep_permissions.can_draft(user, item.lep)


ANALYSTS = "Analysts"  # the group that a migration makes; administrators add people to it


def can_load_data(user: Any) -> Decision:
    """Administrators and analysts bring figures in, roll them back and add indicators."""
    if user.is_superuser or user.groups.filter(name=ANALYSTS).exists():
        return Decision.yes()
    return Decision.no("Only analysts can load data. Ask an administrator to add you to the group “Analysts”.")


def can_reword_indicator(user: Any) -> Decision:
    """Administrators look after the reference data."""
    if user.is_superuser:
        return Decision.yes()
    return Decision.no("Only administrators can change how an indicator is explained.")


def can_request_all_reports(user: Any) -> Decision:
    """Administrators: the batch writes into every LEP."""
    if user.is_superuser:
        return Decision.yes()
    return Decision.no("Only administrators can make the reports of every LEP at once.")

"""Who may ask for a comparator report, and who sees it."""

from __future__ import annotations

from typing import Any

from evidence.models import ComparatorReport
from lisapp.accounts.permissions import Decision
from lisapp.places import permissions as lep_permissions
from lisapp.places.models import LEP


def can_request_report(user: Any, lep: LEP) -> Decision:
    """Officers and leads of the LEP."""
    return lep_permissions.can_draft(user, lep)


def can_view_report(user: Any, report: ComparatorReport) -> Decision:
    """People of the LEP and administrators."""
    return lep_permissions.can_view(user, report.lep)


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

"""Who may see and steer a job."""

from __future__ import annotations

from typing import Any

from lisapp.accounts.permissions import Decision
from lisapp.jobs.models import Job
from lisapp.places.enums import DRAFTING_ROLES


def can_control(user: Any, job: Job) -> Decision:
    """Whoever asked for it, people drafting for its LEP and administrators may cancel a job or try it again."""
    if user.is_superuser or job.requested_by_id == user.pk:
        return Decision.yes()
    if job.lep and user.role_in(job.lep) in DRAFTING_ROLES:
        return Decision.yes()
    return Decision.no("Only the person who asked for this, or someone drafting for the LEP, can change it.")

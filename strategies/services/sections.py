"""Writing sections: every save is kept as a revision."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from strategies import permissions
from strategies.models import Section, SectionRevision
from strategies.services.versions import save_version


@transaction.atomic
def save_section(
    *, section: Section, body: str, by: Any, expected_version: int, note: str = ""
) -> SectionRevision | None:
    """Save a section's text and keep it as a revision. An unchanged text saves nothing and returns None.

    Raises NotAllowed, or StaleEdit carrying the stored text.
    """
    permissions.can_draft(by, section.strategy).or_raise()
    body = body.replace("\r\n", "\n")
    if section.body == body:  # also where a second click sends again what the first has saved
        return None
    save_version(
        section,
        expected_version=expected_version,
        changes={"body": body, "updated_by": by, "updated_at": timezone.now()},
    )
    revision = SectionRevision(section=section, number=section.version, body=body, note=note.strip(), by=by)
    revision.full_clean()
    revision.save()
    log(
        "strategies.section.saved",
        target=section.strategy,
        by=by,
        lep=section.strategy.lep,
        data={"section": section.template.title, "revision": revision.number},
    )
    return revision


@transaction.atomic
def restore_revision(*, revision: SectionRevision, by: Any, expected_version: int) -> SectionRevision | None:
    """Save an earlier text as a new revision. Raises NotAllowed or StaleEdit."""
    return save_section(
        section=revision.section,
        body=revision.body,
        by=by,
        expected_version=expected_version,
        note=f"Restored from revision {revision.number}",
    )


@formatter("strategies.section.saved")
def _saved(entry: LogEntry) -> str:
    return f"Section “{entry.data['section']}” saved"

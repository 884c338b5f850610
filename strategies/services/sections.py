"""Saving a section's text: every save is kept as a revision."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from lisapp.audit.services import log
from strategies import permissions
from strategies.models import Section, SectionRevision
from strategies.services.versions import save_version


@transaction.atomic
def save_section(*, section: Section, body: str, by: Any, expected_version: int, note: str = "") -> Section:
    """Save a section's text (restricted Markdown) and keep it as a revision, with a note on what changed.

    A text that is already stored is not saved again. Raises NotAllowed, ValidationError or StaleEdit.
    """
    permissions.can_draft(by, section.strategy).or_raise()
    body = body.replace("\r\n", "\n").strip()
    if Section.objects.filter(pk=section.pk, version=expected_version, body=body).exists():
        section.refresh_from_db()
        return section
    changes = {"body": body, "updated_by": by, "updated_at": timezone.now()}
    save_version(section, expected_version=expected_version, changes=changes)
    revision = SectionRevision(section=section, number=section.version, body=body, note=note.strip(), by=by)
    revision.full_clean()
    revision.save()
    log(
        "strategies.section.saved",
        target=section,
        by=by,
        lep=section.strategy.lep,
        data={"revision": revision.number, "note": revision.note},
    )
    return section

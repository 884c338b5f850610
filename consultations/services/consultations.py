"""Preparing a consultation and opening it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from consultations import permissions
from consultations.domain.readiness import is_ready
from consultations.enums import ConsultationStatus
from consultations.errors import NotReady
from consultations.models import Consultation
from consultations.selectors.preparation import definition_of, readiness
from lisapp.audit.services import log
from lisapp.errors import StaleEdit
from strategies.models import Strategy
from strategies.services.releases import freeze
from strategies.services.slugs import free_slug

#: Words that addresses under /consultations/ already use.
RESERVED_SLUGS = frozenset({"receipt"})
EDITED = ("title", "summary", "opens_at", "closes_at", "contact_email", "privacy_notice")


@transaction.atomic
def create_consultation(
    *,
    strategy: Strategy,
    by: Any,
    title: str,
    summary: str,
    opens_at: datetime,
    closes_at: datetime,
    contact_email: str,
    privacy_notice: str,
    submission_key: uuid.UUID,
) -> Consultation:
    """Start a consultation on the strategy as it stands now, which is frozen for it.

    The same `submission_key` gives the same consultation again. Raises NotAllowed, or ValidationError for dates out of
    order.
    """
    permissions.can_create(by, strategy).or_raise()
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    existing = Consultation.objects.filter(strategy=strategy, submission_key=submission_key).first()
    if existing:
        return existing
    consultation = Consultation(
        strategy=strategy,
        release=freeze(strategy=strategy, by=by, note=f"For the consultation “{title}”"[:200]),
        title=title,
        slug=free_slug(title, Consultation, fallback="consultation", longest=110, reserved=RESERVED_SLUGS),
        summary=summary,
        opens_at=opens_at,
        closes_at=closes_at,
        contact_email=contact_email,
        privacy_notice=privacy_notice,
        submission_key=submission_key,
        created_by=by,
    )
    consultation.full_clean()
    consultation.save()
    log("consultations.consultation.created", target=consultation, by=by, lep=strategy.lep)
    return consultation


@transaction.atomic
def edit_consultation(*, consultation: Consultation, by: Any, expected_version: int, **changes: Any) -> Consultation:
    """Change what is in EDITED. Raises NotAllowed, ValidationError, or StaleEdit where somebody saved first."""
    unknown = set(changes) - set(EDITED)
    if unknown:
        raise TypeError(f"These cannot be edited: {', '.join(sorted(unknown))}.")
    held = _held(consultation)
    permissions.can_edit(by, held).or_raise()
    if held.version != expected_version:
        raise StaleEdit(theirs={name: getattr(held, name) for name in changes}, version=held.version)
    changed = [name for name, value in changes.items() if getattr(held, name) != value]
    for name, value in changes.items():
        setattr(held, name, value)
    held.version += 1
    held.full_clean()
    held.save()
    log(
        "consultations.consultation.edited",
        target=held,
        by=by,
        lep=held.strategy.lep,
        data={"fields": changed},
    )
    return held


@transaction.atomic
def use_latest_draft(*, consultation: Consultation, by: Any) -> Consultation:
    """Freeze the strategy again, and consult on that version. Raises NotAllowed."""
    held = _held(consultation)
    permissions.can_edit(by, held).or_raise()
    release = freeze(strategy=held.strategy, by=by, note=f"For the consultation “{held.title}”"[:200])
    if release.pk != held.release_id:
        Consultation.objects.filter(pk=held.pk).update(release=release, version=F("version") + 1)
        log(
            "consultations.consultation.draft_renewed",
            target=held,
            by=by,
            lep=held.strategy.lep,
            data={"version": release.number},
        )
    held.refresh_from_db()
    return held


@transaction.atomic
def publish(*, consultation: Consultation, by: Any) -> Consultation:
    """Open it to the public from its opening time on. Its questions are frozen.

    Raises NotAllowed, or NotReady where the checklist has something left that blocks.
    """
    held = _held(consultation)
    permissions.can_publish(by, held).or_raise()
    if not is_ready(readiness(held)):
        raise NotReady("Something on the checklist is missing.")
    held.definition = definition_of(held).to_dict()
    held.status = ConsultationStatus.PUBLISHED
    held.published_at = timezone.now()
    held.version += 1
    held.full_clean()
    held.save()
    log(
        "consultations.consultation.published",
        target=held,
        by=by,
        lep=held.strategy.lep,
        data={"version": held.release.number, "questions": len(held.definition["questions"])},
    )
    return held


def _held(consultation: Consultation) -> Consultation:
    """Return the row as it is now, locked until the transaction ends."""
    related = Consultation.objects.select_related("strategy__lep", "release")
    return related.select_for_update(of=("self",)).get(pk=consultation.pk)

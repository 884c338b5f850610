"""What people have typed and not yet sent."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from consultations.domain.answers import Answer
from consultations.errors import NotOpen
from consultations.models import Consultation, ResponseDraft


def save_draft_answer(*, consultation: Consultation, token: str | None, key: str, answer: Answer) -> ResponseDraft:
    """Keep one answer under `token`; a new draft begins where there is none. Raises NotOpen."""
    return _save(consultation, token, lambda draft: draft.answers.update({key: answer}))


def save_draft_about(*, consultation: Consultation, token: str | None, about: dict[str, Any]) -> ResponseDraft:
    """Keep who is answering. Raises NotOpen."""
    return _save(consultation, token, lambda draft: draft.about.update(about))


def begin_draft(*, consultation: Consultation, token: str | None) -> ResponseDraft:
    """Return the draft under `token`, or begin an empty one: somebody wants to come back later. Raises NotOpen."""
    return _save(consultation, token, lambda draft: None)


@transaction.atomic
def _save(consultation: Consultation, token: str | None, change: Any) -> ResponseDraft:
    if not consultation.is_open:
        raise NotOpen
    # The row is locked, so that two windows of one person each keep their answer.
    held = ResponseDraft.objects.select_for_update()
    draft = held.filter(token=token, consultation=consultation).first() if token else None
    if draft is None:
        draft = ResponseDraft(token=secrets.token_urlsafe(32), consultation=consultation)
    change(draft)
    draft.save()
    return draft

"""Taking a response: stored whole and once, or not acknowledged."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.domain.answers import Answer as AnswerValue
from consultations.domain.answers import needs_organisation, problems
from consultations.domain.definition import Definition
from consultations.domain.receipt import content_hash, new_reference
from consultations.domain.route import ABOUT
from consultations.enums import RespondentType
from consultations.errors import Incomplete, NoDraft, NotOpen
from consultations.models import Answer, Response, ResponseDraft
from consultations.selectors.responses import RECEIVED
from lisapp.audit.services import log
from lisapp.jobs import enqueue

#: A reference that is taken already makes the insert fail; with 20^8 of them a second failure in a row is all but
#: impossible, and a third try costs nothing.
TRIES = 3
#: Nobody reads a question and writes an answer in less.
HASTY = timedelta(seconds=3)


def submit(
    *,
    slug: str,
    token: str | None,
    submission_key: uuid.UUID,
    receipt_url: Callable[[str], str],
    trap: str = "",
) -> Response:
    """Turn the draft under `token` into a response to the consultation at `slug`, and delete the draft.

    `submission_key` is the one that the page to check showed: the same key always gives the same response, however
    often it is sent. `receipt_url` makes the address of the receipt from its token, for the e-mail. `trap` is what a
    box held that people do not see: it is written to the log, and the response is taken all the same.

    Raises NoDraft, NotOpen (closing is checked here, in the transaction) or Incomplete.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            return _submit(slug, token, submission_key, receipt_url, trap)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _submit(slug: str, token: str | None, key: uuid.UUID, receipt_url: Callable[[str], str], trap: str) -> Response:
    drafts = ResponseDraft.objects.select_related("consultation__strategy__lep").select_for_update(of=("self",))
    draft = drafts.filter(token=token or "", submission_key=key, consultation__slug=slug).first()
    if draft is None:
        # A second click waited for the lock until the first had stored the response and deleted the draft.
        existing = Response.objects.filter(submission_key=key, consultation__slug=slug).first()
        if existing is None:
            raise NoDraft
        return existing
    if not draft.consultation.is_open:
        raise NotOpen
    response = _store(draft)
    ResponseDraft.objects.filter(pk=draft.pk).delete()
    lep = draft.consultation.strategy.lep
    log(RECEIVED, target=response, lep=lep, data={"signs": _signs(draft, trap)})
    if response.email:
        # No dedupe key: the job is written in the transaction that stores the response, which happens once.
        enqueue(
            "consultations.send_receipt",
            title=f"Receipt for response {response.reference}",
            response_id=response.pk,
            receipt_url=receipt_url(response.receipt_token),
        )
    return response


def _store(draft: ResponseDraft) -> Response:
    """Write the response and its answers. Raises Incomplete."""
    consultation, about = draft.consultation, draft.about
    answers: dict[str, AnswerValue] = {key: value for key, value in draft.answers.items() if value}
    found = problems(Definition.from_dict(consultation.definition), answers) | _about_problems(about)
    if found:
        raise Incomplete(found)
    response = Response(
        consultation=consultation,
        reference=new_reference(),
        receipt_token=secrets.token_urlsafe(32),
        submission_key=draft.submission_key,
        respondent_type=about["respondent_type"],
        organisation=about.get("organisation", ""),
        name=about.get("name", ""),
        email=about.get("email", ""),
        may_publish_name=about.get("may_publish_name", False),
        definition=consultation.definition,
        content_hash=content_hash(answers),
    )
    response.clean_fields(exclude=["consultation"])  # the database checks what must be unique
    response.save(force_insert=True)
    Answer.objects.bulk_create(
        Answer(response=response, question_key=key, value=value) for key, value in answers.items()
    )
    return response


def _about_problems(about: Mapping[str, Any]) -> dict[str, str]:
    respondent_type = about.get("respondent_type", "")
    if respondent_type not in RespondentType.values:
        return {ABOUT: "Tell us who you are answering as"}
    if needs_organisation(respondent_type) and not about.get("organisation"):
        return {ABOUT: "Enter the name of your organisation"}
    return {}


def _signs(draft: ResponseDraft, trap: str) -> list[str]:
    """Say what suggests that a machine answered. Officers see it; nothing is dropped for it."""
    signs = []
    if trap:
        signs.append("A box that people do not see was filled in")
    if timezone.now() - draft.created_at < HASTY:
        signs.append(f"Sent within {HASTY.seconds} seconds of the first answer")
    return signs

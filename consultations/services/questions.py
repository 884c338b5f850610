"""The questions of a consultation while it is being prepared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from consultations import permissions
from consultations.domain.definition import COUNTED, OWN_OPTIONS, QuestionDefinition
from consultations.models import Consultation, Question
from consultations.selectors.preparation import question_definition
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.errors import StaleEdit

UP, DOWN = "up", "down"


@transaction.atomic
def add_question(
    *,
    consultation: Consultation,
    by: Any,
    key: str,
    type: str,
    text: str,
    help_text: str = "",
    options: Sequence[str] = (),
    required: bool = False,
    max_words: int | None = None,
) -> Question:
    """Add a question at the end. `key` is what the form proposed (`next_key`).

    Adding the same question under the same key twice gives the first one again; where somebody else has taken the key
    meanwhile, the next free one is used. Raises NotAllowed or ValidationError.
    """
    held = _held(consultation, by)
    asked = QuestionDefinition(
        key=key,
        type=type,
        text=text,
        help_text=help_text,
        options=tuple(options) if type in OWN_OPTIONS else (),
        required=required,
        max_words=None if type in COUNTED else max_words,
    )
    questions = list(held.questions.all())
    for question in questions:
        if question.key == key:
            if question_definition(question) == asked:
                return question
            key = next_key(questions)
    order = questions[-1].order + 1 if questions else 1
    question = Question(consultation=held, order=order, **{**asked.to_dict(), "key": key})
    question.full_clean()
    question.save()
    _log("added", held, by, question)
    return question


@transaction.atomic
def edit_question(*, question: Question, by: Any, seen: QuestionDefinition, **changes: Any) -> Question:
    """Change a question. `seen` is the question as the person saw it.

    Raises NotAllowed, ValidationError, or StaleEdit where somebody changed it since.
    """
    held = _held(question.consultation, by)
    stored = held.questions.get(pk=question.pk)
    now = question_definition(stored)
    if now != seen:
        raise StaleEdit(theirs=now.to_dict(), version=held.version)
    for name, value in changes.items():
        setattr(stored, name, value)
    if stored.type not in OWN_OPTIONS:
        stored.options = []
    if stored.type in COUNTED:
        stored.max_words = None
    stored.full_clean()
    stored.save()
    _log("edited", held, by, stored)
    return stored


@transaction.atomic
def move_question(*, question: Question, by: Any, direction: str) -> None:
    """Swap a question with the one before (UP) or after it (DOWN). At the end of the list nothing happens."""
    held = _held(question.consultation, by)
    questions = list(held.questions.all())
    place = next(index for index, each in enumerate(questions) if each.pk == question.pk)
    other = place - 1 if direction == UP else place + 1
    if not 0 <= other < len(questions):
        return
    questions[place], questions[other] = questions[other], questions[place]
    for order, each in enumerate(questions, start=1):
        each.order = order
    Question.objects.bulk_update(questions, ["order"])
    _log("moved", held, by, question)


@transaction.atomic
def delete_question(*, question: Question, by: Any) -> None:
    """Delete a question. Deleting it twice is harmless. Raises NotAllowed."""
    held = _held(question.consultation, by)
    deleted, _ = Question.objects.filter(pk=question.pk, consultation=held).delete()
    if deleted:
        _log("deleted", held, by, question)


def next_key(questions: Sequence[Question]) -> str:
    """Return the next free key: q1, q2 and so on."""
    taken = {question.key for question in questions}
    number = len(taken) + 1
    while f"q{number}" in taken:
        number += 1
    return f"q{number}"


def _held(consultation: Consultation, by: Any) -> Consultation:
    """Return the consultation locked, so that publishing cannot freeze half a change. Raises NotAllowed."""
    related = Consultation.objects.select_related("strategy__lep")
    held = related.select_for_update(of=("self",)).get(pk=consultation.pk)
    permissions.can_edit(by, held).or_raise()
    return held


@formatter("consultations.question.added")
@formatter("consultations.question.edited")
@formatter("consultations.question.moved")
@formatter("consultations.question.deleted")
def _describe(entry: LogEntry) -> str:
    verb = entry.event.rsplit(".", 1)[1]
    return f"Question {verb}: {entry.data.get('text', '')}"


def _log(verb: str, consultation: Consultation, by: Any, question: Question) -> None:
    log(
        f"consultations.question.{verb}",
        target=consultation,
        by=by,
        lep=consultation.strategy.lep,
        data={"key": question.key, "text": question.text},
    )

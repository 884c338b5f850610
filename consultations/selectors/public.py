"""What anybody may read: the consultations, by whether they are open, and a receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from consultations.domain.answers import Answer
from consultations.domain.definition import Definition, QuestionDefinition
from consultations.domain.receipt import canonical
from consultations.models import Consultation, Response

UPCOMING, OPEN, CLOSED = "upcoming", "open", "closed"


@dataclass
class PublicLists:
    """The published consultations: those that close or open first come first; of the closed, the latest."""

    open: list[Consultation] = field(default_factory=list)
    upcoming: list[Consultation] = field(default_factory=list)
    closed: list[Consultation] = field(default_factory=list)


@dataclass(frozen=True)
class Answered:
    """A question with its answer, "" or [] where there is none."""

    question: QuestionDefinition
    answer: Answer

    @property
    def chosen(self) -> list[str]:
        """The answer as a list of texts."""
        if isinstance(self.answer, list):
            return self.answer
        return [self.answer] if self.answer else []


def state_of(consultation: Consultation) -> str:
    """Say whether a published consultation is UPCOMING, OPEN or CLOSED at this moment."""
    now = timezone.now()
    if now < consultation.opens_at:
        return UPCOMING
    return OPEN if now < consultation.closes_at else CLOSED


def published() -> QuerySet[Consultation]:
    """Return the published consultations with their LEP and frozen version joined."""
    consultations: Any = Consultation.objects
    found: QuerySet[Consultation] = consultations.public().select_related("strategy__lep")
    return found


def public_lists() -> PublicLists:
    """Return all published consultations (1 query)."""
    lists = PublicLists()
    for consultation in published().defer("definition", "privacy_notice").order_by("closes_at"):
        getattr(lists, state_of(consultation)).append(consultation)
    lists.upcoming.sort(key=lambda each: each.opens_at)
    lists.closed.reverse()
    return lists


def answered(definition: Definition, answers: dict[str, Answer]) -> list[Answered]:
    """Return every question with its answer, in the order in which they are asked."""
    return [Answered(question, answers.get(question.key, "")) for question in definition]


@dataclass(frozen=True)
class Receipt:
    """What a respondent keeps: the response, the answers as stored, and the text that the hash was made of."""

    response: Response
    answers: list[Answered]
    canonical: str


def receipt_of(response: Response) -> Receipt:
    """Return the receipt of a response (1 query)."""
    answers = {answer.question_key: answer.value for answer in response.answers.all()}
    return Receipt(response, answered(Definition.from_dict(response.definition), answers), canonical(answers))

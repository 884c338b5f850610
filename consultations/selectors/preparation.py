"""Reads what is being prepared."""

from __future__ import annotations

from django.utils import timezone

from consultations.domain.definition import Definition, QuestionDefinition
from consultations.domain.readiness import Check, Plan, checklist
from consultations.enums import ConsultationStatus
from consultations.models import Consultation, Question
from strategies.selectors.facts import strategy_facts
from strategies.services.releases import canonical_hash


def question_definition(question: Question) -> QuestionDefinition:
    """Return a question as its frozen form."""
    return QuestionDefinition(
        key=question.key,
        type=question.type,
        text=question.text,
        help_text=question.help_text,
        options=tuple(question.options),
        required=question.required,
        max_words=question.max_words,
    )


def definition_of(consultation: Consultation) -> Definition:
    """Return the questions: the frozen ones once published, else as they stand (1 query)."""
    if consultation.status == ConsultationStatus.PUBLISHED:
        return Definition.from_dict(consultation.definition)
    return Definition(tuple(question_definition(question) for question in consultation.questions.all()))


def is_latest_draft(consultation: Consultation) -> bool:
    """Whether the draft frozen for the consultation is still what the strategy says."""
    facts = strategy_facts(consultation.strategy).to_dict()
    return canonical_hash(facts) == consultation.release.content_hash


def readiness(consultation: Consultation) -> list[Check]:
    """Return the checklist before opening."""
    plan = Plan(
        definition=definition_of(consultation),
        summary=consultation.summary,
        opens_at=consultation.opens_at,
        closes_at=consultation.closes_at,
        contact_email=consultation.contact_email,
        privacy_notice=consultation.privacy_notice,
        latest=is_latest_draft(consultation),
    )
    return checklist(plan, timezone.now())

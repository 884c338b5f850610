"""A published consultation, and someone who answers it in a browser without an account."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.services.consultations import create_consultation, publish
from consultations.services.questions import add_question
from tests.factories.strategies import StrategyFactory

QUESTIONS = [
    {"type": "scale", "text": "Do you agree?", "required": True},
    {"type": "multiple", "text": "Which matter most?", "options": ["Buses", "Training", "Land"]},
    {"type": "long_text", "text": "What is missing?", "max_words": 5, "required": True},
]
ANSWERS = {"q1": "Agree", "q2": ["Buses", "Land"], "q3": "Buses in the evening"}
RESIDENT = {"respondent_type": "resident"}


def prepare(strategy=None, questions=QUESTIONS, **changes):
    """A consultation being prepared, open from yesterday for 40 days once it is published."""
    strategy = strategy or StrategyFactory()
    now = timezone.now()
    values = {
        "title": "Have your say",
        "summary": "What should come first?",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=40),
        "contact_email": "consult@example.org",
        "privacy_notice": "We keep your answers for two years.",
        "submission_key": uuid.uuid4(),
    }
    made = create_consultation(strategy=strategy, by=strategy.created_by, **{**values, **changes})
    for number, question in enumerate(questions, start=1):
        add_question(consultation=made, by=strategy.created_by, key=f"q{number}", **question)
    return made


def open_now(*args, **kwargs):
    """The same, published."""
    made = prepare(*args, **kwargs)
    return publish(consultation=made, by=made.created_by)


class Respondent:
    """Someone with a browser of their own."""

    def __init__(self, consultation):
        self.consultation = consultation
        self.client = Client()

    def url(self, name, *more):
        return reverse(f"consultations:{name}", args=[self.consultation.slug, *more])

    def get(self, name, *more, **data):
        return self.client.get(self.url(name, *more), data)

    def post(self, step, answer=None, **data):
        """Send one page of the way."""
        if answer is not None:
            data["answer"] = answer
        return self.client.post(self.url("answer", step), data)

    def answer_all(self, answers=None, about=None):
        """Answer every question and say who is answering."""
        for step, answer in (answers or ANSWERS).items():
            self.post(step, answer)
        return self.post("about-you", **(about or RESIDENT))

    def key(self):
        """The key in the form of the page to check."""
        return str(self.get("check").context["draft"].submission_key)

    def send(self, key=None, **data):
        return self.client.post(self.url("check"), {"submission_key": key or self.key(), **data})


@pytest.fixture
def consultation(db):
    return open_now()


@pytest.fixture
def respondent(consultation):
    return Respondent(consultation)

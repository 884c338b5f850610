"""Consultations and responses for tests."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from consultations.models import Consultation, Question
from tests.factories.strategies import ReleaseFactory


class ConsultationFactory(DjangoModelFactory):
    """A consultation being prepared, with the dates of an open one."""

    class Meta:
        model = Consultation

    release = factory.SubFactory(ReleaseFactory)
    strategy = factory.SelfAttribute("release.strategy")
    title = factory.Sequence(lambda n: f"Have your say {n}")
    slug = factory.Sequence(lambda n: f"have-your-say-{n}")
    summary = "What should the strategy put first?"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    contact_email = "consult@example.org"
    privacy_notice = "We keep your answers for two years."
    created_by = factory.SelfAttribute("strategy.created_by")


class QuestionFactory(DjangoModelFactory):
    """A required long-text question."""

    class Meta:
        model = Question

    consultation = factory.SubFactory(ConsultationFactory)
    key = factory.Sequence(lambda n: f"q{n}")
    order = factory.Sequence(lambda n: n)
    type = "long_text"
    text = "What should we put first?"
    required = True

"""How a consultation looks in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consultations.domain.definition import Definition
from consultations.enums import QuestionType
from consultations.models import Consultation
from consultations.selectors.public import CLOSED, OPEN, UPCOMING, state_of


class QuestionSerializer(serializers.Serializer[Any]):
    """A question as it is put to respondents. `choices` is empty for text."""

    key = serializers.CharField()
    type = serializers.ChoiceField(choices=QuestionType.choices)
    text = serializers.CharField()
    help_text = serializers.CharField()  # type: ignore[assignment]  # a field of that name, not DRF's attribute
    choices = serializers.ListField(child=serializers.CharField())
    required = serializers.BooleanField()  # type: ignore[assignment]  # likewise
    max_words = serializers.IntegerField(allow_null=True)


class ConsultationSerializer(serializers.ModelSerializer[Consultation]):
    """A published consultation with its frozen questions. `state` follows from the dates, on the server's clock."""

    organisation = serializers.CharField(source="strategy.lep.name", read_only=True)
    strategy = serializers.CharField(source="strategy.title", read_only=True)
    state = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    class Meta:
        model = Consultation
        fields: ClassVar[list[str]] = [
            "slug",
            "title",
            "summary",
            "organisation",
            "strategy",
            "state",
            "opens_at",
            "closes_at",
            "questions",
            "page",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=[UPCOMING, OPEN, CLOSED]))
    def get_state(self, consultation: Consultation) -> str:
        """Whether it is upcoming, open or closed now."""
        return state_of(consultation)

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, consultation: Consultation) -> Any:
        """The frozen questions in their order."""
        return QuestionSerializer(Definition.from_dict(consultation.definition).questions, many=True).data

    @extend_schema_field(serializers.URLField())
    def get_page(self, consultation: Consultation) -> str:
        """The address where people answer."""
        address: str = self.context["request"].build_absolute_uri(consultation.get_absolute_url())
        return address

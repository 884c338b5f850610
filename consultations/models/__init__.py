"""What people said."""

from consultations.models.consultation import Consultation, Question
from consultations.models.responses import Answer, Response, ResponseDraft

__all__ = ["Answer", "Consultation", "Question", "Response", "ResponseDraft"]

"""Published consultations, read-only. Responses are never given out here."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ReadOnlyModelViewSet

from consultations.api.serializers import ConsultationSerializer
from consultations.models import Consultation
from consultations.selectors.public import published


class ConsultationViewSet(ReadOnlyModelViewSet[Any]):
    """Consultations that are open, to come or closed, with their questions; those that close last come first."""

    queryset = Consultation.objects.none()  # tells the schema what the address's slug is of
    serializer_class = ConsultationSerializer
    permission_classes = [AllowAny]
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Consultation]:
        """Return the published ones."""
        return published()


def register(router: SimpleRouter) -> None:
    """Add the consultations to the router of the API."""
    router.register("consultations", ConsultationViewSet, basename="consultation")

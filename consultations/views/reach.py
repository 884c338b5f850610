"""Finding what an officer's page is about among what the person may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from consultations.models import Consultation


def visible_consultation(request: HttpRequest, slug: str) -> Consultation:
    """Return a consultation of the person's LEPs, else answer 404."""
    related: Any = Consultation.objects.select_related(
        "strategy__lep", "strategy__framework", "strategy__place", "release"
    )
    consultation: Consultation = get_object_or_404(related.visible_to(request.user), slug=slug)
    return consultation

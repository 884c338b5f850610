"""Finding what a page is about among what the person may see."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lisapp.places.models import LEP
from strategies.models import Strategy


def visible_lep(request: HttpRequest, slug: str) -> LEP:
    """Return a LEP within the person's reach, else answer 404."""
    lep: LEP = get_object_or_404(LEP.objects.visible_to(request.user), slug=slug)
    return lep


def visible_strategy(request: HttpRequest, slug: str) -> Strategy:
    """Return a strategy within the person's reach, else answer 404."""
    visible = Strategy.objects.visible_to(request.user).select_related("lep", "framework", "place")
    strategy: Strategy = get_object_or_404(visible, slug=slug)
    return strategy

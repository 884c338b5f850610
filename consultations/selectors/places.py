"""The public drafts that the page of a place lists."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from consultations.models import Consultation
from consultations.selectors.public import CLOSED, UPCOMING, published, state_of
from evidence.selectors.places import PlaceLink
from lisapp.design.dates import shown
from lisapp.places.models import Place

MOST = 20


def public_drafts_of(place: Place, keys: Sequence[int], user: Any) -> list[PlaceLink]:
    """Return the drafts put out to consultation for a place, or for an area that it is part of. One query."""
    found = published().filter(strategy__place__in=keys).defer("definition", "privacy_notice").order_by("-opens_at")
    return [
        PlaceLink(
            f"Draft of “{consultation.strategy.title}”",
            reverse("consultations:draft", args=[consultation.slug]),
            f"{_when(consultation)}, by {consultation.strategy.lep}",
        )
        for consultation in found[:MOST]
    ]


def _when(consultation: Consultation) -> str:
    state = state_of(consultation)
    if state == UPCOMING:
        return f"consultation opens on {_date(consultation.opens_at)}"
    ended = "closed on" if state == CLOSED else "open until"
    return f"consultation {ended} {_date(consultation.closes_at)}"


def _date(moment: datetime.datetime) -> str:
    return shown(timezone.localdate(moment))

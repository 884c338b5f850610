"""One version of a figure in the place of another: see `evidence.models.Observation`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from evidence.models import Observation

BATCH = 2000
T = TypeVar("T")


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    """The items, so many at a time that one statement can hold them."""
    rest = iter(items)
    return iter(lambda: list(islice(rest, BATCH)), [])


def retire(keys: Iterable[int]) -> None:
    """These figures are no longer current: room for those that supersede them."""
    now = timezone.now()
    for chunk in batches(keys):
        Observation.objects.filter(pk__in=chunk).update(superseded_at=now)


def link(keys: Iterable[int]) -> None:
    """These retired figures are superseded by the ones that are current now for the same place and period."""
    now_current = Observation.objects.filter(
        indicator=OuterRef("indicator"), place=OuterRef("place"), period=OuterRef("period")
    )
    for chunk in batches(keys):
        Observation.every_version.filter(pk__in=chunk).update(superseded_by=Subquery(now_current.values("pk")[:1]))

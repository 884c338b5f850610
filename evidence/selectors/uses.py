"""Where a piece of evidence is used, as those who use it say: evidence itself does not know what is written with it.

An app that cites evidence registers a finder when it starts (`AppConfig.ready`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class Link:
    """Something to go to."""

    text: str
    href: str


@dataclass(frozen=True)
class Use:
    """One citation of a piece of evidence: in what, as what, and what rests on it there."""

    where: Link
    citation: Link
    rests_on_it: tuple[Link, ...] = ()


#: Given a piece of evidence and a person, returns the uses that the person may see.
Finder = Callable[[Model, Any], list[Use]]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Ask `finder` too, from now on. Registering it again changes nothing."""
    if finder not in _finders:
        _finders.append(finder)


def uses_of(thing: Model, user: Any) -> list[Use]:
    """Return where an indicator, a report or an evidence item is used, among what `user` may see."""
    return [use for finder in _finders for use in finder(thing, user)]

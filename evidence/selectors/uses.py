"""Where a piece of evidence is used, as those who use it say: evidence itself does not know what is written with it.

An app that cites evidence registers a finder when it starts (`AppConfig.ready`), by its dotted path: a process that
shows no page need not import what finds it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.module_loading import import_string


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

_finders: list[str] = []

#: Dotted paths of `evidence.selectors.places.Provider`: what other apps have written about a place.
place_providers: list[str] = []


def register(finder: str) -> None:
    """Ask the `Finder` at this dotted path too, from now on. Registering it again changes nothing."""
    if finder not in _finders:
        _finders.append(finder)


def register_place_provider(provider: str) -> None:
    """Have the provider at this dotted path say what a place's page lists. Registering it again changes nothing."""
    if provider not in place_providers:
        place_providers.append(provider)


def uses_of(thing: Model, user: Any) -> list[Use]:
    """Return where an indicator, a report or an evidence item is used, among what `user` may see."""
    finders: list[Finder] = [import_string(path) for path in _finders]
    return [use for finder in finders for use in finder(thing, user)]

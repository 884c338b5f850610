"""Finding the present area that a code or a name stands for, whatever list it is from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from lisapp.places.models import Place, PlaceCode


class Known(NamedTuple):
    """What one code or name means in one list: `place` is the key of the present area, None where none stands for it.

    `vintage` is the year of the list, blank for the area as it stands; `boundaries` is blank for those of its code.
    """

    place: int | None
    code: str
    name: str
    kind: str
    vintage: str
    boundaries: str


def plain(name: str) -> str:
    """A name without the differences that do not matter: case, punctuation, spaces, "&" for "and"."""
    return " ".join(re.sub(r"[^\w ]+", " ", name.casefold().replace("&", " and ")).split())


@dataclass
class PlaceBook:
    """Every code and name of every place, in memory: a file has thousands of rows."""

    by_code: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls) -> PlaceBook:
        """The book of what is stored. Two queries."""
        book = cls()
        for row in PlaceCode.objects.values_list("place_id", "code", "name", "kind", "vintage", "boundaries"):
            book._add(Known(*row))
        for key, code, name, kind in Place.objects.values_list("pk", "code", "name", "kind"):
            book._add(Known(key, code, name, kind, "", ""))
        return book

    def _add(self, known: Known) -> None:
        if known.code and (known.vintage or not self.by_code.get(known.code)):  # a dated code says more than none
            self.by_code[known.code].append(known)
        name = self.by_name[plain(known.name)]
        if known.vintage or not any(other.kind == known.kind for other in name):
            name.append(known)

    def find(self, text: str, *, kind: str = "") -> list[Known]:
        """What a code or a name can mean, in any list; only places of a `kind` where one is given."""
        found = self.by_code.get(text.strip().upper()) or self.by_name.get(plain(text)) or []
        return [known for known in found if not kind or known.kind == kind]


def newest(found: Iterable[Known]) -> Known | None:
    """The meaning in the newest list."""
    return max(found, key=lambda known: known.vintage, default=None)


def resolve(code: str) -> Place | None:
    """The present area of a code that it has or had, or None where the code is unknown or nothing stands for it."""
    dated = PlaceCode.objects.filter(code=code).order_by("-vintage").select_related("place").first()
    return dated.place if dated else Place.objects.filter(code=code).first()

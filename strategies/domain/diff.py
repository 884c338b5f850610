"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_WORDS = re.compile(r"\s+|\w+(?:[’'.,-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """A stretch of text that both have ("same"), only the older ("deleted") or only the newer ("inserted")."""

    kind: Literal["same", "deleted", "inserted"]
    text: str


def word_diff(old: str, new: str) -> list[Change]:
    """Return the changes in reading order. Same and deleted joined give `old`; same and inserted give `new`.

    Lines are compared first and words only within lines that differ, so that a long section stays quick.
    """
    changes: list[Change] = []
    for kind, before, after in _steps(_LINES.findall(old), _LINES.findall(new)):
        if kind == "equal":
            changes.append(Change("same", "".join(before)))
        elif len(before) == len(after):  # as many lines as before: each was edited in its place
            for one, other in zip(before, after, strict=True):
                changes.extend(_words(one, other))
        else:
            changes.extend(_words("".join(before), "".join(after)))
    return _joined(changes)


def _words(old: str, new: str) -> Iterator[Change]:
    for kind, before, after in _steps(_WORDS.findall(old), _WORDS.findall(new)):
        if kind == "equal":
            yield Change("same", "".join(before))
            continue
        yield Change("deleted", "".join(before))
        yield Change("inserted", "".join(after))


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """The steps from one list to the other.

    White space never decides what matches: it occurs everywhere. In long lists nor do words that occur all the time
    (difflib's own rule), or the time taken would grow with the square of the length.
    """
    for kind, i1, i2, j1, j2 in SequenceMatcher(str.isspace, old, new).get_opcodes():
        yield kind, old[i1:i2], new[j1:j2]


def _joined(changes: list[Change]) -> list[Change]:
    """Drop empty changes and join neighbours of one kind, so that equal texts are one stretch."""
    joined: list[Change] = []
    for change in changes:
        if not change.text:
            continue
        if joined and joined[-1].kind == change.kind:
            joined[-1] = Change(change.kind, joined[-1].text + change.text)
        else:
            joined.append(change)
    return joined

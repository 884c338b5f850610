"""What changed between two texts, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]

_PARAGRAPHS = re.compile(r"\n\s*\n|[^\n]+\n?|\n")
_WORDS = re.compile(r"\s+|\w+(?:[’'.,-]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of text that both have, or that was added or removed."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the pieces that lead from `old` to `new`.

    Those that are the same or removed make up `old`; those that are the same or added make up `new`. Lines are
    compared first and words only within lines that differ, so that a long section stays quick.
    """
    pieces: list[Piece] = []
    for kind, before, after in _opcodes(_PARAGRAPHS.findall(old), _PARAGRAPHS.findall(new)):
        if kind == "equal":
            pieces.append(Piece("same", "".join(before)))
        elif len(before) == len(after):  # as many lines as before: each was edited in its place
            for one, other in zip(before, after, strict=True):
                pieces.extend(_words(one, other))
        else:
            pieces.extend(_words("".join(before), "".join(after)))
    return _joined(pieces)


def changed_words(pieces: Sequence[Piece]) -> tuple[int, int]:
    """Return how many words were added and how many removed."""
    counts = {"added": 0, "removed": 0, "same": 0}
    for piece in pieces:
        counts[piece.kind] += len(piece.text.split())
    return counts["added"], counts["removed"]


def _words(old: str, new: str) -> Iterator[Piece]:
    for kind, before, after in _opcodes(_WORDS.findall(old), _WORDS.findall(new)):
        if kind == "equal":
            yield Piece("same", "".join(before))
            continue
        yield Piece("removed", "".join(before))
        yield Piece("added", "".join(after))


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    """The steps from one list to the other.

    White space never decides what matches: it occurs everywhere. In long lists nor do words that occur all the time
    (difflib's own rule), or the time taken would grow with the square of the length.
    """
    matcher = SequenceMatcher(str.isspace, old, new)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        yield kind, old[i1:i2], new[j1:j2]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop empty pieces and join neighbours of one kind, so that equal texts are one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined

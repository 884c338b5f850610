"""Sections as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from strategies.domain.diff import Piece, changed_words, word_diff
from strategies.models import Section, SectionRevision, Strategy


@dataclass(frozen=True)
class SectionRow:
    """A section with how much stands in it and how often it was saved."""

    section: Section
    words: int
    saves: int

    @property
    def is_missing(self) -> bool:
        """Whether it is empty although the framework asks for it."""
        return not self.words and self.section.template.required


@dataclass(frozen=True)
class Comparison:
    """Two saves of a section and what lies between them. `old` is None for the empty section before the first."""

    old: SectionRevision | None
    new: SectionRevision
    pieces: list[Piece]

    @property
    def counts(self) -> tuple[int, int]:
        """Words added and words removed."""
        return changed_words(self.pieces)


def section_rows(strategy: Strategy) -> list[SectionRow]:
    """Return the sections in the order of the document. One query."""
    sections = strategy.sections.select_related("template__pillar", "updated_by").annotate(saves=Count("revisions"))
    return [SectionRow(section, len(section.body.split()), section.saves) for section in sections]


def compare(revisions: list[SectionRevision], old: int, new: int) -> Comparison | None:
    """Return what changed from one numbered save to another; None where there is no such save. 0 is the empty start."""
    by_number = {revision.number: revision for revision in revisions}
    if new not in by_number or (old and old not in by_number):
        return None
    before = by_number.get(old)
    return Comparison(before, by_number[new], word_diff(before.body if before else "", by_number[new].body))

"""What evaluations found, with the number of studies in every sentence.

"No evidence" and "no effect found" are different states: nobody has looked well enough, or somebody has and found
nothing. Counts are never given as bare percentages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidence.enums import PillarCode
from evidence.models import EvidenceItem
from evidence.selectors.wording import count


class State(StrEnum):
    """What the studies of a review say about the outcome that was looked at."""

    MOST = "mostly positive"
    SOME = "mixed"
    NO_EFFECT = "no effect found"
    OTHER_OUTCOME = "other outcomes only"
    NO_EVIDENCE = "no evidence"


COLOURS = {
    State.MOST: "green",
    State.SOME: "teal",
    State.NO_EFFECT: "orange",
    State.OTHER_OUTCOME: "purple",
    State.NO_EVIDENCE: "grey",
}
MEANINGS = {
    State.MOST: "More than half of the studies that looked at the outcome found a positive effect.",
    State.SOME: "Some studies that looked at the outcome found a positive effect, but no more than half of them.",
    State.NO_EFFECT: "Studies looked at the outcome and none found a positive effect.",
    State.OTHER_OUTCOME: "There are studies of good quality, but none looked at this outcome.",
    State.NO_EVIDENCE: "No study of good quality was found. That says nothing about whether the policy works.",
}


@dataclass(frozen=True)
class Finding:
    """A review with its state and its counts in words."""

    review: EvidenceItem
    state: State

    @property
    def colour(self) -> str:
        return COLOURS[self.state]

    @property
    def counts(self) -> str:
        """Such as "7 of 9 studies"; in words where no study looked at the outcome."""
        if self.state == State.NO_EVIDENCE:
            return "no study"
        if self.state == State.OTHER_OUTCOME:
            return f"none of {count(self.review.studies_counted, 'study', 'studies')}"
        of = count(self.review.studies_on_outcome, "study", "studies")
        return f"{self.review.studies_positive} of {of}"

    @property
    def sentence(self) -> str:
        """What the counts say, whole."""
        review, outcome = self.review, self.review.outcome.lower()
        screened = f"{review.studies_screened:,} were looked through"
        if self.state == State.NO_EVIDENCE:
            return f"No study reached Maryland level 3 ({screened})."
        if self.state == State.OTHER_OUTCOME:
            return f"None of the {review.studies_counted} studies at Maryland level 3 or above looked at {outcome}."
        return (
            f"{self.counts} that looked at {outcome} found a positive effect; "
            f"{count(review.studies_counted, 'study', 'studies')} reached Maryland level 3 or above ({screened})."
        )


def state_of(review: EvidenceItem) -> State:
    """Tell the state of a review from its counts."""
    if review.studies_counted == 0:
        return State.NO_EVIDENCE
    if review.studies_on_outcome == 0:
        return State.OTHER_OUTCOME
    if review.studies_positive == 0:
        return State.NO_EFFECT
    return State.MOST if 2 * review.studies_positive > review.studies_on_outcome else State.SOME


def findings(pillar: str = "") -> list[Finding]:
    """Return the reviews of one foundation, or of all, in the order of foundations and topics. One query."""
    counted = ("studies_screened", "studies_counted", "studies_on_outcome", "studies_positive")
    reviews = EvidenceItem.objects.reference().filter(**{f"{name}__isnull": False for name in counted})
    reviews = reviews.filter(pillar=pillar) if pillar else reviews
    order = list(PillarCode.values)
    ordered = sorted(reviews, key=lambda review: (order.index(review.pillar), review.title))
    return [Finding(review, state_of(review)) for review in ordered]


@dataclass(frozen=True)
class GridRow:
    """A topic of the gap map: one cell a foundation, None where the topic does not belong to it."""

    topic: str
    slug: str
    cells: list[Finding | None]


def gap_map(found: list[Finding]) -> list[GridRow]:
    """Return topics by foundations, in the order of `found` and of PillarCode."""
    return [
        GridRow(
            finding.review.title,
            finding.review.slug,
            [finding if finding.review.pillar == pillar else None for pillar in PillarCode.values],
        )
        for finding in found
    ]


def without_reviews(found: list[Finding]) -> list[str]:
    """Return the labels of the foundations that no review is about."""
    covered = {finding.review.pillar for finding in found}
    return [str(pillar.label) for pillar in PillarCode if pillar not in covered]

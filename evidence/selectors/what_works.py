"""Evidence items to look through: the list, one item, and the map of where there is evidence.

Counts always come with their n, and what a source does not state is "not stated" (evidence/domain/strength).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from evidence.domain.strength import (
    MEANINGS,
    NOT_STATED,
    EvidenceFacts,
    Fact,
    Flag,
    State,
    claim_flags,
    counts,
    effect_sentence,
    four_facts,
    state_of,
    total_studies,
)
from evidence.enums import EvidenceKind, InterventionType, PillarCode
from evidence.models import EvidenceItem
from evidence.selectors.search import items_matching
from evidence.selectors.strength import facts_of
from evidence.selectors.wording import count
from lisapp.design.charts import Bar, BarChart

COLOURS = {
    State.WORKS: "green",
    State.MIXED: "teal",
    State.NO_EFFECT: "orange",
    State.HARMFUL: "red",
    State.OTHER_OUTCOME: "purple",
    State.NO_EVIDENCE: "grey",
}
STATES = [(state.value, COLOURS[state], MEANINGS[state]) for state in State]
NO_ITEM = "No evidence item here"
SAYS_NOTHING = "That says nothing about whether it works."


@dataclass(frozen=True)
class Finding:
    """An evidence item with its state and its strength in words."""

    item: EvidenceItem

    @cached_property
    def facts(self) -> EvidenceFacts:
        """What the item's source states."""
        return facts_of(self.item)

    @cached_property
    def state(self) -> State | None:
        """The state, None where the source says too little to tell."""
        return state_of(self.facts)

    @property
    def label(self) -> str:
        """The state in words; local evidence that measured no effect says what it is instead."""
        if self.state:
            return self.state.value
        return "local evidence" if self.item.is_local else f"effect {NOT_STATED}"

    @property
    def colour(self) -> str:
        return COLOURS[self.state] if self.state else "blue" if self.item.is_local else "grey"

    @property
    def counts(self) -> str:
        """Such as "7 of 9 studies"."""
        return counts(self.facts)

    @property
    def sentence(self) -> str:
        """What was found, with the number of studies; nothing for local evidence that measured no effect."""
        return "" if self.item.is_local and self.facts.studies is None else effect_sentence(self.facts)

    @property
    def four_facts(self) -> tuple[Fact, ...]:
        """Effect, strength, cost and transferability."""
        return four_facts(self.facts)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What would be weak about a claim that rested on this item alone."""
        return claim_flags([self.facts], year=timezone.localdate().year)

    @property
    def level(self) -> str:
        """The best Maryland level that is known, in words."""
        return level_words([self.facts])


def items(
    user: Any,
    *,
    words: str = "",
    pillar: str = "",
    policy_area: str = "",
    intervention_type: str = "",
    outcome: str = "",
    state: str = "",
    kind: str = "",
    uk: bool = False,
    level: int | None = None,
) -> Sequence[EvidenceItem] | QuerySet[EvidenceItem]:
    """Return what `user` sees of the evidence, narrowed. A queryset, or a list where the state must be worked out.

    `kind` is a kind of evidence, or "local" for all that LEPs have learnt of their own; `level` the Maryland level
    that the best study must be known to reach.
    """
    found = EvidenceItem.objects.visible_to(user).select_related("lep")
    exact = {"pillar": pillar, "policy_area": policy_area, "intervention_type": intervention_type, "outcome": outcome}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if kind:
        found = found.filter(lep__isnull=False) if kind == "local" else found.filter(kind=kind)
    if uk:
        found = found.filter(uk_studies__gt=0)
    if level:
        known = Q(maryland_best__gte=level)
        at_least = Q(maryland_best=None, counted_from_level__gte=level, studies_counted__gt=0)
        found = found.filter(known | at_least)
    found = items_matching(found, words)
    return [item for item in found if state_of(facts_of(item)) == state] if state else found


def findings(found: Iterable[EvidenceItem]) -> list[Finding]:
    """Return items with their strength in words."""
    return [Finding(item) for item in found]


def outcomes(user: Any) -> list[str]:
    """Return the outcomes that visible evidence is about."""
    visible = EvidenceItem.objects.visible_to(user).exclude(outcome="")
    return list(visible.order_by("outcome").values_list("outcome", flat=True).distinct())


def counts_chart(finding: Finding) -> BarChart | None:
    """Draw from the studies accepted down to those that found an effect; None where there is nothing to compare."""
    item = finding.item
    about = finding.facts.about
    counted = "Accepted" + (f" (Maryland level {item.counted_from_level} or above)" if item.counted_from_level else "")
    steps = [
        ("Looked through", item.studies_screened, False),
        (counted, item.studies_counted, False),
        (f"Looked at {about}", item.studies_on_outcome, True),
        ("Found a positive effect", item.studies_positive, True),
        ("Found mixed effects", item.studies_mixed, False),
        ("Found no effect", item.studies_none, False),
        ("Found harm", item.studies_harmful, False),
    ]
    stated = [(label, number, strong) for label, number, strong in steps if number is not None]
    if len(stated) < 2 or max(number for _, number, _ in stated) < 2:
        return None
    # The studies looked through are so many more that the others would vanish beside them: they stand in the text.
    drawn = [step for step in stated if step[0] != "Looked through"]
    return BarChart(
        title="From studies to findings",
        bars=[Bar(label, number, highlight=strong) for label, number, strong in drawn],
        label_name="Studies",
        value_name="Number of studies",
        places=0,
        description=" ".join(f"{label}: {count(number, 'study', 'studies')}." for label, number, _ in stated),
        source=item.source_name,
        period=item.source_date,
    )


@dataclass(frozen=True)
class Cell:
    """Where a foundation and a kind of intervention meet on the map."""

    pillar: PillarCode
    kind: InterventionType
    findings: tuple[Finding, ...]

    def number(self, *kinds: str) -> int:
        """How many items are of one of these kinds; without any, how many there are."""
        return sum(not kinds or finding.item.kind in kinds for finding in self.findings)

    @property
    def local(self) -> int:
        """How many items are local evidence."""
        return sum(finding.item.is_local for finding in self.findings)

    @property
    def studies(self) -> int | None:
        """How many studies the items count, those of one study set once; None where no item states a number."""
        stated = [
            (finding.item.study_set, finding.facts.counted)
            for finding in self.findings
            if finding.facts.counted is not None
        ]
        return total_studies(stated) if stated else None

    @property
    def level(self) -> str:
        """The best Maryland level in words."""
        return level_words([finding.facts for finding in self.findings])

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """The states of the items: label, colour and number of items, in the order of the states."""
        number: dict[tuple[str, str], int] = defaultdict(int)
        for finding in sorted(self.findings, key=_state_order):
            number[finding.label, finding.colour] += 1
        return [(label, colour, many) for (label, colour), many in number.items()]

    @property
    def words(self) -> str:
        """What the cell holds, such as "3 reviews, best level 5, 71 studies"; an empty one says so."""
        if not self.findings:
            return NO_ITEM
        parts = [
            (self.number(EvidenceKind.REVIEW), "review", "reviews"),
            (self.number(EvidenceKind.STUDY), "single study", "single studies"),
            (self.local, "local item", "local items"),
        ]
        items = [count(number, one, many) for number, one, many in parts if number]
        if self.number(EvidenceKind.REVIEW, EvidenceKind.STUDY, EvidenceKind.EVALUATION):
            items.append(self.level)
            total = self.studies
            items.append(
                f"number of studies {NOT_STATED}" if total is None else f"{count(total, 'study', 'studies')} in all"
            )
        return ", ".join(items)


def _state_order(finding: Finding) -> int:
    return list(State).index(finding.state) if finding.state else len(State)


def level_words(facts: Sequence[EvidenceFacts]) -> str:
    """Say the best Maryland level of several items: stated, else at least the lowest accepted, else not stated."""
    best = max((each.best_level for each in facts if each.best_level is not None), default=None)
    least = max((each.from_level for each in facts if each.from_level is not None and each.counted), default=None)
    if best is not None and best >= (least or 0):
        return f"best level {best}"
    if least is not None:
        return f"level {least} or above"
    return f"best level {NOT_STATED}"


@dataclass(frozen=True)
class GapMap:
    """The map: one row a kind of intervention, one cell a foundation."""

    rows: tuple[tuple[InterventionType, tuple[Cell, ...]], ...]
    unplaced: int

    @property
    def cells(self) -> list[Cell]:
        """Every cell, row by row."""
        return [cell for _, cells in self.rows for cell in cells]

    @property
    def summary(self) -> str:
        """What the map shows, in a sentence or two."""
        cells = self.cells
        held = [cell for cell in cells if cell.findings]
        empty = [str(kind.label) for kind, row in self.rows if not any(cell.findings for cell in row)]
        found = count(sum(cell.number() for cell in cells), "evidence item")
        text = f"{found} in {len(held)} of {len(cells)} cells."
        if empty and held:
            names = "; ".join(name[:1].lower() + name[1:] for name in empty)
            text += f" No item shown is about: {names}. {SAYS_NOTHING}"
        return text

    @property
    def by_pillar(self) -> list[tuple[str, list[Cell], list[str]]]:
        """The map in words: a foundation, its cells with evidence, and the kinds of intervention without."""
        words = []
        for pillar in PillarCode:
            column = [cell for cell in self.cells if cell.pillar == pillar]
            held = [cell for cell in column if cell.findings]
            without = [cell.kind.label[:1].lower() + cell.kind.label[1:] for cell in column if not cell.findings]
            words.append((str(pillar.label), held, without))
        return words


def gap_map(found: Iterable[EvidenceItem]) -> GapMap:
    """Place items by foundation and kind of intervention. Those about no kind of intervention are only counted."""
    placed: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    unplaced = 0
    for item in found:
        if item.intervention_type:
            placed[item.pillar, item.intervention_type].append(Finding(item))
        else:
            unplaced += 1
    rows = tuple(
        (kind, tuple(Cell(pillar, kind, tuple(placed[pillar, kind])) for pillar in PillarCode))
        for kind in InterventionType
    )
    return GapMap(rows, unplaced)

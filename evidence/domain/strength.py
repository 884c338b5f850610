"""How strong evidence is: four facts and never one score, six states, and the flags on a claim that rests on it.

Counts come with their n wherever they are put into words. What a source does not state is None here and "not stated"
in words: it is never read as 0 and never raises a flag. "No effect found" (somebody looked well and found nothing)
and "no evidence" (nobody has looked well enough) are different states.

The Maryland Scientific Methods Scale: 1 before and after, or across areas, without controls; 2 with controls or
matching; 3 a difference in differences with a justified comparison group; 4 an instrument or a discontinuity; 5 a
randomised trial (What Works Centre for Local Economic Growth, guide to scoring the evidence).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

NOT_STATED = "not stated"
#: Below this level nobody knows what would have happened anyway.
SOUND_LEVEL = 3
OLD_AFTER_YEARS = 10


class State(StrEnum):
    """What evidence says about an outcome."""

    WORKS = "works"
    MIXED = "mixed"
    NO_EFFECT = "no effect found"
    HARMFUL = "harmful"
    NO_EVIDENCE = "no evidence"
    OTHER_OUTCOME = "evidence for another outcome only"


MEANINGS = {
    State.WORKS: "The source says that the effect is positive, or more than half of the studies that looked at the "
    "outcome found a positive one.",
    State.MIXED: "Some studies found a positive effect and others did not, or the effect did not last.",
    State.NO_EFFECT: "Studies looked at the outcome, and none found a positive effect.",
    State.HARMFUL: "The source says that the effect is harmful, or more than half of the studies found harm.",
    State.NO_EVIDENCE: "No study of good quality was found. That says nothing about whether it works.",
    State.OTHER_OUTCOME: "There are studies of good quality, but none looked at this outcome.",
}
STATED = {
    "positive": State.WORKS,
    "mixed": State.MIXED,
    "none": State.NO_EFFECT,
    "harmful": State.HARMFUL,
}


@dataclass(frozen=True, kw_only=True)
class EvidenceFacts:
    """One evidence item as its source states it. None and "" mean that the source does not say.

    `direction` is positive, mixed, none, harmful or not_measured, where the source says so itself; otherwise the state
    follows from the counts. `counted` studies were accepted, from Maryland level `from_level` on; `on_outcome` of them
    looked at `outcome`. `newest_year` is that of the newest study, `source_year` that of the source. Items with the
    same `study_set` count the same studies; a blank one is a set of its own. A `local` item is something that a LEP
    learnt of its own, not an evaluation by others.
    """

    title: str = ""
    outcome: str = ""
    direction: str = ""
    effect_size: str = ""
    effect_interval: str = ""
    screened: int | None = None
    counted: int | None = None
    from_level: int | None = None
    on_outcome: int | None = None
    positive: int | None = None
    mixed: int | None = None
    none: int | None = None
    harmful: int | None = None
    best_level: int | None = None
    levels: str = ""
    uk: int | None = None
    newest_year: int | None = None
    source_year: int | None = None
    study_set: str = ""
    cost: str = ""
    transferability: str = ""
    local: bool = False

    @property
    def about(self) -> str:
        """The outcome inside a sentence."""
        return self.outcome[:1].lower() + self.outcome[1:] if self.outcome else "the outcome"

    @property
    def studies(self) -> int | None:
        """How many studies the finding rests on: those on the outcome, else those counted, else None."""
        return self.counted if self.on_outcome is None else self.on_outcome

    @property
    def level_at_least(self) -> int | None:
        """The best Maryland level that is certain: the best one stated, else the lowest that was accepted."""
        if self.best_level is not None:
            return self.best_level
        return self.from_level if self.counted else None


@dataclass(frozen=True)
class Fact:
    """One of the four facts: its name and what is known, in sentences."""

    name: str
    text: str


class FlagKind(StrEnum):
    """What may be weak about a claim's evidence."""

    UNCITED = "uncited"
    BELOW_LEVEL = "only below level 3"
    SINGLE_STUDY = "a single study"
    NOT_UK = "no study from the UK"
    OLD = "over ten years old"
    OTHER_OUTCOME = "another outcome was measured"
    NO_INTERVAL = "effect without interval"


@dataclass(frozen=True)
class Flag:
    """A weakness, in a sentence that can stand beside the claim."""

    kind: FlagKind
    sentence: str


def state_of(facts: EvidenceFacts) -> State | None:
    """Return the state of an item; None where its source says too little to tell.

    No study at all is no evidence, studies of which none looked at the outcome are evidence for another outcome only;
    then the direction that the source states, then the counts: most positive, most harmful, none positive, else mixed.
    """
    if facts.counted == 0 or facts.on_outcome == 0:
        return State.OTHER_OUTCOME if facts.counted else State.NO_EVIDENCE
    if facts.direction == "not_measured":
        return State.OTHER_OUTCOME if facts.counted else None
    if facts.direction:
        return STATED[facts.direction]
    if facts.on_outcome is None or facts.positive is None:
        return None
    harmful = facts.harmful or 0
    if 2 * facts.positive > facts.on_outcome:
        return State.WORKS
    if 2 * harmful > facts.on_outcome:
        return State.HARMFUL
    return State.MIXED if facts.positive or harmful or facts.mixed else State.NO_EFFECT


FOUND = {
    State.WORKS: "found a positive effect",
    State.MIXED: "found a mixed effect",
    State.NO_EFFECT: "found no effect",
    State.HARMFUL: "found harm",
}


def studies(number: int) -> str:
    """Write a number of studies with its noun."""
    return f"{number:,} {'study' if number == 1 else 'studies'}"


def counts(facts: EvidenceFacts) -> str:
    """Write the counts short, always with their n: "7 of 9 studies"; in words where the source states none."""
    state = state_of(facts)
    if state == State.NO_EVIDENCE:
        return "no study"
    if state == State.OTHER_OUTCOME and facts.counted:
        return f"none of {studies(facts.counted)}"
    if facts.on_outcome is not None and facts.positive is not None:
        return f"{facts.positive:,} of {studies(facts.on_outcome)}"
    if facts.studies is not None:
        return studies(facts.studies)
    return f"number of studies {NOT_STATED}"


def effect_sentence(facts: EvidenceFacts) -> str:
    """Say what was found on the outcome, with the number of studies."""
    state = state_of(facts)
    if state == State.NO_EVIDENCE:
        level = f" reached Maryland level {facts.from_level}" if facts.from_level else " of good quality was found"
        return f"No study{level}."
    if state == State.OTHER_OUTCOME:
        if facts.counted:
            return f"None of {studies(facts.counted)} looked at {facts.about}."
        return f"No study looked at {facts.about}."
    found = FOUND[state] if state else f"what it found is {NOT_STATED}"
    if facts.on_outcome is None:
        counted = facts.counted
        base = f"the number of studies is {NOT_STATED}" if counted is None else f"it counts {studies(counted)}"
        said = f"The source {found.replace('found', 'reports', 1)} on {facts.about}; " if state else ""
        sentence = f"{said}how many studies looked at {facts.about} is {NOT_STATED}; {base}."
        return sentence[:1].upper() + sentence[1:]
    if facts.on_outcome == 1:
        return f"1 study looked at {facts.about}: {'it ' if state else ''}{found}."
    numbers = (
        (facts.positive, "found a positive effect"),
        (facts.mixed, "found mixed effects"),
        (facts.none, "found none"),
        (facts.harmful, "found harm"),
    )
    parts = [f"{number:,} {what}" for number, what in numbers if number is not None]
    if facts.positive is None:
        parts.append(f"how many found a positive effect is {NOT_STATED}")
    return f"Of {studies(facts.on_outcome)} that looked at {facts.about}, {_listed(parts)}."


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def four_facts(facts: EvidenceFacts) -> tuple[Fact, Fact, Fact, Fact]:
    """Return effect, strength, cost and transferability: side by side, never added up."""
    return (
        Fact("Effect", _effect(facts)),
        Fact("Strength", _strength(facts)),
        Fact("Cost", _closed(facts.cost) if facts.cost else "Not stated."),
        Fact("Transferability", _closed(facts.transferability) if facts.transferability else "Not stated."),
    )


def _effect(facts: EvidenceFacts) -> str:
    if facts.local and state_of(facts) is None and facts.studies is None:
        return "Not measured: this is local evidence, not an evaluation of an effect."
    size = f"Size: {facts.effect_size}" if facts.effect_size else f"Size: {NOT_STATED}"
    interval = f"Interval: {facts.effect_interval}" if facts.effect_interval else f"Interval: {NOT_STATED}"
    return f"{effect_sentence(facts)} {_closed(size)} {_closed(interval)}"


def _strength(facts: EvidenceFacts) -> str:
    if facts.local and facts.counted is None and facts.level_at_least is None:
        return "Not on the Maryland scale: what people say or what a place records is not a test of an effect."
    if facts.counted is None:
        number = f"Number of studies: {NOT_STATED}."
    else:
        level = f" at Maryland level {facts.from_level} or above" if facts.from_level else ""
        screened = f", of {facts.screened:,} looked through" if facts.screened else ""
        number = f"{studies(facts.counted)}{level}{screened}."
    levels = [f"Best Maryland level: {facts.best_level if facts.best_level is not None else NOT_STATED}."]
    if facts.levels:
        levels.append(_closed(f"Levels: {facts.levels}"))
    return " ".join([number, *levels, uk_sentence(facts), year_sentence(facts)])


def uk_sentence(facts: EvidenceFacts) -> str:
    """Say how many of the studies are from the United Kingdom."""
    if facts.uk is None:
        return f"From the United Kingdom: {NOT_STATED}."
    of = f" of {studies(facts.counted)}" if facts.counted is not None else ""
    return f"From the United Kingdom: {facts.uk:,}{of}."


def year_sentence(facts: EvidenceFacts) -> str:
    """Say how new the newest study is."""
    if facts.newest_year is not None:
        return f"Newest study: {facts.newest_year}."
    if facts.source_year is not None:
        return f"Newest study: {NOT_STATED}; the source is of {facts.source_year}."
    return f"Newest study: {NOT_STATED}."


def _closed(text: str) -> str:
    """End a sentence, once."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def claim_flags(evidence: Sequence[EvidenceFacts], *, year: int, outcome: str = "") -> tuple[Flag, ...]:
    """Return what is weak about a claim that rests on `evidence`, in the year `year`, about the outcome claimed.

    A flag on all the evidence is raised only when every item states the fact that it turns on: one unknown number of
    studies could be the many, one unknown level the good one. Local evidence counts as a citation and no more: the
    other flags are about evaluations.
    """
    if not evidence:
        return (Flag(FlagKind.UNCITED, "Nothing is cited for this."),)
    tested = [facts for facts in evidence if not facts.local or facts.counted]
    found = (
        _below_level(tested),
        _single_study(tested),
        _not_uk(tested),
        _old(tested, year),
        _other_outcome(tested, outcome),
        _no_interval(tested),
    )
    return tuple(flag for flag in found if flag)


def _below_level(tested: Sequence[EvidenceFacts]) -> Flag | None:
    """Every best level is stated and lies below 3, or no study at all was good enough to count.

    A lower bound alone does not say what the best is.
    """
    if tested and all(facts.counted == 0 for facts in tested):
        return Flag(FlagKind.BELOW_LEVEL, "What is cited found no study of good quality (0 studies): no evidence.")
    if any(facts.best_level is None for facts in tested if facts.counted != 0):
        return None
    best = max((facts.best_level for facts in tested if facts.best_level is not None), default=None)
    if best is None or best >= SOUND_LEVEL:
        return None
    return Flag(
        FlagKind.BELOW_LEVEL,
        f"The best study reaches Maryland level {best}: below level {SOUND_LEVEL} there is no telling what would have "
        "happened anyway.",
    )


def total_studies(numbers: Iterable[tuple[str, int]]) -> int:
    """Add up numbers of studies by their study set, taking the largest of each set: its items count the same ones."""
    most: dict[object, int] = {}
    for at, (study_set, number) in enumerate(numbers):
        key = study_set or at
        most[key] = max(most.get(key, 0), number)
    return sum(most.values())


def _single_study(tested: Sequence[EvidenceFacts]) -> Flag | None:
    known = [(facts.study_set, facts.studies) for facts in tested if facts.studies is not None]
    if len(known) != len(tested) or total_studies(known) != 1:
        return None
    return Flag(FlagKind.SINGLE_STUDY, "This rests on 1 study. One study can be wrong, or right for one place only.")


def _not_uk(tested: Sequence[EvidenceFacts]) -> Flag | None:
    counted = [facts for facts in tested if facts.counted != 0]
    if not counted or any(facts.uk is None for facts in counted) or any(facts.uk for facts in counted):
        return None
    total = total_studies((facts.study_set, facts.counted or 0) for facts in counted)
    which = "The 1 study is not" if total == 1 else f"None of the {studies(total)} is"
    return Flag(FlagKind.NOT_UK, f"{which} from the United Kingdom: what carries over is open.")


def _old(tested: Sequence[EvidenceFacts], year: int) -> Flag | None:
    """A source is no older than its newest study, so the source's own year serves where that one is not stated."""
    years = [facts.newest_year if facts.newest_year is not None else facts.source_year for facts in tested]
    known = [each for each in years if each is not None]
    if not known or len(known) != len(years) or year - max(known) <= OLD_AFTER_YEARS:
        return None
    return Flag(FlagKind.OLD, f"The newest evidence is of {max(known)}, more than ten years ago.")


#: Words that name an outcome, by the outcome that they name. Two outcomes differ only when each names some and none is
#: shared; an outcome in other words is not judged.
OUTCOME_WORDS: dict[str, tuple[str, ...]] = {
    "employment": ("employ", "unemploy", "job", "workforce", "vacanc"),
    "pay": ("wage", "pay", "earning", "salar", "income"),
    "productivity": ("productiv", "gva per hour", "output per hour"),
    "output": ("gdp", "gva", "gross value added"),
    "sales": ("turnover", "sales", "revenue", "profit", "export"),
    "finance": ("loan", "lending", "borrow", "credit to", "access to finance"),
    "research": ("r&d", "research and development", "research spending"),
    "innovation": ("patent", "innovat", "new product"),
    "skills": ("skill", "qualificat", "attainment"),
    "property": ("property", "house price", "rent"),
    "firms": ("start-up", "startup", "new firm", "survival", "new business"),
    "travel": ("travel time", "journey", "congestion"),
    "poverty": ("poverty", "deprivation"),
}


def outcomes_named(text: str) -> frozenset[str]:
    """Return the outcomes that a text names, by the words that begin in it; empty where none is recognised."""
    padded = f" {text.casefold()}".replace("(", " ").replace("/", " ")
    return frozenset(outcome for outcome, words in OUTCOME_WORDS.items() if any(f" {word}" in padded for word in words))


def _other_outcome(tested: Sequence[EvidenceFacts], outcome: str) -> Flag | None:
    claimed = outcomes_named(outcome)
    if not claimed or not tested:
        return None
    measured = [outcomes_named(facts.outcome) for facts in tested]
    if any(not names or names & claimed for names in measured):
        return None
    names = _listed(sorted({facts.about for facts in tested}))
    return Flag(
        FlagKind.OTHER_OUTCOME,
        f"The claim is about {outcome.strip().rstrip('.')[:1].lower()}{outcome.strip().rstrip('.')[1:]}; what was "
        f"measured is {names}.",
    )


def _no_interval(tested: Sequence[EvidenceFacts]) -> Flag | None:
    bare = [facts for facts in tested if facts.effect_size and not facts.effect_interval]
    if not bare:
        return None
    what = bare[0].title or bare[0].about
    more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
    return Flag(
        FlagKind.NO_INTERVAL,
        f"A size of effect is given without an interval ({what}{more}): how far off it may be is {NOT_STATED}.",
    )

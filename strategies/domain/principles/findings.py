"""What a check finds, and the register of all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from strategies.domain.facts import StrategyFacts


class Outcome(StrEnum):
    """What a check says. None of them decides whether a principle is met: that is the reviewer's judgement."""

    MISSING = "missing"
    ATTENTION = "attention"
    PASS = "pass"  # noqa: S105 not a password
    CANNOT_BE_CHECKED = "cannot_be_checked"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.MISSING: "Missing",
    Outcome.ATTENTION: "Needs attention",
    Outcome.PASS: "Nothing to mend",
    Outcome.CANNOT_BE_CHECKED: "Cannot be checked",
    Outcome.NOT_APPLICABLE: "Not applicable yet",
}
TO_MEND = frozenset({Outcome.MISSING, Outcome.ATTENTION})


class Severity(StrEnum):
    """How much hangs on a check: the thread of the strategy, or its quality."""

    ESSENTIAL = "essential"
    ADVICE = "advice"


@dataclass(frozen=True)
class ObjectRef:
    """A part of the strategy that a finding is about. `id` is its key in addresses; `label` is for readers."""

    kind: str
    id: str
    label: str


@dataclass(frozen=True)
class Result:
    """What a check's function returns. `message` says what and where; the register adds why it matters.

    `mend` names the page that mends it: a key such as "diagnosis_edit", for each of `objects` where there are any.
    """

    outcome: Outcome
    message: str
    objects: tuple[ObjectRef, ...] = ()
    mend: str = ""


@dataclass(frozen=True)
class Finding:
    """One check's result on one strategy: what is wrong, where, why it matters, and which page mends it."""

    code: str
    principle: int
    title: str
    severity: Severity
    outcome: Outcome
    message: str
    objects: tuple[ObjectRef, ...] = ()
    mend: str = ""


CheckFunction = Callable[[StrategyFacts], Result]


@dataclass(frozen=True)
class Check:
    """A check with its stable code ("P3.1"), what it looks for, and why that matters (`rationale`, a sentence)."""

    code: str
    title: str
    rationale: str
    severity: Severity
    function: CheckFunction

    @property
    def principle(self) -> int:
        """The number of the principle that the check serves."""
        return self.order[0]

    @property
    def order(self) -> tuple[int, int]:
        """The code as numbers, to sort by."""
        principle, number = self.code.removeprefix("P").split(".")
        return int(principle), int(number)

    def run(self, facts: StrategyFacts) -> Finding:
        """Return what the check finds in `facts`."""
        result = self.function(facts)
        message = f"{result.message} {self.rationale}" if result.outcome in TO_MEND else result.message
        return Finding(
            code=self.code,
            principle=self.principle,
            title=self.title,
            severity=self.severity,
            outcome=result.outcome,
            message=message,
            objects=result.objects,
            mend=result.mend,
        )


_register: dict[str, Check] = {}


def check(code: str, title: str, rationale: str, severity: Severity) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check `code`. Raises ValueError where the code is taken."""

    def add(function: CheckFunction) -> CheckFunction:
        if code in _register:
            raise ValueError(f"Two checks are called {code}.")
        _register[code] = Check(code, title, rationale, severity, function)
        return function

    return add


def all_checks() -> tuple[Check, ...]:
    """Return every check, in the order of their codes."""
    return tuple(sorted(_register.values(), key=lambda each: each.order))


def run_checks(facts: StrategyFacts) -> tuple[Finding, ...]:
    """Return one finding for each check, in the order of their codes. The same facts give the same findings."""
    return tuple(each.run(facts) for each in all_checks())


# Building results


def counted(number: int, singular: str, plural: str = "") -> str:
    """Write "1 objective" or "3 objectives"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def not_yet(message: str) -> Result:
    """Say that there is nothing yet for the check to look at."""
    return Result(Outcome.NOT_APPLICABLE, message)


def over_items(
    items: Sequence[Any],
    lacks: Callable[[Any], Iterable[str]],
    *,
    kind: str,
    label: Callable[[Any], str],
    good: tuple[str, str],
    bad: tuple[str, str],
    plural: str = "",
    fail: Outcome = Outcome.MISSING,
) -> Result:
    """Check every item: `lacks(item)` names what it lacks (nothing where it is complete).

    `good` and `bad` end the sentence, for one item and for several ("answers a problem", "answer a problem"). `items`
    must not be empty. The finding's objects are the items that lack something, labelled with what; each is mended on
    its own page, "<kind>_edit".
    """
    refs = []
    for item in items:
        gaps = list(lacks(item))
        if gaps:
            refs.append(ObjectRef(kind, str(item.id), f"{label(item)}: {_list(gaps)}"))
    many = counted(len(items), kind, plural)
    if not refs:
        whole = f"The {kind} {good[0]}" if len(items) == 1 else f"All {many} {good[1]}"
        return Result(Outcome.PASS, f"{whole}.")
    part = f"The {kind}" if len(items) == 1 else f"{len(refs):,} of {many}"
    return Result(fail, f"{part} {bad[0] if len(refs) == 1 else bad[1]}.", tuple(refs), f"{kind}_edit")


def gaps_in(**gaps: bool) -> list[str]:
    """Name what is lacking: `gaps_in(no_owner=True)` gives ["no owner"]."""
    return [name.replace("_", " ") for name, is_open in gaps.items() if is_open]


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

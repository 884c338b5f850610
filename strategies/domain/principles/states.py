"""What the findings on one principle come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from strategies.domain.principles.findings import Finding, Outcome, counted


@dataclass(frozen=True)
class State:
    """The findings on a principle in a few words. `code` is missing, attention, clear or reviewer."""

    code: str
    label: str


def state_of(findings: Iterable[Finding]) -> State:
    """Sum up findings: what is missing comes first; no finding at all leaves the principle to the reviewer."""
    outcomes = [finding.outcome for finding in findings]
    missing = outcomes.count(Outcome.MISSING)
    attention = outcomes.count(Outcome.ATTENTION)
    if missing:
        return State("missing", f"{counted(missing, 'check')} found something missing")
    if attention:
        return State("attention", f"{counted(attention, 'check')} {'needs' if attention == 1 else 'need'} attention")
    if Outcome.PASS in outcomes:
        return State("clear", "Checks found nothing to mend")
    if outcomes:
        return State("reviewer", "Nothing to check yet")
    return State("reviewer", "Judged by the reviewer alone")

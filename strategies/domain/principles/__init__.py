"""The software's checks of a strategy against the ten principles.

A check finds the place to look and never decides whether a principle is met. What it cannot see in the facts it
does not claim: codes of a framework that no check serves are left to the reviewer alone.
"""

from strategies.domain.principles import causes, economy, fairness, interventions  # noqa: F401 they register checks
from strategies.domain.principles.findings import (
    TO_MEND,
    Check,
    Finding,
    ObjectRef,
    Outcome,
    Severity,
    all_checks,
    run_checks,
)
from strategies.domain.principles.states import State, state_of

__all__ = [
    "TO_MEND",
    "Check",
    "Finding",
    "ObjectRef",
    "Outcome",
    "Severity",
    "State",
    "all_checks",
    "run_checks",
    "state_of",
]

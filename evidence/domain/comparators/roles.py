"""Which indicators may choose the peers, and why the others may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .panel import PanelIndicator, Role

REASONS = {
    Role.DRIVER: "a driver: matching on it would hide what policy can change",
    Role.OUTCOME: "an outcome: matching on it would hide the gap",
}


@dataclass(frozen=True)
class LeftOut:
    """An area or indicator that took no part, with the reason in words."""

    code: str
    reason: str


def choosers(indicators: Sequence[PanelIndicator]) -> tuple[list[int], list[LeftOut]]:
    """Positions of the structural indicators, and the rest with the reason why they do not choose peers."""
    chosen = [at for at, indicator in enumerate(indicators) if indicator.role == Role.STRUCTURAL]
    others = [
        LeftOut(indicator.code, REASONS[indicator.role])
        for indicator in indicators
        if indicator.role != Role.STRUCTURAL
    ]
    return chosen, others

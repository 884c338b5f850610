"""What may be weak about the evidence of a claim: a diagnosis, an intervention, or the text of a section. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from evidence.domain.strength import EvidenceFacts, Flag, claim_flags
from strategies.domain.facts import CitationFacts, DiagnosisFacts, InterventionFacts, SectionFacts, StrategyFacts

_STATED = {each.name for each in fields(EvidenceFacts)}

Claim = DiagnosisFacts | InterventionFacts | SectionFacts


def flags_of_claim(facts: StrategyFacts, claim: Claim, *, year: int) -> tuple[Flag, ...]:
    """Return what is weak about the evidence that a claim cites, in the year `year`.

    An intervention claims the outcomes that it names. A section without text claims nothing. Figures and reports are
    not evaluations: they count as cited and raise no flag.
    """
    if isinstance(claim, SectionFacts) and not claim.body.strip():
        return ()
    if not claim.citations:
        return claim_flags((), year=year)
    outcome = claim.outcomes if isinstance(claim, InterventionFacts) else ""
    return flags_of_citations((facts.citation(key) for key in claim.citations), year=year, outcome=outcome)


def flags_of_citations(citations: Iterable[CitationFacts], *, year: int, outcome: str = "") -> tuple[Flag, ...]:
    """Return what is weak about some citations taken together; nothing where none is of an evidence item."""
    evidence = [_strength(each.review["strength"]) for each in citations if each.review.get("strength")]
    return claim_flags(evidence, year=year, outcome=outcome) if evidence else ()


def _strength(stated: dict[str, Any]) -> EvidenceFacts:
    """What an item stated when it was cited; a copy may hold what this version no longer knows."""
    return EvidenceFacts(**{key: value for key, value in stated.items() if key in _STATED})

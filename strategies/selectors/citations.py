"""Cited figures and reviews in words."""

from __future__ import annotations

from typing import Any

from evidence.selectors.wording import amount
from strategies.domain.facts import CitationFacts
from strategies.enums import CitationKind
from strategies.models import Citation

BESIDE = (("Middle of the peers", "peers_median"), ("England", "england"))


def figure_values(figure: dict[str, Any]) -> list[tuple[str, str]]:
    """Return whose value it is and the value with its unit: the place first, then peers and England where known.

    `figure` is a cited figure or a row of a report's figures, which name value, unit, decimals and period alike.
    """
    unit, decimals = str(figure.get("unit") or ""), int(figure.get("decimals") or 0)
    place = ", ".join(str(part) for part in (figure.get("place"), figure.get("period")) if part)
    values = [(place, amount(figure.get("value"), unit, decimals) or "not published")]
    for label, key in BESIDE:
        if figure.get(key) is not None:
            values.append((label, amount(figure[key], unit, decimals)))
    return values


def figure_source(figure: dict[str, Any]) -> str:
    """Where a cited figure comes from, in sentences: source, edition, licence, how it was derived."""
    parts = [figure.get("source"), figure.get("vintage"), figure.get("licence")]
    if figure.get("derivation"):
        parts.append(f"Derived: {figure['derivation']}")
    texts = [str(part).strip().rstrip(".") for part in parts if part]
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in texts)


def figure_line(figure: dict[str, Any]) -> str:
    """The same in a line: Testshire, 2023: £31.20. Middle of the peers: £34.50. England: £38.00."""
    return " ".join(f"{label}: {value}." for label, value in figure_values(figure))


def counts_line(positive: int | None, on_outcome: int | None, outcome: str) -> str:
    """Say what a review counted: never a bare percentage, no study is not no effect, and None is not 0."""
    about = outcome.lower() or "the outcome"
    if on_outcome is None:
        return f"How many studies looked at {about} is not stated."
    if not on_outcome:
        return f"No evidence on {about}: no study that was good enough looked at it."
    if positive is None:
        looked = "1 study" if on_outcome == 1 else f"{on_outcome} studies"
        return f"{looked} looked at {about}; how many found a positive effect is not stated."
    return f"{positive} of {on_outcome} studies found a positive effect on {about}."


def citation_line(citation: Citation) -> str:
    """Say in a line what a stored citation shows, and where it is from."""
    if citation.kind == CitationKind.FIGURE:
        return f"{figure_line(citation.figure)} {citation.source_name}".strip()
    source = ", ".join(part for part in (citation.source_name, citation.source_date) if part)
    return f"{citation.get_kind_display()}. {source}".strip()


def fact_line(citation: CitationFacts) -> str:
    """Say in a line what a citation among a strategy's facts shows."""
    if citation.kind == CitationKind.FIGURE:
        return figure_line(citation.figure)
    if citation.kind == CitationKind.WHAT_WORKS:
        review = citation.review
        return counts_line(review["studies_positive"], review["studies_on_outcome"], review["outcome"])
    return ", ".join(part for part in (citation.source_name, citation.source_date) if part)

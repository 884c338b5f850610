"""Reading prose: sentences, figures in them, and words that a check looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from strategies.domain.facts import CitationFacts, InterventionFacts, SectionFacts, StrategyFacts

_BLOCK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z£0-9“\"(\[])")
_LIST_ITEM = re.compile(r"\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_LINK = re.compile(r"\[[^\]]+\]\([^)]+\)|https?://\S+|(?<!\\)\[S[1-9]\d{0,5}\]")

# An amount of money, a share, or a count written with separators. Bare years and small counts are not figures.
FIGURE = re.compile(
    r"£\s?\d[\d,]*(?:\.\d+)?"
    r"|\d[\d,]*(?:\.\d+)?\s?(?:%|per cent|percentage points?)"
    r"|\d+(?:\.\d+)?\s(?:million|billion)"
    r"|(?<![\d,])\d{1,3}(?:,\d{3})+(?:\.\d+)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Sentence:
    """A sentence (or a table, whole) of a section."""

    section: SectionFacts
    text: str

    @property
    def has_link(self) -> bool:
        """Whether it links to something, or marks a citation as in [S3]."""
        return bool(_LINK.search(self.text))


def sentences(facts: StrategyFacts) -> Iterator[Sentence]:
    """Give the sentences of all sections in their order. A table counts as one sentence, a list item as one or more."""
    for section in facts.sections:
        for block in _BLOCK.split(section.body.strip()):
            if block.lstrip().startswith("|"):
                yield Sentence(section, block.strip())
                continue
            for item in _LIST_ITEM.split(block):
                for sentence in _SENTENCE_END.split(" ".join(item.split())):
                    if sentence:
                        yield Sentence(section, sentence)


def excerpt(text: str, limit: int = 90) -> str:
    """Shorten a sentence for a label, at a word. A table is named by its heading row."""
    if text.startswith("|"):
        text = f"Table: {', '.join(cell.strip() for cell in text.splitlines()[0].strip('|').split('|'))}"
    if len(text) <= limit:
        return text
    return f"{text[:limit].rsplit(' ', 1)[0]}…"


def years_in(text: str) -> list[int]:
    """Return the years that a text names."""
    return [int(year) for year in _YEAR.findall(text)]


def cited_numbers(citations: Iterable[CitationFacts]) -> list[float]:
    """Return every number that the citations state: values with their intervals and comparisons, and in words."""
    numbers: list[float] = []
    for citation in citations:
        for key in ("value", "lower", "upper", "peers_median", "england"):
            value = citation.figure.get(key)
            if isinstance(value, int | float):
                numbers.append(float(value))
        for key in ("studies_counted", "studies_on_outcome", "studies_positive"):
            if isinstance(citation.review.get(key), int):
                numbers.append(float(citation.review[key]))
        words = f"{citation.title} {citation.note} {citation.review.get('finding', '')}"
        numbers += [float(found.replace(",", "")) for found in _NUMBER.findall(words)]
    return numbers


def is_cited(figure: str, numbers: Iterable[float]) -> bool:
    """Whether a figure in the text ("£31.20", "45%", "1.2 million") is one of `numbers`, rounded as it is written."""
    found = _NUMBER.search(figure)
    if found is None:
        return False
    written = found.group().replace(",", "")
    value = float(written)
    decimals = len(written.partition(".")[2])
    scale = 1e9 if "billion" in figure.lower() else 1e6 if "million" in figure.lower() else 1.0
    return any(abs(round(number / divisor, decimals) - value) < 1e-9 for number in numbers for divisor in {1.0, scale})


def words_of(intervention: InterventionFacts) -> str:
    """Return everything that is written about an intervention, as one text."""
    return "\n".join(
        (
            intervention.title,
            intervention.description,
            intervention.sector_argument,
            intervention.activities,
            intervention.outputs,
            intervention.outcomes,
            intervention.who_gains,
            intervention.who_may_lose,
            intervention.evaluation_question,
            intervention.evaluation_design,
        )
    )


def words_of_strategy(facts: StrategyFacts) -> str:
    """Return everything that is written in a strategy, as one text."""
    parts = [facts.vision, *(section.body for section in facts.sections)]
    parts += [f"{d.problem}\n{d.affected}\n{d.explanation}" for d in facts.diagnoses]
    parts += [f"{o.title}\n{o.rationale}\n{o.outcome}" for o in facts.objectives]
    parts += [words_of(i) for i in facts.interventions]
    return "\n".join(part for part in parts if part.strip())

"""Citations as text: the sentence that quotes one, the note that gives its source, and the tables of the annexes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evidence.selectors.citations import finding_sentence, newer_sentence
from lisapp.design.charts.base import with_unit
from lisapp.documents.document import Block, BulletList, Details, Heading, Inline, Note, Paragraph, Run, Table, plain
from lisapp.documents.markdown import inline_of
from strategies.domain.facts import CitationFacts, StrategyFacts
from strategies.enums import CitationKind

NONE = "–"


class Notes:
    """Numbers the citations in the order in which the text first refers to them."""

    def __init__(self, facts: StrategyFacts) -> None:
        self._citations = {citation.id: citation for citation in facts.citations}
        self._by_number = facts.by_number()
        self._numbers: dict[int, int] = {}
        self._in_text: set[int] = set()

    def mark(self, citation: CitationFacts) -> Run:
        """Return the note mark of a citation."""
        first = citation.id not in self._numbers
        number = self._numbers.setdefault(citation.id, len(self._numbers) + 1)
        return Run(note=number, first=first)

    def in_text(self, number: int) -> Run | None:
        """Return the note mark of the citation that a text marks by its number, or None where there is none.

        A text does not say what the evidence says, so the note does.
        """
        citation = self._by_number.get(number)
        if citation is None:
            return None
        self._in_text.add(citation.id)
        return self.mark(citation)

    def all(self) -> tuple[Note, ...]:
        """Return the notes of every citation that was marked."""
        return tuple(Note(number, self._note(self._citations[key])) for key, number in self._numbers.items())

    def _note(self, citation: CitationFacts) -> Inline:
        if citation.id in self._in_text and citation.kind != CitationKind.REPORT:
            return (*sentence_of(citation), Run(" "), *source_of(citation))
        return source_of(citation)


def figure_value(figure: dict[str, Any], key: str = "value") -> str:
    """Return a value of a cited figure with its unit, or a dash where it is not known."""
    if figure.get(key) is None:
        return NONE
    return with_unit(figure[key], figure.get("unit", ""), figure.get("decimals"))


def is_derived(citation: CitationFacts) -> bool:
    """Whether the figure was calculated from published ones."""
    return bool(citation.figure.get("derivation"))


def sentence_of(citation: CitationFacts) -> Inline:
    """Return what a citation says, in words."""
    match citation.kind:
        case CitationKind.FIGURE:
            text = _figure_sentence(citation)
        case CitationKind.WHAT_WORKS:
            text = _review_sentence(citation)
        case _:
            text = f"{citation.title.rstrip('.')}."
    note = inline_of(citation.note)
    return (Run(text), Run(" "), *note) if note else (Run(text),)


def _figure_sentence(citation: CitationFacts) -> str:
    figure = citation.figure
    interval = ""
    if figure.get("lower") is not None and figure.get("upper") is not None:
        interval = f", 95% interval {figure_value(figure, 'lower')} to {figure_value(figure, 'upper')}"
    derived = ", derived" if is_derived(citation) else ""
    text = f"{figure.get('label') or citation.title}, {figure.get('place', '')}: {figure_value(figure)}"
    text += f" ({figure.get('period', '')}{interval}{derived})."
    against = []
    if figure.get("peers_median") is not None:
        against.append(f"the median of its peers is {figure_value(figure, 'peers_median')}")
    if figure.get("england") is not None:
        against.append(f"England is at {figure_value(figure, 'england')}")
    compared = " and ".join(against)
    compared = f"{compared[0].upper()}{compared[1:]}." if compared else ""
    more = (compared, finding_sentence(figure), newer_sentence(figure, citation.newer))
    return " ".join(part for part in (text, *more) if part)


def _review_sentence(citation: CitationFacts) -> str:
    review = citation.review
    positive, measured = review["studies_positive"], review["studies_on_outcome"]
    if measured == 0:
        counts = "no study measured this outcome"
    elif measured is None or positive is None:
        counts = "how many studies found a positive effect is not stated"
    else:
        counts = f"{positive:,} of {measured:,} studies found a positive effect"
    finding = review["finding"].rstrip(".")
    about = ", ".join(part for part in (review["topic"], review["outcome"].lower()) if part)
    return f"{about}: {counts}. {finding}."


def source_of(citation: CitationFacts) -> Inline:
    """Return the text of a citation's note: for a figure its source, period, vintage and licence."""
    if citation.kind == CitationKind.FIGURE:
        figure = citation.figure
        parts = [
            ("", figure.get("source")),
            ("Period", figure.get("period")),
            ("Vintage", figure.get("vintage")),
            ("Licence", figure.get("licence")),
            ("Derived", figure.get("derivation")),
        ]
        url = figure.get("url") or ""
    else:
        parts = [("", citation.source_name or citation.title), ("Date", citation.source_date)]
        if citation.kind == CitationKind.REPORT:
            parts = [("", f"Comparator report: {citation.title}"), *parts[1:]]
        elif citation.kind == CitationKind.WHAT_WORKS and citation.review.get("studies_counted"):
            parts.append(("Studies counted in the review", f"{citation.review['studies_counted']:,}"))
        url = citation.source_url
    text = " ".join(f"{name}: {_closed(value)}" if name else _closed(value) for name, value in parts if value)
    return (Run(text), Run(" "), Run(url, href=url)) if url else (Run(text),)


def _closed(text: str) -> str:
    return f"{text.strip().rstrip('.')}."


def evidence_list(citations: Iterable[CitationFacts], notes: Notes) -> tuple[Block, ...]:
    """Return citations as a list, each with its note mark; one alone as a paragraph."""
    items = tuple((Paragraph((*sentence_of(citation), notes.mark(citation))),) for citation in citations)
    if not items:
        return (Paragraph(plain("No evidence is cited.")),)
    return items[0] if len(items) == 1 else (BulletList(items),)


def figures_table(facts: StrategyFacts, notes: Notes) -> Table | None:
    """Return every cited figure with its comparators, period and source, or None where none is cited."""
    rows: list[tuple[Inline, ...]] = []
    for citation in facts.citations:
        if citation.kind != CitationKind.FIGURE:
            continue
        figure = citation.figure
        label = figure.get("label") or citation.title
        kind = "Derived" if is_derived(citation) else "As published"
        newer = newer_sentence(figure, citation.newer)
        rows.append(
            (
                (Run(label), notes.mark(citation)),
                plain(figure.get("place", "")),
                plain(figure_value(figure)),
                plain(figure_value(figure, "peers_median")),
                plain(figure_value(figure, "england")),
                plain(figure.get("period", "")),
                plain(figure.get("source", "")),
                plain(figure.get("vintage", "")),
                plain(figure.get("licence", "")),
                plain(f"{kind}. {newer}" if newer else kind),
            )
        )
    header = (
        "Figure",
        "Place",
        "Value",
        "Median of peers",
        "England",
        "Period",
        "Source",
        "Vintage",
        "Licence",
        "Kind",
    )
    if not rows:
        return None
    widths = (16, 9, 8, 8, 8, 7, 19, 9, 9, 7)
    return Table("Figures cited in this strategy", header, tuple(rows), widths=widths, numeric=(2, 3, 4))


def other_sources_table(facts: StrategyFacts, notes: Notes) -> Table | None:
    """Return the cited reports and local sources, or None where none is cited."""
    rows: list[tuple[Inline, ...]] = []
    kinds = {CitationKind.REPORT: "Comparator report", CitationKind.LOCAL: "Local source"}
    for citation in facts.citations:
        if citation.kind in kinds:
            label = kinds[CitationKind(citation.kind)]
            rows.append(
                (
                    (Run(citation.title), notes.mark(citation)),
                    plain(label),
                    inline_of(citation.note) or plain(NONE),
                    plain(citation.source_name or NONE),
                    plain(citation.source_date or NONE),
                )
            )
    if not rows:
        return None
    header = ("Evidence", "Kind", "What it shows", "Source", "Date")
    return Table("Reports and local sources cited", header, tuple(rows), widths=(26, 14, 30, 20, 10))


def what_works_table(facts: StrategyFacts, notes: Notes) -> Table | None:
    """Return the cited reviews with their counts of studies, or None where none is cited."""
    rows: list[tuple[Inline, ...]] = []
    for citation in facts.citations:
        if citation.kind != CitationKind.WHAT_WORKS:
            continue
        review = citation.review
        rows.append(
            (
                (Run(review["topic"]), notes.mark(citation)),
                plain(review["outcome"]),
                plain(_stated(review["studies_counted"])),
                plain(_stated(review["studies_on_outcome"])),
                plain(_stated(review["studies_positive"])),
                plain(review["finding"]),
            )
        )
    if not rows:
        return None
    header = ("Review", "Outcome", "Studies counted", "On this outcome", "Positive", "Finding")
    return Table(
        "Reviews of evaluations cited", header, tuple(rows), widths=(18, 16, 11, 12, 11, 32), numeric=(2, 3, 4)
    )


def strength_blocks(facts: StrategyFacts) -> list[Block]:
    """Return effect, strength, cost and transferability of each cited evidence item, as they were when it was cited."""
    blocks: list[Block] = []
    for citation in facts.citations:
        if four := citation.review.get("four_facts"):
            topic = citation.review["topic"]
            blocks.append(Heading(2, topic, f"strength-{citation.id}"))
            blocks.append(Details(topic, tuple((name, (Paragraph(plain(text)),)) for name, text in four)))
    return blocks


def _stated(number: int | None) -> str:
    """A count as the review gives it; a count that it does not give is not 0."""
    return "not stated" if number is None else f"{number:,}"


def sources_table(facts: StrategyFacts) -> Table | None:
    """Return the sources of the cited figures, each once, or None where no figure is cited."""
    sources = sorted(
        {
            tuple(str(c.figure.get(key) or NONE) for key in ("source", "vintage", "licence"))
            for c in facts.citations
            if c.kind == CitationKind.FIGURE
        }
    )
    if not sources:
        return None
    rows = tuple(tuple(plain(cell) for cell in source) for source in sources)
    return Table("Sources of the figures", ("Source", "Vintage", "Licence"), rows, widths=(54, 23, 23))

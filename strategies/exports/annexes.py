"""The annexes of a strategy document: evidence, what works, principles, method and sources, this version."""

from __future__ import annotations

from datetime import date

from lisapp.design.dates import shown
from lisapp.documents.document import (
    Block,
    Callout,
    Heading,
    Inline,
    PageBreak,
    Paragraph,
    Run,
    Table,
    paragraph,
    plain,
)
from lisapp.documents.markdown import blocks_of
from strategies.domain.facts import StrategyFacts
from strategies.enums import CitationKind, MarylandLevel
from strategies.exports import evidence_blocks as evidence


def annexes(facts: StrategyFacts, notes: evidence.Notes, *, version: str, content_hash: str) -> list[Block]:
    """Return the annexes A to E, each with its heading."""
    return [
        PageBreak(wide=True),
        *_evidence(facts, notes),
        PageBreak(),
        *_what_works(facts, notes),
        *_principles(facts),
        *_method(facts),
        *_version(version, content_hash),
    ]


def _evidence(facts: StrategyFacts, notes: evidence.Notes) -> list[Block]:
    tables: list[Block] = [
        table for table in (evidence.figures_table(facts, notes), evidence.other_sources_table(facts, notes)) if table
    ]
    return [
        Heading(1, "Annex A. Evidence", "annex-evidence"),
        paragraph(
            "Each figure is as it stood when it was cited. A dash means that no figure is known, not that it is nil. "
            "Where the data had moved on when this version was made, the kind of figure says so."
        ),
        *(tables or [paragraph("No figure and no local source is cited in this version.")]),
    ]


def _what_works(facts: StrategyFacts, notes: evidence.Notes) -> list[Block]:
    table = evidence.what_works_table(facts, notes)
    text = (
        "Counts are of studies that a review accepted as strong enough: level 3 or above on the Maryland scale. A "
        "review that found no effect says something; a subject without a review says nothing either way."
    )
    return [
        Heading(1, "Annex B. What works", "annex-what-works"),
        *([paragraph(text), table] if table else [paragraph("No review of evaluations is cited in this version.")]),
        *evidence.strength_blocks(facts),
    ]


def _principles(facts: StrategyFacts) -> list[Block]:
    claims = {claim.principle: claim.text for claim in facts.claims}
    blocks: list[Block] = [
        Heading(1, "Annex C. How this strategy meets the principles", "annex-principles"),
        paragraph(
            "For each principle, this is what the authors say. Quotation marks show the publisher’s own wording; "
            "a title without them is a working title."
        ),
    ]
    for principle in sorted(facts.principles, key=lambda p: p.number):
        title = f"“{principle.title}”" if principle.exact else principle.title
        blocks.append(Heading(2, f"{principle.number}. {title}", f"principle-{principle.number}"))
        if principle.summary:
            blocks.append(Paragraph((Run("What is judged: ", bold=True), Run(principle.summary)), "small"))
        claim = blocks_of(claims.get(principle.number, ""), top=3)
        blocks += claim or [
            Callout("Still to be written", (paragraph("No statement on this principle in this version."),))
        ]
    return blocks


def _method(facts: StrategyFacts) -> list[Block]:
    blocks: list[Block] = [
        Heading(1, "Annex D. Method and sources", "annex-method"),
        Heading(2, "How figures are quoted", "method-figures"),
        paragraph(
            "A figure is copied from its source when it is cited, with its period, vintage and licence, and stays as "
            "it is when newer figures are published. A derived figure was calculated from published ones; its note "
            "says how."
        ),
        Heading(2, "How places are compared", "method-comparison"),
        paragraph(
            f"The peers of {facts.place} are the places most like it in structure: what kind of place each is, not how "
            "well it does. Matching on results would hide the very gap that a comparison should show. The median of "
            "the peers and the figure for England stand side by side, because they can point in different directions."
        ),
        _reports(facts),
        Heading(2, "How strong an evaluation is", "method-maryland"),
        paragraph(
            "The Scientific Maryland Scale says how well an evaluation rules out other explanations for what it found."
        ),
        Table(
            "The Scientific Maryland Scale",
            ("Level", "Design"),
            tuple((plain(str(level.value)), plain(_design(level))) for level in MarylandLevel),
            widths=(12, 88),
        ),
    ]
    sources = evidence.sources_table(facts)
    if sources:
        blocks += [Heading(2, "Where the figures come from", "method-sources"), sources]
    return blocks


def _design(level: MarylandLevel) -> str:
    text = str(level.label).partition(": ")[2]
    return text[:1].upper() + text[1:]


def _reports(facts: StrategyFacts) -> Block:
    used = {c.report_id for c in facts.citations if c.report_id}
    used |= {str(c.figure["report_id"]) for c in facts.citations if c.figure.get("report_id")}
    rows: list[tuple[Inline, ...]] = []
    for report in facts.reports:
        if report.id in used:
            finished = shown(date.fromisoformat(report.finished_on))
            peers = ", ".join(report.peers) or evidence.NONE
            rows.append((plain(report.title), plain(report.data_release), plain(finished), plain(peers)))
    others = sorted(
        c.title
        for c in facts.citations
        if c.kind == CitationKind.REPORT and c.report_id not in {r.id for r in facts.reports}
    )
    rows += [(plain(title), plain(evidence.NONE), plain(evidence.NONE), plain(evidence.NONE)) for title in others]
    if not rows:
        return paragraph("No comparator report is cited in this version.")
    header = ("Report", "Data", "Finished", "Peers")
    return Table("Comparator reports used", header, tuple(rows), widths=(26, 16, 16, 42))


def _version(version: str, content_hash: str) -> list[Block]:
    return [
        Heading(1, "Annex E. This version", "annex-version"),
        paragraph(
            f"{version}. The fingerprint below is the SHA-256 of the content: two documents with the same fingerprint "
            "hold the same strategy, and any change of the content changes it."
        ),
        Paragraph((Run(content_hash, code=True),)),
    ]

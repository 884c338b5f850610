"""What the document says, before it becomes a file."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from lisapp.design import markdown as site_markdown
from lisapp.documents.document import (
    BulletList,
    Callout,
    Details,
    Document,
    Figure,
    Heading,
    NumberList,
    PageBreak,
    Paragraph,
    Quote,
    Run,
    Table,
    text_of,
    walk,
)
from lisapp.documents.markdown import blocks_of, inline_of
from strategies.exports.chain_blocks import TALLEST
from strategies.exports.strategy_document import DEMONSTRATION, build
from tests.strategies.document_facts import CITATIONS, facts

HASH = "a" * 64


def built(**changes) -> Document:
    return build(facts(**changes), release_number=3, content_hash=HASH, released_on=date(2026, 11, 24))


def words(document: Document) -> str:
    """Everything that the blocks say, one block a line."""
    lines = []
    for block in walk(document.blocks):
        match block:
            case Heading():
                lines.append(f"{block.kicker} {block.text}".strip())
            case Paragraph():
                lines.append(text_of(block.runs))
            case Table():
                lines.append(block.caption)
                lines.append(" | ".join(block.header))
                lines += [" | ".join(text_of(cell) for cell in row) for row in block.rows]
            case Details():
                lines.append(", ".join(label for label, _ in block.items))
            case Figure():
                lines.append(block.alt)
            case Callout():
                lines.append(block.title)
    return "\n".join(lines)


def headings(document: Document, level: int) -> list[str]:
    return [h.text for h in document.headings() if h.level == level]


def marks(document: Document) -> list[Run]:
    """The note marks in reading order."""
    found = []
    for block in walk(document.blocks):
        cells = []
        if isinstance(block, Paragraph):
            cells = [block.runs]
        elif isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row]
        found += [run for runs in cells for run in runs if run.note]
    return found


def test_markdown_becomes_blocks():
    text = "One **bold** and *thin* [link](https://example.org).\n\n- a\n- b\n    1. c\n\n> Said."
    text += "\n\n| A | B |\n|---|---|\n| 1 | 2 |"
    paragraph, bullets, quote, table = blocks_of(text)
    assert paragraph == Paragraph(
        (
            Run("One "),
            Run("bold", bold=True),
            Run(" and "),
            Run("thin", italic=True),
            Run(" "),
            Run("link", href="https://example.org"),
            Run("."),
        )
    )
    assert isinstance(bullets, BulletList)
    assert isinstance(bullets.items[1][1], NumberList)
    assert quote == Quote((Paragraph((Run("Said."),)),))
    assert table.header == ("A", "B")
    assert table.rows == (((Run("1"),), (Run("2"),)),)


def test_only_web_and_mail_addresses_become_links():
    (paragraph,) = blocks_of("[share](ftp://example.org) and [local](/etc/passwd) and [write](mailto:a@example.org)")
    assert [run.href for run in paragraph.runs if run.href] == ["mailto:a@example.org"]
    assert text_of(paragraph.runs) == "share and local and write"
    (script,) = blocks_of("[click](javascript:alert(1))")
    assert not any(run.href for run in script.runs)


def test_raw_html_and_images_stay_text():
    (paragraph,) = blocks_of("<b>no</b> ![x](https://example.org/x.png)")
    assert text_of(paragraph.runs).startswith("<b>no</b> ")
    assert "x.png" not in text_of(tuple(run for run in paragraph.runs if not run.href))


def test_headings_within_a_text_start_at_the_given_level_and_skip_none():
    found = [b.level for b in blocks_of("#### a\n\n###### b\n\n# c\n\n### d", top=2) if isinstance(b, Heading)]
    assert found == [2, 3, 2, 3]


def test_a_list_holds_only_paragraphs_and_lists():
    text = "- # Title\n- > said\n\n  | A |\n  |---|\n  | 1 |\n"
    (bullets,) = blocks_of(text)
    inner = [type(block) for item in bullets.items for block in item]
    assert set(inner) == {Paragraph}
    assert inline_of("- a\n- b") == (Run("a b"),)


@pytest.mark.parametrize(
    "text",
    [
        "Plain *thin* **bold** ~~gone~~ `code`",
        "1. one\n2. two\n\n   more\n- three",
        "# A\n\n### B\n\ntext\n\n## C",
        "| a | b |\n|:--|--:|\n| 1 | *2* |",
        "> quoted\n>\n> twice",
        "<script>alert(1)</script>",
    ],
)
def test_the_file_says_the_same_words_as_the_site(text):
    soup = BeautifulSoup(site_markdown.render(text), "html.parser")
    on_site = "".join(soup.get_text().split())
    document = replace(built(), blocks=blocks_of(text))
    in_file = words(document).replace("Table: a, b\n", "").replace(" | ", "")
    assert "".join(in_file.split()) == on_site


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab#*_-> \n`|[]()1.~", max_size=120))
def test_any_text_becomes_blocks_without_a_skipped_level(text):
    levels = [b.level for b in walk(blocks_of(text, top=2)) if isinstance(b, Heading)]
    assert all(later <= earlier + 1 for earlier, later in zip([1, *levels], levels, strict=False))
    assert all(isinstance(inner, Paragraph | BulletList | NumberList)
               for block in walk(blocks_of(text)) if isinstance(block, BulletList | NumberList)
               for item in block.items for inner in item)  # fmt: skip


def test_chapters_come_in_the_frameworks_order():
    assert headings(built(), 1)[:6] == [
        "1. Vision",
        "2. Executive summary",
        "3. Ideas",
        "4. People",
        "5. Interventions that serve no objective yet",
        "6. How the parts hang together",
    ]
    reversed_sections = built(sections=tuple(reversed(facts().sections)))
    assert headings(reversed_sections, 1) == headings(built(), 1)


def test_no_heading_level_is_skipped_and_every_anchor_is_its_own():
    found = built().headings()
    assert found[0].level == 1
    assert all(later.level <= earlier.level + 1 for earlier, later in itertools.pairwise(found))
    anchors = [heading.anchor for heading in found if heading.anchor]
    assert len(anchors) == len(set(anchors))


def test_links_within_the_document_lead_to_a_heading():
    document = built()
    anchors = {heading.anchor for heading in document.headings()}
    targets = {
        run.href[1:]
        for block in walk(document.blocks)
        if isinstance(block, Paragraph)
        for run in block.runs
        if run.href.startswith("#")
    }
    assert targets
    assert targets <= anchors


def test_the_thread_is_told_under_its_pillar():
    text = words(built())
    for said in (
        "Diagnosis Small firms train too few people to level 3",
        "Supply side",
        "Spillovers: others gain or lose, and the price does not show it",
        "Objective, priority 1 Raise the share of residents with a level 3 qualification",
        "Residents with level 3 skills produce more an hour",
        "Intervention Shared apprenticeship pool",
        "Recruit 120 apprentices in two rounds",
        "Training providers outside the pool may lose learners",
        "Level 5: randomised trial (Maryland scale, 1 to 5)",
    ):
        assert said in text, said


def test_a_figure_is_quoted_with_peers_england_period_and_interval():
    text = words(built())
    assert (
        "GVA per hour worked, Exampleshire: £31.2 (2023). The median of its peers is £34.5 and England is at £38.0. "
        "The gap to the peers has been there since 2010." in text
    )
    assert "54.8% (2024, 95% interval 52.1% to 57.5%, derived)" in text
    assert "7 of 9 studies found a positive effect" in text


def test_every_cited_figure_has_a_note_with_source_period_vintage_and_licence():
    document = built()
    notes = [text_of(note.runs) for note in document.notes]
    assert len(notes) == len(CITATIONS)
    for citation in CITATIONS:
        figure = citation.figure
        if figure:
            wanted = (figure["source"], figure["period"], figure["vintage"], figure["licence"])
            assert any(all(part in note for part in wanted) for note in notes), citation.title


def test_notes_are_numbered_as_the_text_meets_them_and_each_is_first_once():
    document = built()
    found = marks(document)
    first = [run.note for run in found if run.first]
    assert first == list(range(1, len(document.notes) + 1))
    assert {run.note for run in found} == set(first)
    assert len(found) > len(first), "a citation that is used twice keeps its number"


def test_an_intervention_for_two_pillars_is_described_once_and_pointed_to_once():
    text = words(built())
    assert text.count("Intervention Shared apprenticeship pool") == 1
    assert "Shared apprenticeship pool also serves these objectives. It is described under People." in text


def test_what_is_missing_is_said():
    text = words(built(vision=""))
    assert "The vision has not been written in this version." in text
    assert "No evidence is cited." in text
    assert "No evaluation is planned yet." in text
    assert "Not settled yet" in text
    assert "Delivery" not in headings(built(), 1)


def test_counts_that_a_review_does_not_state_are_not_written_as_none_or_nought():
    silent = {"studies_counted": 10, "studies_on_outcome": None, "studies_positive": None}
    citations = tuple(replace(c, review={**c.review, **silent}) if c.review else c for c in CITATIONS)
    text = words(built(citations=citations))
    assert "Apprenticeships, employment: how many studies found a positive effect is not stated." in text
    assert "| Employment | 10 | not stated | not stated |" in text
    assert "None" not in text


def test_a_working_title_is_never_in_quotation_marks():
    text = headings(built(), 2)
    assert "1. “What is the state of the local economy?”" in text
    assert "3. Supply side or demand side" in text


def test_the_evidence_table_marks_what_was_derived_and_what_is_not_known():
    (table,) = [
        b for b in walk(built().blocks) if isinstance(b, Table) and b.caption == "Figures cited in this strategy"
    ]
    rows = [[text_of(cell) for cell in row] for row in table.rows]
    assert rows[0][2:6] == ["£31.2", "£34.5", "£38.0", "2023"]
    assert [row[-1] for row in rows] == ["As published", "Derived", "As published"]
    assert rows[2][3:5] == ["–", "–"]


def test_the_chain_stands_on_wide_pages_with_the_same_content_as_a_table():
    blocks = built().blocks
    drawings = [position for position, block in enumerate(blocks) if isinstance(block, Figure)]
    assert drawings
    for position in drawings:
        assert isinstance(blocks[position + 1], Table)
        breaks = [block for block in blocks[:position] if isinstance(block, PageBreak)]
        assert breaks[-1].wide
        assert blocks[position].alt


def test_the_chain_shows_what_is_missing_as_gaps():
    rows = {row[0]: row[1:] for row in _chain("Ideas")}
    assert rows["No evidence is cited"][:2] == ["Evidence", "Missing"]
    assert rows["No evidence is cited"][-1] == "Few firms take up proven technology"
    assert rows["No problem is named"][-1] == "Spread proven technology among small firms"
    assert rows["No outcome is named"][:2] == ["Outcome", "Missing"]


def test_a_whole_chain_runs_from_evidence_to_evaluation():
    rows = {row[0]: row[1:] for row in _chain("People")}
    assert not any(row[1] == "Missing" for row in rows.values())
    assert rows["Raise the share of residents with a level 3 qualification"][2:] == [
        "Small firms train too few people to level 3",
        "Shared apprenticeship pool",
    ]
    assert rows["More residents qualified to level 3 or above"][-1].startswith("Do apprentices from the pool earn more")


def test_a_long_chain_is_drawn_in_parts_that_stay_legible():
    problem = facts().diagnoses[0]
    many = tuple(replace(problem, id=100 + n, problem=f"Problem {n} of a long list") for n in range(14))
    document = built(diagnoses=(*facts().diagnoses, *many))
    drawings = [block for block in document.blocks if isinstance(block, Figure) and "People" in block.caption]
    assert len(drawings) > 1
    assert drawings[0].caption.startswith(f"Logic chain, People, part 1 of {len(drawings)}")
    heights = [float(re.search(r'height="([\d.]+)"', drawing.svg)[1]) for drawing in drawings]
    assert max(heights) <= TALLEST
    shown = " ".join(drawing.svg for drawing in drawings)
    assert all(f"Problem {n} of a" in shown for n in range(14))


def _chain(pillar: str) -> list[list[str]]:
    tables = [block for block in built().blocks if isinstance(block, Table)]
    (table,) = [table for table in tables if table.caption == f"Logic chain, {pillar}, as a table"]
    return [[text_of(cell) for cell in row] for row in table.rows]


def test_the_cover_says_which_version_and_marks_demonstrations():
    cover = built().cover
    assert dict(cover.facts)["Date"] == "24 November 2026"
    assert cover.mark == DEMONSTRATION
    assert built(is_demonstration=False).cover.mark == ""
    assert HASH in words(built())


def test_a_strategy_with_nothing_in_it_still_makes_a_document():
    bare = built(
        vision="", sections=(), citations=(), diagnoses=(), objectives=(), interventions=(), reports=(), claims=(),
        principles=(), pillars=(),
    )  # fmt: skip
    assert headings(bare, 1) == [
        "1. Vision",
        "Annex A. Evidence",
        "Annex B. What works",
        "Annex C. How this strategy meets the principles",
        "Annex D. Method and sources",
        "Annex E. This version",
    ]
    assert bare.notes == ()


def test_a_pillar_without_a_section_gets_a_chapter_of_its_own():
    without = built(sections=tuple(s for s in facts().sections if s.pillar != "people"))
    assert "4. People" in headings(without, 1)


def test_the_same_facts_give_the_same_document():
    assert built() == built()

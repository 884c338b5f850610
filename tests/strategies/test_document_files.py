"""The files: what a Word file and a PDF hold when they are read back."""

from __future__ import annotations

import builtins
import io
import itertools
import re
import subprocess
import zipfile
from datetime import date

import docx
import page
import pikepdf
import pytest
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image

from lisapp.design.gallery_charts import chain
from lisapp.documents.document import Figure, Heading, Table, walk
from lisapp.documents.html import render_page
from lisapp.documents.pdf import MISSING, PdfUnavailable, html_to_pdf, render_pdf
from lisapp.documents.raster import rasterise
from lisapp.documents.word import render_docx
from strategies.exports.strategy_document import build
from tests.strategies.document_facts import facts

SAID = (
    "Raise the share of residents with a level 3 qualification",
    "Shared apprenticeship pool",
    "GVA per hour worked, Exampleshire: £31.2 (2023).",
    "Demonstration content.",
    "9f86d081884c7d65",
)
SOURCE = "Office for National Statistics, Subregional productivity. Period: 2023. Vintage: Published June 2025"


@pytest.fixture(scope="module")
def document():
    return build(facts(), release_number=3, content_hash="9f86d081884c7d65" + "0" * 48, released_on=date(2026, 11, 24))


@pytest.fixture(scope="module")
def word_bytes(document):
    return render_docx(document)


@pytest.fixture(scope="module")
def word(word_bytes):
    return docx.Document(io.BytesIO(word_bytes))


@pytest.fixture(scope="module")
def pdf_bytes(document):
    return render_pdf(document)


@pytest.fixture(scope="module")
def pdf(pdf_bytes):
    return pikepdf.open(io.BytesIO(pdf_bytes))


def part(word_bytes: bytes, name: str):
    """Return a part of a Word file as XML."""
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(word_bytes)).read(name))


def all_text(root) -> str:
    """Return the text of a part, a line a paragraph."""
    return "\n".join("".join(p.itertext(qn("w:t"))) for p in root.iter(qn("w:p")))


# Word


def test_word_holds_the_objective_the_intervention_the_figure_and_its_source(word_bytes):
    text = all_text(part(word_bytes, "word/document.xml"))
    for said in SAID:
        assert said in text, said
    assert SOURCE in all_text(part(word_bytes, "word/footnotes.xml"))


def test_word_has_real_headings_that_skip_no_level(word, document):
    styles = [p.style.name for p in word.paragraphs if p.style.name.startswith("Heading")]
    levels = [int(name.split()[1]) for name in styles]
    assert len(levels) == len(document.headings())
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_word_carries_title_author_and_language(word):
    properties = word.core_properties
    assert properties.title == "Exampleshire Local Industrial Strategy"
    assert properties.author == "Exampleshire Local Enterprise Partnership"
    assert properties.language == "en-GB"
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"


def test_word_contents_are_a_field_that_lists_the_headings_meanwhile(word, document):
    instructions = [node.text for node in word.element.iter(qn("w:instrText"))]
    assert any(text.strip().startswith("TOC") for text in instructions)
    assert word.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"
    listed = [p.text for p in word.paragraphs if p.style.name in ("TOC 1", "TOC 2")]
    assert listed == [h.text for h in document.headings(2) if h.anchor]


def test_word_repeats_the_header_row_of_every_table_that_has_one(word, document):
    tables = [block for block in walk(document.blocks) if isinstance(block, Table) and block.header]
    repeated = word.element.findall(f".//{qn('w:tblHeader')}")
    assert len(repeated) == len(tables)


def test_word_pictures_have_a_text_alternative_and_hold_the_svg_as_well(word, word_bytes, document):
    figures = [block for block in document.blocks if isinstance(block, Figure)]
    drawn = list(word.element.iter(qn("wp:docPr")))
    assert [node.get("descr") for node in drawn] == [figure.alt for figure in figures]
    names = zipfile.ZipFile(io.BytesIO(word_bytes)).namelist()
    assert len([name for name in names if name.endswith(".svg")]) == len(figures)
    svg = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
    keys = [node.get(qn("r:embed")) for node in word.element.iter(svg)]
    held = [word.part.rels[key].target_part.blob.decode() for key in keys]
    assert held == [figure.svg for figure in figures]


def test_word_notes_are_native_and_every_mark_finds_its_note(word, word_bytes, document):
    notes = part(word_bytes, "word/footnotes.xml")
    ids = {node.get(qn("w:id")) for node in notes.iter(qn("w:footnote"))} - {"-1", "0"}
    marked = [node.get(qn("w:id")) for node in word.element.iter(qn("w:footnoteReference"))]
    assert set(marked) == ids == {str(note.number) for note in document.notes}
    assert len(marked) == len(ids)
    names = {node.get(qn("w:name")) for node in word.element.iter(qn("w:bookmarkStart"))}
    again = re.findall(r"NOTEREF (\S+)", " ".join(n.get(qn("w:instr")) for n in word.element.iter(qn("w:fldSimple"))))
    assert again
    assert set(again) <= names


def test_word_links_lead_to_bookmarks_and_bookmarks_are_unique(word):
    names = [node.get(qn("w:name")) for node in word.element.iter(qn("w:bookmarkStart"))]
    ids = [node.get(qn("w:id")) for node in word.element.iter(qn("w:bookmarkStart"))]
    targets = {node.get(qn("w:anchor")) for node in word.element.iter(qn("w:hyperlink"))} - {None}
    assert len(names) == len(set(names))
    assert len(ids) == len(set(ids))
    assert targets <= set(names)


def test_word_restarts_every_numbered_list(word):
    used = [p._p.pPr.numPr.numId.val for p in word.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]
    assert used
    starts = [num for num in word.part.numbering_part.element.num_lst if num.numId in used]
    assert all(num.lvlOverride_lst[0].startOverride.val == 1 for num in starts)


def test_word_turns_the_pages_with_wide_content(word, document):
    turned = [section.page_width > section.page_height for section in word.sections]
    assert turned == [False, *(part.wide for part in document.parts())]


def test_the_same_document_gives_the_same_word_file(document, word_bytes):
    assert render_docx(document) == word_bytes
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(word_bytes)).infolist()} == {1980}


# PDF


def elements(pdf: pikepdf.Pdf):
    """Yield the elements of the structure tree in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += reversed(list(node))
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield node
            if "/K" in node:
                waiting.append(node.K)


def pdf_text(pdf_bytes: bytes, tmp_path) -> str:
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf_bytes)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.split())


def test_pdf_is_tagged_titled_and_in_english(pdf):
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Exampleshire Local Industrial Strategy"
        assert metadata["pdfuaid:part"] == "1"


def test_pdf_headings_start_at_one_and_skip_none(pdf):
    levels = [int(str(node.S)[2]) for node in elements(pdf) if re.fullmatch(r"/H\d", str(node.S))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))


def test_pdf_figures_have_their_text_alternative(pdf, document):
    figures = [str(node.Alt) for node in elements(pdf) if node.S == "/Figure"]
    assert figures == [block.alt for block in document.blocks if isinstance(block, Figure)]


def test_pdf_header_cells_say_what_they_head(pdf):
    scopes = [str(node.A.Scope) for node in elements(pdf) if node.S == "/TH"]
    assert set(scopes) == {"/Column", "/Row"}


def test_pdf_has_bookmarks_for_its_chapters(pdf, document):
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    chapters = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert titles == [*chapters, "Notes"]


def test_pdf_holds_the_objective_the_intervention_the_figure_and_its_source(pdf_bytes, tmp_path):
    text = pdf_text(pdf_bytes, tmp_path)
    for said in (*SAID, "Subregional productivity. Period: 2023."):
        assert said in text, said


def test_pdf_passes_every_rule_of_pdf_ua_1(pdf_bytes):
    report = page.validate_pdf_bytes(pdf_bytes, profile="ua1")
    assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    assert report.rules.total > 100


@pytest.mark.parametrize(
    ("what", "fault", "rule"),
    [
        ("a picture without alternative", lambda html: re.sub(r'alt="[^"]*"', "", html), "FIGURE-ALTERNATIVE-TEXT"),
        ("a skipped heading", lambda html: re.sub(r"<(/?)h3", r"<\1h5", html), "HEADING"),
        ("no language", lambda html: html.replace('lang="en-GB"', ""), "LANGUAGE"),
        ("no title", lambda html: re.sub(r"<title>.*?</title>", "", html), "TITLE"),
    ],
)
def test_the_check_of_the_pdf_finds_a_seeded_fault(document, what, fault, rule):
    html = render_page(document)
    spoilt = fault(html)
    assert spoilt != html
    report = page.validate_pdf_bytes(html_to_pdf(spoilt), profile="ua1")
    assert any(rule in failure.rule_id for failure in report.failures), (what, {f.rule_id for f in report.failures})


def test_the_same_document_gives_the_same_pdf(document, pdf_bytes):
    assert render_pdf(document) == pdf_bytes


def test_a_pdf_loads_nothing_from_outside(document, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>secret</text></svg>')
    html = render_page(document).replace("data:image/svg+xml;base64,", f"file://{secret}?", 1)
    assert "secret" not in pdf_text(html_to_pdf(html), tmp_path)


def test_a_server_without_pango_says_what_to_install(document, monkeypatch):
    real = builtins.__import__

    def refusing(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(PdfUnavailable, match=r"libpangoft2-1\.0-0 and libharfbuzz-subset0"):
        render_pdf(document)
    assert "libpango-1.0-0" in MISSING


def test_text_that_looks_like_markup_is_shown_as_text(document, tmp_path):
    strategy = facts(vision='<script>alert(1)</script> & "quotes" <img src=x>', title="A <b>bold</b> & bright plan")
    hostile = build(strategy, release_number=1, content_hash="0" * 64, released_on=date(2026, 11, 24))
    html = render_page(hostile)
    assert "<script>" not in html
    assert "<img src=x" not in html
    text = all_text(part(render_docx(hostile), "word/document.xml"))
    assert '<script>alert(1)</script> & "quotes" <img src=x>' in text
    assert "A <b>bold</b> & bright plan" in text


def test_control_characters_do_not_break_the_files(document):
    odd = facts(vision="Before\x0bafter \x00end", title="Odd\x08title")
    made = build(odd, release_number=1, content_hash="0" * 64, released_on=date(2026, 11, 24))
    assert made.title == "Oddtitle"
    assert "Beforeafter end" in all_text(part(render_docx(made), "word/document.xml"))
    assert render_pdf(made).startswith(b"%PDF-1.7")


# Drawings


def test_a_drawing_is_made_into_a_picture_of_twice_its_size():
    diagram = chain()
    picture = Image.open(io.BytesIO(rasterise(diagram.svg())))
    width = float(re.search(r'width="([\d.]+)"', diagram.svg())[1])
    assert picture.width == round(width * 2)
    colours = {colour for _, colour in picture.getcolors(1_000_000)}
    assert (11, 92, 99) in colours, "the teal of the boxes"
    assert len(colours) > 10


def test_what_a_group_moves_is_moved_in_the_picture():
    square = '<rect x="1" y="1" width="2" height="2" fill="#0b5c63"/><path d="M6 1L8 1L8 3Z" fill="#0b5c63"/>'
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    moved = f'{head}<g transform="translate(20 10)"><g transform="translate(5 5)">{square}</g></g></svg>'
    plain = Image.open(io.BytesIO(rasterise(f"{head}{square}</svg>")))
    picture = Image.open(io.BytesIO(rasterise(moved)))
    teal = (11, 92, 99)
    assert plain.getpixel((4, 4)) == picture.getpixel((4 + 50, 4 + 30)) == teal
    assert plain.getpixel((15, 3)) == picture.getpixel((15 + 50, 3 + 30)) == teal
    assert picture.getpixel((4, 4)) == (255, 255, 255)
    with pytest.raises(ValueError, match="rotate"):
        rasterise(f'{head}<g transform="rotate(9)">{square}</g></svg>')


def test_a_drawing_that_is_not_understood_is_refused():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><ellipse rx="2" ry="1"/></svg>'
    with pytest.raises(ValueError, match="ellipse"):
        rasterise(svg)
    arc = svg.replace('<ellipse rx="2" ry="1"/>', '<path d="M0 0A1 1 0 0 0 2 2"/>')
    with pytest.raises(ValueError, match="path command"):
        rasterise(arc)

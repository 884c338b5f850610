"""A document as a Word file with real heading styles, repeated table headers, footnotes and text alternatives."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from lisapp.documents import word_parts as parts
from lisapp.documents.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    Details,
    Document,
    Figure,
    Heading,
    Inline,
    NumberList,
    Paragraph,
    Quote,
    Run,
    Table,
    plain,
)
from lisapp.documents.raster import rasterise
from lisapp.documents.word_parts import element

SHORT, LONG = Mm(210), Mm(297)
PARAGRAPH_STYLES = {"": "Normal", "lead": "Lead", "small": "Small"}
DEEPEST_LIST = 3
DENSE = 7  # tables with more columns are set smaller
LABEL_SHARE = 24  # of the width of a table of facts


def render_docx(document: Document) -> bytes:
    """Return the document as a .docx file. The same document always gives the same bytes."""
    return _Word(document).write()


class _Word:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.word: WordDocument = docx.Document()
        self.bookmarks = {h.anchor: f"place{n}" for n, h in enumerate(document.headings(), start=1) if h.anchor}
        self._used = 0  # bookmarks written so far
        self._figures = 0

    def write(self) -> bytes:
        parts.dress(self.word, self.document)
        self._cover()
        for part in self.document.parts():
            self._section(wide=part.wide)
            before = len(self.word.paragraphs)
            self._blocks(self.word, part.blocks)
            self.word.paragraphs[before].paragraph_format.space_before = Pt(0)
        parts.add_footnotes(self.word, self.document)
        return parts.saved(self.word)

    # Pages

    def _cover(self) -> None:
        cover, section = self.document.cover, self.word.sections[0]
        self._lay(section, wide=False)
        section.different_first_page_header_footer = True
        self._add(self.word, "Cover Label", plain(cover.kicker))
        self._add(self.word, "Title", plain(cover.title))
        self._add(self.word, "Subtitle", plain(cover.subtitle))
        if cover.mark:
            self._add(self.word, "Callout", plain(cover.mark)).paragraph_format.space_after = Pt(26)
        facts = tuple((label, (Paragraph(plain(value)),)) for label, value in cover.facts)
        self._details(self.word, Details("This document", facts))
        self._header_and_footer(section)

    def _section(self, *, wide: bool) -> None:
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        self._lay(section, wide=wide)
        section.different_first_page_header_footer = False

    def _lay(self, section: Any, *, wide: bool) -> None:
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (LONG, SHORT) if wide else (SHORT, LONG)
        section.left_margin = section.right_margin = Mm(20 if wide else 25)
        section.top_margin, section.bottom_margin = Mm(26), Mm(24)
        section.header_distance = section.footer_distance = Mm(13)

    def _header_and_footer(self, section: Any) -> None:
        section.header.paragraphs[0].add_run(self.document.title)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
            footer.add_run(text)
            number = OxmlElement("w:t")
            number.text = "1"
            footer._p.append(element("w:fldSimple", element("w:r", number), instr=f" {field} "))

    @property
    def _text_width(self) -> int:
        section: Any = self.word.sections[-1]
        return int(section.page_width - section.left_margin - section.right_margin)

    # Blocks

    def _blocks(self, container: Any, blocks: tuple[Block, ...], *, style: str = "", depth: int = 1) -> None:
        """Write blocks into the text or a cell. `style` stands in for the ordinary paragraph's."""
        for block in blocks:
            match block:
                case Heading():
                    self._heading(container, block)
                case Paragraph():
                    self._add(container, style or PARAGRAPH_STYLES[block.style], block.runs)
                case BulletList() | NumberList():
                    self._list(container, block, style=style, depth=depth)
                case Table():
                    self._table(container, block)
                case Details():
                    self._details(container, block)
                case Figure():
                    self._figure(container, block)
                case Callout():
                    title = self._add(container, "Callout", (Run(block.title, bold=True),))
                    title.paragraph_format.keep_with_next = True
                    self._blocks(container, block.blocks, style="Callout")
                    container.paragraphs[-1].paragraph_format.space_after = Pt(12)
                case Quote():
                    self._blocks(container, block.blocks, style="Quote")
                case Contents():
                    self._contents(container, block)

    def _add(self, container: Any, style: str, runs: Inline) -> Any:
        paragraph = container.add_paragraph(style=style)
        self._inline(paragraph, runs)
        return paragraph

    def _heading(self, container: Any, block: Heading) -> None:
        if block.kicker:
            self._add(container, "Kicker", plain(block.kicker))
        paragraph = container.add_paragraph(style=f"Heading {block.level}")
        if block.kicker:
            paragraph.paragraph_format.space_before = Pt(0)
        elif block.level == 3:
            paragraph.paragraph_format.space_before = Pt(14)
        self._bookmarked(paragraph, self.bookmarks.get(block.anchor, ""), block.text)

    def _bookmarked(self, paragraph: Any, name: str, text: str) -> None:
        if not name:
            paragraph.add_run(text)
            return
        self._used += 1
        paragraph._p.append(element("w:bookmarkStart", id=str(self._used), name=name))
        paragraph.add_run(text)
        paragraph._p.append(element("w:bookmarkEnd", id=str(self._used)))

    def _list(self, container: Any, block: BulletList | NumberList, *, style: str, depth: int) -> None:
        kind = "Bullet" if isinstance(block, BulletList) else "Number"
        level = min(depth, DEEPEST_LIST)
        name = f"List {kind}" if level == 1 else f"List {kind} {level}"
        if style == "Table Text" and level == 1:
            name = f"Table {kind}"
        numbering = self._restarted(name, block.start) if isinstance(block, NumberList) else ""
        for item in block.items:
            for position, inner in enumerate(item):
                if not isinstance(inner, Paragraph):
                    self._blocks(container, (inner,), style=style, depth=depth + 1)
                    continue
                follows = "List Continue" if level == 1 else f"List Continue {level}"
                paragraph = self._add(container, follows if position else name, inner.runs)
                if numbering and not position:
                    paragraph._p.get_or_add_pPr().append(
                        element("w:numPr", element("w:ilvl", val="0"), element("w:numId", val=numbering))
                    )
        container.paragraphs[-1].paragraph_format.space_after = Pt(3 if style else 8)

    def _restarted(self, style: str, start: int) -> str:
        """Return the id of a new numbering that looks like the style's and begins at `start`."""
        numbering = self.word.part.numbering_part.element
        look = self.word.styles[style]
        while look.element.pPr is None or look.element.pPr.numPr is None:
            look = look.base_style
        number_id = look.element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(number_id).abstractNumId.val
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        return str(made.numId)

    # Tables and drawings

    def _grid(self, container: Any, rows: int, shares: list[int], about: str) -> Any:
        """Add a table with fixed columns and lines between its rows only."""
        width = self._text_width
        table = container.add_table(rows, len(shares))
        table.autofit = False
        look = table._tbl.tblPr
        line = {"val": "single", "sz": "4", "space": "0", "color": parts.LINE}
        borders = element("w:tblBorders", *(element(f"w:{edge}", **line) for edge in ("top", "bottom", "insideH")))
        margins = element("w:tblCellMar", element("w:left", w="0", type="dxa"), element("w:right", w="170", type="dxa"))
        layout = look.find(qn("w:tblLayout"))
        layout.addprevious(borders)
        layout.addnext(margins)
        for old in look.findall(qn("w:tblLook")):
            look.remove(old)
        look.append(element("w:tblLook", val="04A0", firstRow="1", firstColumn="1", noHBand="0", noVBand="1"))
        look.append(element("w:tblCaption", val=about))
        for index, share in enumerate(shares):
            column = Emu(int(width * share / sum(shares)))
            table.columns[index].width = column
            for cell in table.columns[index].cells:
                cell.width = column
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        return table

    def _details(self, container: Any, block: Details) -> None:
        table = self._grid(container, len(block.items), [LABEL_SHARE, 100 - LABEL_SHARE], block.about)
        for row, (label, blocks) in zip(table.rows, block.items, strict=True):
            head, body = row.cells
            self._cell(head, "Table Text", plain(label), colour=True)
            self._fill(body, blocks)
        self._after_table(container)

    def _fill(self, cell: Any, blocks: tuple[Block, ...]) -> None:
        """Write blocks into a cell in place of its first, empty paragraph."""
        self._blocks(cell, blocks, style="Table Text")
        if len(cell.paragraphs) > 1:
            first = cell.paragraphs[0]._p
            first.getparent().remove(first)

    def _table(self, container: Any, block: Table) -> None:
        if block.show_caption:
            self._add(container, "Caption", plain(block.caption))
        columns = block.columns
        shares = list(block.widths) or [100] * columns
        style = "Dense Table Text" if columns > DENSE else "Table Text"
        heads = 1 if block.header else 0
        table = self._grid(container, len(block.rows) + heads, shares, block.caption)
        if block.header:
            for index, text in enumerate(block.header):
                self._cell(table.rows[0].cells[index], style, (Run(text, bold=True),), right=index in block.numeric)
            properties = table.rows[0]._tr.get_or_add_trPr()
            properties.append(element("w:tblHeader"))
        for row, cells in zip(table.rows[heads:], block.rows, strict=True):
            targets = row.cells
            for index, runs in enumerate(cells):
                shown = self._emboldened(runs) if index == 0 and block.row_headers else runs
                self._cell(targets[index], style, shown, right=index in block.numeric)
        self._after_table(container)

    def _cell(self, cell: Any, style: str, runs: Inline, *, right: bool = False, colour: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = self.word.styles[style]
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._inline(paragraph, runs)
        if colour:
            for run in paragraph.runs:
                run.font.color.rgb = self.word.styles["Small"].font.color.rgb

    def _emboldened(self, runs: Inline) -> Inline:
        return tuple(Run(run.text, bold=True, href=run.href, note=run.note, first=run.first) for run in runs)

    def _after_table(self, container: Any) -> None:
        """Leave air after a table; without a paragraph between them Word would join two tables."""
        gap = container.add_paragraph(style="Small")
        gap.paragraph_format.space_after = Pt(4)
        gap.paragraph_format.line_spacing = Pt(8)

    def _figure(self, container: Any, block: Figure) -> None:
        self._figures += 1
        picture = rasterise(block.svg)
        paragraph = container.add_paragraph(style="Normal")
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        shape = run.add_picture(io.BytesIO(picture))
        scale = min(1.0, self._text_width / shape.width, Mm(128) / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        shape._inline.docPr.set("descr", block.alt)
        shape._inline.docPr.set("name", f"Figure {self._figures}")
        parts.add_svg(self.word, shape._inline, block.svg, self._figures)
        self._add(container, "Small", plain(block.caption))

    # Text

    def _inline(self, paragraph: Any, runs: Inline) -> None:
        for run in runs:
            if run.note:
                self._mark(paragraph, run)
            elif run.href.startswith("#"):
                target = self.bookmarks.get(run.href[1:])
                self._link(paragraph, run, element("w:hyperlink", anchor=target) if target else None)
            elif run.href:
                link = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), self.word.part.relate_to(run.href, parts.RT.HYPERLINK, is_external=True))
                self._link(paragraph, run, link)
            else:
                self._styled(paragraph.add_run(run.text), run)

    def _styled(self, made: Any, run: Run) -> Any:
        made.bold, made.italic, made.font.strike = run.bold or None, run.italic or None, run.strike or None
        if run.code:
            made.style = "Code"
        return made

    def _link(self, paragraph: Any, run: Run, link: Any) -> None:
        made = self._styled(paragraph.add_run(run.text), run)
        if link is not None:
            made.style = "Hyperlink"
            paragraph._p.append(link)
            link.append(made._r)

    def _mark(self, paragraph: Any, run: Run) -> None:
        """Write a note's mark; a later mark of the same note is a cross-reference to the first."""
        name = f"note{run.note}"
        look = element("w:rPr", element("w:rStyle", val="footnotereference"))
        if run.first:
            self._used += 1
            paragraph._p.append(element("w:bookmarkStart", id=str(self._used), name=name))
            paragraph._p.append(element("w:r", look, element("w:footnoteReference", id=str(run.note))))
            paragraph._p.append(element("w:bookmarkEnd", id=str(self._used)))
            return
        number = OxmlElement("w:t")
        number.text = str(run.note)
        field = element("w:fldSimple", element("w:r", look, number), instr=f" NOTEREF {name} \\f \\h ")
        paragraph._p.append(field)

    def _contents(self, container: Any, block: Contents) -> None:
        """Write the contents as a field that Word fills with page numbers; until then it lists the headings."""
        self._add(container, "TOC Heading", plain(block.title))
        entries = [h for h in self.document.headings(block.depth) if h.anchor]
        instruction = OxmlElement("w:instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = f' TOC \\o "1-{block.depth}" \\h \\z \\u '
        for position, heading in enumerate(entries):
            paragraph = container.add_paragraph(style=f"TOC {heading.level}")
            if position == 0:
                begin = element("w:fldChar", fldCharType="begin", dirty="true")
                for part in (begin, instruction, element("w:fldChar", fldCharType="separate")):
                    paragraph._p.append(element("w:r", part))
            link = element("w:hyperlink", anchor=self.bookmarks[heading.anchor])
            paragraph._p.append(link)
            link.append(paragraph.add_run(heading.text)._r)
            if position == len(entries) - 1:
                paragraph._p.append(element("w:r", element("w:fldChar", fldCharType="end")))

"""What python-docx leaves to its caller: styles, language, notes, vector drawings, and a file with stable bytes."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from lisapp.documents.archives import with_stable_bytes
from lisapp.documents.document import Document, Inline

FONT, CODE_FONT = "Arial", "Courier New"
INK, DEEP, TEAL, SLATE, LINK, LINE, AMBER, AMBER_TINT = (
    "12262B", "08343A", "0B5C63", "475A60", "0A5A72", "C9D4D6", "8A5A00", "FDF5E3",
)  # fmt: skip

WML = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"

# Paragraph styles: size in points, bold, colour, space before and after in points.
LOOK: dict[str, tuple[float, bool, str, float, float]] = {
    "Normal": (10.5, False, INK, 0, 7),
    "Title": (32, True, INK, 0, 12),
    "Subtitle": (15, False, SLATE, 0, 30),
    "Heading 1": (20, True, DEEP, 28, 12),
    "Heading 2": (14, True, TEAL, 22, 7),
    "Heading 3": (12, True, INK, 0, 5),
    "Heading 4": (11, True, INK, 12, 4),
    "Heading 5": (10.5, True, SLATE, 10, 4),
    "Caption": (10, True, INK, 8, 5),
    "Quote": (10.5, False, SLATE, 4, 8),
    "TOC Heading": (20, True, DEEP, 0, 12),
    "Header": (8.5, False, SLATE, 0, 0),
    "Footer": (8.5, False, SLATE, 0, 0),
    "List Bullet": (10.5, False, INK, 0, 3),
    "List Bullet 2": (10.5, False, INK, 0, 3),
    "List Bullet 3": (10.5, False, INK, 0, 3),
    "List Number": (10.5, False, INK, 0, 3),
    "List Number 2": (10.5, False, INK, 0, 3),
    "List Number 3": (10.5, False, INK, 0, 3),
}
ADDED: dict[str, tuple[float, bool, str, float, float]] = {
    "Cover Label": (13, True, TEAL, 150, 14),
    "Lead": (12, False, SLATE, 0, 9),
    "Small": (9.5, False, SLATE, 0, 6),
    "Kicker": (8.5, False, SLATE, 16, 1),
    "Callout": (10.5, False, INK, 0, 0),
    "Table Text": (9, False, INK, 3, 3),
    "Dense Table Text": (8, False, INK, 3, 3),
    "Table Bullet": (9, False, INK, 2, 2),
    "Table Number": (9, False, INK, 2, 2),
    "TOC 1": (10.5, True, INK, 6, 1),
    "TOC 2": (10.5, False, INK, 1, 1),
    "footnote text": (8.5, False, INK, 0, 2),
}
BASES = {"Table Bullet": "List Bullet", "Table Number": "List Number"}


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """Make an element such as `element("w:bookmarkStart", id="1", name="x")`; attributes are in Word's namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    for child in children:
        made.append(child)
    return made


def dress(word: WordDocument, document: Document) -> None:
    """Set styles, language, properties and settings."""
    styles = word.styles
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("w:lang", val=document.language, eastAsia=document.language, bidi="ar-SA"))
    for name in ADDED:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[BASES.get(name, "Normal")]
    for name, look in {**LOOK, **ADDED}.items():
        _dress_style(styles[name], *look)
    for name in ("Title", "Subtitle", "Quote", "Intense Quote"):
        styles[name].font.italic = False
    for name in ("Heading 1", "Heading 2", "Heading 3", "Heading 4", "Heading 5", "Kicker", "Caption"):
        styles[name].paragraph_format.keep_with_next = True
    for old in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        old.getparent().remove(old)
    styles["TOC 2"].paragraph_format.left_indent = Pt(16)
    _edge(styles["Callout"], AMBER, fill=AMBER_TINT)
    rule = element("w:pBdr", element("w:top", val="single", sz="48", space="14", color=DEEP))
    styles["Cover Label"].element.pPr.find(qn("w:spacing")).addprevious(rule)
    _edge(styles["Quote"], "35B6A8")
    mark = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb = RGBColor.from_string(LINK)
    code = styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
    _set_font(code, CODE_FONT)
    _properties(word, document)
    _settings(word)


def _dress_style(style: Any, size: float, bold: bool, colour: str, before: float, after: float) -> None:
    _set_font(style, FONT)
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(colour)
    spacing = style.element.rPr.find(qn("w:spacing"))
    if spacing is not None:
        style.element.rPr.remove(spacing)
    look = style.paragraph_format
    look.space_before, look.space_after = Pt(before), Pt(after)
    look.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    look.line_spacing = 1.1 if size > 12 else 1.3
    look.widow_control = True


def _set_font(style: Any, name: str) -> None:
    """Name the face outright: the template's theme fonts would win over it."""
    style.font.name = name
    fonts = style.element.rPr.rFonts
    for key in list(fonts.attrib):
        if "heme" in key:
            del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def _edge(style: Any, colour: str, fill: str = "") -> None:
    """Draw a line at the left of a style's paragraphs, with a tint behind them if given."""
    properties = style.element.get_or_add_pPr()
    border = element("w:pBdr", element("w:left", val="single", sz="24", space="10", color=colour))
    style.paragraph_format.left_indent = Pt(14)
    # The order of elements is fixed: borders and shading come before spacing.
    spacing = properties.find(qn("w:spacing"))
    spacing.addprevious(border)
    if fill:
        spacing.addprevious(element("w:shd", val="clear", color="auto", fill=fill))


def _properties(word: WordDocument, document: Document) -> None:
    moment = datetime(document.dated.year, document.dated.month, document.dated.day, 12)
    properties = word.core_properties
    properties.title, properties.author, properties.subject = document.title, document.author, document.subject
    properties.last_modified_by, properties.comments, properties.keywords = document.author, "", ""
    properties.language, properties.revision = document.language, 1
    properties.created = properties.modified = moment
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]


def _settings(word: WordDocument) -> None:
    """Have Word fill the page numbers of the contents on opening, and leave its compatibility mode."""
    settings = word.settings.element
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    settings.find(qn("w:proofState")).addnext(element("w:updateFields", val="true"))
    compatibility = settings.find(qn("w:compat"))
    notes = element("w:footnotePr", element("w:footnote", id="-1"), element("w:footnote", id="0"))
    compatibility.addprevious(notes)
    for setting in compatibility.findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def add_footnotes(word: WordDocument, document: Document) -> None:
    """Add the part that holds the notes. Marks in the text refer to them by number."""
    root = parse_xml(f'<w:footnotes xmlns:w="{WML}"/>')
    for key, kind in (("-1", "separator"), ("0", "continuationSeparator")):
        line = element("w:p", element("w:r", element(f"w:{kind}")))
        root.append(element("w:footnote", line, type=kind, id=key))
    for note in document.notes:
        mark = element("w:r", element("w:rPr", element("w:rStyle", val="footnotereference")), element("w:footnoteRef"))
        style = element("w:pPr", element("w:pStyle", val="footnotetext"))
        text = element("w:p", style, mark, *note_runs(note.runs))
        root.append(element("w:footnote", text, id=str(note.number)))
    package: Any = word.part.package
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, _serialised(root), package)
    word.part.relate_to(part, RT.FOOTNOTES)


def note_runs(runs: Inline) -> list[Any]:
    """Return the runs of a note. An address is a field: the part has no relationships of its own."""
    made = [_text_run(" ")]
    for run in runs:
        if run.href:
            target = run.href.replace('"', "%22")
            made.append(element("w:fldSimple", _text_run(run.text, "Hyperlink"), instr=f' HYPERLINK "{target}" '))
        else:
            made.append(_text_run(run.text))
    return made


def _text_run(text: str, style: str = "") -> Any:
    content = element("w:t")
    content.text = text
    content.set(qn("xml:space"), "preserve")
    properties = [element("w:rPr", element("w:rStyle", val=style))] if style else []
    return element("w:r", *properties, content)


def _serialised(root: Any) -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def add_svg(word: WordDocument, inline: Any, svg: str, number: int) -> None:
    """Put the SVG beside the picture that `inline` shows, for programs that can draw it; others show the picture."""
    package: Any = word.part.package
    part = Part(PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", svg.encode(), package)
    key = word.part.relate_to(part, RT.IMAGE)
    blip = inline.find(f".//{qn('a:blip')}")
    blip.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
            '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            f'r:embed="{key}"/></a:ext></a:extLst>'
        )
    )


def saved(word: WordDocument) -> bytes:
    """Return the file. The archive's own times are fixed, so that the same document gives the same bytes."""
    written = io.BytesIO()
    word.save(written)
    return with_stable_bytes(written.getvalue())

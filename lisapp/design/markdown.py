"""Restricted Markdown: what people write, made into safe HTML.

Written for strategy text, notes and consultation papers: paragraphs, lists, emphasis, links, quotations, tables and
headings below the page's own. Raw HTML is shown as text, and what comes out is checked against an allow-list again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from lisapp.design import marks

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip

EXTRA_ATTRIBUTES = {"a": {"href"}, "th": {"scope"}, "ol": {"start"}}

CLASSES = {
    "p": "govuk-body",
    "a": "govuk-link",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "blockquote": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}
HEADING_CLASSES = {2: "govuk-heading-m", 3: "govuk-heading-s", 4: "govuk-heading-s", 5: "govuk-heading-s"}

_parser = MarkdownIt("commonmark", {"html": False, "breaks": False, "linkify": False}).enable(
    ["table", "strikethrough"]
)
_parser.disable("image")  # an image would load from another site and needs a text alternative
marks.add_source_marks(_parser)


def _source_mark(tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A mark of a known source becomes a link to it; any other stays text."""
    link = env["sources"].get(tokens[at].meta["number"])
    if link is None:
        return tokens[at].content
    return f'<a class="govuk-link lis-note-mark" href="{escapeHtml(link.href)}">{escapeHtml(link.text)}</a>'


_renderer: Any = _parser.renderer
_renderer.rules[marks.TOKEN] = _source_mark


@dataclass(frozen=True)
class MarkLink:
    """What stands in a text for the mark of a source, and the address that it leads to."""

    text: str
    href: str


@dataclass(frozen=True)
class Marked:
    """The sources that a text marks, by number in their order, each once; `in_headings` are those in a heading."""

    numbers: tuple[int, ...]
    in_headings: tuple[int, ...]


def marked(text: str) -> Marked:
    """Return which sources Markdown `text` marks. A heading cannot carry a note, so those there are named apart."""
    numbers: dict[int, None] = {}
    in_headings: dict[int, None] = {}
    opened = ""
    for token in _parser.parse(text or ""):
        opened = token.type if token.nesting == 1 else opened
        for child in token.children or ():
            if child.type == marks.TOKEN:
                numbers[child.meta["number"]] = None
                if opened in ("heading_open", "th_open"):
                    in_headings[child.meta["number"]] = None
    return Marked(tuple(numbers), tuple(in_headings))


def _shift_headings(tokens: list[Token], top: int) -> None:
    """Renumber headings so that the highest becomes `top` and none is skipped on the way down."""
    levels: list[int] = []  # the open headings, as written
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            while levels and levels[-1] >= written:
                levels.pop()
            levels.append(written)
            token.tag = f"h{min(top + len(levels) - 1, 6)}"
        elif token.type == "heading_close" and levels:
            token.tag = f"h{min(top + len(levels) - 1, 6)}"


def _dress(tokens: list[Token]) -> None:
    for token in tokens:
        if token.children:
            _dress(token.children)
        if token.nesting == -1:
            continue
        if token.type == "heading_open":
            token.attrSet("class", HEADING_CLASSES.get(int(token.tag[1]), "govuk-heading-s"))
        elif token.tag in CLASSES:
            token.attrSet("class", CLASSES[token.tag])
        if token.type == "th_open":
            token.attrSet("scope", "col")
        token.attrs.pop("style", None)  # column alignment; the policy for styles would drop it


def render(text: str, top: int = 2, sources: Mapping[int, MarkLink] | None = None) -> str:
    """Return safe HTML for Markdown `text`, its highest headings at level `top` (2 to 6).

    `sources` maps the numbers of marks such as [S3] to the links that take their place. The same text always gives
    the same HTML.
    """
    tokens = _parser.parse(text or "")
    _shift_headings(tokens, max(2, min(top, 6)))
    _dress(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {"sources": sources or {}})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={tag: {"class"} for tag in TAGS}
        | {"a": {"href", "class"}, "th": {"scope", "class"}, "ol": {"start", "class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )

"""Restricted Markdown as blocks of a document: the same rules as on the site's pages, for files.

Pure. Images and raw HTML are not taken up: HTML is shown as the text that it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lisapp.design import marks
from lisapp.documents.document import (
    Block,
    BulletList,
    Heading,
    Inline,
    NumberList,
    Paragraph,
    Quote,
    Run,
    Table,
    text_of,
)

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
LOWEST_HEADING = 5  # below the title, HTML has five more levels

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_parser.disable("image")
marks.add_source_marks(_parser)

#: Gives the note mark of a source by its number, or None where there is no such source.
NoteOf = Callable[[int], Run | None]


def _no_notes(number: int) -> Run | None:
    return None


def blocks_of(text: str, *, top: int = 2, note_of: NoteOf = _no_notes) -> tuple[Block, ...]:
    """Return Markdown `text` as blocks, its highest headings at level `top` and no level skipped below it.

    `note_of` is asked for each mark such as [S3], in reading order; a mark without a note stays as it was written.
    """
    return _Reader(_parser.parse(text or ""), top, note_of).read()


def inline_of(text: str) -> Inline:
    """Return Markdown `text` as inline text; its paragraphs and items are joined by spaces."""
    runs: list[Run] = []
    for token in _parser.parse(text or ""):
        if token.type == "inline" and token.children:
            runs += [Run(" ")] if runs else []
            runs += _inline(token.children)
        elif token.type in ("fence", "code_block"):
            runs += [Run(" ")] if runs else []
            runs.append(Run(token.content.strip(), code=True))
    return _joined(runs)


def _inline(tokens: list[Token], note_of: NoteOf = _no_notes) -> Inline:
    runs: list[Run] = []
    style = Run()
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "entity":
                runs.append(replace(style, text=token.content))
            case "code_inline":
                runs.append(replace(style, text=token.content, code=True))
            case "softbreak" | "hardbreak":
                runs.append(replace(style, text=" " if token.type == "softbreak" else "\n"))
            case "strong_open" | "strong_close":
                style = replace(style, bold=token.nesting == 1)
            case "em_open" | "em_close":
                style = replace(style, italic=token.nesting == 1)
            case "s_open" | "s_close":
                style = replace(style, strike=token.nesting == 1)
            case "link_open":
                href = str(token.attrGet("href") or "")
                style = replace(style, href=href if urlsplit(href).scheme in LINK_SCHEMES else "")
            case "link_close":
                style = replace(style, href="")
            case marks.TOKEN:
                runs.append(note_of(token.meta["number"]) or replace(style, text=token.content))
            case _:
                runs.append(replace(style, text=token.content))
    return _joined(runs)


def _joined(runs: list[Run]) -> Inline:
    """Join neighbours of one style, so that the same words always give the same runs."""
    made: list[Run] = []
    for run in runs:
        if not run.text and not run.note:
            continue
        if made and not run.note and replace(made[-1], text="") == replace(run, text=""):
            made[-1] = replace(run, text=made[-1].text + run.text)
        else:
            made.append(run)
    return tuple(made)


class _Reader:
    """Walks the flat token list, descending into what holds other blocks."""

    def __init__(self, tokens: list[Token], top: int, note_of: NoteOf) -> None:
        self.tokens, self.top, self.position, self.note_of = tokens, top, 0, note_of
        self.written: list[int] = []  # the levels of the open headings, as they were written

    def read(self, until: str = "") -> tuple[Block, ...]:
        found: list[Block] = []
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == until:
                break
            match token.type:
                case "paragraph_open":
                    found.append(Paragraph(self._text(self.note_of)))
                case "heading_open":
                    found.append(self._heading(int(token.tag[1])))
                case "bullet_list_open":
                    found.append(BulletList(self._items("bullet_list_close")))
                case "ordered_list_open":
                    start = int(token.attrGet("start") or 1)
                    found.append(NumberList(self._items("ordered_list_close"), start))
                case "blockquote_open":
                    found.append(Quote(self.read("blockquote_close")))
                case "table_open":
                    found.append(self._table())
                case "fence" | "code_block":
                    found.append(Paragraph((Run(token.content.rstrip("\n"), code=True),)))
        return tuple(found)

    def _text(self, note_of: NoteOf = _no_notes) -> Inline:
        token = self.tokens[self.position]
        self.position += 2  # the inline token and the close of what holds it
        return _inline(token.children or [], note_of)

    def _heading(self, written: int) -> Block:
        text = self._text()
        while self.written and self.written[-1] >= written:
            self.written.pop()
        self.written.append(written)
        level = min(self.top + len(self.written) - 1, LOWEST_HEADING)
        return Heading(level, text_of(text))

    def _items(self, until: str) -> tuple[tuple[Block, ...], ...]:
        items = []
        while self.tokens[self.position].type != until:
            self.position += 1  # list_item_open
            items.append(tuple(flat for block in self.read("list_item_close") for flat in _flattened(block)))
        self.position += 1
        return tuple(items)

    def _table(self) -> Table:
        rows: list[tuple[Inline, ...]] = []
        row: list[Inline] = []
        while (token := self.tokens[self.position]).type != "table_close":
            self.position += 1
            if token.type == "inline":
                row.append(_inline(token.children or [], self.note_of if rows else _no_notes))
            elif token.type == "tr_close":
                rows.append(tuple(row))
                row = []
        self.position += 1
        header = tuple(text_of(cell) for cell in rows[0])
        caption = "Table: " + ", ".join(filter(None, header))
        return Table(caption, header, tuple(rows[1:]), row_headers=False, show_caption=False)


def _flattened(block: Block) -> tuple[Block, ...]:
    """Return a block of a list's item as paragraphs and lists: a heading there would break the outline, and a list in
    a tagged PDF holds nothing else."""
    match block:
        case Heading():
            return (Paragraph((Run(block.text, bold=True),)),)
        case Quote():
            return tuple(flat for inner in block.blocks for flat in _flattened(inner))
        case Table():
            rows = (tuple((Run(cell),) for cell in block.header), *block.rows)
            return tuple(Paragraph(_row(row)) for row in rows)
        case _:
            return (block,)


def _row(cells: tuple[Inline, ...]) -> Inline:
    """Return the cells of a row in one line."""
    runs: list[Run] = []
    for cell in cells:
        runs += [Run("; "), *cell] if runs else cell
    return _joined([run if run.note else Run(run.text) for run in runs])

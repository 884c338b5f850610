"""Marks in restricted Markdown that name a numbered source: [S3]. A backslash before the bracket keeps it as text.

Pure. A mark is recognised wherever a link would be: not in code, and not where [S3](address) is the text of a link.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

TOKEN = "source_mark"  # noqa: S105 the type of a Markdown token
_MARK = re.compile(r"\[S([1-9]\d{0,5})\](?!\()")


def source_mark(number: int) -> str:
    """Write the mark of a source."""
    return f"[S{number}]"


def replace_mark(text: str, old: int, new: int) -> str:
    """Return `text` with one mark in place of another; marks kept as text by a backslash, and links, stay."""
    return re.sub(rf"(?<!\\)\[S{old}\](?!\()", source_mark(new), text)


def add_source_marks(parser: MarkdownIt) -> None:
    """Let `parser` read marks: tokens of the type `source_mark` with the number in `meta["number"]`."""
    parser.inline.ruler.before("link", TOKEN, _rule)


def _rule(state: StateInline, silent: bool) -> bool:
    found = _MARK.match(state.src, state.pos)
    if not found or found.end() > state.posMax:
        return False
    if not silent:
        token = state.push(TOKEN, "", 0)
        token.content = found[0]
        token.meta = {"number": int(found[1])}
    state.pos = found.end()
    return True

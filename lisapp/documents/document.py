"""A document as blocks, before anything is known of files: what the Word, PDF and on-screen versions are written from.

Pure. A heading's level counts from 1 for a chapter; the title stands above all of them. Levels are never skipped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style.

    With `note` (a number from 1) it is the mark of that note and has no text; `first` says that no mark of the same
    note stands before it. `href` is an address, or # and an anchor.
    """

    text: str = ""
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    href: str = ""
    note: int = 0
    first: bool = False


Inline = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; `anchor` names it for links within the document, `kicker` is a short label set above it."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    anchor: str = ""
    kicker: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `style` is empty, lead (larger) or small (set back, such as a source line)."""

    kind: ClassVar[str] = "paragraph"
    runs: Inline
    style: str = ""


@dataclass(frozen=True)
class BulletList:
    """A list whose items are paragraphs and lists."""

    kind: ClassVar[str] = "bullets"
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class NumberList:
    """A numbered list whose items are paragraphs and lists."""

    kind: ClassVar[str] = "numbers"
    items: tuple[tuple[Block, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Table:
    """A table whose cells hold inline text.

    `header` is the header row, or empty where the first cell of each row heads it (`row_headers`). `widths` are the
    shares of the columns, adding up to about 100; empty for equal ones. `numeric` lists columns set to the right.
    """

    kind: ClassVar[str] = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]
    row_headers: bool = True
    widths: tuple[int, ...] = ()
    numeric: tuple[int, ...] = ()
    show_caption: bool = True

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.header) if self.header else max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True)
class Details:
    """Facts about one thing: label and blocks. `about` names the thing for readers who cannot see where it stands."""

    kind: ClassVar[str] = "details"
    about: str
    items: tuple[tuple[str, tuple[Block, ...]], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing as SVG text, with its text alternative and the line under it."""

    kind: ClassVar[str] = "figure"
    svg: str
    alt: str
    caption: str

    @property
    def data_uri(self) -> str:
        """Return the drawing as an address that holds the drawing itself."""
        return "data:image/svg+xml;base64," + b64encode(self.svg.encode()).decode()


@dataclass(frozen=True)
class Callout:
    """A few blocks set apart under a short title."""

    kind: ClassVar[str] = "callout"
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Quote:
    """A quotation, or what someone set apart in their text."""

    kind: ClassVar[str] = "quote"
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows starts a new page; `wide` pages lie on their side until the next break."""

    kind: ClassVar[str] = "break"
    wide: bool = False


@dataclass(frozen=True)
class Contents:
    """Where the table of contents stands: headings down to `depth`."""

    kind: ClassVar[str] = "contents"
    title: str = "Contents"
    depth: int = 2


Block = (
    Heading | Paragraph | BulletList | NumberList | Table | Details | Figure | Callout | Quote | PageBreak | Contents
)


@dataclass(frozen=True)
class Note:
    """A footnote: its number from 1, in the order in which the text first refers to them."""

    number: int
    runs: Inline


@dataclass(frozen=True)
class Cover:
    """The first page: `kicker` stands above the title, `facts` are label and value, `mark` warns of made-up content."""

    kicker: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    mark: str = ""


@dataclass(frozen=True)
class Part:
    """Blocks on pages that lie the same way."""

    wide: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document. `subject` and `author` go into the properties of the files."""

    title: str
    author: str
    subject: str
    dated: date
    cover: Cover
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    language: str = "en-GB"

    def parts(self) -> list[Part]:
        """Return the blocks between page breaks."""
        parts: list[Part] = []
        wide, blocks = False, list[Block]()
        for block in (*self.blocks, PageBreak()):
            if isinstance(block, PageBreak):
                parts += [Part(wide, tuple(blocks))] if blocks else []
                wide, blocks = block.wide, []
            else:
                blocks.append(block)
        return parts

    def headings(self, depth: int = 6) -> list[Heading]:
        """Return the headings down to level `depth`, in their order."""
        return [block for block in walk(self.blocks) if isinstance(block, Heading) and block.level <= depth]


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks and those within them, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, BulletList | NumberList):
            for item in block.items:
                yield from walk(item)
        elif isinstance(block, Callout | Quote):
            yield from walk(block.blocks)
        elif isinstance(block, Details):
            for _, inner in block.items:
                yield from walk(inner)


def plain(text: str) -> Inline:
    """Return `text` as inline text in the ordinary style; empty text gives no run."""
    return (Run(text),) if text else ()


def paragraph(text: str, style: str = "") -> Paragraph:
    """Return a paragraph of plain text."""
    return Paragraph(plain(text), style)


def text_of(runs: Inline) -> str:
    """Return what the runs say, without note marks."""
    return "".join(run.text for run in runs)

"""Tables as ONS and Nomis export them: several blocks on a sheet, each under its own titles and headings.

A block begins with lines of title ("annual population survey"), lines that say what it is about ("date", "Jan 2021-Dec
2021") and one to three rows of headings, the lowest of which may be "value" and "conf". Each row under them begins with
the name of an area, often after a prefix such as "lep:", and the code of the area may have a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import SUPPRESSED, Unreadable, column_letters, is_blank, is_figure, is_period, number, text_of
from .mapping import RawFigure

AREA = re.compile(
    r"(?i)^(areas?|geograph\w*|geographic areas?|local authorit.*|local enterprise.*|combined authorit.*|regions?|"
    r"countr(y|ies)|leps?|places?|names?|area ?(names?|nm|codes?|cd)|(geography |ons )?codes?|mnemonics?|"
    r".*\b(area|geography|authority|lep|lad|la|region)[ _]?(names?|codes?))( \(.*\))?$"
)
CODE = re.compile(r"(?i)\b(codes?|mnemonics?)\b|areacd")
DATE = frozenset({"date", "time", "time period", "period", "year"})
ABOUT = DATE | frozenset(
    {
        "variable", "cell", "item name", "item", "items", "industry", "legal status", "employment sizeband", "sizeband",
        "sex", "age", "measure", "measures", "measure type", "unit", "units", "value type", "employment status",
        "indicator", "rates", "type", "broad industry group", "industry group", "qualification", "occupation",
    }
)  # fmt: skip
CONFIDENCE = re.compile(r"(?i)(\bconf(idence)?\b|\b95% ?ci\b|\+/-|±|\bmargin of error\b)")
LOWER = re.compile(r"(?i)\b(lower|lcl|lci)\b")
UPPER = re.compile(r"(?i)\b(upper|ucl|uci)\b")
IGNORED = re.compile(r"(?i)^(flags?|status|notes?|footnotes?)$")
PLAIN_VALUE = frozenset({"value", "values", "number", "estimate", "figure"})
TOTAL = re.compile(r"(?i)^((column|row|grand|sub-?) ?)?totals?$")
NOT_A_TITLE = re.compile(r"(?i)crown copyright|^source:|^©|downloaded|\[from nomis|^notes?\b|^\d+[.)]|^[!*†#\-–]")
HEADINGS = 3  # rows of headings that are looked at
CODE_LIKE = re.compile(r"[A-Z]\d{8}")


@dataclass
class Column:
    """A column of figures: what it measures, for which period, and which columns hold its limits."""

    at: int
    measure: str
    period: Any = None
    half: int | None = None
    lower: int | None = None
    upper: int | None = None


@dataclass
class Blocks:
    """Reads one sheet. `blocks` counts the blocks with figures, `totals` the rows of totals that were passed over."""

    sheet: str
    titles: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    headings: list[Sequence[Any]] = field(default_factory=list)
    columns: list[Column] | None = None
    name_at: int = 0
    code_at: int | None = None
    blocks: int = 0
    totals: int = 0

    def read(self, rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[RawFigure]:
        """The figures of all blocks of the sheet, in order."""
        for at, row in rows:
            filled = [place for place, cell in enumerate(row) if not is_blank(cell)]
            if filled:
                yield from self._row(at, row, filled)

    def _row(self, at: int, row: Sequence[Any], filled: list[int]) -> Iterator[RawFigure]:
        first = text_of(row[filled[0]])
        if self._is_about(row, filled, first):
            self._end()
            return
        if len(filled) == 1 and not (self.headings and filled[0] and is_figure(row[filled[0]])):
            if first.casefold() not in SUPPRESSED:
                self._title(first)
            return
        if self._is_heading(row, filled, first):
            if self.columns is not None:
                self._end()
            self.headings = [*self.headings, row][-HEADINGS:]
            return
        if first.casefold() in SUPPRESSED and not any(is_figure(row[place]) for place in filled[1:]):
            return  # the key to the marks, at the foot
        yield from self._figures(at, row)

    def _end(self) -> None:
        if self.columns is not None:
            self.headings, self.columns = [], None

    def _title(self, text: str) -> None:
        if self.columns is not None:
            self._end()
            self.titles = self.titles[:1]
            self.about = {}
        if not NOT_A_TITLE.search(text):
            key, _, value = text.partition(":")
            if key.strip().casefold() in ABOUT and value.strip():
                self.about[key.strip().casefold()] = value.strip()
            else:
                self.titles = [*self.titles, text][-4:]

    def _is_about(self, row: Sequence[Any], filled: list[int], first: str) -> bool:
        """A line such as "date | Jan 2021-Dec 2021". It is noted."""
        key = first.rstrip(" :").casefold()
        if len(filled) != 2 or filled[0] != 0 or not (key in ABOUT or first.endswith(":")):
            return False
        if self.columns is not None:
            self.titles = self.titles[:1]
            self.about = {}
        self.about[key] = row[filled[1]]
        return True

    def _is_heading(self, row: Sequence[Any], filled: list[int], first: str) -> bool:
        if filled[0] == 0 and AREA.match(first):
            return True
        others = [row[place] for place in filled]
        return filled[0] > 0 and all(not is_figure(cell) or is_period(cell) for cell in others)

    def _figures(self, at: int, row: Sequence[Any]) -> Iterator[RawFigure]:
        if self.columns is None:
            self._layout(len(row))
        name, code = self._area(row)
        if TOTAL.match(name) and not code:
            self.totals += 1
            return
        if not self.columns:
            yield self._bad(at, row, "there are figures, and no row of headings above them")
            return
        if not name and not code:
            yield self._bad(at, row, "there are figures, and no area in the row")
            return
        for column in self.columns:
            if column.at < len(row) and not is_blank(row[column.at]):
                yield self._figure(at, row, column, name, code)

    def _bad(self, at: int, row: Sequence[Any], reason: str) -> RawFigure:
        where = next((place for place, cell in enumerate(row) if is_figure(cell)), 0)
        return RawFigure(self.sheet, at, column_letters(where), "", "", "", None, None, problem=reason)

    def _area(self, row: Sequence[Any]) -> tuple[str, str]:
        name = text_of(row[self.name_at]) if self.name_at < len(row) else ""
        code = text_of(row[self.code_at]) if self.code_at is not None and self.code_at < len(row) else ""
        return (name, code) if not CODE_LIKE.fullmatch(name) else ("", name)

    def _figure(self, at: int, row: Sequence[Any], column: Column, name: str, code: str) -> RawFigure:
        value = lower = upper = half = None
        problem, where = "", column.at

        def cell(place: int | None) -> Any:
            return row[place] if place is not None and place < len(row) else None

        try:
            value = number(cell(column.at))
            for place in (column.half, column.lower, column.upper):
                where = place if place is not None else where
                number(cell(place))
            where = column.at
            half, lower, upper = (number(cell(place)) for place in (column.half, column.lower, column.upper))
        except Unreadable as error:
            problem = str(error)
        if value is not None and half is not None:
            lower, upper = round(value - half, 9), round(value + half, 9)
        return RawFigure(
            self.sheet,
            at,
            column_letters(where),
            code,
            name,
            column.measure,
            column.period,
            value,
            lower,
            upper,
            half is not None,
            problem,
        )

    def _layout(self, width: int) -> None:
        """Work out from the headings which column is what."""
        self.blocks += 1
        width = max([width, *(len(row) for row in self.headings)])
        lowest = self.headings[-1] if self.headings else []
        self.name_at, self.code_at = 0, None
        for place in range(min(2, width)):
            texts = [text_of(row[place]) for row in self.headings if place < len(row) and not is_blank(row[place])]
            if any(CODE.search(text) and AREA.match(text) for text in texts):
                self.code_at = place
            elif any(AREA.match(text) for text in texts):
                self.name_at = place
        begins = max(self.name_at, -1 if self.code_at is None else self.code_at) + 1
        spread = [_spread(row, width) for row in self.headings[:-1]]
        spread += [[text_of(lowest[at]) if at < len(lowest) else "" for at in range(width)]] if self.headings else []
        columns: list[Column] = []
        for at in range(begins, width if self.headings else 0):
            self._column(at, [row[at] for row in spread if row[at]], columns)
        self.columns = columns

    def _column(self, at: int, texts: list[str], columns: list[Column]) -> None:
        if not texts or IGNORED.match(texts[-1]):
            return
        last = columns[-1] if columns else None
        if last and CONFIDENCE.search(texts[-1]) and not LOWER.search(texts[-1]) and not UPPER.search(texts[-1]):
            last.half = at
        elif last and LOWER.search(texts[-1]):
            last.lower = at
        elif last and UPPER.search(texts[-1]):
            last.upper = at
        else:
            columns.append(Column(at, self._measure(texts), self._period(texts)))

    def _period(self, texts: Sequence[str]) -> Any:
        own = [text for text in texts if is_period(text)]
        return own[-1] if own else next((value for key, value in self.about.items() if key in DATE), None)

    def _measure(self, texts: Sequence[str]) -> str:
        """What the figures of a column are, in the words of the file."""
        about = [text_of(value) for key, value in self.about.items() if key not in DATE]
        own = [text for text in texts if not is_period(text) and text.casefold() not in PLAIN_VALUE]
        words = list(dict.fromkeys(text for text in [*(about or self.titles[-1:]), *own] if text))
        return " – ".join(words)[:200] or self.sheet or "Figures without a title"


def _spread(row: Sequence[Any], width: int) -> list[str]:
    """A row of headings in which one stands for the empty cells to its right, as merged cells do."""
    found, before = [], ""
    for at in range(width):
        text = text_of(row[at]) if at < len(row) else ""
        before = text or before
        found.append(before if at else "")
    return found

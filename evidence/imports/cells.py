"""What one cell of a published table says: a number, a figure that was suppressed, nothing, or a period."""

from __future__ import annotations

import calendar
import datetime
import math
import re
from typing import Any, Final

SUPPRESSED: Final = frozenset(
    {
        "!", "*", "**", "-", "–", "—", ".", "..", "...", ":", "~", "#", "c", "x", "z", "u", "low", "n/a", "na", "#n/a",
        "[c]", "[x]", "[z]", "[u]", "[low]", "[w]", "[k]", "suppressed", "not available", "disclosive",
    }
)  # fmt: skip
MARK = re.compile(r"\s*\[[rpe]\]$|\s+[rpe]$")  # revised, provisional, estimated: the figure stands
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d{1,2}|[+-]?\d{1,3}(\.\d{3})+,\d+")
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LARGEST = 1e15
MONTHS = {
    **{name.casefold(): at for at, name in enumerate(calendar.month_name) if name},
    **{name.casefold(): at for at, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
}


class Uncomputed:
    """A formula that the spreadsheet program has not worked out, so that the file holds no value."""

    def __str__(self) -> str:
        return "a formula"


class Unreadable(ValueError):
    """A cell that cannot be understood; the message is the reason."""


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any) -> str:
    """A cell as text, on one line: whole numbers without a decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def is_suppressed(cell: Any) -> bool:
    """Whether a cell holds one of the marks by which statisticians say that a figure is not shown."""
    return isinstance(cell, str) and cell.strip().casefold() in SUPPRESSED


def is_figure(cell: Any) -> bool:
    """Whether a cell holds a number or a mark in place of one."""
    if isinstance(cell, bool) or is_blank(cell):
        return False
    if isinstance(cell, int | float | Uncomputed) or is_suppressed(cell):
        return True
    try:
        return number(cell) is not None
    except Unreadable:
        return False


def number(cell: Any) -> float | None:
    """The number in a cell, or None for a blank or a suppressed one. Raises Unreadable.

    "1,234", "£20", "75.3%" and "75.3 [r]" are numbers. A decimal comma is refused, because "1,234" would then be two
    things.
    """
    if is_blank(cell) or is_suppressed(cell):
        return None
    if isinstance(cell, Uncomputed):
        raise Unreadable("holds a formula without a value: open the file in a spreadsheet program and save it again")
    if isinstance(cell, bool | datetime.date | datetime.time):
        raise Unreadable(f"“{text_of(cell)}” is not a number")
    if isinstance(cell, int | float):
        return _finite(float(cell), cell)
    text = MARK.sub("", cell.strip()).removeprefix("£").removesuffix("%").strip().replace("\u2212", "-")
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(text):
        raise Unreadable(f"“{cell.strip()[:40]}” has a comma for the decimals: write a full stop")
    if not PLAIN.fullmatch(text):
        raise Unreadable(f"“{text_of(cell)[:40]}” is not a number")
    return _finite(float(text), cell)


def _finite(value: float, cell: Any) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise Unreadable(f"“{text_of(cell)[:40]}” is not a number that a figure can be")
    return value


YEAR = re.compile(r"(19|20)\d\d")
SPAN = re.compile(r"((?:19|20)\d\d) ?(?:-|–|to|/) ?((?:19|20)\d\d)")
SPLIT = re.compile(r"((?:19|20)\d\d) ?([/-]) ?(\d\d)")
ISO_MONTH = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-\d\d)?(?:[T ]00:00(?::00)?)?")
MONTH = re.compile(r"([A-Za-z]+)[ -]((?:19|20)\d\d)")
QUARTER = re.compile(r"((?:19|20)\d\d) ?Q([1-4])|Q([1-4]) ?((?:19|20)\d\d)", re.IGNORECASE)
RUN = re.compile(r"([A-Za-z]+) ((?:19|20)\d\d) ?(?:-|–|to) ?([A-Za-z]+) ((?:19|20)\d\d)")


def period_of(cell: Any, ends: int = 12) -> tuple[str, int]:
    """A period as people read it and the year and month of its end as yyyymm. Raises Unreadable.

    `ends` is the month in which the indicator's year ends. Twelve months from January are that year, so that what
    Nomis calls "Jan 2019-Dec 2019" is 2019.
    """
    if isinstance(cell, datetime.date):
        return f"{calendar.month_name[cell.month]} {cell.year}", cell.year * 100 + cell.month
    text = text_of(cell)
    if YEAR.fullmatch(text):
        return text, int(text) * 100 + ends
    if match := SPLIT.fullmatch(text):
        year, after = int(match[1]), int(match[3])
        if (year + 1) % 100 == after:
            if match[2] == "-" and 1 <= after <= 12:
                month_name = calendar.month_name[after]
                raise Unreadable(f"“{text}” can be a year or a month: write {year}/{after:02d} or {month_name} {year}")
            return f"{year}/{after:02d}", (year + 1) * 100 + ends
    if (match := ISO_MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return f"{calendar.month_name[int(match[2])]} {match[1]}", int(match[1]) * 100 + int(match[2])
    if (match := MONTH.fullmatch(text)) and (month := MONTHS.get(match[1].casefold())):
        return f"{calendar.month_name[month]} {match[2]}", int(match[2]) * 100 + month
    if match := QUARTER.fullmatch(text):
        year, quarter = (match[1], match[2]) if match[1] else (match[4], match[3])
        return f"Q{quarter} {year}", int(year) * 100 + int(quarter) * 3
    if match := SPAN.fullmatch(text):
        first, last = int(match[1]), int(match[2])
        if last == first + 1 and "/" in text:
            return f"{first}/{last % 100:02d}", last * 100 + ends
        if first < last:
            return f"{first} to {last}", last * 100 + ends
    if match := RUN.fullmatch(text):
        start, end = MONTHS.get(match[1].casefold()), MONTHS.get(match[3].casefold())
        years = int(match[2]), int(match[4])
        if start and end and (years[0], start) <= (years[1], end):
            order = years[1] * 100 + end
            if (start, end) == (1, 12):
                return (match[2] if years[0] == years[1] else f"{years[0]} to {years[1]}"), order
            short = calendar.month_abbr
            return f"{short[start]} {years[0]} to {short[end]} {years[1]}", order
    raise Unreadable(f"“{text[:40]}” is not a period: write it like 2024, 2023/24 or April 2024")


def is_period(cell: Any) -> bool:
    """Whether a cell can be read as a period."""
    if is_blank(cell):
        return False
    try:
        period_of(cell)
    except Unreadable:
        return False
    return True


def column_letters(at: int) -> str:
    """The letters that a spreadsheet shows above the column at this position from 0: A to Z, AA and so on."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

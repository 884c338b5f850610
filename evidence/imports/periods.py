"""Periods as they are written in the sources, as people read them, and as they sort."""

from __future__ import annotations

import calendar
import re

YEAR = re.compile(r"(\d{4})")
SPLIT_YEAR = re.compile(r"(\d{4})/(\d{2})")
MONTH = re.compile(r"(\d{4})-(\d{2})")
RANGE = re.compile(r"(\d{4})-(\d{4})")


def period(text: str, ends: int = 12) -> tuple[str, int]:
    """A period as people read it, and the year and month of its end as yyyymm.

    `ends` is the month in which the indicator's year ends. "2022" stays; so does "2019/20", which ends in 2020;
    "2025-04" becomes "April 2025" and "2011-2013" becomes "2011 to 2013". Raises ValueError for anything else.
    """
    if match := YEAR.fullmatch(text):
        return text, int(match[1]) * 100 + ends
    if match := SPLIT_YEAR.fullmatch(text):
        year = int(match[1]) + 1
        if year % 100 == int(match[2]):
            return text, year * 100 + ends
    if (match := MONTH.fullmatch(text)) and 1 <= int(match[2]) <= 12:
        return f"{calendar.month_name[int(match[2])]} {match[1]}", int(match[1]) * 100 + int(match[2])
    if (match := RANGE.fullmatch(text)) and match[1] < match[2]:
        return f"{match[1]} to {match[2]}", int(match[2]) * 100 + ends
    raise ValueError(f"{text!r} is not a period")

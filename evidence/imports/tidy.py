"""Tables with one figure a row, under headings that are recognised however they are spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .cells import Unreadable, is_blank, number, text_of
from .mapping import ROLES, RawFigure

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("areacode", "areacd", "code", "geographycode", "lacode", "ladcode", "lepcode", "onscode", "gsscode",
             "placecode", "authoritycode", "localauthoritycode", "regioncode", "mnemonic"),
    "name": ("areaname", "areanm", "name", "area", "geography", "geographyname", "laname", "ladname", "lepname", "lep",
             "localauthority", "localauthorityname", "place", "placename", "regionname"),
    "indicator": ("indicator", "indicatorcode", "indicatorname", "measure", "metric", "variable", "series",
                  "variablename", "measurename"),
    "period": ("period", "year", "date", "time", "timeperiod", "calendaryears", "quarter", "month"),
    "value": ("value", "obsvalue", "figure", "estimate", "observation", "rate", "count", "v4"),
    "lower": ("lower", "lowerlimit", "lowerci", "lci", "lcl", "lci95", "lower95", "lower95limit",
              "lower95confidencelimit", "lowerconfidencelimit", "lowerconfidenceinterval"),
    "upper": ("upper", "upperlimit", "upperci", "uci", "ucl", "uci95", "upper95", "upper95limit",
              "upper95confidencelimit", "upperconfidencelimit", "upperconfidenceinterval"),
    "interval": ("conf", "confidence", "confidenceinterval", "ci", "95ci", "95conf", "plusminus",
                 "95confidenceinterval"),
}  # fmt: skip
ROLE_OF = {spelling: role for role, spellings in SPELLINGS.items() for spelling in spellings}
HEADER_WITHIN = 20  # rows
ENOUGH = 3  # recognised headings that make a table tidy


def role_of(heading: Any) -> str:
    """What a heading stands for; blank where it is not known."""
    return ROLE_OF.get(re.sub(r"[^a-z0-9]", "", text_of(heading).casefold()), "")


def find_header(rows: Sequence[tuple[int, Sequence[Any]]]) -> int | None:
    """The number of the row that holds the headings of a tidy table, or None where no row does."""
    for number_of_row, row in rows[:HEADER_WITHIN]:
        roles = {role_of(cell) for cell in row} - {""}
        if "value" in roles and roles & {"code", "name"} and len(roles) >= ENOUGH:
            return number_of_row
    return None


def first_table_row(rows: Sequence[tuple[int, Sequence[Any]]]) -> int | None:
    """The first row that could hold headings: at least two cells of text. For tables that are not recognised."""
    for number_of_row, row in rows:
        if sum(isinstance(cell, str) and not is_blank(cell) for cell in row) > 1:
            return number_of_row
    return None


def headings(row: Sequence[Any]) -> list[str]:
    """The headings of a table; a repeated or empty one is told apart by the number of its column."""
    found: list[str] = []
    for at, cell in enumerate(row, start=1):
        text = text_of(cell)[:100]
        found.append(text if text and text not in found else f"{text or 'Column'} ({at})")
    return found


def columns_of(found: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Which heading has which role: as chosen, else as recognised. A role that was chosen empty has none."""
    roles: dict[str, str] = {}
    for heading in found:
        role = role_of(heading)
        if role and role not in roles:
            roles[role] = heading
    roles |= {role: heading for role, heading in chosen.items() if role in ROLES}
    return {role: heading for role, heading in roles.items() if heading in found}


def read(
    sheet: str, rows: Iterator[tuple[int, Sequence[Any]]], found: Sequence[str], columns: Mapping[str, str]
) -> Iterator[RawFigure]:
    """The figures of the rows under the headings. Blank rows are passed over."""
    at = {role: found.index(heading) for role, heading in columns.items()}

    def cell(row: Sequence[Any], role: str) -> Any:
        place = at.get(role, len(row))
        return row[place] if place < len(row) else None

    for row_number, row in rows:
        if all(is_blank(item) for item in row):
            continue
        problem, column = "", columns["value"]
        if len(row) > len(found) and any(not is_blank(item) for item in row[len(found) :]):
            problem = f"the row has {len(row)} cells and the header {len(found)}"
        raw = cell(row, "value")
        value, limits = None, [None, None, None]
        try:
            if is_blank(raw):
                raise Unreadable("is empty: write a mark such as “..” for a figure that is not shown")
            value = number(raw)
            for place, role in enumerate(("lower", "upper", "interval")):
                column = columns.get(role, "")
                limits[place] = number(cell(row, role))
            column = columns["value"]
        except Unreadable as error:
            problem = problem or str(error)
        lower, upper, half = limits
        if value is not None and half is not None and lower is None and upper is None:
            lower, upper = round(value - half, 9), round(value + half, 9)
        yield RawFigure(
            sheet,
            row_number,
            column,
            text_of(cell(row, "code")),
            text_of(cell(row, "name")),
            text_of(cell(row, "indicator"))[:200],
            cell(row, "period"),
            value,
            lower,
            upper,
            half is not None,
            problem,
        )

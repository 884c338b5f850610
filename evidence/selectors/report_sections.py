"""The parts of a report beside the comparison itself: sector mix, decomposition of productivity, spillover partners."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evidence.selectors.wording import in_sentence, listed
from lisapp.design.charts import Bar, BarChart, Chart

Row = Mapping[str, Any]


@dataclass(frozen=True)
class SourceView:
    """A source of a foundation's figures, with its number in the list under the tables."""

    number: int
    citation: str
    url: str
    licence: str
    vintage: str
    derivation: str
    boundaries: str


@dataclass(frozen=True)
class TableView:
    """A table of texts; the first cell of a row heads it, and `numeric` columns are set to the right."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True)
class SectionView:
    """A part of the report beside the comparison itself: sentences, drawings, tables, sources."""

    code: str
    title: str
    sentences: list[str]
    charts: list[Chart]
    tables: list[TableView]
    sources: list[SourceView]


def sections(result: Row) -> list[SectionView]:
    """The parts that a report's result holds, in the order in which they are read."""
    writers = {"sectors": _sectors, "decomposition": _decomposition, "spillovers": _spillovers}
    return [write(result[key]) for key, write in writers.items() if key in result]


def _sources(notes: Iterable[Row], boundaries: str = "") -> list[SourceView]:
    """The different sources of these notes, numbered."""
    found: dict[tuple[str, ...], SourceView] = {}
    for note in notes:
        keys = tuple(note[key] for key in ("citation", "url", "licence", "vintage", "derivation"))
        found.setdefault(keys, SourceView(len(found) + 1, *keys, f"Boundaries: {boundaries}" if boundaries else ""))
    return list(found.values())


def _cannot(code: str, title: str, reason: str) -> SectionView:
    return SectionView(code, title, [f"This cannot be calculated. {reason}"], [], [], [])


# Sector mix


def _sectors(mix: Row) -> SectionView:
    title = "Sector mix"
    if mix["reason"]:
        return _cannot("sectors", title, mix["reason"])
    charts: list[Chart] = [_quotients(mix)]
    tables = [_industries(mix)]
    if not mix["change_reason"]:
        charts.append(_shift_share(mix))
        tables.append(_shifts(mix))
    sources = _sources(mix["sources"], mix["boundaries"])
    return SectionView("sectors", title, [*_mix_words(mix), *mix["notes"]], charts, tables, sources)


def _mix_words(mix: Row) -> list[str]:
    ranked = sorted(
        (row for row in mix["industries"] if row["location_quotient"] is not None),
        key=lambda row: -row["location_quotient"],
    )
    most = [f"{in_sentence(row['label'])} ({row['location_quotient']:.2f})" for row in ranked[:3]]
    least = [f"{in_sentence(row['label'])} ({row['location_quotient']:.2f})" for row in ranked[:-4:-1]]
    words = [
        f"{mix['place_name']} had {mix['jobs']:,.0f} jobs in {mix['period']}. A location quotient is an industry's "
        "share of jobs here divided by its share in England: above 1 there is more of it here.",
        f"It is highest in {listed(most)}, and lowest in {listed(least)}.",
        f"Krugman's index of specialisation is {mix['krugman']:.2f}, on a scale from 0 (the same mix as England) to 2 "
        f"(no industry in common): {50 * mix['krugman']:.0f}% of jobs would have to be in other industries for the two "
        "to be the same. Concentration by the normalised Herfindahl–Hirschman index, from 0 (all industries alike) to "
        f"1 (one industry), is {mix['hhi_normalised']:.3f}.",
    ]
    if mix["change_reason"]:
        return [*words, f"Shift–share cannot be calculated. {mix['change_reason']}"]
    return [
        *words,
        f"From {mix['first_period']} to {mix['period']} jobs changed by {signed(mix['change'])}. Had every industry "
        f"grown as all jobs in England did, it would have been {signed(mix['national'])}. That industries here are "
        f"those that grew faster or slower in England accounts for {signed(mix['mix'])}, and that they grew otherwise "
        f"here than in England for {signed(mix['regional'])}.",
    ]


def _quotients(mix: Row) -> Chart:
    ranked = sorted(mix["industries"], key=lambda row: -(row["location_quotient"] or 0))
    return BarChart(
        title=f"Location quotients of industries in {mix['place_name']} (England = 1)",
        bars=[Bar(r["label"], r["location_quotient"], highlight=(r["location_quotient"] or 0) > 1) for r in ranked],
        label_name="Industry",
        value_name="Location quotient",
        places=2,
        source=_cited(mix),
        period=mix["period"],
        vintage=mix["boundaries"],
    )


def _shift_share(mix: Row) -> Chart:
    parts = (("As England grew", "national"), ("Mix of industries", "mix"), ("Growth here", "regional"))
    bars = [Bar(label, mix[key]) for label, key in parts]
    return BarChart(
        title=f"What makes up the change in jobs in {mix['place_name']}",
        bars=[*bars, Bar("Change in jobs", mix["change"], highlight=True)],
        label_name="Part",
        value_name="Jobs",
        places=0,
        source=_cited(mix),
        period=f"{mix['first_period']} to {mix['period']}",
        vintage=mix["boundaries"],
    )


def _cited(view: Row) -> str:
    return "; ".join(dict.fromkeys(note["citation"] for note in view["sources"]))


def _industries(mix: Row) -> TableView:
    rows = tuple(
        (
            row["label"],
            f"{row['jobs']:,.0f}",
            _percent(row["share"]),
            _percent(row["england_share"]),
            "cannot be calculated" if row["location_quotient"] is None else f"{row['location_quotient']:.2f}",
        )
        for row in mix["industries"]
    )
    header = ("Industry", "Jobs here", "Share here", "Share in England", "Location quotient")
    return TableView(f"Jobs by industry, {mix['period']}", header, rows, (1, 2, 3, 4))


def _shifts(mix: Row) -> TableView:
    keys = ("national", "mix", "regional", "change")
    rows = [(row["label"], *(signed(row[key]) for key in keys)) for row in mix["industries"]]
    rows.append(("All industries", *(signed(mix[key]) for key in keys)))
    return TableView(
        f"Shift–share of jobs, {mix['first_period']} to {mix['period']}",
        ("Industry", "As England grew", "Mix of industries", "Growth here", "Change in jobs"),
        tuple(rows),
        (1, 2, 3, 4),
    )


def _percent(share: float | None) -> str:
    return "cannot be calculated" if share is None else f"{100 * share:.1f}%"


def signed(value: float | None) -> str:
    """Write a change with its sign: +1,200, −300, 0."""
    if value is None:
        return "cannot be calculated"
    whole = round(value)
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole):,}"


# Decomposition


def _decomposition(split: Row) -> SectionView:
    title = "Why value added for each resident differs"
    if split["reason"]:
        return _cannot("decomposition", title, split["reason"])
    widest = max(split["factors"], key=lambda part: abs(part["contribution"]))
    more = "more" if split["log_gap"] > 0 else "less"
    sentences = [
        f"Value added for each resident is £{split['per_head']:,.0f} in {split['place_name']} and "
        f"£{split['england_per_head']:,.0f} in England ({split['period']}): {abs(split['percent']):.1f}% {more}. It is "
        "the product of four factors, so the gap splits into four parts that add up exactly, in log points.",
        f"The largest part is {in_sentence(widest['label'])}: alone it would make a gap of {widest['percent']:+.1f}%.",
        *split["notes"],
    ]
    chart = BarChart(
        title=f"What makes up the gap between {split['place_name']} and England",
        bars=[
            *(Bar(part["label"], 100 * part["contribution"]) for part in split["factors"]),
            Bar("Value added for each resident", 100 * split["log_gap"], highlight=True),
        ],
        label_name="Factor",
        value_name="Part of the gap, log points × 100",
        places=1,
        source="; ".join(dict.fromkeys(n["citation"] for part in split["factors"] for n in part["sources"])),
        period=split["period"],
    )
    rows = [
        (
            f"{part['label']} ({part['unit']}, {part['period']})",
            f"{part['value']:,.2f}",
            f"{part['england']:,.2f}",
            f"{100 * part['contribution']:+.1f}",
            f"{part['percent']:+.1f}%",
        )
        for part in split["factors"]
    ]
    rows.append(
        (
            "Value added for each resident (£, the product)",
            f"{split['per_head']:,.0f}",
            f"{split['england_per_head']:,.0f}",
            f"{100 * split['log_gap']:+.1f}",
            f"{split['percent']:+.1f}%",
        )
    )
    header = ("Factor", "Here", "England", "Log points × 100", "Gap it alone would make")
    table = TableView(
        "The four factors", header, tuple(tuple(_minus(cell) for cell in row) for row in rows), (1, 2, 3, 4)
    )
    sources = _sources(note for part in split["factors"] for note in part["sources"])
    return SectionView("decomposition", title, [_minus(text) for text in sentences], [chart], [table], sources)


def _minus(text: str) -> str:
    """A minus sign where a hyphen stands before a number."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", text)


# Spillover partners


def _spillovers(partners: Row) -> SectionView:
    border, commuting = partners["contiguity"], partners["commuting"]
    sentences = [
        "These places matter because they are near, not because they are alike: they are no comparators. What is done "
        "here spills over to them, and what they do spills over to here."
    ]
    sentences += [text for text in (border["reason"], commuting["reason"]) if text]
    tables = []
    if border["partners"]:
        rows = tuple(
            (
                row["name"],
                "not known" if row["border_km"] is None else f"{row['border_km']:,.0f} km",
                "yes: an authority belongs to both" if row["shares_ground"] else "no",
            )
            for row in border["partners"]
        )
        tables.append(TableView("Neighbours", ("Area", "Length of the border", "Shares ground"), rows, (1,)))
    if commuting["partners"]:
        tables.append(_commuters(commuting))
    sources = _sources([part["source"] for part in (border, commuting) if part["source"]])
    return SectionView("spillovers", "Spillover partners", sentences, [], tables, sources)


def _commuters(commuting: Row) -> TableView:
    rows = tuple(
        (
            row["name"],
            f"{row['out']:,} ({_percent(row['out_share'])} of working residents)",
            f"{row['into']:,} ({_percent(row['into_share'])} of people who work here)",
        )
        for row in commuting["partners"]
    )
    return TableView(
        f"Commuters, {commuting['period']}", ("Area", "From here to there", "From there to here"), rows, (1, 2)
    )

"""From the cells of a file to figures that could be stored, and the reasons for those that could not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .cells import Unreadable, is_blank, period_of
from .mapping import LEFT_OUT, RawFigure
from .mapping import Mapping as Choices
from .provenance import BY_CODE, LEP_2021
from .uploads import BadUpload

PREFIX = re.compile(r"([a-z]{2,8}) ?: ?(.+)")
KIND_OF_PREFIX = {
    **dict.fromkeys(("lep",), "lep"),
    **dict.fromkeys(("ladu", "lad", "la", "lau", "ualad", "uacounty", "uacc", "district"), "local_authority"),
    **dict.fromkeys(("cauth", "ca", "mca", "combauth"), "combined_authority"),
    **dict.fromkeys(("gor", "region", "rgn"), "region"),
    **dict.fromkeys(("country", "ctry"), "country"),
}
KIND_WORDS = {
    "lep": "a LEP area",
    "local_authority": "a local authority",
    "combined_authority": "a combined authority",
    "region": "a region",
    "country": "a country",
}


class Meaning(Protocol):
    """What a code or name stands for in one list of places: see `lisapp.places.codes.Known`."""

    @property
    def place(self) -> int | None: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def vintage(self) -> str: ...
    @property
    def boundaries(self) -> str: ...


class Measured(Protocol):
    """An indicator, as far as it matters here."""

    pk: int
    code: str
    label: str
    lowest: float | None
    highest: float | None

    def impossible(self, value: float) -> str: ...


Find = Callable[[str, str], Sequence[Meaning]]
"""The meanings of a code or name; the second argument is a kind of place or blank."""


class Place(NamedTuple):
    """Where a problem or figure stands in the file."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class Refused:
    """A figure that cannot be imported, and why."""

    sheet: str
    row: int
    column: str
    reason: str


class Figure(NamedTuple):
    """A figure that could be stored. `place` and `indicator` are keys."""

    indicator: int
    place: int
    period: str
    order: int
    value: float
    lower: float | None
    upper: float | None
    boundaries: str
    at: Place


class _Found(NamedTuple):
    """A figure whose area is known but not yet on which boundaries it is."""

    indicator: int
    period: str
    order: int
    area: tuple[str, str]
    value: float
    lower: float | None
    upper: float | None
    at: Place


@dataclass
class Checked:
    """What was found in a file. `measures` counts the figures of each measure; `unknown` are those without a choice."""

    figures: list[Figure] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    measures: Counter[str] = field(default_factory=Counter)
    chosen: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    cells: int = 0
    suppressed: int = 0
    left_out: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class Checker:
    """Checks the cells of one file against the places and indicators that there are.

    `ends` gives, by indicator key, the periods that are stored with their ends, and the month in which years end.
    """

    choices: Choices
    find: Find
    indicators: Mapping[str, Measured]
    ends: Callable[[int], tuple[Mapping[str, int], int]]
    most: int

    def __post_init__(self) -> None:
        self._by_label = {item.label.casefold(): item for item in self.indicators.values()}
        self._areas: dict[tuple[str, str], Sequence[Meaning] | str] = {}
        self._pairs: dict[tuple[str, str], str] = {}
        self._periods: dict[tuple[int, object], tuple[str, int] | str] = {}

    def check(self, cells: Iterable[RawFigure]) -> Checked:
        """Everything that is found. Raises BadUpload where there are more figures than one import may hold."""
        done = Checked()
        found = list(self._found(cells, done))
        by_group: dict[tuple[int, str], set[tuple[str, str]]] = defaultdict(set)
        for item in found:
            by_group[item.indicator, item.period].add(item.area)
        lists = {group: self._list_of(areas) for group, areas in by_group.items()}
        self._settle(found, lists, done)
        return done

    def _found(self, cells: Iterable[RawFigure], done: Checked) -> Iterator[_Found]:
        count = 0
        for cell in cells:
            done.cells += 1
            measure = cell.measure
            done.measures[measure] += 1
            if measure not in done.chosen:
                done.chosen[measure] = self._choice(measure)
                if not done.chosen[measure]:
                    done.unknown.append(measure)
            code = done.chosen[measure]
            if not code and not cell.problem:
                continue
            if code == LEFT_OUT:
                done.left_out += 1
                continue
            at = Place(cell.sheet, cell.row, cell.column)
            try:
                item = self._one(cell, self.indicators[code] if code else None, at)
            except Unreadable as error:
                done.refused.append(Refused(*at, str(error)))
                continue
            if item is None:
                done.suppressed += 1
                continue
            count += 1
            if count > self.most:
                raise BadUpload(f"The file has more than {self.most:,} figures. Split it.")
            yield item

    def _choice(self, measure: str) -> str:
        """The indicator of a measure: as chosen, else by its code or label; blank where nobody knows."""
        chosen = self.choices.measures.get(measure, "")
        if chosen == LEFT_OUT or chosen in self.indicators:
            return chosen
        if not measure or not chosen:
            if measure in self.indicators:
                return measure
            if measure.casefold() in self._by_label:
                return self._by_label[measure.casefold()].code
        return self.choices.indicator if not measure and self.choices.indicator in self.indicators else ""

    def _one(self, cell: RawFigure, indicator: Measured | None, at: Place) -> _Found | None:
        """One figure, or None where it is suppressed. Raises Unreadable with everything that is wrong with it."""
        problems = [cell.problem] if cell.problem else []
        area: tuple[str, str] = ("", "")
        period = ("", 0)
        if indicator is not None:
            try:
                period = self._period(cell.period, indicator)
            except Unreadable as error:
                problems.append(str(error))
        try:
            area = self._area(cell)
        except Unreadable as error:
            problems.append(str(error))
        lower, upper = cell.lower, cell.upper
        if cell.value is not None and indicator is not None:
            problems += [reason] if (reason := indicator.impossible(cell.value)) else []
            lower, upper, reason = _limits(cell, indicator)
            problems += [reason] if reason else []
        if problems:
            raise Unreadable("; ".join(problems))
        if cell.value is None or indicator is None:
            return None
        return _Found(indicator.pk, *period, area, cell.value, lower, upper, at)

    def _period(self, cell: object, indicator: Measured) -> tuple[str, int]:
        key = (indicator.pk, cell)
        if key not in self._periods:
            self._periods[key] = self._read_period(cell, indicator)
        read = self._periods[key]
        if isinstance(read, str):
            raise Unreadable(read)
        return read

    def _read_period(self, cell: object, indicator: Measured) -> tuple[str, int] | str:
        """A period sorts as the same period of the indicator does that is stored, so that both are one."""
        given = self.choices.period if is_blank(cell) else cell
        if is_blank(given):
            return "there is no period: choose its column, or give the period of the file"
        stored, month = self.ends(indicator.pk)
        try:
            label, order = period_of(given, month)
        except Unreadable as error:
            return str(error)
        return label, stored.get(label, order)

    def _area(self, cell: RawFigure) -> tuple[str, str]:
        """The area as a key of `_areas`: its text and the kind of place that it must be."""
        kind, text = self.choices.kind, cell.code or cell.name
        if match := PREFIX.fullmatch(text.strip()):
            kind, text = KIND_OF_PREFIX.get(match[1], ""), match[2]
            if not kind:
                raise Unreadable(f"“{match[1]}:” is not a prefix that is known: {', '.join(sorted(KIND_OF_PREFIX))}")
        elif cell.code:
            kind = ""  # a code is of one kind only
        key = (text, kind)
        if key not in self._areas:
            self._areas[key] = self._meanings(text, kind)
        found = self._areas[key]
        if isinstance(found, str):
            raise Unreadable(found)
        if cell.code and cell.name and (other := self._another(cell.code, cell.name, found)):
            raise Unreadable(f"“{cell.code}” is {found[0].name}, and the row says {other}")
        return key

    def _another(self, code: str, name: str, found: Sequence[Meaning]) -> str:
        """The place that a name means, where it is another of the same kind than its code; blank where it agrees.

        A name that is not known agrees: names are spelt in many ways, and the code counts.
        """
        pair = (code, name)
        if pair not in self._pairs:
            kinds, places = {item.kind for item in found}, {item.place for item in found}
            match = PREFIX.fullmatch(name.strip())
            named = [item for item in self.find(match[2] if match else name, "") if item.kind in kinds]
            agrees = not named or places & {item.place for item in named}
            self._pairs[pair] = "" if agrees else named[0].name
        return self._pairs[pair]

    def _meanings(self, text: str, kind: str) -> Sequence[Meaning] | str:
        if not text:
            return "there is no area"
        found = self.find(text, kind)
        if not found:
            as_what = f" as {KIND_WORDS.get(kind, kind)}" if kind else ""
            return f"“{text[:60]}” is not known{as_what}"
        if len({item.kind for item in found}) > 1:
            return f"“{text[:60]}” is the name of more than one kind of place: give its code, or choose the kind"
        there = [item for item in found if item.place is not None]
        if not there:
            return f"“{text[:60]}” is an area of {max(item.vintage for item in found)} for which no present area stands"
        if len({item.place for item in there}) > 1 and len({item.code for item in there if not item.vintage}) > 1:
            return f"“{text[:60]}” is the name of more than one place: give its code"
        wanted = self.choices.boundaries
        if wanted and found[0].kind == "lep" and not any(item.vintage in {wanted, ""} for item in there):
            return f"“{text[:60]}” is not in the list of LEP areas of {wanted}"
        return there

    def _list_of(self, areas: Iterable[tuple[str, str]]) -> str:
        """The newest list that has all the LEP areas given for one indicator and period; blank where none has.

        The boundaries of a published table are those of one list, also for the areas that did not change: only figures
        on the same boundaries are compared.
        """
        if self.choices.boundaries:
            return self.choices.boundaries
        shared: set[str] | None = None
        for area in areas:
            meanings = [item for item in self._areas[area] if not isinstance(item, str)]
            years = {item.vintage for item in meanings if item.kind == "lep" and item.vintage}
            if years:
                shared = years if shared is None else shared & years
        return max(shared, default="") if shared else ""

    def _settle(self, found: list[_Found], lists: Mapping[tuple[int, str], str], done: Checked) -> None:
        seen: dict[tuple[int, int, str], Place] = {}
        mixed = False
        for item in found:
            meaning, exact = self._meaning(item.area, lists[item.indicator, item.period])
            mixed = mixed or not exact
            if meaning.place is None:
                continue
            identity = (item.indicator, meaning.place, item.period)
            if identity in seen:
                first = seen[identity]
                where = f" of sheet “{first.sheet}”" if first.sheet != item.at.sheet else ""
                reason = f"{meaning.name} has this figure for {item.period} already, in row {first.row:,}{where}"
                done.refused.append(Refused(*item.at, reason))
                continue
            seen[identity] = item.at
            boundaries = meaning.boundaries or (LEP_2021 if meaning.kind == "lep" else BY_CODE)
            limits = (item.lower, item.upper)
            figure = Figure(
                item.indicator, meaning.place, item.period, item.order, item.value, *limits, boundaries, item.at
            )
            done.figures.append(figure)
        done.refused.sort(key=lambda refused: (refused.sheet, refused.row, refused.column))
        if mixed:
            done.notes.append(
                "LEP areas of different lists stand together for one period. Each is taken to be on the boundaries of "
                "its own code, so they will not be compared with one another."
            )

    def _meaning(self, area: tuple[str, str], year: str) -> tuple[Meaning, bool]:
        """What an area means in the list of `year`, and whether that list has it."""
        meanings = [item for item in self._areas[area] if not isinstance(item, str)]
        exact = [item for item in meanings if item.vintage == year]
        chosen = max(exact or meanings, key=lambda item: item.vintage)
        return chosen, bool(exact) or chosen.kind != "lep" or not chosen.vintage


def _limits(cell: RawFigure, indicator: Measured) -> tuple[float | None, float | None, str]:
    """The limits of a figure and what is wrong with them. Half-widths can reach beyond what is possible: cut there."""
    lower, upper = cell.lower, cell.upper
    if cell.half and lower is not None and upper is not None:
        if lower > upper:
            return None, None, "the half-width of the interval is below zero"
        lower = lower if indicator.lowest is None else max(lower, indicator.lowest)
        upper = upper if indicator.highest is None else min(upper, indicator.highest)
        return lower, upper, ""
    for limit, name in ((lower, "lower"), (upper, "upper")):
        if limit is not None and (reason := indicator.impossible(limit)):
            return None, None, f"the {name} limit cannot be right: {reason}"
    if (lower is not None and cell.value is not None and lower > cell.value) or (
        upper is not None and cell.value is not None and upper < cell.value
    ):
        return None, None, "the value is not between its limits"
    return lower, upper, ""

"""Figures that the project computes from published ones: shares and density from the census, and successors.

Each answer carries how it was computed. Nothing is computed where a part is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from .geography import ENGLAND, PREDECESSORS, RECODED

TOTAL, UNDER_15, OVER_65 = "population_census", "population_0_14_census", "population_65plus_census"
DENSITY = "population_density_census"

Series = Mapping[tuple[str, str], float]
"""Values of one indicator by (place, period)."""


class How(NamedTuple):
    """How values were computed: in a word for the code of their source, and in a sentence."""

    kind: str
    text: str


SUMMED = How("sum-of-replaced", "Sum of the published counts of the authorities that it replaced.")
FROM_COUNTS = How("ratio", "Computed from published counts of residents by age.")
FROM_PARTS = How("ratio-of-sums", "Computed from the sums of local authorities' published counts of residents by age.")
GROWTH = How("growth", "Computed from published counts of residents in 2011 and 2021.")
GROUND = How(
    "density",
    "Residents divided by land area, which is each authority's published residents over its published density.",
)
WEIGHTED = How(
    "mean-of-replaced",
    "Mean of the published figures of the authorities that it replaced, weighted by residents in 2021.",
)


@dataclass(frozen=True)
class Computed:
    """One computed value."""

    place: str
    period: str
    value: float
    how: How


@dataclass
class Census:
    """Residents of authorities and England by age group and census year, and land area in square kilometres."""

    counts: dict[tuple[str, str, str], float] = field(default_factory=dict)
    areas: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, local: Mapping[str, Series]) -> Census:
        """From the collected figures by indicator; successor authorities get the sum of their parts."""
        census = cls(
            {
                (group, *place_and_year): value
                for group in (TOTAL, UNDER_15, OVER_65)
                for place_and_year, value in local.get(group, {}).items()
            }
        )
        for (place, period), density in local.get(DENSITY, {}).items():
            if density > 0:
                census.areas[place] = local[TOTAL][place, period] / density
        for new, parts in PREDECESSORS.items():
            for indicator, period in {(key[0], key[2]) for key in census.counts}:
                total = census.total(indicator, parts, period)
                if total is not None:
                    census.counts[indicator, new, period] = total
            if all(part in census.areas for part in parts):
                census.areas[new] = sum(census.areas[part] for part in parts)
        england = [place for place in census.areas if place not in PREDECESSORS]
        if england and (TOTAL, ENGLAND, "2021") in census.counts:
            census.areas[ENGLAND] = sum(census.areas[place] for place in england)
        return census

    def total(self, indicator: str, places: Iterable[str], period: str) -> float | None:
        """The sum over places, or None when one of them has no count."""
        found = [self.counts.get((indicator, place, period)) for place in places]
        if not found or None in found:
            return None
        return sum(value for value in found if value is not None)

    @property
    def places(self) -> list[str]:
        return sorted({place for _, place, _ in self.counts})

    @property
    def years(self) -> list[str]:
        return sorted({period for _, _, period in self.counts})

    def share(self, group: str, wholes: Mapping[str, Iterable[str]], how: How) -> Iterable[Computed]:
        """Residents of an age group in per cent of all, for each whole and its parts."""
        for place, parts in wholes.items():
            for year in self.years:
                some, everyone = self.total(group, parts, year), self.total(TOTAL, parts, year)
                if some is not None and everyone:
                    yield Computed(place, year, 100 * some / everyone, how)

    def growth(self) -> Iterable[Computed]:
        """Change from 2011 to 2021 in per cent, for every authority and England."""
        for place in self.places:
            before, after = (self.counts.get((TOTAL, place, year)) for year in ("2011", "2021"))
            if before and after:
                yield Computed(place, "2021", 100 * (after / before - 1), GROWTH)

    def density(self, wholes: Mapping[str, Iterable[str]]) -> Iterable[Computed]:
        """Residents in 2021 for each square kilometre of the parts together."""
        for place, members in wholes.items():
            parts = list(members)
            residents = self.total(TOTAL, parts, "2021")
            if residents and all(part in self.areas for part in parts):
                yield Computed(place, "2021", residents / sum(self.areas[part] for part in parts), GROUND)

    def successors(self) -> Iterable[Computed]:
        """Residents of the authorities that replaced others."""
        for place in sorted(PREDECESSORS):
            for year in self.years:
                if (TOTAL, place, year) in self.counts:
                    yield Computed(place, year, self.counts[TOTAL, place, year], SUMMED)

    def weighted(self, published: Series) -> Iterable[Computed]:
        """A published average carried to successor authorities, where every part has a figure."""
        for place, parts in sorted(PREDECESSORS.items()):
            weights = [self.counts.get((TOTAL, part, "2021"), 0.0) for part in parts]
            for period in sorted({period for _, period in published}):
                values = [published.get((part, period)) for part in parts]
                if None not in values and all(weights):
                    total = sum(w * v for w, v in zip(weights, values, strict=True) if v is not None)
                    yield Computed(place, period, total / sum(weights), WEIGHTED)


def recoded(published: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str, str]]:
    """(new code, earlier code, period) for figures that are published under an authority's earlier code only."""
    periods: dict[str, set[str]] = {}
    for place, period in published:
        periods.setdefault(place, set()).add(period)
    for new, old in sorted(RECODED.items()):
        if new not in periods:
            for period in sorted(periods.get(old, ())):
                yield new, old, period

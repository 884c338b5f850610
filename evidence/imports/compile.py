"""Compiling the reference data from the folder of collected CSV files.

The collected files stay where they are; this writes the project's own compact folder with the project's own wording.
The traps that the collection describes are handled here: one of two overlapping series is chosen, boundary vintages
are kept apart, part-years and unsafe years are dropped, and England is the published figure where there is one.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from .catalogue import CatalogueRow, read_catalogue
from .contiguity import read_borders
from .derive import (
    FROM_COUNTS,
    FROM_PARTS,
    OVER_65,
    TOTAL,
    UNDER_15,
    Census,
    Computed,
    recoded,
)
from .geography import ENGLAND, read_codes, read_memberships, read_places
from .periods import period
from .provenance import BY_CODE, LEP_2021, Provenance, Sources, provenance
from .reference_files import Figure, IndicatorRow, ReviewRow, Row, write

REVIEWS = Path(__file__).parent / "what_works.json"
LEP_FILES = ("indicators.csv", "indicators_derived.csv")
LOCAL_FILE, LOCAL_CATALOGUE = "la_indicators.csv", "la_indicator_catalogue.csv"
INPUTS = (*LEP_FILES, LOCAL_FILE, LOCAL_CATALOGUE, "leps.csv", "lep_la.csv", "lep_code_vintages.csv")
DIGITS = 10  # significant digits kept: enough for every published figure, and free of binary noise

# Periods that may not be used, by column of the collected files.
UNSAFE_PERIODS = {
    "h2020_funding_eur": {"2014", "2020"},  # part-years
    "travel_time_to_airport": {"2011"},  # one file was downloaded twice upstream: no two years, no trend
    "travel_time_to_road_junctions": {"2011"},
}
# Averages that successor authorities can take from the authorities that they replaced.
CARRIED = {
    "drive_time_to_employment_centre",
    "pt_time_to_employment_centre",
    "cycle_time_to_employment_centre",
}
RECODED_IN_2025 = "Published under the code that the authority had before it was recoded in 2025."
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. Sources: Office for National "
    "Statistics; Department for Education; Department for Transport; Department for Environment, Food and Rural "
    "Affairs; Ofcom. Contains HESA data and European Commission (CORDIS) data under CC BY 4.0. Contains OS data "
    "© Crown copyright and database right."
)


@dataclass(frozen=True)
class Collected:
    """One figure of the collected files."""

    value: float
    lower: float | None
    upper: float | None
    provenance: Provenance
    boundaries: str


Cells = dict[tuple[str, str], Collected]  # (place, period as collected) → figure


def compile_reference(source: Path, target: Path, *, name: str) -> dict[str, int]:
    """Read the collected files in `source` and write the reference folder `target`; returns bytes by file.

    Raises FileNotFoundError when a file is missing and ValueError when a figure cannot be understood.
    """
    missing = [file for file in INPUTS if not (source / file).is_file()]
    if missing:
        raise FileNotFoundError(f"{source} lacks {', '.join(missing)}.")
    catalogue = read_catalogue()
    lep = _read_leps(source, {row.lep for row in catalogue})
    local, named = _read_local(source), _named(source)
    sources = Sources()
    figures = list(_figures(catalogue, lep, local, source, sources))
    places = read_places(source, named)
    tables: dict[str, Sequence[Row]] = {
        "places.json": places,
        "memberships.json": read_memberships(source),
        "neighbours.json": read_borders(source, sources),
        "codes.json": read_codes(source, places),
        "indicators.json": [_indicator(row) for row in catalogue],
        "sources.json": list(sources.rows()),
        "what_works.json": [ReviewRow(**row) for row in json.loads(REVIEWS.read_text(encoding="utf-8"))],
    }
    return write(target, name=name, attribution=ATTRIBUTION, tables=tables, figures=figures)


def _read_leps(source: Path, wanted: Set[str]) -> dict[str, Cells]:
    found: dict[str, Cells] = defaultdict(dict)
    for file in LEP_FILES:
        for row in _rows(source / file):
            unsafe = row["period"] in UNSAFE_PERIODS.get(row["indicator"], ())
            if unsafe or row["indicator"] not in wanted:
                continue
            where, boundaries = provenance(
                row["source"], row["source_url"], row["licence"], row.get("derivation") or ""
            )
            boundaries = BY_CODE if row["lep_code"] == ENGLAND else boundaries
            figure = Collected(_number(row["value"]), None, None, where, boundaries)
            found[row["indicator"]][row["lep_code"], row["period"]] = figure
    return found


def _read_local(source: Path) -> dict[str, Cells]:
    urls = {row["indicator"]: row["source_url"] for row in _rows(source / LOCAL_CATALOGUE)}
    found: dict[str, Cells] = defaultdict(dict)
    for row in _rows(source / LOCAL_FILE):
        where, _ = provenance(row["source"], urls[row["indicator"]], row["licence"])
        lower, upper = (_number(row[column]) if row[column] else None for column in ("lci_95", "uci_95"))
        figure = Collected(_number(row["value"]), lower, upper, where, BY_CODE)
        found[row["indicator"]][row["la_code"], row["period"]] = figure
    return found


def _named(source: Path) -> list[tuple[str, str, str]]:
    return sorted({(row["la_code"], row["la_name"], row["geography"]) for row in _rows(source / LOCAL_FILE)})


def _figures(
    catalogue: Sequence[CatalogueRow],
    lep: Mapping[str, Cells],
    local: Mapping[str, Cells],
    source: Path,
    sources: Sources,
) -> Iterator[Figure]:
    computed = _computed(source, local)
    for row in catalogue:
        cells: Cells = {}
        for column, collected in ((row.lep, lep), (row.local, local)):  # published figures for England come last
            if column.startswith("="):
                cells.update(computed[column])
            elif column:
                cells.update(_of(collected, column))
        if row.local == TOTAL:
            cells.update(computed["=successors"])
        if row.local in CARRIED:
            cells.update(computed[f"={row.local}"])
        cells.update(_recoded(cells))
        for (place, text), figure in sorted(cells.items()):
            label, order = period(text, row.ends)
            code = sources.code(figure.provenance)
            limits = (figure.lower, figure.upper)
            yield Figure(row.code, place, label, order, figure.value, *limits, code, figure.boundaries)


def _of(collected: Mapping[str, Cells], column: str) -> Cells:
    if column not in collected:
        raise ValueError(f"The collected files have no column {column}.")
    return collected[column]


def _computed(source: Path, local: Mapping[str, Cells]) -> dict[str, Cells]:
    """What is computed here, by the name that the catalogue gives it."""
    values = {
        column: {key: figure.value for key, figure in local.get(column, {}).items()}
        for column in (TOTAL, UNDER_15, OVER_65, "population_density_census", *CARRIED)
    }
    census = Census.read(values)
    alone = {place: [place] for place in census.places}
    members: dict[str, list[str]] = defaultdict(list)
    for part in read_memberships(source):
        if part.vintage == "LAD22":
            members[part.parent].append(part.child)
    first = next(iter(local[TOTAL].values())).provenance
    made = {
        "=density": [*census.density(alone), *census.density(members)],
        "=under15": [*census.share(UNDER_15, alone, FROM_COUNTS), *census.share(UNDER_15, members, FROM_PARTS)],
        "=over65": list(census.share(OVER_65, alone, FROM_COUNTS)),
        "=growth": list(census.growth()),
        "=successors": list(census.successors()),
    }
    cells = {name: _cells(found, first, members) for name, found in made.items()}
    for column in CARRIED:
        if values[column]:
            where = next(iter(local[column].values())).provenance
            cells[f"={column}"] = _cells(census.weighted(values[column]), where, members)
        else:
            cells[f"={column}"] = {}
    return cells


def _cells(found: Iterable[Computed], where: Provenance, leps: Mapping[str, object]) -> Cells:
    return {
        (item.place, item.period): Collected(
            _rounded(item.value),
            None,
            None,
            replace(where, kind=item.how.kind, derivation=item.how.text),
            LEP_2021 if item.place in leps else BY_CODE,
        )
        for item in found
    }


def _recoded(cells: Cells) -> Cells:
    """Figures of an authority that are published under its earlier code only, given to its present code too."""
    found: Cells = {}
    for new, old, text in recoded(cells):
        figure = cells[old, text]
        how = f"{figure.provenance.derivation} {RECODED_IN_2025}".strip()
        kind = f"{figure.provenance.kind}-earlier-code".strip("-")
        where = replace(figure.provenance, kind=kind, derivation=how)
        found[new, text] = replace(figure, provenance=where)
    return found


def _indicator(row: CatalogueRow) -> IndicatorRow:
    return IndicatorRow(
        row.code,
        row.label,
        row.pillar,
        row.unit,
        row.decimals,
        row.role,
        row.higher_is,
        row.definition,
        row.caveat,
        row.lowest,
        row.highest,
    )


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a number that can be used.")
    return _rounded(value)


def _rounded(value: float) -> float:
    """To ten significant digits; whole numbers become integers, which are shorter to write."""
    value = float(f"{value:.{DIGITS}g}")
    return int(value) if value.is_integer() else value


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)

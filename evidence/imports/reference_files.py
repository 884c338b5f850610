"""The compact format of the reference data: a folder that the compiler writes and the loader reads.

manifest.json lists the other files with their SHA-256. The small tables are JSON lists of rows. series.jsonl.gz
holds one line for each run of figures: an indicator, a place, a source and its boundaries, then the periods with
their values and, where published, 95% limits. The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
MANIFEST = "manifest.json"
SERIES = "series.jsonl.gz"
SERIES_KEYS = ("indicator", "place", "source", "boundaries", "periods", "order", "values")


class BadReference(ValueError):
    """The folder as a whole cannot be read: a file is missing, damaged or in another format."""


@dataclass(frozen=True)
class PlaceRow:
    """A statistical area. Dates are ISO texts, None where they are not known."""

    code: str
    name: str
    kind: str
    region: str
    longitude: float | None
    latitude: float | None
    area_km2: float | None
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class MembershipRow:
    """An area that is part of another, in one vintage of the look-up."""

    parent: str
    child: str
    kind: str
    vintage: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class BorderRow:
    """Two areas that share a border, in one edition of the boundaries. Each pair is there once."""

    place: str
    neighbour: str
    border_km: float | None
    boundaries: str
    source: str


@dataclass(frozen=True)
class CodeRow:
    """A code and name in one vintage of the official list; `place` is the present area that it stands for, if any.

    An empty code is an alternative spelling of the name. `boundaries` is blank for the boundaries of the code.
    """

    code: str
    name: str
    kind: str
    vintage: str
    place: str
    boundaries: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class IndicatorRow:
    """Something measured, and between which values it can lie (None: no bound)."""

    code: str
    label: str
    pillar: str
    unit: str
    decimals: int
    role: str
    higher_is: str
    definition: str
    caveat: str
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class SourceRow:
    """Where figures come from. `derived` is true when they were computed, and `derivation` then says how."""

    code: str
    citation: str
    url: str
    licence: str
    vintage: str
    derived: bool
    derivation: str


@dataclass(frozen=True)
class ReviewRow:
    """What a review of evaluations or a single study found. None and blank: the source does not state it."""

    slug: str
    kind: str
    title: str
    policy_area: str
    pillar: str
    intervention_type: str
    finding: str
    source_name: str
    source_url: str
    source_date: str
    caution: str = ""
    outcome: str = ""
    effect_direction: str = ""
    effect_size: str = ""
    effect_interval: str = ""
    study_set: str = ""
    studies_screened: int | None = None
    studies_counted: int | None = None
    counted_from_level: int | None = None
    studies_on_outcome: int | None = None
    studies_positive: int | None = None
    studies_mixed: int | None = None
    studies_none: int | None = None
    studies_harmful: int | None = None
    maryland_best: int | None = None
    maryland_levels: str = ""
    uk_studies: int | None = None
    newest_year: int | None = None
    cost: str = ""
    transferability: str = ""


Row = PlaceRow | MembershipRow | BorderRow | CodeRow | IndicatorRow | SourceRow | ReviewRow

TABLES: Mapping[str, type[Row]] = {
    "places.json": PlaceRow,
    "memberships.json": MembershipRow,
    "neighbours.json": BorderRow,
    "codes.json": CodeRow,
    "indicators.json": IndicatorRow,
    "sources.json": SourceRow,
    "what_works.json": ReviewRow,
}


class Figure(NamedTuple):
    """One value of an indicator for a place and period, with its published 95% limits where there are any."""

    indicator: str
    place: str
    period: str
    order: int
    value: float
    lower: float | None
    upper: float | None
    source: str
    boundaries: str


@dataclass(frozen=True, eq=False)
class Reference:
    """The whole content of a folder. `checksum` changes with any byte of it."""

    name: str
    checksum: str
    places: Sequence[PlaceRow]
    memberships: Sequence[MembershipRow]
    borders: Sequence[BorderRow]
    codes: Sequence[CodeRow]
    indicators: Sequence[IndicatorRow]
    sources: Sequence[SourceRow]
    reviews: Sequence[ReviewRow]
    figures: Sequence[Figure]


def write(
    folder: Path, *, name: str, attribution: str, tables: Mapping[str, Sequence[Row]], figures: Sequence[Figure]
) -> dict[str, int]:
    """Write a folder; returns the bytes of each file. `tables` must hold every table of the format."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {file: _json([asdict(row) for row in sorted(tables[file], key=lambda row: str(row))]) for file in TABLES}
    content[SERIES] = _gzip("".join(_series(figures)).encode())
    manifest = {
        "format": FORMAT,
        "name": name,
        "attribution": attribution,
        "rows": {**{file: len(tables[file]) for file in TABLES}, SERIES: len(figures)},
        "files": {file: hashlib.sha256(data).hexdigest() for file, data in sorted(content.items())},
    }
    content[MANIFEST] = _json(manifest)
    for file, data in content.items():
        (folder / file).write_bytes(data)
    return {file: len(data) for file, data in sorted(content.items())}


def read(folder: Path) -> Reference:
    """Read a folder. Raises BadReference, saying what is wrong with which file."""
    manifest_bytes = _bytes(folder / MANIFEST)
    manifest = _parse(manifest_bytes, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadReference(f"{MANIFEST} is not of format {FORMAT}.")
    listed, content = manifest.get("files", {}), {}
    for file in (*TABLES, SERIES):
        content[file] = _bytes(folder / file)
        if hashlib.sha256(content[file]).hexdigest() != listed.get(file):
            raise BadReference(f"{file} is not the file that {MANIFEST} lists: its checksum differs.")
    tables: dict[str, list[Any]] = {file: _rows(content[file], file, row) for file, row in TABLES.items()}
    return Reference(
        name=str(manifest.get("name") or "Reference data"),
        checksum=hashlib.sha256(manifest_bytes).hexdigest(),
        places=tables["places.json"],
        memberships=tables["memberships.json"],
        borders=tables["neighbours.json"],
        codes=tables["codes.json"],
        indicators=tables["indicators.json"],
        sources=tables["sources.json"],
        reviews=tables["what_works.json"],
        figures=list(_figures(content[SERIES])),
    )


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _gzip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def _series(figures: Sequence[Figure]) -> Iterator[str]:
    runs: dict[tuple[str, str, str, str], list[Figure]] = {}
    for figure in figures:
        key = (figure.indicator, figure.source, figure.boundaries, figure.place)
        runs.setdefault(key, []).append(figure)
    for (indicator, source, boundaries, place), run in sorted(runs.items()):
        run.sort(key=lambda figure: (figure.order, figure.period))
        line: dict[str, object] = {
            "indicator": indicator,
            "place": place,
            "source": source,
            "boundaries": boundaries,
            "periods": [figure.period for figure in run],
            "order": [figure.order for figure in run],
            "values": [figure.value for figure in run],
        }
        if any(figure.lower is not None or figure.upper is not None for figure in run):
            line["lower"] = [figure.lower for figure in run]
            line["upper"] = [figure.upper for figure in run]
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadReference(f"{path.name} cannot be read: {error.strerror}.") from error


def _parse(data: bytes | str, file: str) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise BadReference(f"{file} is not JSON: {error}.") from error


def _rows(data: bytes, file: str, row: type[Row]) -> list[Row]:
    names = {field.name for field in fields(row)}
    content = _parse(data, file)
    if not isinstance(content, list):
        raise BadReference(f"{file} is not a list.")
    for at, item in enumerate(content, start=1):
        if not isinstance(item, dict) or set(item) != names:
            raise BadReference(f"Row {at} of {file} does not have the fields {', '.join(sorted(names))}.")
    return [row(**item) for item in content]


def _figures(data: bytes) -> Iterator[Figure]:
    try:
        text = gzip.decompress(data).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadReference(f"{SERIES} cannot be unpacked: {error}.") from error
    for at, line in enumerate(text.splitlines(), start=1):
        run = _parse(line, f"Line {at} of {SERIES}")
        if not isinstance(run, dict) or not all(key in run for key in SERIES_KEYS):
            raise BadReference(f"Line {at} of {SERIES} lacks one of {', '.join(SERIES_KEYS)}.")
        none = [None] * len(run["values"])
        columns = (run["periods"], run["order"], run["values"], run.get("lower", none), run.get("upper", none))
        if len({len(column) for column in columns}) != 1:
            raise BadReference(f"Line {at} of {SERIES} has lists of different lengths.")
        for period, order, value, lower, upper in zip(*columns, strict=True):
            yield Figure(
                run["indicator"], run["place"], period, order, value, lower, upper, run["source"], run["boundaries"]
            )

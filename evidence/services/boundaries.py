"""Loading boundaries that the operator has. No boundary file is part of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from evidence.domain.outlines import simplified
from evidence.imports.boundaries import BadBoundaries, Outline, read_boundaries
from evidence.imports.contiguity import COMPUTED as BORDERS
from evidence.imports.contiguity import borders
from evidence.models import Contiguity, PlaceBoundary, Source
from evidence.services.sources import source_of
from lisapp.audit.services import log
from lisapp.places.models import Place

TOLERANCE_M = 500
LONGEST_VINTAGE = 80
ENGLISH = "E"  # how the ONS codes of areas in England begin
DIGITS = 5  # of a coordinate in degrees: about a metre


@dataclass(frozen=True)
class BoundaryReport:
    """What was loaded: the kind of area, how many, their corners before and after, and the borders found."""

    kind: str
    areas: int
    corners_read: int
    corners_kept: int
    borders: int
    outside: int
    replaced: int


@transaction.atomic
def load_boundaries(
    *,
    path: Path,
    citation: str,
    licence: str,
    vintage: str,
    url: str = "",
    code_property: str = "",
    tolerance_m: float = TOLERANCE_M,
) -> BoundaryReport:
    """Store simplified boundaries and the borders between them, in place of those of the same vintage.

    Borders are computed before anything is simplified. Areas outside England are left out. Raises BadBoundaries, with
    nothing changed, where the file cannot be used, mixes kinds of area or has codes that are unknown.
    """
    outlines = read_boundaries(path, code_property)
    english = [outline for outline in outlines if outline.code.startswith(ENGLISH)]
    places = Place.objects.in_bulk([outline.code for outline in english], field_name="code")
    if reasons := _faults(english, places, vintage, tolerance_m):
        raise BadBoundaries(reasons)
    kind = next(iter(places.values())).kind
    replaced = _remove(vintage, kind)
    source = source_of(
        "boundaries",
        citation=citation,
        url=url,
        licence=licence,
        vintage=vintage,
        derivation=f"Outlines simplified for drawing, to {tolerance_m:g} metres. {BORDERS}",
    )
    kept = _store_outlines(english, places, vintage, tolerance_m, source)
    found = _store_borders(english, places, vintage, source)
    report = BoundaryReport(
        kind=str(next(iter(places.values())).get_kind_display()),
        areas=len(english),
        corners_read=sum(len(ring) for outline in english for ring in outline.rings),
        corners_kept=kept,
        borders=found,
        outside=len(outlines) - len(english),
        replaced=replaced,
    )
    log("evidence.boundaries.loaded", data={"source": citation, "vintage": vintage} | vars(report))
    return report


def _faults(outlines: Sequence[Outline], places: Mapping[str, Place], vintage: str, tolerance_m: float) -> list[str]:
    faults = []
    if not vintage.strip() or len(vintage) > LONGEST_VINTAGE:
        faults.append(f"Say with --vintage which edition this is, in at most {LONGEST_VINTAGE} characters.")
    if not 0 <= tolerance_m <= 10_000:
        faults.append("The tolerance must lie between 0 and 10,000 metres.")
    if unknown := sorted({outline.code for outline in outlines} - set(places)):
        faults.append(f"There is no place with the code {', '.join(unknown)}.")
    if not outlines:
        faults.append("The file has no area in England.")
    kinds = sorted({str(place.get_kind_display()) for place in places.values()})
    if len(kinds) > 1:
        faults.append(f"The file mixes kinds of area: {', '.join(kinds)}. Load one kind at a time.")
    if Contiguity.objects.filter(boundaries=vintage, source__boundaries=None).exists():
        faults.append(
            f"“{vintage}” names the borders that come with the reference data. Name the edition more fully, such as "
            f"“{vintage}, ultra generalised”."
        )
    return faults


def _remove(vintage: str, kind: str) -> int:
    Contiguity.objects.filter(boundaries=vintage, place__kind=kind).delete()
    _, gone = PlaceBoundary.objects.filter(vintage=vintage, place__kind=kind).delete()
    return gone.get(PlaceBoundary._meta.label, 0)


def _store_outlines(
    outlines: Sequence[Outline], places: Mapping[str, Place], vintage: str, tolerance_m: float, source: Source
) -> int:
    """Returns how many corners were kept."""
    drawn = simplified({outline.code: outline.polygons for outline in outlines}, tolerance_m / 1000)
    rounded = {
        code: [[[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring] for ring in polygon] for polygon in polygons]
        for code, polygons in drawn.items()
    }
    PlaceBoundary.objects.bulk_create(
        PlaceBoundary(place=places[code], polygons=polygons, vintage=vintage, source=source)
        for code, polygons in sorted(rounded.items())
    )
    return sum(len(ring) for polygons in rounded.values() for polygon in polygons for ring in polygon)


def _store_borders(outlines: Sequence[Outline], places: Mapping[str, Place], vintage: str, source: Source) -> int:
    rows = []
    for (one, other), km in borders(outlines).items():
        first, second = sorted((places[one], places[other]), key=lambda place: place.pk)
        rows.append(Contiguity(place=first, neighbour=second, border_km=km, boundaries=vintage, source=source))
    Contiguity.objects.bulk_create(rows)
    return len(rows)

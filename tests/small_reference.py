"""The reference data without the figures of authorities: what a test needs that walks through the site."""

from __future__ import annotations

from pathlib import Path

from evidence.imports.reference_files import TABLES, read, write
from evidence.services.reference import REFERENCE

KINDS = ("lep", "country")
FIELDS = {"what_works.json": "reviews", "neighbours.json": "borders"}


def write_small_reference(target: Path) -> Path:
    """Write the real places, indicators, sources and reviews, with the real figures of LEP areas and England only.

    A sixth of the figures loads in a sixth of the time.
    """
    whole = read(REFERENCE)
    kept = {place.code for place in whole.places if place.kind in KINDS}
    tables = {file: list(getattr(whole, FIELDS.get(file, file.removesuffix(".json")))) for file in TABLES}
    figures = [figure for figure in whole.figures if figure.place in kept]
    write(target, name=whole.name, attribution="For tests.", tables=tables, figures=figures)
    return target

"""Which LEP areas touch, computed when the reference data is compiled. The boundaries themselves are not kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evidence.domain.contiguity import TOLERANCE_KM, shared_borders

from .boundaries import Outline, read_boundaries
from .provenance import Provenance, Sources
from .reference_files import BorderRow

BOUNDARY_FILE = "leps_boundaries_2021_BUC.geojson"
EDITION = "May 2021"
COMPUTED = (
    "Computed from the boundaries: two areas are neighbours where their outlines share a line, with corners within "
    f"{1000 * TOLERANCE_KM:.0f} metres of each other taken as one. Areas that meet in one point, or across open "
    "water, share no line. Lengths are those of the outlines used, which are shorter than on the ground where they "
    "are generalised."
)
LEP_BOUNDARIES = Provenance(
    citation="Office for National Statistics, Local Enterprise Partnership boundaries. Contains OS data © Crown "
    "copyright and database right",
    url="",
    licence="Open Government Licence v3.0",
    vintage="May 2021, ultra generalised (BUC)",
    kind="contiguity",
    derivation=COMPUTED,
)


def read_borders(source: Path, sources: Sources) -> list[BorderRow]:
    """The borders between LEP areas; none where the collected folder has no boundary file.

    Raises BadBoundaries where the file cannot be used.
    """
    path = source / BOUNDARY_FILE
    if not path.is_file():
        return []
    code = sources.code(LEP_BOUNDARIES)
    return [
        BorderRow(place, neighbour, km, EDITION, code)
        for (place, neighbour), km in borders(read_boundaries(path)).items()
    ]


def borders(outlines: Iterable[Outline]) -> dict[tuple[str, str], float]:
    """Kilometres of border by pair of codes, to a hundred metres."""
    shared = shared_borders({outline.code: outline.rings for outline in outlines})
    return {pair: round(km, 1) for pair, km in shared.items()}

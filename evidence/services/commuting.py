"""Loading commuting figures that the operator has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from evidence.imports.commuting import BadFlows, Flow, read_flows
from evidence.models import CommutingFlow, Source
from evidence.services.sources import source_of
from lisapp.audit.services import log
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place, PlaceMembership

BATCH = 2000
SUMMED = (
    "Sum of the flows between the local authorities of the two areas. An authority that belongs to two areas counts in "
    "both."
)


@dataclass(frozen=True)
class CommutingReport:
    """What was loaded: flows of the file, flows summed up to LEP areas, rows outside England, and flows replaced."""

    periods: tuple[str, ...]
    flows: int
    summed: int
    outside: int
    replaced: int


@transaction.atomic
def load_commuting(*, path: Path, citation: str, url: str, licence: str, vintage: str) -> CommutingReport:
    """Store the flows of a CSV file in place of those that are stored for its periods.

    Flows between LEP areas are summed from those of their authorities where the file does not give them. Rows with an
    end outside England are left out. Raises BadFlows, with nothing changed, where a row is wrong or a code unknown.
    """
    flows, outside = read_flows(path)
    places = {place.code: place for place in Place.objects.all()}
    faults = [
        str(flow.row.bad(column, f"there is no place with the code “{code}”"))
        for flow in flows
        for column, code in (("origin", flow.origin), ("destination", flow.destination))
        if code not in places
    ]
    if faults:
        raise BadFlows(faults)
    periods = tuple(sorted({flow.period for flow in flows}))
    replaced, _ = CommutingFlow.objects.filter(period__in=periods).delete()
    published = source_of("commuting", citation=citation, url=url, licence=licence, vintage=vintage)
    people = {(flow.origin, flow.destination, flow.period): flow.commuters for flow in flows}
    own = _rows(people, places, published)
    summed = _summed(flows, places)
    derived = (
        source_of("commuting", citation=citation, url=url, licence=licence, vintage=vintage, derivation=SUMMED)
        if summed
        else published
    )
    sums = _rows(summed, places, derived)
    CommutingFlow.objects.bulk_create([*own, *sums], batch_size=BATCH)
    report = CommutingReport(periods, len(own), len(sums), outside, replaced)
    log("evidence.commuting.loaded", data={"source": citation, "vintage": vintage} | vars(report))
    return report


def _rows(
    people: Mapping[tuple[str, str, str], int], places: Mapping[str, Place], source: Source
) -> list[CommutingFlow]:
    """Rows to store; nobody travelling needs none."""
    return [
        CommutingFlow(
            origin=places[origin], destination=places[destination], period=period, commuters=count, source=source
        )
        for (origin, destination, period), count in people.items()
        if count
    ]


def _summed(flows: Iterable[Flow], places: Mapping[str, Place]) -> dict[tuple[str, str, str], int]:
    """Flows between LEP areas by period, where the file does not give those of both areas itself."""
    wholes: dict[str, set[str]] = defaultdict(set)
    for child, parent in PlaceMembership.objects.filter(parent__kind=PlaceKind.LEP).values_list(
        "child__code", "parent__code"
    ):
        wholes[child].add(parent)
    given: dict[str, set[str]] = defaultdict(set)
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for flow in flows:
        ends = (flow.origin, flow.destination)
        given[flow.period] |= {code for code in ends if places[code].kind == PlaceKind.LEP}
        for origin in wholes[flow.origin]:
            for destination in wholes[flow.destination]:
                sums[origin, destination, flow.period] += flow.commuters
    return {key: count for key, count in sums.items() if not {key[0], key[1]} <= given[key[2]]}

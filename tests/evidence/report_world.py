"""A small world of areas and figures, for the tests of comparator reports."""

from __future__ import annotations

from typing import Any

from evidence import tasks  # noqa: F401 registers the job
from evidence.models import ComparatorReport, Observation
from evidence.services import reports
from lisapp.jobs import services as jobs
from tests.factories.evidence import DataReleaseFactory, IndicatorFactory, SourceFactory
from tests.factories.kernel import LEPFactory, MembershipFactory, PlaceFactory

QUICK: dict[str, Any] = {"k": 5, "scale_k": 5, "resamples": 50}


class World:
    """What the tests look at."""


def build_world(areas: int = 12) -> World:
    world = World()
    world.release = DataReleaseFactory()
    world.lep = LEPFactory(name="Exampleshire")
    world.place = world.lep.places.get()
    world.officer = MembershipFactory(lep=world.lep).user
    world.areas = [world.place, *(PlaceFactory(name=f"Peer {n}", region=f"Region {n % 3}") for n in range(areas - 1))]
    world.england = PlaceFactory(country=True)
    world.structural = [
        IndicatorFactory(code=f"structure-{n}", label=f"Structure {n}", pillar=pillar)
        for n, pillar in enumerate(["places", "people", "infrastructure"])
    ]
    world.pay = IndicatorFactory(code="pay", label="Weekly pay", unit="£", decimals=0, outcome=True)
    world.rate = IndicatorFactory(code="rate", label="Employment rate", outcome=True)
    source = SourceFactory()
    rows = []
    for at, area in enumerate(world.areas):
        for n, indicator in enumerate(world.structural):
            rows.append(row(indicator, area, "2023", (at * (n + 3)) % 11 + n, source))
        for year in range(2018, 2024):
            rows.append(row(world.pay, area, str(year), 500 + 10 * (year - 2018) + 3 * at, source))
        rate = 60 if area == world.place else 75 + (at % 3)
        rows.append(row(world.rate, area, "2023", rate, source, lower=rate - 0.5, upper=rate + 0.5))
    for year in range(2018, 2024):
        rows.append(row(world.pay, world.england, str(year), 600 + 5 * (year - 2018), source))
    rows.append(row(world.rate, world.england, "2023", 76, source))
    Observation.objects.bulk_create(rows)
    return world


def row(indicator, place, period, value, source, lower=None, upper=None):
    return Observation(
        indicator=indicator,
        place=place,
        period=period,
        period_order=int(f"{period}12"),
        value=value,
        lower=lower,
        upper=upper,
        source=source,
        geography_vintage="2021",
    )


def ask(world, **changes) -> ComparatorReport:
    wanted = {"lep": world.lep, "place": world.place, "by": world.officer, "method": QUICK} | changes
    return reports.request_report(**wanted)


def finished(world, **changes) -> ComparatorReport:
    report = ask(world, **changes)
    jobs.run(report.job_id)
    report.refresh_from_db()
    return report


def row_of(report, code):
    return next(row for row in report.result["figures"] if row["indicator"] == code)

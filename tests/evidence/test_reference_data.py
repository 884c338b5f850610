"""The committed reference data: what it holds, that it is honest about it, and that it loads quickly."""

import csv
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from evidence.domain.comparators import NotEnoughData, find_peers, trend, years
from evidence.domain.comparators.method import Method
from evidence.imports.catalogue import read_catalogue
from evidence.imports.compile import compile_reference
from evidence.imports.periods import period
from evidence.imports.reference_files import read
from evidence.models import DataRelease, Indicator, Observation
from evidence.selectors.panels import panel_data
from evidence.services.reference import REFERENCE, load_reference
from lisapp.places.models import LEP, Place

ENGLAND = "E92000001"
COLLECTED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PILLARS = {"ideas", "people", "infrastructure", "business-environment", "places"}
# LEP areas whose boundary is that of another area: Greater Manchester, Tees Valley, Liverpool City Region,
# Sheffield City Region, Leeds City Region, Buckinghamshire, London, Hull and East Yorkshire.
SAME_BOUNDARY = {
    "E37000015": "E47000001",
    "E37000034": "E47000006",
    "E37000022": "E47000004",
    "E37000054": "E47000002",
    "E37000062": "E47000003",
    "E37000043": "E06000060",
    "E37000051": "E12000007",
    "E37000061": "E47000016",
}

collected = pytest.mark.skipif(not COLLECTED.is_dir(), reason=f"the collected files are not at {COLLECTED}")


@pytest.fixture(scope="module")
def reference():
    """The committed folder, read once."""
    return read(REFERENCE)


@pytest.fixture(scope="module")
def by_indicator(reference):
    """Indicator code → (place, period) → figure."""
    found = defaultdict(dict)
    for figure in reference.figures:
        found[figure.indicator][figure.place, figure.period] = figure
    return found


@pytest.fixture(scope="module")
def kinds(reference):
    """Place code → kind."""
    return {place.code: place.kind for place in reference.places}


def test_it_is_small():
    assert sum(file.stat().st_size for file in REFERENCE.iterdir()) <= 5 * 1024 * 1024


def test_the_places_are_all_there(reference):
    count = Counter(place.kind for place in reference.places)
    assert count["lep"] == 38
    assert count["local_authority"] >= 309
    assert (count["region"], count["country"]) == (9, 1)
    assert count["combined_authority"] >= 15
    assert all(p.region for p in reference.places if p.kind != "country")
    assert all(p.longitude and p.latitude and p.area_km2 for p in reference.places if p.kind == "lep")


def test_regions_of_authorities_add_up(reference):
    # The numbers of local authorities in each region after the changes of 2023.
    now = [p for p in reference.places if p.kind == "local_authority" and p.valid_to is None]
    assert Counter(p.region for p in now) == {
        "South East": 64,
        "East of England": 45,
        "North West": 35,
        "East Midlands": 35,
        "London": 33,
        "West Midlands": 30,
        "South West": 27,
        "Yorkshire and The Humber": 15,
        "North East": 12,
    }


def test_a_replaced_authority_ends_the_day_before_its_successor_begins(reference):
    places = {place.code: place for place in reference.places}
    assert (places["E07000187"].valid_to, places["E06000066"].valid_from) == ("2023-03-31", "2023-04-01")
    assert places["E08000035"].valid_to is None
    parts = {row.child for row in reference.memberships if row.parent == "E37000016" and row.vintage == "LAD23"}
    assert parts == {"E06000066"}


def test_seven_authorities_belong_to_two_leps(reference):
    official = Counter(row.child for row in reference.memberships if row.vintage == "LAD22")
    assert len(official) == 309
    assert sum(count == 2 for count in official.values()) == 7


def test_leps_have_sixty_indicators_over_all_five_foundations(reference, by_indicator, kinds):
    pillar = {indicator.code: indicator.pillar for indicator in reference.indicators}
    with_leps = {
        code: len({place for place, _ in cells if kinds[place] == "lep"}) for code, cells in by_indicator.items()
    }
    wide = [code for code, leps in with_leps.items() if leps >= 31]
    assert len(wide) >= 60
    assert {pillar[code] for code in wide} == PILLARS
    assert min(Counter(pillar[code] for code in wide).values()) >= 5


def test_authorities_have_thirty_indicators_and_intervals_where_they_are_published(by_indicator, kinds):
    local = {
        code: [figure for (place, _), figure in cells.items() if kinds[place] == "local_authority"]
        for code, cells in by_indicator.items()
    }
    assert sum(len({figure.place for figure in found}) >= 130 for found in local.values()) >= 30
    with_limits = {code for code, found in local.items() if any(figure.lower is not None for figure in found)}
    assert {
        "employment_rate",
        "median_weekly_pay",
        "wellbeing_happiness",
        "healthy_life_expectancy_male",
    } <= with_limits
    assert len(with_limits) >= 13


def test_every_figure_has_a_source_a_licence_an_edition_boundaries_and_a_place(reference, kinds):
    sources = {source.code: source for source in reference.sources}
    indicators = {indicator.code for indicator in reference.indicators}
    for figure in reference.figures:
        source = sources[figure.source]
        assert source.licence, figure
        assert source.vintage, figure
        assert source.citation, figure
        assert figure.boundaries, figure
        assert figure.period, figure
        assert figure.indicator in indicators
        assert figure.place in kinds
    used = {figure.source for figure in reference.figures} | {row.source for row in reference.borders}
    assert used == set(sources), "no source without a figure or a border"
    assert {figure.indicator for figure in reference.figures} == indicators, "no indicator without a figure"
    assert all(source.derived == bool(source.derivation) for source in sources.values())


def test_limits_hold_the_right_way_round(reference):
    for figure in reference.figures:
        if figure.lower is not None and figure.upper is not None:
            assert figure.lower <= figure.upper


def test_figures_that_people_can_look_up(by_indicator):
    assert by_indicator["enterprises_total"][ENGLAND, "2022"].value == 2_408_040
    assert by_indicator["population_census"][ENGLAND, "2021"].value == 56_489_800
    assert by_indicator["population_census"][ENGLAND, "2011"].value == 53_012_456
    assert by_indicator["population_census"]["E37000015", "2021"].value == 2_867_900
    assert by_indicator["employment_rate"][ENGLAND, "2019"].value == 76.0


def test_employment_in_an_lep_is_employment_in_the_area_with_its_boundary(by_indicator):
    rates = by_indicator["employment_rate"]
    compared = 0
    for lep, same in SAME_BOUNDARY.items():
        for year in ("2018", "2019", "2020", "2021", "2022"):
            assert rates[lep, year].value == pytest.approx(rates[same, year].value, abs=0.1)
            compared += 1
    assert compared == 40


def test_shares_of_jobs_add_up_to_a_hundred(by_indicator, kinds):
    for lep in (code for code, kind in kinds.items() if kind == "lep"):
        total = sum(cells[lep, "2020"].value for code, cells in by_indicator.items() if code.startswith("job_share_"))
        assert total == pytest.approx(100, abs=0.01)


def test_leps_are_not_england(by_indicator, kinds):
    cells = by_indicator["enterprises_total"]
    leps = sum(cells[code, "2022"].value for code, kind in kinds.items() if kind == "lep")
    assert leps - cells[ENGLAND, "2022"].value == 28_945, "areas overlap, as the collection says"


def test_computed_density_agrees_with_the_published_area_of_the_leps(reference, by_indicator):
    for place in reference.places:
        if place.kind == "lep":
            residents = by_indicator["population_census"][place.code, "2021"].value
            density = by_indicator["population_density"][place.code, "2021"].value
            assert residents / density == pytest.approx(place.area_km2, rel=0.025)


def test_a_change_of_boundaries_is_a_break(by_indicator):
    cells = by_indicator["broadband_download_speed"]
    run = sorted((f for (place, _), f in cells.items() if place == "E37000015"), key=lambda f: f.order)
    assert {figure.boundaries for figure in run} == {"LEP 2014", "LEP 2017"}
    found = trend([years(f.order) for f in run], [f.value for f in run], vintages=[f.boundaries for f in run])
    assert found.reason == "5 periods are needed and there are 3 since the boundaries last changed"


def test_unsafe_periods_are_not_there_and_bases_are_not_spliced(by_indicator):
    assert {when for _, when in by_indicator["h2020_funding"]} == {"2015", "2016", "2017", "2018", "2019"}
    assert {when for _, when in by_indicator["travel_time_to_airport"]} == {"2013"}
    assert max(when for _, when in by_indicator["nvq4plus_rate_econ_active"]) == "2019"
    assert min(when for _, when in by_indicator["nvq4plus_rate_16_64"]) == "2017"
    assert "total_ukri_funding" not in by_indicator


@collected
def test_it_is_what_the_collected_files_compile_to(reference, tmp_path):
    compile_reference(COLLECTED, tmp_path / "again", name=reference.name)
    again = read(tmp_path / "again")
    assert again.figures == reference.figures
    for table in ("places", "memberships", "borders", "indicators", "sources", "reviews"):
        assert getattr(again, table) == getattr(reference, table), table


@collected
def test_a_sample_of_published_figures_is_copied_faithfully(by_indicator):
    feeds = {row.local: row for row in read_catalogue() if row.local and not row.local.startswith("=")}
    with (COLLECTED / "la_indicators.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] in feeds]
    for row in random.Random(7).sample(rows, 500):
        indicator = feeds[row["indicator"]]
        label, _ = period(row["period"], indicator.ends)
        figure = by_indicator[indicator.code][row["la_code"], label]
        assert figure.value == pytest.approx(float(row["value"]), rel=1e-9)
        for limit, text in ((figure.lower, row["lci_95"]), (figure.upper, row["uci_95"])):
            assert limit == (pytest.approx(float(text), rel=1e-9) if text else None)


@pytest.mark.django_db
def test_it_loads_whole_and_a_second_time_changes_nothing():
    first = load_reference()
    assert first.refusals == []
    assert Observation.objects.count() == first.kinds["figures"].created > 150_000
    assert LEP.objects.count() == 38
    assert DataRelease.objects.get().name == first.release
    second = load_reference()
    assert second.changed == 0
    every_lep_has_peers()


def every_lep_has_peers():
    """All 38 LEPs can be compared on the committed data: the structural indicators suffice."""
    codes = list(Indicator.objects.filter(role="structural").values_list("code", flat=True))
    data = panel_data(Place.objects.get(code="E37000015"), codes)
    assert len(data.panel.areas) == 38
    found = [find_peers(data.panel, code, Method(resamples=0)) for code in data.panel.area_codes]
    assert not [peers for peers in found if isinstance(peers, NotEnoughData)]
    assert {len(peers.peers) for peers in found} == {15}

"""Pages on places: lists, headline figures, map, peers, neighbours, strategies and files, open to everybody."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import CommutingFlow, Contiguity, PlaceBoundary
from evidence.selectors.sectors import INDUSTRIES
from lisapp.places.enums import PlaceKind, Role
from lisapp.places.models import PlaceMembership
from strategies.enums import StrategyStatus
from tests.factories.consultations import ConsultationFactory
from tests.factories.evidence import IndicatorFactory, ObservationFactory, SourceFactory
from tests.factories.kernel import LEPFactory, MembershipFactory, PlaceFactory, UserFactory
from tests.factories.strategies import ReleaseFactory, StrategyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def page_of(client, place, **query) -> str:
    response = client.get(reverse("evidence:place", args=[place.code]), query)
    assert response.status_code == 200
    return response.content.decode()


def listing(client, **query) -> str:
    return client.get(reverse("evidence:place_list"), query).content.decode()


def border(one, other, km=12.3):
    first, second = sorted((one, other), key=lambda place: place.pk)
    return Contiguity.objects.create(
        place=first, neighbour=second, boundaries="May 2021", border_km=km, source=SourceFactory()
    )


def figures(indicator, place, values, vintage="2021"):
    for year, value in values.items():
        ObservationFactory(
            indicator=indicator,
            place=place,
            period=str(year),
            period_order=year * 100 + 12,
            value=value,
            geography_vintage=vintage,
        )


class TestTheList:
    def test_places_are_found_by_name_code_kind_and_region(self, client):
        PlaceFactory(name="Tees Valley", code="E37000034", region="North East")
        PlaceFactory(name="Darlington", code="E06000005", kind=PlaceKind.LOCAL_AUTHORITY, region="North East")
        PlaceFactory(name="Dorset", code="E37000009", region="South West")
        assert "Dorset" not in listing(client, q="valley TEES")
        assert "Darlington" in listing(client, q="e06000005")
        assert "Tees Valley" not in listing(client, kind="local_authority")
        assert "Dorset" not in listing(client, region="North East")

    def test_countries_and_regions_are_not_listed_and_former_places_are_marked(self, client):
        PlaceFactory(country=True)
        PlaceFactory(name="Eden", local_authority=True, valid_to=datetime.date(2023, 3, 31))
        found = listing(client)
        assert "England</a>" not in found
        assert "Former" in found

    def test_nothing_found_and_unknown_filters_are_answered(self, client):
        PlaceFactory(name="Dorset")
        assert "Use fewer words" in listing(client, q="atlantis")
        assert "Dorset" in listing(client, kind="planet", region="Mars")

    def test_it_is_paged_and_takes_as_many_queries_for_many_as_for_few(self, client, django_assert_num_queries):
        PlaceFactory.create_batch(3)
        with CaptureQueriesContext(connection) as few:
            listing(client)
        PlaceFactory.create_batch(60)
        with django_assert_num_queries(len(few)):
            assert "page=2" in listing(client)


class TestHeadlines:
    def test_the_newest_figure_stands_beside_england_with_trend_period_and_source(self, client):
        place, england = PlaceFactory(name="Here"), PlaceFactory(country=True)
        productivity = IndicatorFactory(
            code="gva_per_hour_worked", label="Value added", unit="£", decimals=2, pillar="business-environment"
        )
        figures(productivity, place, {2018 + n: 30.0 + n for n in range(6)})
        figures(productivity, england, {2018 + n: 40.0 + n for n in range(6)})
        page = page_of(client, place)
        tile = page[page.index("Value added") : page.index('id="over-time"')]
        for text in ("2023", "England £45.00", "Rising, by about £1.00 a year over 6 periods", "example table. 2021"):
            assert text in tile
        assert "£35.00" in tile
        assert "Edition: Published May 2025" in page
        assert "Value added: Here" not in page
        assert "<svg" in page[page.index('id="over-time"') :], "six periods make a line"

    def test_a_trend_is_not_drawn_across_a_change_of_boundaries(self, client):
        place = PlaceFactory()
        rate = IndicatorFactory(code="employment_rate", label="Employment", pillar="people")
        figures(rate, place, {2017: 1, 2018: 2, 2019: 3}, vintage="old")
        figures(rate, place, {2020: 4, 2021: 5})
        assert "A trend cannot be calculated: 5 periods are needed and there are 2" in page_of(client, place)

    def test_two_of_a_foundation_are_shown_and_a_foundation_without_any_says_so(self, client):
        place = PlaceFactory(name="Here")
        for code in ("gigabit_broadband_rate", "net_housing_additions_per_1000", "rail_station_30min_walk_rate"):
            ObservationFactory(indicator=IndicatorFactory(code=code, label=f"About {code}"), place=place)
        page = page_of(client, place)
        assert "About net_housing_additions_per_1000" in page
        assert "About rail_station_30min_walk_rate" not in page
        assert "None of the headline figures on this foundation is published for Here" in page

    def test_a_total_is_not_set_beside_englands(self, client):
        place = PlaceFactory()
        people = IndicatorFactory(code="population_census", label="Residents", unit="people", decimals=0)
        figures(people, place, {2021: 5000})
        figures(people, PlaceFactory(country=True), {2021: 56_000_000})
        assert "56,000,000" not in page_of(client, place)

    def test_readers_are_led_to_the_indicator(self, client):
        place = PlaceFactory()
        rate = IndicatorFactory(code="employment_rate", label="Employment", pillar="people")
        figures(rate, place, {2023: 70})
        assert rate.get_absolute_url() in page_of(client, place)


class TestPeersAndMap:
    def test_peers_are_named_with_what_they_are_most_alike_on(self, client, world):
        page = page_of(client, world.place)
        peers = page[page.index('id="peers"') : page.index('id="neighbours"')]
        assert "11 nearest of 11 by 3 indicators of structure" in peers
        assert "Structure 0" in peers
        assert "without the test of stability" in peers

    def test_peers_are_worked_out_once_for_a_release(self, client, world):
        with CaptureQueriesContext(connection) as first:
            page_of(client, world.place)
        with CaptureQueriesContext(connection) as again:
            page_of(client, world.place)
        assert len(again) < len(first) - 4
        world.release.delete()
        assert "No reference data is loaded" in page_of(client, world.place)

    def test_a_place_without_structural_figures_is_told_why_it_has_no_peers(self, client, world):
        bare = PlaceFactory(name="Bare")
        assert "Bare has no figure on an indicator that chooses peers." in page_of(client, bare)

    def test_the_map_marks_neighbours_and_peers_and_can_show_an_indicator(self, client, world):
        rate = IndicatorFactory(code="employment_rate", label="Employment of residents", pillar="people")
        for at, area in enumerate(world.areas):
            figures(rate, area, {2023: 60 + at})
        border(world.place, world.areas[1])
        border(world.place, outside := PlaceFactory(name="Outside"))
        page = page_of(client, world.place)
        assert f"Neighbours: {outside.name}; Peer 0." in page
        values = page_of(client, world.place, map="employment_rate")
        assert "Employment of residents is shown in 5 classes" in values
        assert "shown in 5 classes" not in page_of(client, world.place, map="no-such")

    def test_boundaries_take_the_place_of_tiles_once_they_are_loaded(self, client, world):
        assert "Each tile is one area of equal size" in page_of(client, world.place)
        ring = [[-2, 52], [-1, 52], [-1, 53], [-2, 52]]
        source = SourceFactory(citation="ONS boundaries")
        PlaceBoundary.objects.create(place=world.place, polygons=[[ring]], vintage="2021 BUC", source=source)
        page = page_of(client, world.place)
        assert "ONS boundaries, boundaries of 2021 BUC" in page
        assert "Each tile" not in page

    def test_authorities_are_grouped_by_lep_area_and_the_page_says_so(self, client):
        lep = PlaceFactory(area_km2=500.0)
        parts = PlaceFactory.create_batch(4, local_authority=True)
        for part in parts:
            PlaceMembership.objects.create(parent=lep, child=part, vintage="LAD22")
        assert "where a tile lies among them has no meaning" in page_of(client, parts[0])

    def test_a_combined_authority_has_no_map_and_the_page_says_why(self, client):
        authority = PlaceFactory(kind=PlaceKind.COMBINED_AUTHORITY, code="E47000001")
        assert "Places of this kind cannot be put on a map" in page_of(client, authority)
        assert client.get(reverse("evidence:place_map_csv", args=[authority.code])).status_code == 404

    def test_the_map_can_be_downloaded(self, client, world):
        border(world.place, world.areas[1])
        response = client.get(reverse("evidence:place_map_csv", args=[world.place.code]))
        assert "Peer 0,Peer and neighbour" in response.content.decode()


class TestSectorMix:
    def test_industries_are_set_beside_england(self, client):
        place, england = PlaceFactory(name="Here"), PlaceFactory(country=True)
        for at, (code, label) in enumerate(INDUSTRIES.items()):
            jobs = IndicatorFactory(code=code, label=label, unit="jobs", decimals=0, pillar="business-environment")
            figures(jobs, place, {2020: 100 if at else 900}, vintage="LEP 2021")
            figures(jobs, england, {2020: 1000}, vintage="LEP 2021")
        page = page_of(client, place)
        assert "Location quotients of industries in Here" in page
        assert "Shift–share cannot be calculated" in page

    def test_without_jobs_by_industry_the_page_says_so(self, client):
        page = page_of(client, PlaceFactory(name="Leeds", local_authority=True))
        assert "The reference data have no jobs by industry for Leeds." in page


class TestNeighbours:
    def test_borders_and_commuting_are_two_lists_apart_from_the_peers(self, client):
        here, near, far = (PlaceFactory(name=name) for name in ("Here", "Near", "Far"))
        border(here, near, km=0.4)
        source = SourceFactory(citation="Census flows", derivation="Summed.")
        for origin, destination, people in ((here, here, 6000), (here, far, 2000), (far, here, 1)):
            CommutingFlow.objects.create(
                origin=origin, destination=destination, period="2021", commuters=people, source=source
            )
        section = page_of(client, here)
        section = section[section.index('id="neighbours"') :]
        borders, commuting = section.split("By commuting")
        assert "less than 1 km of border" in borders
        assert "Far" not in borders
        assert "2,000" in commuting
        assert "25.0%" in commuting
        assert "under 0.1%" in commuting
        assert "Census flows" in commuting
        assert "Summed." in commuting

    def test_what_is_not_loaded_is_said_in_words(self, client):
        page = page_of(client, PlaceFactory(local_authority=True, name="Leeds"))
        assert "Which areas border Leeds is not known here" in page
        assert "No commuting figures are loaded." in page


class TestChangedPlaces:
    def test_a_former_place_says_so_and_leads_to_its_successor(self, client):
        eden = PlaceFactory(
            code="E07000030", name="Eden", kind=PlaceKind.LOCAL_AUTHORITY, valid_to=datetime.date(2023, 3, 31)
        )
        successor = PlaceFactory(code="E06000064", name="Westmorland and Furness", kind=PlaceKind.LOCAL_AUTHORITY)
        page = page_of(client, eden)
        assert "Eden ended on 31 March 2023" in page
        assert reverse("evidence:place", args=[successor.code]) in page
        assert 'id="peers"' not in page
        assert "Took the place of" in page_of(client, successor)
        assert "Eden (E07000030)" in page_of(client, successor)

    def test_unknown_codes_and_areas_without_a_page_are_not_found(self, client):
        country = PlaceFactory(country=True)
        for code in ("E99999999", country.code):
            for name in ("place", "place_csv", "place_map_csv"):
                assert client.get(reverse(f"evidence:{name}", args=[code])).status_code == 404

    def test_parts_and_wholes_lead_to_each_other(self, client):
        lep, part = PlaceFactory(name="Whole"), PlaceFactory(local_authority=True, name="Part")
        for vintage in ("LAD22", "LAD23"):
            PlaceMembership.objects.create(parent=lep, child=part, vintage=vintage)
        assert page_of(client, lep).count(reverse("evidence:place", args=[part.code])) == 1
        assert reverse("evidence:place", args=[lep.code]) in page_of(client, part)


class TestStrategies:
    def test_a_draft_is_seen_by_its_people_and_by_nobody_else(self, client, sign_in):
        strategy = StrategyFactory(title="Ours alone")
        place = strategy.place
        assert "Ours alone" not in page_of(client, place)
        assert "Ours alone" not in page_of(sign_in(MembershipFactory().user), place)
        page = page_of(sign_in(strategy.created_by), place)
        assert strategy.get_absolute_url() in page
        assert StrategyStatus(strategy.status).label in page

    def test_a_draft_out_to_consultation_is_seen_by_everybody(self, client):
        release = ReleaseFactory()
        consultation = ConsultationFactory(release=release)
        place = release.strategy.place
        draft = reverse("consultations:draft", args=[consultation.slug])
        assert draft not in page_of(client, place)
        type(consultation).objects.filter(pk=consultation.pk).update(status="published")
        page = page_of(client, place)
        assert draft in page
        assert "consultation open until" in page

    def test_an_authority_shows_the_strategy_of_the_area_that_it_is_part_of(self, client, sign_in):
        strategy = StrategyFactory(title="Of the whole area")
        part = PlaceFactory(local_authority=True)
        PlaceMembership.objects.create(parent=strategy.place, child=part, vintage="LAD22")
        assert "Of the whole area" in page_of(sign_in(strategy.created_by), part)

    def test_people_who_draft_for_the_lep_can_ask_for_a_report(self, client, sign_in):
        lep = LEPFactory()
        place = lep.places.get()
        ask = f"{reverse('evidence:report_new', args=[lep.slug])}?place={place.code}"
        assert ask not in page_of(client, place)
        assert ask not in page_of(sign_in(MembershipFactory(lep=lep, role=Role.VIEWER).user), place)
        assert ask in page_of(sign_in(MembershipFactory(lep=lep).user), place)


class TestTheFile:
    def test_it_holds_every_figure_of_the_place_with_its_source_and_runs_nothing(self, client):
        place = PlaceFactory(name="=cmd()")
        ObservationFactory(place=place, value=-2.5)
        ObservationFactory(place=place, indicator=IndicatorFactory(label="Other"))
        ObservationFactory()
        response = client.get(reverse("evidence:place_csv", args=[place.code]))
        assert response.streaming
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert {row["Place"] for row in rows} == {"'=cmd()"}
        assert {row["Licence"] for row in rows} == {"Open Government Licence v3.0"}
        assert {row["Value"] for row in rows} == {"-2.5", "50.0"}


class TestQueries:
    def test_the_page_takes_as_many_queries_whatever_it_shows(self, client, world, django_assert_num_queries):
        border(world.place, world.areas[1])
        page_of(client, world.place)
        with CaptureQueriesContext(connection) as few:
            page_of(client, world.place)
        assert len(few) <= 14
        for at, area in enumerate(world.areas[2:9]):
            border(world.place, area)
            strategy = ConsultationFactory(release=ReleaseFactory(strategy=StrategyFactory(place=world.place))).strategy
            strategy.consultations.update(status="published")
            figures(IndicatorFactory(label=f"More {at}"), world.place, {2022: 1, 2023: 2})
        for code in ("employment_rate", "gva_per_hour_worked", "gdhi_per_head"):
            figures(IndicatorFactory(code=code), world.place, {2018 + n: n for n in range(6)})
        with django_assert_num_queries(len(few)):
            page_of(client, world.place)


def test_the_figures_of_an_indicator_lead_to_the_places(sign_in):
    client = sign_in(UserFactory())
    observation = ObservationFactory()
    page = client.get(observation.indicator.get_absolute_url()).content.decode()
    assert reverse("evidence:place", args=[observation.place.code]) in page

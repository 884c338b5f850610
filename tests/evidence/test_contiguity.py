"""Which areas touch: computed from outlines, kept in the reference data, loaded, and listed as spillover partners."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evidence.domain.contiguity import shared_borders
from evidence.imports.boundaries import read_boundaries
from evidence.imports.contiguity import BOUNDARY_FILE, borders
from evidence.imports.reference_files import BorderRow, PlaceRow, SourceRow, read, write
from evidence.models import Contiguity, Source
from evidence.selectors.neighbours import spillover_partners
from evidence.services.reference import REFERENCE, load_reference
from lisapp.places.models import Place, PlaceMembership
from tests.factories.evidence import SourceFactory
from tests.factories.kernel import PlaceFactory

LEP_FILE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / BOUNDARY_FILE


def square(west, south, size=1.0):
    east, north = west + size, south + size
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


class TestFromOutlines:
    def test_a_shared_side_is_a_border_with_its_length(self):
        found = shared_borders({"b": [square(1, 52)], "a": [square(0, 52)]})
        assert list(found) == [("a", "b")]
        assert found["a", "b"] == pytest.approx(111.2, abs=0.1), "one degree of latitude"

    def test_a_shared_corner_is_no_border(self):
        assert shared_borders({"a": [square(0, 52)], "b": [square(1, 53)]}) == {}

    def test_areas_with_many_corners_that_meet_in_one_point_share_no_line(self):
        metre = 1 / 111_200
        dense = [(1, 53 - n * 4 * metre) for n in range(10)]  # corners four metres apart, up to the point
        one = [(0.0, 52.5), *reversed(dense), (0.0, 53.0), (0.0, 52.5)]
        other = [(1.0, 53.0), *((1 + n * 4 * metre, 53) for n in range(1, 10)), (1.5, 53.5), (1.0, 53.0)]
        assert shared_borders({"a": [one], "b": [other]}) == {}

    def test_corners_within_ten_metres_are_one_and_farther_ones_are_not(self):
        metre = 1 / 111_200
        assert ("a", "b") in shared_borders({"a": [square(0, 52)], "b": [square(1 + 5 * metre, 52)]})
        assert shared_borders({"a": [square(0, 52)], "b": [square(1 + 60 * metre, 52)]}) == {}

    def test_an_island_and_an_area_without_rings_have_none(self):
        found = shared_borders({"a": [square(0, 52)], "b": [square(1, 52)], "isle": [square(3, 50)], "none": []})
        assert list(found) == [("a", "b")]

    def test_a_second_part_counts_and_an_area_inside_a_hole_touches_all_round(self):
        hole = square(0.25, 52.25, 0.5)
        found = shared_borders({"a": [square(0, 52), hole], "in": [hole], "far": [square(5, 52), square(1, 52)]})
        assert set(found) == {("a", "in"), ("a", "far")}
        assert found["a", "in"] > 4 * 0.5 * 60

    def test_nothing_gives_nothing(self):
        assert shared_borders({}) == {}

    @pytest.mark.skipif(not LEP_FILE.is_file(), reason="the ONS boundary file is not on this machine")
    def test_the_committed_borders_are_those_of_the_ons_boundaries(self, committed):
        found = borders(read_boundaries(LEP_FILE))
        assert found == {(row.place, row.neighbour): row.border_km for row in committed.borders}


@pytest.fixture(scope="module")
def committed():
    """The committed folder, read once."""
    return read(REFERENCE)


class TestInTheReferenceData:
    @pytest.fixture
    def neighbours(self, committed):
        names = {row.code: row.name for row in committed.places}
        found = {}
        for row in committed.borders:
            found.setdefault(names[row.place], set()).add(names[row.neighbour])
            found.setdefault(names[row.neighbour], set()).add(names[row.place])
        return found

    def test_cornwall_has_one_neighbour(self, neighbours):
        assert neighbours["Cornwall and Isles of Scilly"] == {"Heart of the South West"}

    def test_tees_valley_lies_between_two(self, neighbours):
        assert neighbours["Tees Valley"] == {"North East", "York and North Yorkshire"}

    def test_liverpool_and_london_have_those_of_the_map(self, neighbours):
        assert neighbours["Liverpool City Region"] == {"Cheshire and Warrington", "Lancashire", "Greater Manchester"}
        assert neighbours["London"] == {
            "Buckinghamshire",
            "Coast to Capital",
            "Enterprise M3",
            "Hertfordshire",
            "South East",
            "Thames Valley Berkshire",
        }

    def test_each_of_the_38_has_a_neighbour_and_every_pair_is_there_once(self, neighbours, committed):
        assert len(neighbours) == 38
        rows = committed.borders
        assert len({frozenset((row.place, row.neighbour)) for row in rows}) == len(rows) == 94


def folder(tmp_path, borders):
    places = [PlaceRow(f"L{n}", f"Area {n}", "lep", "", None, None, None, None, None) for n in range(1, 5)]
    tables = {
        "places.json": places,
        "memberships.json": [],
        "neighbours.json": borders,
        "codes.json": [],
        "indicators.json": [],
        "sources.json": [SourceRow("ons", "ONS boundaries", "", "OGL", "May 2021", True, "Computed.")],
        "what_works.json": [],
    }
    write(tmp_path, name="Small", attribution="x", tables=tables, figures=[])
    return tmp_path


@pytest.mark.django_db
class TestLoading:
    def test_borders_are_stored_once_whichever_way_round_and_loading_again_changes_nothing(self, tmp_path):
        rows = [BorderRow("L2", "L1", 10.5, "May 2021", "ons"), BorderRow("L2", "L3", None, "May 2021", "ons")]
        report = load_reference(path=folder(tmp_path, rows))
        assert (report.of("borders").created, report.refusals) == (2, [])
        again = load_reference(path=tmp_path)
        assert (again.of("borders").unchanged, again.changed) == (2, 0)

    def test_a_border_that_the_folder_no_longer_has_goes_and_the_operators_stay(self, tmp_path):
        load_reference(path=folder(tmp_path, [BorderRow("L1", "L2", 10.5, "May 2021", "ons")]))
        first, third = Place.objects.get(code="L1"), Place.objects.get(code="L3")
        theirs = SourceFactory(code="theirs")
        theirs.boundaries.create(place=first, polygons=[], vintage="Theirs")
        Contiguity.objects.create(place=first, neighbour=third, boundaries="Theirs", source=theirs)
        load_reference(path=folder(tmp_path, []))
        assert [row.boundaries for row in Contiguity.objects.all()] == ["Theirs"]
        assert Source.objects.filter(code="theirs").exists(), "a source in use is not cleared away"

    def test_a_border_with_an_unknown_area_or_source_is_refused_with_the_reason(self, tmp_path):
        rows = [BorderRow("L1", "L9", 1.0, "May 2021", "ons"), BorderRow("L1", "L2", 1.0, "May 2021", "nowhere")]
        report = load_reference(path=folder(tmp_path, rows))
        assert {refusal.reason for refusal in report.refusals} == {"unknown area L9", "unknown source nowhere"}


@pytest.mark.django_db
class TestSpilloverPartners:
    def border(self, one, other, **more):
        first, second = sorted((one, other), key=lambda place: place.pk)
        given = {"boundaries": "May 2021", "border_km": 12.5, "source": SourceFactory()} | more
        return Contiguity.objects.create(place=first, neighbour=second, **given)

    def test_neighbours_are_named_in_order_with_border_source_and_shared_ground(self):
        beta, here, alpha = PlaceFactory(name="Beta"), PlaceFactory(name="Here"), PlaceFactory(name="Alpha")
        self.border(here, beta)
        self.border(alpha, here)
        part = PlaceFactory(local_authority=True)
        for parent in (here, alpha):
            PlaceMembership.objects.create(parent=parent, child=part, vintage="LAD22")
        found = spillover_partners(here)["contiguity"]
        assert [(row["name"], row["border_km"], row["shares_ground"]) for row in found["partners"]] == [
            ("Alpha", 12.5, True),
            ("Beta", 12.5, False),
        ]
        assert found["boundaries"] == "May 2021"
        assert found["source"]["licence"] == "Open Government Licence v3.0"
        json.dumps(found)

    def test_an_area_without_a_border_is_told_from_one_whose_borders_are_unknown(self):
        self.border(PlaceFactory(), PlaceFactory())
        isle, authority = PlaceFactory(name="Isle"), PlaceFactory(local_authority=True)
        assert "Isle shares no land border" in spillover_partners(isle)["contiguity"]["reason"]
        assert "no boundary file" in spillover_partners(authority)["contiguity"]["reason"]

    def test_boundaries_that_the_operator_loaded_come_first(self):
        here, near, far = PlaceFactory(), PlaceFactory(name="Near"), PlaceFactory(name="Far")
        source = SourceFactory()
        source.boundaries.create(place=here, polygons=[], vintage="Loaded")
        self.border(here, near, boundaries="Loaded", source=source)
        self.border(here, far)
        found = spillover_partners(here)["contiguity"]
        assert [row["name"] for row in found["partners"]] == ["Near"]

    def test_where_no_commuting_figures_are_loaded_the_reason_says_so(self):
        assert spillover_partners(PlaceFactory())["commuting"]["reason"] == "No commuting figures are loaded."

    def test_it_takes_no_more_queries_for_many_neighbours(self, django_assert_max_num_queries):
        here = PlaceFactory()
        for other in PlaceFactory.create_batch(12):
            self.border(here, other)
        with django_assert_max_num_queries(6):
            assert len(spillover_partners(here)["contiguity"]["partners"]) == 12

"""Boundaries that the operator loads: refused with reasons or stored whole, simplified, and their borders found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence.domain.outlines import centre, simplified
from evidence.imports import boundaries as reading
from evidence.imports.contiguity import BOUNDARY_FILE
from evidence.imports.reference_files import read
from evidence.models import Contiguity, PlaceBoundary
from evidence.selectors.neighbours import spillover_partners
from evidence.services.reference import REFERENCE
from tests.factories.evidence import SourceFactory
from tests.factories.kernel import PlaceFactory

LEP_FILE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / BOUNDARY_FILE


def square(west, south, size=0.5):
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code, *rings, name="LAD22CD"):
    return {
        "type": "Feature",
        "properties": {name: code, "LAD22NM": "x"},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features)} | more


TWO = (feature("E06000001", square(0, 52)), feature("E06000002", square(0.5, 52)))


@pytest.fixture
def places(db):
    return [PlaceFactory(local_authority=True, code=f"E0600000{n}", name=f"Area {n}") for n in (1, 2)]


@pytest.fixture
def load(tmp_path, capsys):
    """A function that loads a GeoJSON value and returns what the command printed."""

    def _load(content, **more):
        path = tmp_path / "areas.geojson"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        options = {"source": "ONS", "licence": "OGL", "vintage": "December 2022"} | more
        call_command("load_boundaries", str(path), **options)
        return capsys.readouterr().out

    return _load


class TestLoading:
    def test_outlines_and_the_border_between_them_are_stored(self, places, load):
        out = load(collection(*TWO))
        assert "2 areas loaded" in out
        assert "1 borders found" in out
        assert PlaceBoundary.objects.get(place=places[0]).polygons == [[square(0, 52)]]
        found = spillover_partners(places[0])["contiguity"]
        assert [(row["name"], row["border_km"]) for row in found["partners"]] == [("Area 2", 55.6)]
        assert found["source"]["derivation"].startswith("Outlines simplified for drawing, to 500 metres.")

    def test_loading_the_same_vintage_again_replaces_it(self, places, load):
        load(collection(*TWO))
        out = load(collection(TWO[0], feature("E06000002", square(2, 52))))
        assert "2 earlier outlines replaced" in out
        assert PlaceBoundary.objects.count() == 2
        assert "shares no land border" in spillover_partners(places[0])["contiguity"]["reason"]

    def test_several_polygons_holes_and_areas_outside_england(self, places, load):
        several = feature("E06000001")
        several["geometry"] = {"type": "MultiPolygon", "coordinates": [[square(0, 52), square(0.2, 52.2, 0.1)]]}
        assert "1 areas outside England left out" in load(collection(several, feature("W06000001", square(-3, 52))))
        assert len(PlaceBoundary.objects.get().polygons[0]) == 2

    def test_the_property_with_the_code_can_be_named(self, places, load):
        two_codes = feature("E06000001", square(0, 52))
        two_codes["properties"]["RGN22CD"] = "E12000001"
        with pytest.raises(CommandError, match="--code-property"):
            load(collection(two_codes))
        assert "1 areas loaded" in load(collection(two_codes), code_property="LAD22CD")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("{", "is not GeoJSON"),
            ({"type": "Feature"}, "is not a GeoJSON FeatureCollection"),
            (collection(), "has no features"),
            (collection(feature("E06000001", square(530000, 180000))), "British National Grid"),
            (collection(*TWO, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}), "British National Grid"),
            (collection(feature("E06000001", square(30, 30))), "far from England"),
            (collection(feature("E06000001", square(0, 52)[:-1] + [[0.1, 52]])), "a ring that is not closed"),
            (collection(feature("E06000001", square(0, 52)[:3])), "fewer than 4 points"),
            (collection(feature("E06000001", [[0, "x"], [1, 1], [1, 2], [0, "x"]])), "not a number"),
            (collection(feature("E06000001")), "E06000001 has a polygon without a ring"),
            (collection(TWO[0], TWO[0]), "the code E06000001 is there twice"),
            (collection(TWO[0], feature("", square(0, 52))), "Feature 2: it has no property LAD22CD with a code"),
            (collection(*TWO, feature("E06000098", square(1, 52))), "no place with the code E06000098"),
        ],
    )
    def test_a_file_that_cannot_be_used_changes_nothing_and_says_why(self, places, load, content, reason):
        with pytest.raises(CommandError) as refused:
            load(content)
        assert refused.value.returncode == 2
        assert reason in str(refused.value)
        assert not PlaceBoundary.objects.exists()

    def test_two_kinds_of_area_in_one_file_are_refused(self, places, load):
        PlaceFactory(code="E37000001")
        with pytest.raises(CommandError, match="mixes kinds of area"):
            load(collection(TWO[0], feature("E37000001", square(0, 52))))

    def test_a_file_that_is_too_large_is_refused(self, places, load, monkeypatch):
        monkeypatch.setattr(reading, "LARGEST_BYTES", 10)
        with pytest.raises(CommandError, match="is larger than"):
            load(collection(*TWO))

    def test_the_edition_of_the_shipped_borders_cannot_be_overwritten(self, places, load):
        first, second = sorted(places, key=lambda place: place.pk)
        Contiguity.objects.create(place=first, neighbour=second, boundaries="May 2021", source=SourceFactory())
        with pytest.raises(CommandError, match="come with the reference data"):
            load(collection(*TWO), vintage="May 2021")

    @pytest.mark.skipif(not LEP_FILE.is_file(), reason="the ONS boundary file is not on this machine")
    def test_the_ons_file_of_lep_areas_gives_the_shipped_borders(self, db):
        reference = read(REFERENCE)
        for row in reference.places:
            if row.kind == "lep":
                PlaceFactory(code=row.code, name=row.name)
        call_command("load_boundaries", str(LEP_FILE), source="ONS", licence="OGL", vintage="BUC", stdout=None)
        assert PlaceBoundary.objects.count() == 38
        found = {
            frozenset(pair)
            for pair in Contiguity.objects.filter(boundaries="BUC").values_list("place__code", "neighbour__code")
        }
        assert found == {frozenset((row.place, row.neighbour)) for row in reference.borders}


class TestSimplifying:
    def coast(self, step=0.01):
        """A wavy line from (0, 52) to (1, 52), with waves of about a hundred metres."""
        return [(x, 52 + 0.001 * np.sin(40 * x)) for x in np.arange(0, 1 + step, step)]

    def test_small_waves_go_and_corners_stay(self):
        ring = [*self.coast(), (1.0, 52.5), (0.0, 52.5), self.coast()[0]]
        (polygon,) = simplified({"a": [[ring]]}, 0.5)["a"]
        assert len(polygon[0]) < 10
        assert {(1.0, 52.5), (0.0, 52.5)} <= set(polygon[0])
        assert simplified({"a": [[ring]]}, 0.0)["a"][0][0] != polygon[0]

    def test_two_areas_keep_the_same_line_between_them(self):
        line = self.coast()
        above = [*line, (line[-1][0], 52.5), (0.0, 52.5), line[0]]
        below = [*reversed(line), (0.0, 51.5), (line[-1][0], 51.5), line[-1]]
        drawn = simplified({"a": [[above]], "b": [[below]]}, 0.05)
        middle = [{point for point in drawn[code][0][0] if 51.9 < point[1] < 52.1} for code in "ab"]
        assert middle[0] == middle[1]
        assert 2 < len(middle[0]) < len(line)

    def test_an_islet_goes_but_the_only_ring_of_an_area_stays(self):
        islet = [(2.0, 52.0), (2.001, 52.0), (2.001, 52.001), (2.0, 52.0)]
        big = [tuple(point) for point in square(0, 52)]
        assert len(simplified({"a": [[big], [islet]]}, 1.0)["a"]) == 1
        assert len(simplified({"a": [[islet]]}, 1.0)["a"]) == 1

    def test_the_centre_is_that_of_the_largest_part(self):
        big, small = ([tuple(point) for point in square(at, 52, size)] for at, size in ((0, 0.5), (3, 0.1)))
        assert centre([[small], [big]]) == pytest.approx((0.25, 52.25))

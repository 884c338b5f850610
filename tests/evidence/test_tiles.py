"""Tile maps: every place has a cell of its own near where it lies, and the drawings say what they show."""

from __future__ import annotations

import random
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from evidence.domain.tiles import SHORT_NAMES, Centre, Whole, arrange, groups, spread
from evidence.imports.reference_files import read
from evidence.services.reference import REFERENCE
from lisapp.design.charts import BoundaryMap, Classes, Outline, Tile, TileMap

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def reference():
    return read(REFERENCE)


@pytest.fixture(scope="module")
def leps(reference):
    return [Centre(row.code, row.longitude, row.latitude) for row in reference.places if row.kind == "lep"]


def touching(cells, one, other):
    return max(abs(a - b) for a, b in zip(cells[one], cells[other], strict=True)) <= 1


class TestCells:
    def test_every_lep_area_has_a_cell_of_its_own_from_the_corner_on(self, leps):
        cells = arrange(leps)
        assert len(set(cells.values())) == len(cells) == 38
        assert min(column for column, _ in cells.values()) == min(row for _, row in cells.values()) == 0

    def test_four_of_five_pairs_of_neighbours_stay_beside_each_other(self, leps, reference):
        cells = arrange(leps)
        kept = [touching(cells, row.place, row.neighbour) for row in reference.borders]
        assert sum(kept) / len(kept) >= 0.8

    def test_north_stays_up_and_west_left(self, leps):
        cells = arrange(leps)
        cornwall, north_east, new_anglia = cells["E37000005"], cells["E37000025"], cells["E37000052"]
        assert cornwall[0] < north_east[0] < new_anglia[0]
        assert north_east[1] < new_anglia[1] < cornwall[1]

    def test_the_order_of_the_places_does_not_matter(self, leps):
        shuffled = random.Random(3).sample(leps, len(leps))
        assert arrange(shuffled) == arrange(leps)

    def test_places_on_one_spot_get_different_cells(self):
        cells = arrange([Centre(f"P{n}", -1.5, 52.5) for n in range(20)])
        assert len(set(cells.values())) == 20

    def test_none_and_one_are_arranged_too(self):
        assert arrange([]) == {}
        assert arrange([Centre("A", 0, 52)]) == {"A": (0, 0)}

    def test_the_authorities_of_an_area_stand_together(self, leps, reference):
        current = {row.code for row in reference.places if row.kind == "local_authority" and not row.valid_to}
        parts = groups([(row.parent, row.child) for row in reference.memberships if row.child in current])
        areas = {row.code: row.area_km2 for row in reference.places if row.kind == "lep"}
        centres = spread([Whole(lep, areas[lep.code], parts[lep.code]) for lep in leps])
        cells = arrange(centres)
        assert len(set(cells.values())) == len(cells) == len(current) == 296
        london = [cells[code] for code in parts["E37000051"]]
        width, height = (max(axis) - min(axis) for axis in zip(*london, strict=True))
        assert width * height <= 4 * len(london), "33 boroughs are not scattered over the map"

    def test_a_part_of_two_areas_has_one_place(self):
        wholes = [Whole(Centre(code, 0, 52), 100, ("X", code)) for code in ("A", "B")]
        assert sorted(centre.code for centre in spread(wholes)) == ["A", "B", "X"]

    def test_every_short_name_belongs_to_a_lep_area(self, leps):
        assert set(SHORT_NAMES) <= {lep.code for lep in leps}


def texts(chart):
    root = ElementTree.fromstring(chart.svg())  # noqa: S314 our own drawing
    return [text.text for text in root.iter(f"{SVG}text")]


KINDS = ["place", "neighbour", "both", "peer", "other"]


class TestTheTileMap:
    def chart(self, columns=2, **more):
        tiles = [Tile(f"Area {kind}", at % columns, at // columns, kind) for at, kind in enumerate(KINDS)]
        return TileMap(title="t", tiles=tiles, width=540, **more)

    def test_kinds_differ_by_letter_edge_and_hatching_not_only_by_colour(self):
        chart = self.chart()
        assert {"N", "B", "P"} <= set(texts(chart))
        root = ElementTree.fromstring(chart.svg())  # noqa: S314
        tiles = [rect for rect in root.iter(f"{SVG}rect") if rect.get("rx") == "3"]
        looks = {(rect.get("fill"), rect.get("stroke-dasharray"), rect.get("stroke-width")) for rect in tiles}
        assert len(looks) == 5
        assert sum((rect.get("fill") or "").startswith("url(#") for rect in tiles) == 2

    def test_words_and_table_name_peers_and_neighbours(self):
        chart = self.chart()
        assert "Neighbours: Area both; Area neighbour. Peers: Area both; Area peer." in chart.text
        assert chart.table().rows[0] == ["Area place", "This place"]
        assert len(chart.table().rows) == 4, "places that are only shown are not listed"

    def test_small_tiles_carry_letters_and_no_names(self):
        tiles = [Tile(f"Area {n}", n % 20, n // 20, "peer" if n == 5 else "other") for n in range(200)]
        assert texts(TileMap(title="t", tiles=tiles)).count("P") == 2, "one in the legend"
        assert not any((text or "").startswith("Area") for text in texts(TileMap(title="t", tiles=tiles)))

    def test_values_are_shown_by_class_with_number_shade_and_limits(self):
        classes = Classes("Pay", (10, 20, 30), "£", 0)
        tiles = [Tile("A", 0, 0, "place", value=12), Tile("B", 1, 0, value=20), Tile("C", 2, 0)]
        chart = TileMap(title="t", tiles=tiles, classes=classes)
        assert {"1: £10 to £20", "2: £20 to £30", "no figure"} <= set(texts(chart))
        assert [row[2:] for row in chart.table().rows] == [["12", "1"], ["20", "2"], ["no figure", "none"]]
        assert chart.csv().splitlines()[2] == "B,Other,20,2"

    def test_classes_need_limits_in_order(self):
        with pytest.raises(ValueError, match="limits in order"):
            Classes("x", (3, 1))
        assert [Classes("x", (0, 1, 2, 3)).of(value) for value in (-1, 0.5, 1, 9, None)] == [1, 1, 2, 3, None]

    def test_shades_grow_darker_and_none_is_used_twice(self):
        classes = Classes("x", (0, 1, 2, 3, 4, 5))
        assert len({classes.shade(number) for number in range(1, 6)}) == 5

    def test_an_empty_map_says_so(self):
        assert "No places" in TileMap(title="t", tiles=[]).svg()
        assert "No places" in BoundaryMap(title="t", outlines=[]).svg()


def square(west, south, size=1.0):
    east, north = west + size, south + size
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


class TestTheBoundaryMap:
    def outlines(self):
        return [
            Outline("Here", [[square(0, 52)]], "place"),
            Outline("East", [[square(1, 52)], [square(3, 52, 0.001)]], "neighbour"),
            Outline("North", [[square(0, 53), square(0.4, 53.4, 0.2)]], "peer"),
        ]

    def paths(self, chart):
        root = ElementTree.fromstring(chart.svg())  # noqa: S314
        return [path.get("d") for path in root.iter(f"{SVG}path") if path.get("fill-rule")]

    def test_a_kilometre_is_as_long_to_the_east_as_to_the_north(self):
        chart = BoundaryMap(title="t", outlines=[Outline("Here", [[square(0, 52)]], "place")], height=400)
        corners = [tuple(map(float, pair.split())) for pair in self.paths(chart)[0].strip("MZ").split("L")]
        width, height = (max(axis) - min(axis) for axis in zip(*corners, strict=True))
        assert width / height == pytest.approx(0.609, abs=0.01), "cos(52.5°)"

    def test_holes_are_cut_out_and_specks_left_out(self):
        drawn = self.paths(BoundaryMap(title="t", outlines=self.outlines()))
        assert sorted(path.count("Z") for path in drawn) == [1, 1, 2]

    def test_letters_words_and_table_tell_the_kinds(self):
        chart = BoundaryMap(title="t", outlines=self.outlines())
        assert {"●", "N", "P"} <= set(texts(chart))
        assert chart.text == "Here is marked. Neighbour: East. Peer: North."
        assert [row[1] for row in chart.table().rows] == ["This place", "Neighbour", "Peer"]

    def test_values_are_shown_by_class(self):
        classes = Classes("Pay", (10, 20, 30), "£", 0)
        outlines = [Outline(f"A{n}", [[square(n, 52)]], value=value) for n, value in enumerate((11, 25, None))]
        chart = BoundaryMap(title="t", outlines=outlines, classes=classes)
        assert {"1", "2"} <= set(texts(chart))
        assert "Pay is shown in 2 classes" in chart.text

    def test_the_legend_breaks_into_lines_instead_of_running_out(self):
        root = ElementTree.fromstring(BoundaryMap(title="t", outlines=self.outlines(), width=200).svg())  # noqa: S314
        keys = [(float(r.get("y")), float(r.get("x"))) for r in root.iter(f"{SVG}rect") if r.get("width") == "16"]
        assert len({y for y, _ in keys}) > 1
        assert all(one != other for one, other in pairwise(sorted(keys)))

"""Charts are accessible, safe, legible, repeatable, and say the same as their tables."""

import ast
import csv
import io
import math
import re
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from hypothesis import assume, given
from hypothesis import strategies as st

from lisapp.design import gallery_charts
from lisapp.design.charts import (
    Bar,
    BarChart,
    BoundaryMap,
    ChainDiagram,
    ChainLink,
    ChainNode,
    Chart,
    Classes,
    CoverageGrid,
    DotPlot,
    DotRow,
    LineChart,
    LineSeries,
    MapPoint,
    Outline,
    PointMap,
    SmallMultiples,
    Tile,
    TileMap,
    base,
)
from lisapp.design.charts.base import fit, nice_ticks, quartiles, text_width, tick_places, with_unit, wrap

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = [(0.0, 52.0), (1.0, 52.0), (1.0, 53.0), (0.0, 53.0), (0.0, 52.0)]
NASTY = "<script>alert(\"1\")</script> & 'x'"


def root_of(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg())  # noqa: S314 our own drawing


def nasty_charts() -> list[Chart]:
    return [
        DotPlot(
            title=NASTY, source=NASTY, place_name=NASTY, rows=[DotRow(NASTY, 1, [1, 2], 3, unit=NASTY, note=NASTY)]
        ),
        LineChart(
            title=NASTY, periods=[NASTY, "b"], unit=NASTY, series=[LineSeries(NASTY, [1, 2])], breaks=[(NASTY, NASTY)]
        ),
        BarChart(title=NASTY, bars=[Bar(NASTY, 1)]),
        ChainDiagram(title=NASTY, nodes=[ChainNode(NASTY, 0, NASTY, NASTY, NASTY)], links=[ChainLink(NASTY, NASTY)]),
        CoverageGrid(title=NASTY, rows=[NASTY], columns=[NASTY], cells={}),
        PointMap(title=NASTY, points=[MapPoint(NASTY, 0, 52, "place")]),
        TileMap(title=NASTY, tiles=[Tile(NASTY, 0, 0, "place", NASTY, 1)], classes=Classes(NASTY, (0, 2), NASTY)),
        BoundaryMap(title=NASTY, outlines=[Outline(NASTY, [[SQUARE]], "neighbour")]),
    ]


EVERY = gallery_charts.all_charts()
each_chart = pytest.mark.parametrize("chart", EVERY, ids=lambda chart: type(chart).__name__)


@each_chart
def test_a_chart_has_a_title_and_a_description_that_name_it(chart):
    root = root_of(chart)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title.text == chart.title
    assert len(desc.text) > 20
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert root.get("role") == ("group" if chart.interactive else "img")


@each_chart
def test_a_chart_uses_presentation_attributes_only(chart):
    for element in root_of(chart).iter():
        assert not {"style", "class"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag.removeprefix(SVG) not in {"script", "style", "foreignObject", "image"}


@each_chart
def test_no_text_is_smaller_than_twelve_pixels(chart):
    sizes = [int(text.get("font-size")) for text in root_of(chart).iter(f"{SVG}text")]
    assert sizes
    assert min(sizes) >= 12


@each_chart
def test_the_same_input_gives_the_same_bytes(chart):
    again = next(other for other in gallery_charts.all_charts() if other.title == chart.title)
    assert again.svg() == chart.svg()
    assert again.csv() == chart.csv()


@each_chart
def test_everything_is_drawn_inside_the_frame(chart):
    root = root_of(chart)
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for text in root.iter(f"{SVG}text"):
        size = int(text.get("font-size"))
        reach = text_width(text.text, size, text.get("font-weight") == "bold")
        x, y = float(text.get("x")), float(text.get("y"))
        start = {"start": x, "middle": x - reach / 2, "end": x - reach}[text.get("text-anchor", "start")]
        assert start >= -3, text.text
        assert start + reach <= width + 6, text.text
        assert 0 < y <= height, text.text
    for mark in root.iter(f"{SVG}circle"):
        assert 0 <= float(mark.get("cx")) <= width
        assert 0 <= float(mark.get("cy")) <= height


@each_chart
def test_the_table_and_the_csv_hold_the_same_rows(chart):
    table = chart.table()
    rows = list(csv.reader(io.StringIO(chart.csv())))
    assert rows[0] == table.headers
    assert [row[0] for row in rows[1:]] == [row[0] for row in table.rows]
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_different_charts_have_different_ids():
    keys = [chart.key() for chart in EVERY]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("chart", nasty_charts(), ids=lambda chart: type(chart).__name__)
def test_texts_are_escaped_in_the_drawing_and_on_the_page(chart):
    root = root_of(chart)  # well-formed
    assert root.find(f"{SVG}title").text == NASTY
    page = engines["django"].from_string("{% load gds %}{% figure_chart chart download 2 %}")
    document = BeautifulSoup(page.render({"chart": chart, "download": NASTY}), "html5lib")
    assert not document.select("script")
    assert NASTY in document.h2.text


@each_chart
def test_the_figure_has_caption_words_source_table_and_download(chart):
    page = engines["django"].from_string('{% load gds %}{% figure_chart chart "/figures.csv" 3 %}')
    figure = BeautifulSoup(page.render({"chart": chart}), "html5lib").figure
    assert figure.figcaption.h3.text == chart.title
    assert chart.text in figure.figcaption.text
    assert chart.source.rstrip(".") in figure.select_one(".lis-figure__source").text
    assert figure.svg.find_parent(attrs={"tabindex": "0", "role": "region"})["aria-label"]
    table = figure.details.table
    assert table.caption.text == chart.title
    assert {header["scope"] for header in table.thead.find_all("th")} == {"col"}
    assert all(row.find(True).name == "th" and row.th["scope"] == "row" for row in table.tbody.find_all("tr"))
    assert figure.find("a", href="/figures.csv")


def test_formulas_are_disarmed_in_csv():
    chart = BarChart(title="t", bars=[Bar("=1+1", -5), Bar("-x", 1), Bar("@y", None)])
    rows = list(csv.reader(io.StringIO(chart.csv())))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'-x", "'@y"]
    assert [row[1] for row in rows[1:]] == ["-5", "1", ""]


def test_a_dot_plot_computes_the_peers_middle_and_says_it():
    chart = DotPlot(title="t", place_name="Here", rows=[DotRow("GVA", 30, [10, 20, 30, 40, 50], 35, unit="£")])
    headers, rows = chart.records()
    assert rows == [["GVA", "£", 30, 30, 20, 40, 35]]
    assert headers[2:4] == ["Here", "Comparators: median"]
    assert chart.text == "GVA: Here £30, comparators median £30, England £35."


def test_a_dot_plot_marks_the_place_peers_and_england_with_different_shapes():
    root = root_of(DotPlot(title="t", rows=[DotRow("x", 3, [1, 2, 4], 5)]))
    assert len([mark for mark in root.iter(f"{SVG}circle") if mark.get("r") == "7.5"]) == 1
    assert len([mark for mark in root.iter(f"{SVG}path") if mark.get("stroke") == "#b45309"]) == 2  # and the legend's


def test_a_shared_axis_puts_equal_values_under_each_other():
    chart = DotPlot(title="t", shared_axis=True, rows=[DotRow("a", 10, [0, 50]), DotRow("b", 10, [5, 100])])
    places = [mark.get("cx") for mark in root_of(chart).iter(f"{SVG}circle") if mark.get("r") == "7.5"]
    assert places[0] == places[1]


def test_rows_without_figures_say_so():
    chart = DotPlot(title="t", rows=[DotRow("a", None)])
    assert "No figures" in chart.svg()
    assert chart.table().rows[0][2] == "no figure"


def test_a_line_is_broken_where_a_figure_is_missing_and_where_the_method_changed():
    periods = [str(year) for year in range(2018, 2026)]
    series = LineSeries("Here", [1, 2, 3, None, 5, 6, 7, 8], "place")
    whole = LineChart(title="t", periods=periods, series=[series])
    broken = LineChart(title="t", periods=periods, series=[series], breaks=[("2024", "a new method")])

    def runs(chart: Chart) -> list[int]:
        paths = [path.get("d") for path in root_of(chart).iter(f"{SVG}path") if path.get("stroke-width") == "3"]
        return [path.count("L") + 1 for path in paths]

    assert runs(whole) == [3, 4]
    assert runs(broken) == [3, 2, 2]
    assert "a new method" in broken.text


def test_lines_differ_by_dash_as_well_as_colour():
    chart = gallery_charts.lines()
    paths = [path for path in root_of(chart).iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len({path.get("stroke-dasharray") for path in paths}) == 3
    assert len({path.get("stroke") for path in paths}) == 3


def test_names_at_the_ends_of_lines_do_not_overlap():
    series = [LineSeries(f"Place {n}", [1, 1.001 * n / n], "other") for n in range(1, 7)]
    root = root_of(LineChart(title="t", periods=["a", "b"], series=series))
    ys = sorted(float(text.get("y")) for text in root.iter(f"{SVG}text") if text.text.startswith("Place"))
    assert len(ys) == 6
    assert min(b - a for a, b in pairwise(ys)) >= 17.9


def test_a_series_must_fit_its_periods():
    with pytest.raises(ValueError, match="2 values for 3 periods"):
        LineChart(title="t", periods=["a", "b", "c"], series=[LineSeries("x", [1, 2])])
    with pytest.raises(ValueError, match="band"):
        LineChart(title="t", periods=["a", "b"], series=[LineSeries("x", [1, 2])], band=[(1, 2)])


def test_a_scale_that_does_not_start_at_zero_says_so():
    assert (
        "does not start at zero" in LineChart(title="t", periods=["a", "b"], series=[LineSeries("x", [50, 60])]).svg()
    )
    from_zero = LineChart(title="t", periods=["a", "b"], series=[LineSeries("x", [50, 60])], from_zero=True)
    assert "does not start at zero" not in from_zero.svg()


def test_bars_start_at_zero_and_their_lengths_are_in_proportion():
    chart = BarChart(title="t", bars=[Bar("a", 10), Bar("b", 20), Bar("c", -5)])
    bars = list(root_of(chart).iter(f"{SVG}rect"))
    widths = [float(bar.get("width")) for bar in bars]
    assert widths[1] == pytest.approx(2 * widths[0], abs=0.2)
    assert widths[2] == pytest.approx(widths[0] / 2, abs=0.2)
    zero = float(bars[0].get("x"))
    assert float(bars[2].get("x")) + widths[2] == pytest.approx(zero, abs=0.2)


def test_a_gap_in_the_chain_is_dashed_and_named():
    chart = gallery_charts.chain()
    root = root_of(chart)
    dashed = [rect for rect in root.iter(f"{SVG}rect") if rect.get("stroke-dasharray")]
    assert len(dashed) == 2
    assert [text.text for text in root.iter(f"{SVG}text")].count("Missing") == 2
    assert "No evaluation measures outcome U2" in chart.text
    states = {row[0]: row[2] for row in chart.table().rows}
    assert states["No evaluation measures outcome U2"] == "Missing"


def test_the_boxes_of_a_chain_are_links_with_names():
    chart = gallery_charts.chain()
    links = list(root_of(chart).iter(f"{SVG}a"))
    assert len(links) == 12
    assert links[0].get("href") == "#e1"
    assert links[0].get("aria-label").startswith("Evidence, E1: Productivity")


def test_the_boxes_of_a_chain_do_not_overlap():
    nodes = [ChainNode(f"n{n}", n % 3, "A title with some words " * (1 + n % 4)) for n in range(15)]
    root = root_of(ChainDiagram(title="t", nodes=nodes, columns=("a", "b", "c")))
    boxes = [rect for rect in root.iter(f"{SVG}rect") if rect.get("rx") == "4"]
    columns: dict[str, list[tuple[float, float]]] = {}
    for box in boxes:
        top = float(box.get("y"))
        columns.setdefault(box.get("x"), []).append((top, top + float(box.get("height"))))
    assert len(boxes) == 15
    for column in columns.values():
        column.sort()
        assert all(one[1] < other[0] for one, other in pairwise(column))


def test_a_chain_refuses_what_it_cannot_draw():
    node = ChainNode("a", 0, "A")
    with pytest.raises(ValueError, match="unknown nodes: b"):
        ChainDiagram(title="t", nodes=[node], links=[ChainLink("a", "b")])
    with pytest.raises(ValueError, match="same id"):
        ChainDiagram(title="t", nodes=[node, node])
    with pytest.raises(ValueError, match="column 9"):
        ChainDiagram(title="t", nodes=[ChainNode("a", 9, "A")])


def test_an_empty_chain_and_an_empty_map_are_drawn():
    assert "No places" in PointMap(title="t", points=[]).svg()
    assert "Evidence" in ChainDiagram(title="t", nodes=[]).svg()


def test_a_map_keeps_directions_and_gives_distances():
    north = MapPoint("North", -1.5, 55.0, "peer")
    east = MapPoint("East", 1.5, 52.5, "peer")
    here = MapPoint("Here", -1.5, 52.5, "place")
    chart = PointMap(title="t", points=[north, east, here])
    root = root_of(chart)
    place = next(mark for mark in root.iter(f"{SVG}circle") if mark.get("r") == "9")
    squares = [
        (float(s.get("x")) + 5, float(s.get("y")) + 5) for s in root.iter(f"{SVG}rect") if s.get("width") == "10"
    ]
    x, y = float(place.get("cx")), float(place.get("cy"))
    in_map = [square for square in squares if square[1] > 30]
    assert any(abs(px - x) < 0.5 and py < y - 50 for px, py in in_map)  # north is up
    assert any(px > x + 50 and abs(py - y) < 0.5 for px, py in in_map)  # east is right
    assert "East (203 km), North (278 km)" in chart.text  # 2.5 degrees of latitude are 278 km


def test_names_on_a_map_do_not_overlap():
    points = [MapPoint(f"Place number {n}", -1.5 + n * 0.02, 52.5 + n * 0.01, "peer") for n in range(12)]
    points += [MapPoint("Far", -4, 50, "other"), MapPoint("Away", 1, 55, "other")]
    root = root_of(PointMap(title="t", points=points))
    boxes = []
    for text in root.iter(f"{SVG}text"):
        if text.text.startswith("Place number"):
            width = text_width(text.text, 12)
            x, y = float(text.get("x")), float(text.get("y"))
            start = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor", "start")]
            boxes.append((start, y - 11, start + width, y + 3))
    assert boxes
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


def test_coverage_counts_pairs_and_names_what_nothing_covers():
    chart = gallery_charts.coverage()
    assert chart.text.startswith("Of 15 pairs, 3 are covered, 2 in part and 10 not.")
    assert "Nothing covers Places." in chart.text
    assert chart.table().rows[0] == [
        "Raise level 3 qualifications",
        "Not covered",
        "Covered",
        "Not covered",
        "In part",
        "Not covered",
    ]


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_ticks_are_even_and_span_the_figures(one, other):
    low, high = sorted((one, other))
    assume(high - low > 1e-6 * max(1.0, abs(low), abs(high)))
    ticks = nice_ticks(low, high)
    slack = (high - low) * 1e-6
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 12
    steps = [b - a for a, b in pairwise(ticks)]
    assert max(steps) - min(steps) <= 1e-6 * max(steps)


def test_an_axis_needs_finite_limits():
    with pytest.raises(ValueError, match="finite"):
        nice_ticks(0, math.inf)


def test_ticks_of_equal_figures_surround_them():
    ticks = nice_ticks(5, 5)
    assert ticks[0] < 5 < ticks[-1]
    assert tick_places([0, 0.25, 0.5]) == 2


def test_quartiles_interpolate_between_neighbours():
    assert quartiles([4, 1, 3, 2]) == (1.75, 2.5, 3.25)
    assert quartiles([7]) == (7, 7, 7)
    assert quartiles([]) is None


@given(st.text(alphabet="abcdefgh WMil", max_size=200), st.integers(40, 300))
def test_wrapped_lines_fit_and_lose_words_only_with_an_ellipsis(text, width):
    lines = wrap(text, width, 13, lines=3)
    assert 1 <= len(lines) <= 3
    assert all(text_width(line, 13) <= width for line in lines)
    if " ".join(text.split()) != " ".join(lines):
        assert "…" in "".join(lines)


def test_a_text_that_fits_is_left_alone():
    assert fit("short", 500) == "short"
    assert fit("a much longer text than fits", 60).endswith("…")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(1234, "£", "£1,234"), (-5, "£", "−£5"), (12.5, "%", "12.5%"), (3, "km", "3 km"), (None, "£", "no figure")],
)
def test_values_carry_their_unit(value, unit, text):
    assert with_unit(value, unit) == text


def test_the_charts_need_nothing_but_the_standard_library():
    folder = Path(base.__file__).parent
    for path in [*folder.glob("*.py"), folder.parent / "numbers.py", folder.parent / "spreadsheets.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                own = name.startswith(("lisapp.design.charts", "lisapp.design.numbers", "lisapp.design.spreadsheets"))
                assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {name}"


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str = "#ffffff") -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@each_chart
def test_text_in_charts_has_enough_contrast(chart):
    for text in root_of(chart).iter(f"{SVG}text"):
        assert contrast(text.get("fill")) >= 4.5
        assert contrast(text.get("fill"), "#f7fafa") >= 4.5


def test_what_tells_marks_apart_stands_out_from_the_page():
    for colour in (base.PLACE, base.PEERS, base.ENGLAND, base.GAP, base.INK):
        assert contrast(colour) >= 3
    assert re.fullmatch(r"#[0-9a-f]{6}", base.PEER_DOT)


def test_a_dot_plot_draws_and_tabulates_the_interval_of_the_place():
    plain = DotPlot(title="T", rows=[DotRow("a", 5, [4, 6])])
    bounded = DotPlot(title="T", rows=[DotRow("a", 5, [4, 6], lower=1, upper=9), DotRow("b", 5, [4, 6])])
    assert "This place: lower limit" not in plain.records()[0]
    headers, rows = bounded.records()
    assert headers[-2:] == ["This place: lower limit", "This place: upper limit"]
    assert [row[-2:] for row in rows] == [[1, 9], [None, None]]
    assert "with its 95% interval" in bounded.svg()
    assert len(list(root_of(bounded).iter(f"{SVG}line"))) > len(list(root_of(plain).iter(f"{SVG}line"))) + 3


def test_small_charts_stand_beside_one_another_with_all_their_figures():
    charts = [
        LineChart(title=f"Chart {n}", periods=["1", "2"], width=300, series=[LineSeries("Here", [n, n + 1], "place")])
        for n in range(3)
    ]
    made = SmallMultiples(title="Together", charts=charts)
    moves = [group.get("transform") for group in root_of(made).iter(f"{SVG}g") if group.get("transform")]
    assert len(moves) == len(set(moves)) == 3
    headers, rows = made.records()
    assert headers == ["Chart", "Row", "Column", "Value"]
    assert ["Chart 2", "2", "Here", 3] in rows
    assert len(rows) == 6
    assert all(f"Chart {n}" in made.text for n in range(3))

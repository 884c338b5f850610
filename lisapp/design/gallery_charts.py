"""The charts of the component gallery, with invented figures that say so."""

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
    Tile,
    TileMap,
)

SOURCE = "invented figures for this gallery"


def dots() -> DotPlot:
    return DotPlot(
        title="Exampleshire beside its comparators",
        source=SOURCE,
        period="2024",
        place_name="Exampleshire",
        rows=[
            DotRow(
                "Gross value added per hour worked",
                34.1,
                [31.2, 33.0, 33.8, 35.1, 36.6, 38.2, 39.9],
                40.3,
                unit="£",
                note="2024",
            ),
            DotRow(
                "Residents with a level 3 qualification or above",
                58.2,
                [55.1, 57.7, 60.2, 61.0, 63.8, 64.1],
                64.7,
                unit="%",
            ),
            DotRow("Business births per 10,000 residents aged 16 to 64", 71, [58, 63, 66, 70, 74, 80], 77, places=0),
            DotRow("Premises without fast broadband", None, [1.2, 2.3, 3.8, 4.4], 2.1, unit="%"),
        ],
    )


def lines() -> LineChart:
    return LineChart(
        title="Gross value added per hour worked",
        source=SOURCE,
        period="2014 to 2024",
        vintage="2023 boundaries",
        unit="£",
        periods=[str(year) for year in range(2014, 2025)],
        series=[
            LineSeries("Exampleshire", [28.1, 28.4, 28.9, 29.7, 30.2, 30.9, None, 31.8, 32.6, 33.5, 34.1], "place"),
            LineSeries("Comparators", [28.6, 29.1, 29.9, 30.8, 31.5, 32.4, 32.2, 33.1, 33.9, 34.8, 35.6], "peers"),
            LineSeries("England", [31.8, 32.5, 33.3, 34.2, 35.1, 36.0, 35.7, 36.8, 37.9, 39.2, 40.3], "england"),
        ],
        band=[(27 + 0.7 * step, 30.5 + 0.8 * step) for step in range(11)],
        breaks=[("2019", "figures follow a new method")],
    )


def bars() -> BarChart:
    return BarChart(
        title="Change in employment since 2015",
        source=SOURCE,
        unit="%",
        label_name="Sector",
        bars=[
            Bar("Advanced manufacturing", 12.4, 8.1, 16.9, highlight=True),
            Bar("Health and social care", 9.8, 7.0, 12.5),
            Bar("Information and communication", 7.1, 2.2, 11.8),
            Bar("Agriculture, forestry and fishing", None),
            Bar("Retail", -5.6, -8.0, -3.1),
        ],
    )


def chain() -> ChainDiagram:
    nodes = [
        ChainNode("e1", 0, "Productivity is 8 per cent below comparators, and the gap grows", "E1", "#e1"),
        ChainNode("e2", 0, "Fewer residents hold a level 3 qualification", "E2", "#e2"),
        ChainNode("e3", 0, "Employers report vacancies that are hard to fill", "E3", "#e3"),
        ChainNode("d1", 1, "Technical training does not match what employers in the area need", "D1", "#d1"),
        ChainNode("d2", 1, "Young people leave to train and do not come back", "D2", "#d2"),
        ChainNode(
            "o1", 2, "Raise the share of residents with a level 3 qualification to 63 per cent by 2032", "O1", "#o1"
        ),
        ChainNode("o2", 2, "Bring productivity to the comparators’ median by 2035", "O2", "#o2"),
        ChainNode("i1", 3, "Institute of technology with employer-led courses", "I1", "#i1"),
        ChainNode("i2", 3, "Wage subsidy for first technical jobs", "I2", "#i2"),
        ChainNode("g1", 3, "No intervention serves objective O2", kind="gap"),
        ChainNode("u1", 4, "1,200 more people complete a technical course each year", "U1", "#u1"),
        ChainNode("u2", 4, "More leavers of technical courses work in the area", "U2", "#u2"),
        ChainNode("v1", 5, "Comparison with matched areas, reporting in 2031", "V1", "#v1"),
        ChainNode("g2", 5, "No evaluation measures outcome U2", kind="gap"),
    ]
    pairs = "e1-d1 e2-d1 e3-d1 e2-d2 d1-o1 d2-o1 d1-o2 o1-i1 o1-i2 o2-g1 i1-u1 i2-u2 u1-v1 u2-g2"
    links = [ChainLink(source, target) for source, target in (pair.split("-") for pair in pairs.split())]
    return ChainDiagram(title="Logic chain: skills", nodes=nodes, links=links, source="this gallery")


def places() -> PointMap:
    peers = [
        MapPoint("Tees Valley", -1.24, 54.57, "peer"),
        MapPoint("Humber", -0.4, 53.75, "peer"),
        MapPoint("Lancashire", -2.6, 53.85, "peer"),
        MapPoint("Cornwall", -4.9, 50.4, "peer"),
        MapPoint("Stoke and Staffordshire", -2.05, 52.85, "peer"),
    ]
    others = [MapPoint(f"Place {n}", -3.2 + (n * 37 % 43) / 10, 50.7 + (n * 53 % 44) / 10) for n in range(1, 30)]
    here = MapPoint("Sheffield City Region", -1.35, 53.45, "place")
    return PointMap(title="Where the comparators lie", points=[here, *peers, *others], source=SOURCE)


def tiles() -> TileMap:
    kinds = {5: "place", 4: "neighbour", 6: "both", 1: "neighbour", 8: "peer", 10: "peer"}
    made = [Tile(f"Place {n}", n % 4, n // 4, kinds.get(n, "other")) for n in range(12)]  # type: ignore[arg-type]
    return TileMap(title="A place, its peers and its neighbours", tiles=made, source=SOURCE, width=340)


def classes() -> TileMap:
    shades = Classes("Residents with a degree", (20, 30, 40, 55), "%", 0)
    made = [Tile(f"Place {n}", n % 14, n // 14, value=20 + n % 35 if n % 9 else None) for n in range(70)]
    return TileMap(title="A value by class", tiles=made, classes=shades, source=SOURCE, period="2024", width=340)


def boundaries() -> BoundaryMap:
    made = []
    for n, kind in enumerate(("other", "neighbour", "peer", "place", "both", "other")):
        west, south = -2 + n % 3 * 0.5, 52 + n // 3 * 0.4
        ring = [(west, south), (west + 0.5, south), (west + 0.5, south + 0.4), (west, south + 0.4), (west, south)]
        made.append(Outline(f"Place {n}", [[ring]], kind))  # type: ignore[arg-type]
    return BoundaryMap(title="Boundaries of a place and its neighbours", outlines=made, source=SOURCE, width=340)


def coverage() -> CoverageGrid:
    rows = ["Raise level 3 qualifications", "Bring productivity to the median", "Cut emissions from transport"]
    columns = ["Ideas", "People", "Infrastructure", "Business environment", "Places"]
    return CoverageGrid(
        title="Objectives and the foundations of productivity",
        rows=rows,
        columns=columns,
        row_name="Objective",
        cells={
            (rows[0], "People"): "full",
            (rows[0], "Business environment"): "part",
            (rows[1], "Ideas"): "part",
            (rows[1], "Business environment"): "full",
            (rows[2], "Infrastructure"): "full",
        },
        source=SOURCE,
    )


def all_charts() -> list[Chart]:
    return [dots(), lines(), bars(), chain(), coverage(), places(), tiles(), classes(), boundaries()]

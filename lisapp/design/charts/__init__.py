"""Charts as accessible SVG, with the table and CSV behind each. Pure Python: no Django.

chart = LineChart(title="Gross value added per hour", periods=[...], series=[...], source="…", period="…")
chart.svg()  chart.table()  chart.csv()  chart.text
"""

from lisapp.design.charts.bars import Bar, BarChart
from lisapp.design.charts.base import Chart, Table
from lisapp.design.charts.boundaries import BoundaryMap, Outline
from lisapp.design.charts.chain import COLUMNS, ChainDiagram, ChainLink, ChainNode
from lisapp.design.charts.coverage import CoverageGrid
from lisapp.design.charts.dots import DotPlot, DotRow
from lisapp.design.charts.lines import LineChart, LineSeries
from lisapp.design.charts.multiples import SmallMultiples
from lisapp.design.charts.places import MapPoint, PointMap
from lisapp.design.charts.tiles import Classes, Tile, TileMap

__all__ = [
    "COLUMNS",
    "Bar",
    "BarChart",
    "BoundaryMap",
    "ChainDiagram",
    "ChainLink",
    "ChainNode",
    "Chart",
    "Classes",
    "CoverageGrid",
    "DotPlot",
    "DotRow",
    "LineChart",
    "LineSeries",
    "MapPoint",
    "Outline",
    "PointMap",
    "SmallMultiples",
    "Table",
    "Tile",
    "TileMap",
]

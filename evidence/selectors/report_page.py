"""A finished report, arranged for its page: texts written, charts made, rows by foundation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from evidence.enums import IndicatorRole, PillarCode
from evidence.models import ComparatorReport
from evidence.selectors.methods import METRICS, SCALES
from evidence.selectors.wording import amount, chart_unit, difference, listed, per_cent, span
from lisapp.design.charts import Chart, DotPlot, DotRow, LineChart, LineSeries, MapPoint, PointMap

Row = Mapping[str, Any]
FEWEST_FOR_A_TREND = 5
REASONS = 3
ALIKE_WITHIN = 0.25  # on the common scale: a quarter of a standard deviation
STATE_COLOURS = {"above peers": "blue", "below peers": "purple"}


@dataclass(frozen=True)
class PeerView:
    """One peer: why it is one, and how sure that is."""

    name: str
    region: str
    core: bool
    inclusion: str
    median_rank: str
    reasons: list[tuple[str, int, str]]  # label, share in per cent, and which of the two is higher
    alike: str


@dataclass(frozen=True)
class FigureView:
    """One line of a foundation's table, as texts."""

    code: str
    label: str
    role: str
    period: str
    value: str
    interval: str
    peers: str
    peers_range: str
    england: str
    gap: str
    gap_interval: str
    state: str
    colour: str
    trend: str
    source: str
    url: str
    licence: str
    vintage: str
    derivation: str
    boundaries: str
    caveat: str
    disagreeing: str


@dataclass(frozen=True)
class PillarView:
    """A foundation: what is compared, what chose the peers, and how things changed."""

    code: str
    label: str
    dots: Chart | None
    outcomes: list[Chart]
    drivers: list[Chart]
    compared: list[FigureView]
    structure: list[FigureView]


@dataclass(frozen=True)
class ReportPage:
    """Everything that the page shows beside the report itself."""

    summary: list[str]
    peers: list[PeerView]
    core: int
    places: Chart | None
    pillars: list[PillarView]
    left_out: list[Row]
    excluded: list[Row]
    method: Row
    again: str


def report_page(report: ComparatorReport) -> ReportPage:
    """Arrange the stored result of a finished report. No queries."""
    result = report.result
    name = result.get("place", {}).get("name", report.place.name)
    figures, peers = result.get("figures", []), result.get("peers", [])
    pillars = [_pillar(pillar, name, [row for row in figures if row["pillar"] == pillar]) for pillar in PillarCode]
    return ReportPage(
        summary=result.get("summary", []),
        peers=[_peer(peer) for peer in peers],
        core=sum(bool(peer["core"]) for peer in peers),
        places=_map(name, result),
        pillars=[view for view in pillars if view.compared or view.structure],
        left_out=result.get("left_out", []),
        excluded=result.get("excluded", []),
        method=result.get("method", {}),
        again=urlencode(again(report), doseq=True),
    )


def again(report: ComparatorReport, **changes: Any) -> dict[str, Any]:
    """The parameters that fill in the form for a new report with the same choices."""
    method = report.parameters.get("method", {})
    kept = ("k", "metric", "standardise", "resamples", "leave_out_regions")
    given = {key: method[key] for key in kept if key in method}
    if method.get("leave_out_same_region"):
        given["leave_out_same_region"] = "on"
    if method.get("weights"):
        given["weights"] = "\n".join(f"{code} = {weight:g}" for code, weight in method["weights"].items())
    return {"place": report.place.code, "indicators": report.parameters.get("indicators", []), **given, **changes}


def parameter_words(method: Row) -> list[tuple[str, str]]:
    """Name and value of every parameter, for the method's table."""
    if not method:
        return []
    weights = method.get("weights")
    return [
        ("Number of peers", str(method["k"])),
        ("Scale", f"{method['standardise']}: {SCALES[method['standardise']]}"),
        ("Distance", f"{method['metric']}: {METRICS[method['metric']]}"),
        ("Neighbour that sets the local scale", str(method["scale_k"])),
        ("Divisor of the standard deviation", f"n − {method['ddof']}" if method["ddof"] else "n"),
        ("Share of the figures needed", per_cent(method["needed"])),
        ("Weights", "set by hand" if weights else "balanced over the foundations"),
        ("Regions left out", listed(method["leave_out_regions"]) or "none"),
        ("The place's own region", "left out" if method["leave_out_same_region"] else "kept"),
        ("Repeats of the choice", f"{method['resamples']:,}"),
        ("How closely resampled weights keep to the weights", f"{method['concentration']:g}"),
        ("Repeats that must choose a core peer", per_cent(method["core_at"])),
        ("Seed of the random numbers", str(method["seed"])),
    ]


def weight_words(method: Row) -> list[tuple[str, str]]:
    """The indicators that chose the peers with their weights, largest first."""
    return [(row["label"], f"{100 * row['weight']:.1f}%") for row in method.get("indicators", [])]


def _peer(peer: Row) -> PeerView:
    alike = [r["label"] for r in peer["reasons"] if r["difference"] is not None and abs(r["difference"]) < ALIKE_WITHIN]
    tested = peer["inclusion"] is not None
    return PeerView(
        name=peer["name"],
        region=peer["region"],
        core=bool(peer["core"]),
        inclusion=per_cent(peer["inclusion"]) if tested else "not tested",
        median_rank=f"{peer['median_rank']:.0f}" if tested else "",
        reasons=[
            (reason["label"], round(100 * reason["share"]), _direction(reason["difference"]))
            for reason in peer["reasons"][:REASONS]
        ],
        alike=listed(sorted(alike), most=5),
    )


def _direction(difference_: float | None) -> str:
    if difference_ is None:
        return "no figure"
    return "higher there" if difference_ > 0 else "lower there" if difference_ < 0 else "the same"


def _map(name: str, result: Row) -> Chart | None:
    placed = [peer for peer in result.get("peers", []) if peer["longitude"] is not None and peer["latitude"] is not None]
    here = result.get("place", {})
    points = [MapPoint(peer["name"], peer["longitude"], peer["latitude"], "peer") for peer in placed]
    if here.get("longitude") is None or here.get("latitude") is None or not points:
        return None
    points.append(MapPoint(name, here["longitude"], here["latitude"], "place"))
    return PointMap(
        title=f"Where {name} and its peers lie",
        points=points,
        source="Office for National Statistics, centres of areas",
        place_name=name,
    )


def _pillar(pillar: PillarCode, name: str, rows: Sequence[Row]) -> PillarView:
    tested = [row for row in rows if row["role"] != IndicatorRole.STRUCTURAL]
    lines = {role: [_line(name, row) for row in tested if row["role"] == role and _has_trend(row)] for role in IndicatorRole}
    return PillarView(
        code=pillar.value,
        label=str(pillar.label),
        dots=_dots(name, str(pillar.label), tested),
        outcomes=lines[IndicatorRole.OUTCOME],
        drivers=lines[IndicatorRole.DRIVER],
        compared=[_figure(row) for row in tested],
        structure=[_figure(row) for row in rows if row["role"] == IndicatorRole.STRUCTURAL],
    )


def _has_trend(row: Row) -> bool:
    return len(row["series"]["periods"]) >= FEWEST_FOR_A_TREND


def _dots(name: str, label: str, rows: Sequence[Row]) -> Chart | None:
    shown = [row for row in rows if row["value"] is not None or row["peers_n"]]
    if not shown:
        return None
    periods = sorted({row["period"] for row in shown})
    return DotPlot(
        title=f"{label}: {name} beside its peers and England",
        place_name=name,
        peers_name="Peers",
        rows=[_dot_row(row) for row in shown],
        source=_sources(shown),
        period=periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}, as marked",
    )


def _dot_row(row: Row) -> DotRow:
    unit = row["unit"]
    interval = span(row["lower"], row["upper"], unit, row["decimals"])
    notes = [row["period"], unit if chart_unit(unit) != unit else "", f"95% interval {interval}" if interval else ""]
    return DotRow(
        label=row["label"],
        place=row["value"],
        peers=[value for value in row["peers"].values() if value is not None],
        england=row["england"],
        median=row["peers_median"],
        low=row["peers_q1"],
        high=row["peers_q3"],
        unit=chart_unit(unit),
        places=row["decimals"],
        note=", ".join(note for note in notes if note),
    )


def _sources(rows: Sequence[Row]) -> str:
    cited = list(dict.fromkeys(row["source"] for row in rows))
    return cited[0] if len(cited) == 1 else f"{len(cited)} sources, one for each figure, in the table below"


def _line(name: str, row: Row) -> Chart:
    series = row["series"]
    lines = [LineSeries(name, series["place"], "place")]
    if any(value is not None for value in series["peers_median"]):
        lines.append(LineSeries("Peers, median", series["peers_median"], "peers"))
    if any(value is not None for value in series["england"]):
        lines.append(LineSeries("England", series["england"], "england"))
    return LineChart(
        title=row["label"],
        description=f"{trend_words(row)} {_against_england(row)}".strip(),
        source=row["source"],
        period=f"{series['periods'][0]} to {series['periods'][-1]}",
        vintage=row["geography_vintage"],
        periods=series["periods"],
        series=lines,
        unit=chart_unit(row["unit"]),
        width=520,
        height=260,
    )


def trend_words(row: Row) -> str:
    """The trend of a figure in a sentence; one that cannot be calculated never reads as "no change"."""
    trend = row["trend"]
    if trend["state"] == "cannot be calculated":
        return f"A trend cannot be calculated: {trend['reason']}."
    slope = difference(trend["slope"], row["unit"], max(row["decimals"], 1))
    if trend["state"] == "no clear change":
        return f"No clear change over {trend['periods']} periods."
    return f"{trend['state'].capitalize()}, by about {slope} a year over {trend['periods']} periods."


def _against_england(row: Row) -> str:
    against = row.get("trend_against_england")
    if not against or against["state"] == "cannot be calculated":
        return ""
    states = {"rising": "Gaining on England.", "falling": "Losing ground to England."}
    return states.get(against["state"], "No clear change against England.")


def _figure(row: Row) -> FigureView:
    unit, decimals = row["unit"], row["decimals"]
    return FigureView(
        code=row["indicator"],
        label=row["label"],
        role=str(IndicatorRole(row["role"]).name.capitalize()),
        period=row["period"],
        value=amount(row["value"], unit, decimals) or "no figure",
        interval=span(row["lower"], row["upper"], unit, decimals),
        peers=amount(row["peers_median"], unit, decimals) or "not compared",
        peers_range=span(row["peers_q1"], row["peers_q3"], unit, decimals),
        england=amount(row["england"], unit, decimals) or "no figure",
        gap=_signed(row["gap"], unit, decimals),
        gap_interval=span(row["gap_lower"], row["gap_upper"], unit, decimals),
        state=row["state"],
        colour=STATE_COLOURS.get(row["state"], "grey"),
        trend=trend_words(row),
        source=row["source"],
        url=row["url"],
        licence=row["licence"],
        vintage=row["vintage"],
        derivation=row["derivation"],
        boundaries=row["geography_vintage"],
        caveat=row["caveat"],
        disagreeing=listed(row["disagreeing"]),
    )


def _signed(gap: float | None, unit: str, decimals: int) -> str:
    if gap is None:
        return ""
    size = difference(gap, unit, decimals)
    if float(f"{gap:.{decimals}f}") == 0:
        return "none"
    return f"{size} {'higher' if gap > 0 else 'lower'}"

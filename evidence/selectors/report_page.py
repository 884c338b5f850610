"""A finished report, arranged for its page: texts written, charts made, rows by foundation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from evidence.enums import IndicatorRole, PillarCode
from evidence.models import ComparatorReport
from evidence.selectors.methods import METRICS, SCALES
from evidence.selectors.report_sections import SectionView, SourceView, TableView, sections
from evidence.selectors.summaries import choice
from evidence.selectors.wording import (
    CURRENCIES,
    amount,
    chart_unit,
    count,
    difference,
    figure,
    in_sentence,
    listed,
    per_cent,
    short_unit,
    span,
)
from lisapp.design.charts import Chart, DotPlot, DotRow, LineChart, LineSeries, MapPoint, PointMap
from lisapp.design.dates import shown

Row = Mapping[str, Any]
FEWEST_FOR_A_TREND = 5
SMALL_SLOPE = 10
REASONS = 3
LONGEST_UNIT = 12  # characters that fit behind the number in a drawing
LONGEST_LABEL = 32  # characters that leave room for a second line
LONGEST_NAME = 12  # characters of a place's name that fit beside a small drawing
ALIKE_WITHIN = 0.25  # on the common scale: a quarter of a standard deviation
STATE_COLOURS = {"above peers": "blue", "below peers": "purple"}


@dataclass(frozen=True)
class PeerView:
    """One peer: why it is one, and how sure that is."""

    name: str
    region: str
    core: bool
    tested: bool
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
    unit: str
    value: str
    interval: str
    peers: str
    peers_range: str
    england: str
    england_derived: str
    gap: str
    gap_interval: str
    state: str
    colour: str
    disagreeing: str
    trend: str
    source: SourceView


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
    sources: list[SourceView]


@dataclass(frozen=True)
class ChangesView:
    """What is different from the last report on the place that was made from other data."""

    sentences: list[str]
    table: TableView | None = None


@dataclass(frozen=True)
class ReportPage:
    """Everything that the page shows beside the report itself."""

    summary: list[Row]
    peers: list[PeerView]
    core: int
    places: Chart | None
    choice: list[str]
    near_misses: str
    pillars: list[PillarView]
    changes: ChangesView
    sections: list[SectionView]
    left_out: list[Row]
    excluded: list[Row]
    method: Row
    again: str

    def charts(self) -> Iterator[Chart]:
        """Every drawing of the page."""
        yield from [self.places] if self.places else []
        for pillar in self.pillars:
            yield from [*([pillar.dots] if pillar.dots else []), *pillar.outcomes, *pillar.drivers]
        for section in self.sections:
            yield from section.charts


def report_page(report: ComparatorReport) -> ReportPage:
    """Arrange the stored result of a finished report. No queries."""
    result = report.result
    name = result.get("place", {}).get("name", report.place.name)
    figures, peers = result.get("figures", []), result.get("peers", [])
    pillars = [_pillar(pillar, name, [row for row in figures if row["pillar"] == pillar]) for pillar in PillarCode]
    return ReportPage(
        summary=_summary(result),
        peers=[_peer(peer) for peer in peers],
        core=sum(bool(peer["core"]) for peer in peers),
        places=_map(name, result),
        choice=choice(result) if peers else [],
        near_misses=listed([f"{row['name']} ({per_cent(row['inclusion'])})" for row in result.get("near_misses", [])]),
        pillars=[view for view in pillars if view.compared or view.structure],
        changes=_changes(result.get("changes", {})),
        sections=sections(result),
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
    alike = [
        in_sentence(r["label"])
        for r in peer["reasons"]
        if r["difference"] is not None and abs(r["difference"]) < ALIKE_WITHIN
    ]
    tested = peer["inclusion"] is not None
    return PeerView(
        name=peer["name"],
        region=peer["region"],
        core=bool(peer["core"]),
        tested=tested,
        inclusion=per_cent(peer["inclusion"]) if tested else "not tested",
        median_rank=f"{peer['median_rank']:.0f}" if peer["median_rank"] is not None else "",
        reasons=[
            (in_sentence(reason["label"]), round(100 * reason["share"]), _direction(reason["difference"]))
            for reason in peer["reasons"][:REASONS]
        ],
        alike=listed(sorted(alike), most=5),
    )


def _direction(difference_: float | None) -> str:
    if difference_ is None:
        return "no figure"
    return "higher there" if difference_ > 0 else "lower there" if difference_ < 0 else "the same"


def _map(name: str, result: Row) -> Chart | None:
    placed = [
        peer for peer in result.get("peers", []) if peer["longitude"] is not None and peer["latitude"] is not None
    ]
    here = result.get("place", {})
    points = [MapPoint(peer["name"], peer["longitude"], peer["latitude"], "peer") for peer in placed]
    if here.get("longitude") is None or here.get("latitude") is None or not points:
        return None
    points.append(MapPoint(name, here["longitude"], here["latitude"], "place"))
    return PointMap(
        title=f"Where {name} and its peers lie",
        points=points,
        source="Office for National Statistics, centres of areas",
    )


def _summary(result: Row) -> list[Row]:
    """The parts of the summary. Reports of the first schema hold sentences without parts."""
    parts: list[Row] = result.get("summary", [])
    if parts and isinstance(parts[0], str):
        return [{"title": "", "sentences": parts[:1]}, {"title": "Where it stands", "sentences": parts[1:]}]
    return parts


def _changes(changes: Row) -> ChangesView:
    if "release" not in changes:
        return ChangesView([changes.get("reason") or "Nothing is recorded about earlier data."])
    since = f"the report of {shown(date.fromisoformat(changes['finished']))}, made from {changes['release']}"
    sentences = [f"Compared with {since}."]
    if not changes["same_choices"]:
        sentences.append("The two were made with different choices, so part of what differs comes from those.")
    for key, word in (("joined", "New among the peers"), ("left", "No longer among the peers")):
        sentences.append(f"{word}: {listed(changes[key]) or 'none'}.")
    sentences += [
        f"{row['label']}: what can be said went from “{row['was']}” to “{row['now']}”." for row in changes["states"]
    ]
    if not changes["figures"]:
        return ChangesView([*sentences, "None of the place's figures changed."])
    rows = tuple(
        (
            row["label"],
            f"{amount(row['was'], row['unit'], row['decimals']) or 'no figure'} ({row['was_period']})",
            f"{amount(row['now'], row['unit'], row['decimals']) or 'no figure'} ({row['period']})",
        )
        for row in changes["figures"]
    )
    return ChangesView(sentences, TableView("Figures that changed", ("Indicator", "Before", "Now"), rows, (1, 2)))


def _pillar(pillar: PillarCode, name: str, rows: Sequence[Row]) -> PillarView:
    tested = [row for row in rows if row["role"] != IndicatorRole.STRUCTURAL]
    drawn = [row for row in tested if _has_trend(row)]
    sources = _number_sources(rows)
    return PillarView(
        code=pillar.value,
        label=str(pillar.label),
        dots=_dots(name, str(pillar.label), tested),
        outcomes=[_line(name, row) for row in drawn if row["role"] == IndicatorRole.OUTCOME],
        drivers=[_line(name, row) for row in drawn if row["role"] == IndicatorRole.DRIVER],
        compared=[_figure(row, sources) for row in tested],
        structure=[_figure(row, sources) for row in rows if row["role"] == IndicatorRole.STRUCTURAL],
        sources=list(sources.values()),
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
        description=_where_it_lies(name, shown),
        place_name=name,
        peers_name="Peers",
        rows=[_dot_row(row) for row in shown],
        source=_sources(shown),
        period=periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}, as marked",
    )


def _where_it_lies(name: str, rows: Sequence[Row]) -> str:
    placed = [row for row in rows if row["value"] is not None and row["peers_q1"] is not None]
    above = sum(row["value"] > row["peers_q3"] for row in placed) or "none"
    below = sum(row["value"] < row["peers_q1"] for row in placed) or "none"
    figures = count(len(placed), "figure")
    return (
        f"Of {figures}, {name} lies above the middle half of its peers on {above} and below it on {below}. Each row "
        "has a scale of its own; the table under the drawing gives every figure."
    )


def _dot_row(row: Row) -> DotRow:
    """A row of the drawing. What does not fit under its label is in the table: a long unit beside a long label."""
    unit, note, label = _drawn_unit(row["unit"]), "", f"{row['label']} ({row['period']})"
    interval = span(row["lower"], row["upper"], row["unit"], row["decimals"])
    if interval:
        label, note = row["label"], f"{row['period']}, 95% interval {interval}"
    elif not unit and len(row["label"]) <= LONGEST_LABEL:
        label, note = row["label"], f"{row['period']}, {row['unit']}"
    return DotRow(
        label=label,
        place=row["value"],
        peers=[value for value in row["peers"].values() if value is not None],
        england=row["england"],
        median=row["peers_median"],
        low=row["peers_q1"],
        high=row["peers_q3"],
        unit=unit,
        places=row["decimals"],
        note=note,
        lower=row["lower"],
        upper=row["upper"],
    )


def _drawn_unit(unit: str) -> str:
    """The unit behind a number in a drawing: £, € and % always, another one where it is short."""
    short = short_unit(unit) or unit.removesuffix(" people")
    return short if len(short) <= LONGEST_UNIT else ""


def _sources(rows: Sequence[Row]) -> str:
    cited = list(dict.fromkeys(row["source"] for row in rows))
    return cited[0] if len(cited) == 1 else f"{len(cited)} sources, one for each figure, in the table below"


def _line(name: str, row: Row) -> Chart:
    series = row["series"]
    lines = [LineSeries(name if len(name) <= LONGEST_NAME else "This place", series["place"], "place")]
    if any(value is not None for value in series["peers_median"]):
        lines.append(LineSeries("Median peer", series["peers_median"], "peers"))
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
        width=360,
        height=250,
    )


def trend_words(row: Row) -> str:
    """The trend of a figure in a sentence; one that cannot be calculated never reads as "no change"."""
    trend = row["trend"]
    if trend["state"] == "cannot be calculated":
        return f"A trend cannot be calculated: {trend['reason']}."
    if trend["state"] == "no clear change":
        return f"No clear change over {trend['periods']} periods."
    return f"{trend['state'].capitalize()}, by about {_slope(row)} a year over {trend['periods']} periods."


def _slope(row: Row) -> str:
    """The change a year, with a decimal more than the figure where it is small."""
    slope, decimals = row["trend"]["slope"], row["decimals"]
    if abs(slope) < SMALL_SLOPE:
        decimals = max(decimals, 2 if row["unit"].startswith(CURRENCIES) else 1)
    return difference(slope, row["unit"], decimals)


def _against_england(row: Row) -> str:
    against = row.get("trend_against_england")
    if not against or against["state"] == "cannot be calculated":
        return ""
    states = {"rising": "Rising against England.", "falling": "Falling against England."}
    return states.get(against["state"], "No clear change against England.")


def _number_sources(rows: Sequence[Row]) -> dict[tuple[str, ...], SourceView]:
    """The different sources of these figures, numbered in the order in which they come up."""
    found: dict[tuple[str, ...], SourceView] = {}
    for row in rows:
        found.setdefault(_source_key(row), SourceView(len(found) + 1, *_source_key(row)))
    return found


def _source_key(row: Row) -> tuple[str, str, str, str, str, str]:
    keys = ("source", "url", "licence", "vintage", "derivation", "geography_vintage")
    citation, url, licence, vintage, derivation, boundaries = (row[key] for key in keys)
    if boundaries and not boundaries.startswith("Boundaries"):
        boundaries = f"Boundaries: {boundaries}"
    return citation, url, licence, vintage, derivation, boundaries


def _figure(row: Row, sources: Mapping[tuple[str, ...], SourceView]) -> FigureView:
    unit, decimals = row["unit"], row["decimals"]
    return FigureView(
        code=row["indicator"],
        label=row["label"],
        role=str(IndicatorRole(row["role"]).name.capitalize()),
        period=row["period"],
        unit="" if short_unit(unit) == unit else unit,
        value=figure(row["value"], unit, decimals) or "no figure",
        interval=span(row["lower"], row["upper"], unit, decimals),
        peers=figure(row["peers_median"], unit, decimals) or "not compared",
        peers_range=span(row["peers_q1"], row["peers_q3"], unit, decimals),
        england=figure(row["england"], unit, decimals) or "no figure",
        england_derived=row["england_derivation"],
        gap=_signed(row["gap"], unit, decimals),
        gap_interval=span(row["gap_lower"], row["gap_upper"], unit, decimals),
        state=_state(row),
        colour=STATE_COLOURS.get(row["state"], "grey"),
        disagreeing=listed(row["disagreeing"]),
        trend=_trend_in_table(row),
        source=sources[_source_key(row)],
    )


def _state(row: Row) -> str:
    """The state in the table, where the two figures stand side by side whether or not the gap was tested."""
    if row["state"] == "no clear difference" and (row["gap_lower"] > 0 or row["gap_upper"] < 0):
        return "no clear difference once the number of comparisons is allowed for"
    return row["state"].replace("not compared", "not tested") if row["gap"] is not None else row["state"]


def _trend_in_table(row: Row) -> str:
    if row["trend"]["state"] == "cannot be calculated":
        return "cannot be calculated"
    if row["trend"]["state"] == "no clear change":
        return "no clear change"
    return f"{row['trend']['state']}, about {_slope(row)} a year"


def _signed(gap: float | None, unit: str, decimals: int) -> str:
    if gap is None:
        return ""
    size = difference(gap, unit, decimals)
    if float(f"{gap:.{decimals}f}") == 0:
        return "None"
    return f"{size} {'higher' if gap > 0 else 'lower'}"

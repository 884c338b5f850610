"""A finished comparator report as a spreadsheet: the figures unrounded, one sheet for each kind of row."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from evidence.exports.csv_files import REPORT_COLUMNS
from evidence.models import ComparatorReport
from evidence.selectors.permalinks import permalink
from evidence.selectors.report_page import parameter_words, report_page
from lisapp.design.spreadsheets import Cell, guarded
from lisapp.documents.archives import with_stable_bytes

WIDEST, NARROWEST = 60, 9
HEAD = {"font": Font(bold=True, color="FFFFFF"), "fill": PatternFill("solid", fgColor="0B5C63")}


def render_xlsx(report: ComparatorReport) -> bytes:
    """Return the workbook of a finished report. The same report always gives the same bytes."""
    result, page = report.result, report_page(report)
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = report.title, report.lep.name
    book.properties.language = "en-GB"
    moment = datetime.fromisoformat(report.finished_at.isoformat()).replace(tzinfo=None, microsecond=0)
    book.properties.created = moment
    _sheet(book, "About", ("What", "Which"), _about(report, page.method))
    said = ((part["title"], text) for part in page.summary for text in part["sentences"])
    _sheet(book, "In short", ("About", "Sentence"), said)
    keys = list(REPORT_COLUMNS)
    figures = result.get("figures", [])
    _sheet(book, "Figures", tuple(REPORT_COLUMNS.values()), ([row.get(key) for key in keys] for row in figures))
    _sheet(book, "Peers", *_peers(result.get("peers", [])))
    _sheet(book, "Peers' figures", *_peer_figures(result.get("peers", []), figures))
    _sheet(book, "Over time", *_over_time(figures))
    for section in page.sections:
        for at, table in enumerate(section.tables, start=1):
            name = section.title if len(section.tables) == 1 else f"{section.title} {at}"
            _sheet(book, name, table.header, table.rows)
    gone = [("Indicator", row["label"], row["reason"]) for row in page.left_out]
    gone += [("Area", row["name"], row["reason"]) for row in page.excluded]
    _sheet(book, "Left out", ("What", "Name", "Why"), gone)
    _sheet(book, "Method", ("Sentence",), ([text] for text in page.method.get("words", [])))
    written = io.BytesIO()
    book.save(written)
    return with_stable_bytes(written.getvalue(), modified=moment)


def _about(report: ComparatorReport, method: Any) -> list[Sequence[Cell]]:
    return [
        ("Report", report.title),
        ("Place", f"{report.place} ({report.place.code})"),
        ("Made for", report.lep.name),
        ("Finished", f"{report.finished_at:%Y-%m-%d %H:%M} UTC"),
        ("Data", report.data_release.name),
        ("SHA-256 of the data", report.data_release.checksum),
        ("Address that runs it again, on the site that made it", permalink(report)),
        *parameter_words(method),
        ("Licence", "Each figure names its own on the sheet “Figures”."),
    ]


def _peers(peers: Sequence[Any]) -> tuple[tuple[str, ...], Iterable[Sequence[Cell]]]:
    labels = {part["indicator"]: part["label"] for peer in peers for part in peer["reasons"]}
    fixed = ("code", "name", "region", "rank", "distance", "share_present", "inclusion", "median_rank", "rank_low")
    header = (
        "Code", "Name", "Region", "Rank", "Distance", "Share of weight with figures", "Share of repeats that chose it",
        "Median rank", "Rank, lower 95% limit", "Rank, upper 95% limit", "Core peer",
        *(f"Share of the squared distance: {label}" for label in labels.values()),
    )  # fmt: skip

    def row(peer: Any) -> list[Cell]:
        shares = {part["indicator"]: part["share"] for part in peer["reasons"]}
        core = "not tested" if peer["core"] is None else "yes" if peer["core"] else "no"
        return [*(peer[key] for key in fixed), peer["rank_high"], core, *(shares.get(code) for code in labels)]

    return header, (row(peer) for peer in peers)


def _peer_figures(peers: Sequence[Any], figures: Sequence[Any]) -> tuple[tuple[str, ...], Iterable[Sequence[Cell]]]:
    header = ("Indicator code", "Indicator", "Period", "Unit", *(peer["name"] for peer in peers))
    about = ("indicator", "label", "period", "unit")
    return header, ([*(row[key] for key in about), *(row["peers"].get(p["code"]) for p in peers)] for row in figures)


def _over_time(figures: Sequence[Any]) -> tuple[tuple[str, ...], Iterable[Sequence[Cell]]]:
    def rows() -> Iterable[Sequence[Cell]]:
        for row in figures:
            series = row["series"]
            columns = (series["periods"], series["place"], series["peers_median"], series["england"])
            for period, here, peers, england in zip(*columns, strict=True):
                yield row["indicator"], row["label"], row["unit"], period, here, peers, england

    return ("Indicator code", "Indicator", "Unit", "Period", "Place", "Peers, median", "England"), rows()


def _sheet(book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Add a sheet whose header stays in view; every text is guarded against being run as a formula."""
    sheet = book.create_sheet(title[:31])
    sheet.append([guarded(name) for name in header])
    for row in rows:
        sheet.append([guarded(cell) for cell in row])
    for cell in sheet[1]:
        cell.font, cell.fill = HEAD["font"], HEAD["fill"]
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    for at, column in enumerate(sheet.iter_cols(min_row=1, max_row=min(sheet.max_row, 200)), start=1):
        longest = max(len(str(cell.value or "")) for cell in column[1:] or column)
        width = min(max(longest + 2, NARROWEST), WIDEST)
        sheet.column_dimensions[get_column_letter(at)].width = width
        for cell in column[1:] if longest > WIDEST else ():
            cell.alignment = Alignment(wrap_text=True, vertical="top")

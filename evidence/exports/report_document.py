"""A finished comparator report as a document, from the same texts and drawings as its page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils import timezone

from evidence.models import ComparatorReport
from evidence.selectors.permalinks import permalink
from evidence.selectors.report_page import (
    FigureView,
    PillarView,
    ReportPage,
    parameter_words,
    report_page,
    weight_words,
)
from evidence.selectors.report_sections import SectionView, SourceView, TableView
from lisapp.design.charts import Chart, DotPlot, SmallMultiples
from lisapp.design.dates import shown
from lisapp.documents.document import (
    Block,
    BulletList,
    Callout,
    Contents,
    Cover,
    Document,
    Figure,
    Heading,
    NumberList,
    PageBreak,
    Paragraph,
    Run,
    Table,
    paragraph,
    plain,
)

DOTS_TO_A_PAGE = 12
TO_A_PAGE = 6  # small charts that fit on a page, two to a row
DEMONSTRATION = (
    "Demonstration content, made to show how this software works. The figures are real and carry their sources."
)
FIGURE_COLUMNS = ("Indicator", "Here", "Median peer", "England", "Gap to the median peer", "Trend here")


def document_of(report: ComparatorReport) -> Document:
    """Return the document of a finished report, dated with the day on which its figures were frozen.

    The same report always gives the same document.
    """
    page = report_page(report)
    finished = timezone.localdate(report.finished_at)
    return Document(
        title=report.title,
        author=report.lep.name,
        subject=f"Comparator report on {report.place}, {report.data_release}",
        dated=finished,
        cover=Cover(
            kicker="Comparator report",
            title=report.title,
            subtitle=f"{report.place} beside places like it, and England",
            facts=(
                ("Prepared for", report.lep.name),
                ("Area", f"{report.place} ({report.place.code})"),
                ("Data", f"{report.data_release}"),
                ("Date", shown(finished)),
            ),
            mark=DEMONSTRATION if report.lep.is_demonstration else "",
        ),
        blocks=tuple(_Writer(report, page).blocks()),
    )


class _Writer:
    """Writes the chapters in reading order and numbers them as they come."""

    def __init__(self, report: ComparatorReport, page: ReportPage) -> None:
        self.report, self.page = report, page
        self._chapters = 0

    def _chapter(self, title: str, anchor: str) -> Heading:
        self._chapters += 1
        return Heading(1, f"{self._chapters}. {title}", anchor)

    def blocks(self) -> list[Block]:
        """Return the whole text: what a busy reader needs first, then the figures, then why to believe them."""
        return [
            Contents(),
            PageBreak(),
            *self._summary(),
            *(block for pillar in self.page.pillars for block in self._pillar(pillar)),
            *self._peers(),
            *self._changes(),
            *(block for section in self.page.sections for block in self._section(section)),
            *self._left_out(),
            *self._method(),
        ]

    def _summary(self) -> list[Block]:
        blocks: list[Block] = [self._chapter("In short", "summary")]
        for part in self.page.summary:
            if part["title"]:
                blocks += [Heading(2, part["title"]), *_bullets(part["sentences"])]
            else:
                blocks += [paragraph(sentence, "lead") for sentence in part["sentences"]]
        return blocks

    def _pillar(self, pillar: PillarView) -> list[Block]:
        blocks: list[Block] = [self._chapter(pillar.label, pillar.code)]
        blocks += _dots(pillar.dots)
        if pillar.compared:
            blocks.append(_figures(f"{pillar.label}: drivers and outcomes", pillar.compared))
            blocks.append(
                paragraph(
                    "After each figure: its 95% interval where one is published. After the median peer: the middle "
                    "half of the peers. Numbers in brackets lead to the sources below.",
                    "small",
                )
            )
        for title, charts in (("Outcomes over time", pillar.outcomes), ("Drivers over time", pillar.drivers)):
            if charts:
                blocks.append(Heading(2, f"{pillar.label}: {title[0].lower()}{title[1:]}"))
                blocks += _small(f"{pillar.label}: {title[0].lower()}{title[1:]}", charts)
        if pillar.structure:
            blocks.append(Heading(2, f"{pillar.label}: structure, which chose the peers"))
            blocks.append(_figures(f"{pillar.label}: structure", pillar.structure))
        return [*blocks, Heading(2, f"{pillar.label}: sources"), _sources(pillar.sources)]

    def _peers(self) -> list[Block]:
        page = self.page
        blocks: list[Block] = [self._chapter("The peers, and why these", "peers")]
        if not page.peers:
            return [*blocks, paragraph("This report names no peers.")]
        blocks += [paragraph(sentence) for sentence in page.choice]
        blocks.append(
            Table(
                "The peers, the nearest first",
                ("Peer", "Chosen in", "Usual rank", "What makes up the distance that is left", "Much alike on"),
                tuple(
                    (
                        plain(f"{peer.name}{', core peer' if peer.core else ''}"),
                        plain(peer.inclusion),
                        plain(peer.median_rank or "–"),
                        plain("; ".join(f"{share}% {label}, {way}" for label, share, way in peer.reasons)),
                        plain(peer.alike or "nothing within a quarter of a standard deviation"),
                    )
                    for peer in page.peers
                ),
                widths=(20, 11, 9, 35, 25),
            )
        )
        if page.near_misses:
            blocks.append(paragraph(f"Nearly chosen: {page.near_misses}."))
        if page.places:
            blocks.append(_drawn(page.places))
        return blocks

    def _changes(self) -> list[Block]:
        return [
            self._chapter("What changed since the last data", "changes"),
            *(paragraph(sentence) for sentence in self.page.changes.sentences),
            *([_table(self.page.changes.table)] if self.page.changes.table else []),
        ]

    def _section(self, section: SectionView) -> list[Block]:
        return [
            self._chapter(section.title, section.code),
            *(paragraph(sentence) for sentence in section.sentences),
            *(_drawn(chart) for chart in section.charts),
            *(_table(table) for table in section.tables),
            *([_sources(section.sources)] if section.sources else []),
        ]

    def _left_out(self) -> list[Block]:
        page = self.page
        gone = _by_reason((row["label"], row["reason"]) for row in page.left_out)
        areas = _by_reason((row["name"], row["reason"]) for row in page.excluded)
        return [
            self._chapter("What was left out, and why", "left-out"),
            Heading(2, "Indicators that did not choose the peers"),
            *([_pairs("Indicators left out of the choice", ("Why", "Which"), gone)] if gone else [paragraph("None.")]),
            Heading(2, "Areas that could not be peers"),
            *(
                [_pairs("Areas left out of the choice", ("Why", "Which"), areas)]
                if areas
                else [paragraph("None but the place itself.")]
            ),
        ]

    def _method(self) -> list[Block]:
        report, method = self.report, self.page.method
        link = permalink(report)
        return [
            self._chapter("Method and sources", "method"),
            *(paragraph(sentence) for sentence in method.get("words", [])),
            _pairs("Every choice, to repeat the report", ("Choice", "Value"), parameter_words(method)),
            _pairs("Weights of the indicators that chose the peers", ("Indicator", "Weight"), weight_words(method)),
            Callout(
                "To run it again",
                (
                    Paragraph((Run("Open this address on the site that made the report: "), Run(link, code=True))),
                    paragraph(f"It holds every choice and names the data: {report.data_release}."),
                    paragraph(f"SHA-256 of the data: {report.data_release.checksum}.", "small"),
                ),
            ),
        ]


def _dots(plot: Chart | None) -> list[Block]:
    """A dot plot in as many drawings as it takes to stay legible on paper."""
    if not isinstance(plot, DotPlot):
        return []
    parts = -(-len(plot.rows) // DOTS_TO_A_PAGE)
    size = -(-len(plot.rows) // parts)
    some = [plot.rows[start : start + size] for start in range(0, len(plot.rows), size)]
    return [
        _drawn(replace(plot, rows=rows, description="" if at else plot.description)) for at, rows in enumerate(some)
    ]


def _drawn(chart: Chart) -> Figure:
    return Figure(chart.svg(), chart.text, f"{chart.title}. {chart.provenance}".strip())


def _small(title: str, charts: Sequence[Chart]) -> list[Block]:
    """Small charts, some to a page, with the trend of each in words and where its figures come from."""
    blocks: list[Block] = []
    for start in range(0, len(charts), TO_A_PAGE):
        some = charts[start : start + TO_A_PAGE]
        blocks.append(_drawn(SmallMultiples(title=title, charts=some)))
        blocks.append(
            BulletList(tuple((paragraph(f"{c.title}. {c.text} {c.provenance}".strip(), "small"),) for c in some))
        )
    return blocks


def _figures(caption: str, rows: Sequence[FigureView]) -> Table:
    return Table(caption, FIGURE_COLUMNS, tuple(_figure(row) for row in rows), widths=(27, 13, 14, 11, 22, 13))


def _figure(row: FigureView) -> tuple[tuple[Run, ...], ...]:
    unit = f", {row.unit}" if row.unit else ""
    gap = [row.gap, f"95% interval {row.gap_interval}" if row.gap_interval else "", row.state]
    if row.disagreeing:
        gap.append(f"the sign turns with: {row.disagreeing}")
    name = (Run(row.label, bold=True), Run(f" {row.period}{unit} ({row.source.number})"))
    return (
        name,
        plain(_with(row.value, row.interval)),
        plain(_with(row.peers, row.peers_range)),
        plain(_with(row.england, "derived" if row.england_derived else "")),
        plain("; ".join(part for part in gap if part)),
        plain(row.trend),
    )


def _with(text: str, more: str) -> str:
    return f"{text} ({more})" if more else text


def _table(table: TableView) -> Table:
    rows = tuple(tuple(plain(cell) for cell in row) for row in table.rows)
    return Table(table.caption, table.header, rows, numeric=table.numeric)


def _sources(sources: Sequence[SourceView]) -> NumberList:
    return NumberList(tuple((Paragraph(_source(source), "small"),) for source in sources))


def _source(source: SourceView) -> tuple[Run, ...]:
    text = f"{source.citation}. Edition: {source.vintage}. Licence: {source.licence}."
    if source.boundaries:
        text += f" {source.boundaries}."
    if source.derivation:
        text += f" Derived: {source.derivation}"
    return (Run(text), Run(" "), Run(source.url, href=source.url)) if source.url else (Run(text),)


def _bullets(texts: Sequence[str]) -> list[Block]:
    return [BulletList(tuple((paragraph(text),) for text in texts))] if texts else []


def _by_reason(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names that share a reason, together: (reason, names)."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, reason in pairs:
        found[reason].append(name)
    return [(f"{reason[:1].upper()}{reason[1:]}", "; ".join(names)) for reason, names in found.items()]


def _pairs(caption: str, header: tuple[str, str], rows: Sequence[tuple[str, str]]) -> Table:
    return Table(caption, header, tuple((plain(name), plain(value)) for name, value in rows), widths=(35, 65))

"""What a file of figures holds, compared with what is stored: for the preview, the import and the command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from evidence.enums import DatasetState
from evidence.imports.checking import Checked, Checker, Figure
from evidence.imports.mapping import TIDY
from evidence.imports.mapping import Mapping as Choices
from evidence.imports.reading import Reading
from evidence.imports.uploads import BadUpload, Limits, open_upload
from evidence.models import Dataset, Indicator, Observation
from lisapp.design.spreadsheets import csv_lines
from lisapp.places.codes import PlaceBook
from lisapp.places.models import Place

Identity = tuple[int, int, str]
"""Indicator, place and period."""

SHOWN_ROWS = 20
SHOWN_REFUSALS = 50
SHOWN_MEASURES = 60
LONGEST_PERIOD = 20


@dataclass
class Examined:
    """A file, read to its end. `whole` is the reason why nothing of it can be used, blank where something can."""

    reading: Reading | None
    checked: Checked = field(default_factory=Checked)
    whole: str = ""

    @property
    def needs(self) -> list[str]:
        """What the analyst still has to choose."""
        if self.reading is None:
            return []
        needs = []
        if self.reading.shape == TIDY:
            columns = self.reading.columns
            needs += [] if "value" in columns else ["which column holds the value"]
            needs += [] if {"code", "name"} & set(columns) else ["which column holds the area’s code or name"]
        if unknown := len(self.checked.unknown):
            needs.append(f"which indicator {'the measure is' if unknown == 1 else f'each of {unknown:,} measures is'}")
        return needs


def limits() -> Limits:
    """How large a file may be here."""
    return Limits(bytes=settings.UPLOAD_MAX_BYTES)


def examine(path: Path, name: str, choices: Choices) -> Examined:
    """Read a file that was called `name` to its end. Changes nothing, and raises nothing for a bad file."""
    reading = None
    try:
        reading = Reading(open_upload(path, name, limits()), choices)
        indicators: dict[str, Any] = {indicator.code: indicator for indicator in Indicator.objects.all()}
        book = PlaceBook.read()
        most = reading.upload.limits.figures
        checker = Checker(choices, lambda text, kind: book.find(text, kind=kind), indicators, cache(_ends), most)
        checked = checker.check(reading.figures())
    except BadUpload as error:
        return Examined(reading, whole=str(error))
    examined = Examined(reading, checked)
    if not checked.cells and not examined.needs:
        examined.whole = "No figures were found in the file."
    elif not checked.figures and not checked.refused and not examined.needs:
        examined.whole = "Every figure of the file is suppressed or left out, so there is nothing to import."
    return examined


def _ends(indicator: int) -> tuple[Mapping[str, int], int]:
    """The periods that an indicator has, with their ends, and the month in which its years end (else December)."""
    stored = (
        Observation.objects.filter(indicator=indicator)
        .values_list("period", "period_order")
        .annotate(n=Count("pk"))
        .order_by("n", "period_order")
    )
    periods = {period: order for period, order, _ in stored}
    years = [order % 100 for period, order in periods.items() if period.isdigit() or "/" in period]
    return periods, max(set(years), key=years.count) if years else 12


@dataclass(frozen=True)
class Compared:
    """Figures beside the ones that stand: new ones, and those that would supersede one (by its key)."""

    new: list[Figure]
    superseding: list[tuple[Figure, int]]
    same: int

    @property
    def to_import(self) -> int:
        """How many figures an import would store."""
        return len(self.new) + len(self.superseding)


def compare(figures: Sequence[Figure]) -> Compared:
    """Set figures beside those that stand. One query."""
    wanted = {(figure.indicator, figure.place, figure.period): figure for figure in figures}
    stored: dict[Identity, tuple[Any, ...]] = {}
    rows = Observation.objects.filter(indicator__in={figure.indicator for figure in figures}).values_list(
        "indicator_id", "place_id", "period", "pk", "value", "lower", "upper", "geography_vintage"
    )
    for *identity, pk, value, lower, upper, boundaries in rows.iterator(chunk_size=2000):
        if tuple(identity) in wanted:
            stored[tuple(identity)] = (pk, value, lower, upper, boundaries)  # type: ignore[index]
    done = Compared([], [], 0)
    same = 0
    for identity, figure in wanted.items():  # type: ignore[assignment]
        before = stored.get(identity)  # type: ignore[call-overload]
        if before is None:
            done.new.append(figure)
        elif _same(figure, before):
            same += 1
        else:
            done.superseding.append((figure, before[0]))
    return Compared(done.new, done.superseding, same)


def _same(figure: Figure, stored: tuple[Any, ...]) -> bool:
    """Whether a figure says nothing that the stored one does not say. One without limits says nothing about them."""
    _, value, lower, upper, boundaries = stored
    silent = figure.lower is None and figure.upper is None
    return bool(
        figure.value == value
        and figure.boundaries == boundaries
        and (silent or (figure.lower == lower and figure.upper == upper))
    )


def state_of(examined: Examined, compared: Compared) -> DatasetState:
    """Where a file is after a check."""
    if examined.whole:
        return DatasetState.REFUSED
    if examined.needs:
        return DatasetState.NEEDS_CHOICES
    if examined.checked.refused or not compared.to_import:
        return DatasetState.REFUSED
    return DatasetState.READY


def nothing_new(compared: Compared) -> str:
    """Why a file without a new or different figure is not imported."""
    these = "Its one figure is" if compared.same == 1 else f"All {compared.same:,} figures are"
    return f"{these} stored already, with the same value{'' if compared.same == 1 else 's'}."


def findings(examined: Examined, compared: Compared) -> dict[str, Any]:
    """What a check found, as JSON for the page: counts, the first rows as understood, what can be chosen."""
    reading, checked = examined.reading, examined.checked
    found: dict[str, Any] = {
        "whole": examined.whole,
        "needs": examined.needs,
        "counts": {
            "cells": checked.cells,
            "figures": len(checked.figures),
            "new": len(compared.new),
            "superseding": len(compared.superseding),
            "same": compared.same,
            "suppressed": checked.suppressed,
            "left_out": checked.left_out,
            "refused": len(checked.refused),
            "totals": reading.totals if reading else 0,
        },
        "refusals": [asdict(refused) for refused in checked.refused[:SHOWN_REFUSALS]],
        "notes": list(checked.notes),
        "rows": _rows(checked.figures[:SHOWN_ROWS]),
        "measures": [
            {"measure": measure, "figures": count, "indicator": checked.chosen.get(measure, "")}
            for measure, count in checked.measures.most_common(SHOWN_MEASURES)
        ],
    }
    if reading is not None:
        found |= {
            "kind": reading.upload.kind,
            "encoding": reading.upload.encoding,
            "delimiter": reading.upload.delimiter,
            "shape": reading.shape,
            "headings": reading.headings,
            "columns": reading.columns,
            "sheets": reading.sheets,
            "passed_over": reading.passed_over,
            "blocks": reading.blocks,
        }
    if not examined.whole and not examined.needs and not checked.refused and not compared.to_import:
        found["whole"] = nothing_new(compared)
    return found


def _rows(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    places = Place.objects.in_bulk({figure.place for figure in figures})
    indicators = Indicator.objects.in_bulk({figure.indicator for figure in figures})
    return [
        {
            "row": figure.at.row,
            "sheet": figure.at.sheet,
            "place": places[figure.place].name,
            "code": places[figure.place].code,
            "indicator": indicators[figure.indicator].label,
            "unit": indicators[figure.indicator].unit,
            "decimals": indicators[figure.indicator].decimals,
            "period": figure.period,
            "value": figure.value,
            "lower": figure.lower,
            "upper": figure.upper,
            "boundaries": figure.boundaries,
        }
        for figure in figures
    ]


def refusal_lines(checked: Checked) -> Iterator[str]:
    """Every refused row as a CSV file."""
    rows = ([refused.sheet, refused.row, refused.column, refused.reason] for refused in checked.refused)
    return csv_lines(["Sheet", "Row", "Column", "Reason"], rows)


def datasets() -> QuerySet[Dataset]:
    """All datasets, newest first, with whom and what they come from."""
    return Dataset.objects.select_related("source", "uploaded_by", "job").defer("findings", "mapping")

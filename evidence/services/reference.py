"""Loading the reference data: places, indicators, sources, figures and reviews of evaluations.

The folder is the authority for these tables. Loading compares it with what is stored, writes only the differences,
and is one transaction: a folder that cannot be read as a whole changes nothing, and a row that cannot be right is
refused with its reason while the others are loaded.

Figures are superseded, never overwritten. A figure from an imported dataset stays current over the reference figure,
older or newer, until that dataset is rolled back: an analyst put it there for a reason that was written down. The
reference figure waits below it (see `evidence.models.Observation`) and is current again after the roll back.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from evidence.imports.reference_files import Figure, Reference, read
from evidence.models import Contiguity, EvidenceItem, Indicator, Observation, Source
from evidence.services import releases, versions
from lisapp.audit.services import log
from lisapp.places.enums import LEPKind, PlaceKind
from lisapp.places.models import LEP, Place, PlaceCode, PlaceMembership

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
NUMBER = (int, float)
Identity = tuple[int, int, str]
"""Indicator, place and period: of what a figure is the value."""


@dataclass(frozen=True)
class Refusal:
    """A row that was not loaded, and why."""

    kind: str
    row: str
    reason: str


@dataclass
class Counts:
    """What happened to the rows of one kind."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    refused: int = 0

    @property
    def stored(self) -> int:
        """How many rows of the folder are in the database now."""
        return self.created + self.updated + self.unchanged


@dataclass
class LoadReport:
    """What a load did: counts by kind of row, the refused rows, and the release that the data now is."""

    release: str
    checksum: str
    new_release: bool = False
    kinds: dict[str, Counts] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def changed(self) -> int:
        """How many rows were created, updated or removed."""
        return sum(kind.created + kind.updated + kind.removed for kind in self.kinds.values())

    def of(self, kind: str) -> Counts:
        """The counts of a kind."""
        return self.kinds.setdefault(kind, Counts())

    def refused(self, kind: str) -> list[str]:
        """The refused rows of a kind."""
        return [refusal.row for refusal in self.refusals if refusal.kind == kind]

    def refuse(self, kind: str, row: str, reason: str) -> None:
        """Note a row that is not loaded."""
        self.of(kind).refused += 1
        self.refusals.append(Refusal(kind, row, reason))


def load_reference(*, path: Path | None = None) -> LoadReport:
    """Bring the reference tables in line with the folder `path` (the committed one unless another is given).

    Running it again changes nothing. Figures that the folder no longer has are withdrawn and their sources stay;
    memberships, indicators and reviews are removed, except indicators that somebody added or a dataset has figures for;
        places stay, because strategies and reports point at them, and so do the bodies that own strategies. Raises
    BadReference, with nothing written, when the folder as a whole cannot be read.
    """
    started = time.perf_counter()
    reference = read(path or REFERENCE)
    report = LoadReport(reference.name, reference.checksum)
    with transaction.atomic():
        releases.one_at_a_time()
        _load(reference, report)
        if report.changed or report.new_release:
            counts = {kind: vars(counts) for kind, counts in report.kinds.items()}
            log("evidence.reference.loaded", data={"release": report.release, "counts": counts})
    report.seconds = time.perf_counter() - started
    return report


def _load(reference: Reference, report: LoadReport) -> None:
    places = _table(
        report,
        "places",
        Place,
        ["code"],
        (
            {**vars(row), "valid_from": _date(row.valid_from), "valid_to": _date(row.valid_to)}
            for row in reference.places
        ),
        keep=True,
    )
    _memberships(report, reference, places)
    _codes(report, reference, places)
    _bodies(report, reference, places)
    indicators = _table(
        report,
        "indicators",
        Indicator,
        ["code"],
        (vars(row) for row in reference.indicators),
        keeping=Q(added_by__isnull=False) | Q(pk__in=_in_datasets("indicator")),
    )
    sources = _table(
        report,
        "sources",
        Source,
        ["code"],
        ({key: value for key, value in vars(row).items() if key != "derived"} for row in reference.sources),
        keep=True,  # until the figures that point at them are gone
    )
    _figures(report, reference.figures, indicators, places, sources)
    _borders(report, reference, places, sources)
    reviews, of_reference = (vars(row) for row in reference.reviews), EvidenceItem.objects.reference()
    _table(report, "reviews", EvidenceItem, ["slug"], reviews, within=of_reference)
    unused = Source.objects.filter(observations=None, dataset=None, borders=None, flows=None, boundaries=None)
    report.of("sources").removed += _remove(Source, unused.exclude(code__in=list(sources)))
    report.new_release = releases.after_load(
        name=reference.name,
        checksum=reference.checksum,
        counts={kind: rows.stored for kind, rows in report.kinds.items()},
    )


def _table(
    report: LoadReport,
    kind: str,
    model: type[models.Model],
    key: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    keep: bool = False,
    within: models.QuerySet[Any] | None = None,
    keeping: Q | None = None,
) -> dict[str, int]:
    """Bring one small table in line with `rows`, all with the same fields; primary keys by the first key field.

    `keep` leaves stored rows that `rows` does not have, `keeping` those of them that it describes; `within` narrows the
    table to the rows that the folder is the authority for. A stored row whose new content is refused stays as it was.
    """
    names: list[str] = []
    wanted: dict[Any, models.Model] = {}
    refused: list[Any] = []
    for row in rows:
        names = list(row)
        item = model(**row)
        shown = " ".join(str(row[name]) for name in key)
        reason = _unfit(item, names)
        identity = tuple(getattr(item, name) for name in key)
        if not reason and identity in wanted:
            reason = "duplicate"
        if reason:
            report.refuse(kind, shown, reason)
            refused.append(identity)
        else:
            wanted[identity] = item
    stored_rows = model._default_manager.all() if within is None else within
    stored = {tuple(getattr(item, name) for name in key): item for item in stored_rows}
    counts = report.of(kind)
    different = []
    for identity, item in wanted.items():
        before = stored.get(identity)
        if before is None:
            counts.created += 1
        elif any(getattr(before, name) != getattr(item, name) for name in names):
            counts.updated += 1
        else:
            counts.unchanged += 1
            continue
        different.append(item)
    _upsert(model, different, key, [name for name in names if name not in key])
    if not keep:
        stays = {*wanted, *refused}
        gone_keys = [item.pk for identity, item in stored.items() if identity not in stays]
        gone = model._default_manager.filter(pk__in=gone_keys)
        if keeping is not None:
            gone = gone.exclude(pk__in=model._default_manager.filter(keeping).values("pk"))
        counts.removed += _remove(model, gone)
    pairs = model._default_manager.values_list(key[0], "pk")
    return {code: pk for code, pk in pairs if (code,) in wanted or len(key) > 1}


def _unfit(item: models.Model, names: Sequence[str]) -> str:
    """Why a row cannot be stored, by the model's own rules; blank when it can."""
    others = [f.name for f in item._meta.fields if f.name not in names]
    try:
        item.clean_fields(exclude=others)
    except ValidationError as error:
        problems = error.message_dict.items()
        return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in problems)
    return ""


def _memberships(report: LoadReport, reference: Reference, places: Mapping[str, int]) -> None:
    def rows() -> Iterable[dict[str, Any]]:
        for row in reference.memberships:
            unknown = [code for code in (row.parent, row.child) if code not in places]
            if unknown:
                report.refuse("memberships", f"{row.child} in {row.parent}", f"unknown area {unknown[0]}")
                continue
            yield {
                "parent_id": places[row.parent],
                "child_id": places[row.child],
                "kind": row.kind,
                "vintage": row.vintage,
                "valid_from": _date(row.valid_from),
                "valid_to": _date(row.valid_to),
            }

    _table(report, "memberships", PlaceMembership, ["parent_id", "child_id", "vintage"], rows())


def _codes(report: LoadReport, reference: Reference, places: Mapping[str, int]) -> None:
    """Codes and names of places by vintage. One whose present area is unknown is refused."""

    def rows() -> Iterable[dict[str, Any]]:
        for row in reference.codes:
            if row.place and row.place not in places:
                report.refuse("codes", f"{row.code} {row.name} {row.vintage}", f"unknown area {row.place}")
                continue
            yield {
                "code": row.code,
                "name": row.name,
                "vintage": row.vintage,
                "kind": row.kind,
                "place_id": places[row.place] if row.place else None,
                "boundaries": row.boundaries,
                "valid_from": _date(row.valid_from),
                "valid_to": _date(row.valid_to),
            }

    _table(report, "codes", PlaceCode, ["code", "name", "vintage"], rows())


def _in_datasets(field: str) -> models.QuerySet[Any, Any]:
    """The keys that figures from datasets have in `field`, whether they are current or not."""
    return Observation.every_version.filter(dataset__isnull=False).values(field)


def _bodies(report: LoadReport, reference: Reference, places: Mapping[str, int]) -> None:
    """One body for each LEP area, so that someone can own its strategy. Bodies that exist are left as they are."""
    counts = report.of("leps")
    known = dict(LEP.objects.values_list("slug", "pk"))
    for row in reference.places:
        if row.kind != PlaceKind.LEP or row.code not in places:
            continue
        slug = slugify(row.name)[:80]
        if slug in known:
            counts.unchanged += 1
            continue
        body = LEP.objects.create(name=row.name, slug=slug, kind=LEPKind.LEP)
        body.places.add(places[row.code])
        counts.created += 1


def _borders(report: LoadReport, reference: Reference, places: Mapping[str, int], sources: Mapping[str, int]) -> None:
    """Who borders whom. Borders computed from boundaries that the operator loaded stay as they are."""

    def rows() -> Iterable[dict[str, Any]]:
        for row in reference.borders:
            unknown = [code for code in (row.place, row.neighbour) if code not in places]
            if unknown or row.source not in sources:
                reason = f"unknown area {unknown[0]}" if unknown else f"unknown source {row.source}"
                report.refuse("borders", f"{row.place} and {row.neighbour}", reason)
                continue
            first, second = sorted((places[row.place], places[row.neighbour]))
            yield {
                "place_id": first,
                "neighbour_id": second,
                "boundaries": row.boundaries,
                "border_km": row.border_km,
                "source_id": sources[row.source],
            }

    of_reference = Contiguity.objects.filter(source__boundaries=None)
    _table(report, "borders", Contiguity, ["place_id", "neighbour_id", "boundaries"], rows(), within=of_reference)


def _figures(
    report: LoadReport,
    figures: Iterable[Figure],
    indicators: Mapping[str, int],
    places: Mapping[str, int],
    sources: Mapping[str, int],
) -> None:
    stored = {
        (row[1], row[2], row[3]): (row[0], row[4:])
        for row in _standing()
        .values_list(
            "pk",
            "indicator_id",
            "place_id",
            "period",
            "period_order",
            "value",
            "lower",
            "upper",
            "source_id",
            "geography_vintage",
        )
        .iterator(chunk_size=versions.BATCH)
    }
    ranges = {indicator.code: indicator for indicator in Indicator.objects.all()}
    counts = report.of("figures")
    seen: set[Identity] = set()
    kept: set[Identity] = set()  # stored figures whose new content is refused
    different: list[Observation] = []
    longest = Observation._meta.get_field("period").max_length or 0
    for figure in figures:
        reason = _unfit_figure(figure, indicators, places, sources, longest)
        identity = (indicators.get(figure.indicator, 0), places.get(figure.place, 0), figure.period)
        if not reason:
            reason = "duplicate" if identity in seen else ranges[figure.indicator].impossible(figure.value)
        if reason:
            report.refuse("figures", f"{figure.indicator} {figure.place} {figure.period}", reason)
            kept.add(identity)
            continue
        seen.add(identity)
        lower = None if figure.lower is None else float(figure.lower)
        upper = None if figure.upper is None else float(figure.upper)
        source = sources[figure.source]
        content = (figure.order, float(figure.value), lower, upper, source, figure.boundaries)
        before = stored.get(identity)
        if before is not None and before[1] == content:
            counts.unchanged += 1
            continue
        if before is None:
            counts.created += 1
        else:
            counts.updated += 1
        different.append(
            Observation(
                indicator_id=identity[0],
                place_id=identity[1],
                period=figure.period,
                period_order=figure.order,
                value=float(figure.value),
                lower=lower,
                upper=upper,
                source_id=source,
                geography_vintage=figure.boundaries,
            )
        )
    _supersede({identity: pk for identity, (pk, _) in stored.items()}, different)
    of_refused = {
        *Indicator.objects.filter(code__in=report.refused("indicators")).values_list("pk", flat=True),
    }
    at_refused = {*Place.objects.filter(code__in=report.refused("places")).values_list("pk", flat=True)}
    gone = [
        pk
        for identity, (pk, _) in stored.items()
        if identity not in seen
        and identity not in kept
        and identity[0] not in of_refused
        and identity[1] not in at_refused
    ]
    for chunk in versions.batches(gone):
        withdrawn = Observation.every_version.filter(pk__in=chunk)
        withdrawn.filter(superseded_at__isnull=True).update(superseded_at=timezone.now())
        counts.removed += withdrawn.update(superseded_by=None)


def _standing() -> models.QuerySet[Observation]:
    """The reference figures that are current, or would be but for a dataset."""
    of_reference = Observation.every_version.filter(dataset__isnull=True)
    return of_reference.filter(Q(superseded_at__isnull=True) | Q(superseded_by__dataset__isnull=False))


def _supersede(stored: Mapping[Identity, int], figures: list[Observation]) -> None:
    """Store reference figures, each in the place of the standing one of the same identity, and below any dataset's."""
    now = timezone.now()
    above = _lowest_of_datasets()
    replaced, covered = [], {}
    for figure in figures:
        identity = (figure.indicator_id, figure.place_id, figure.period)
        if identity in above:
            figure.superseded_by_id, figure.superseded_at = above[identity], now
            if identity in stored:
                covered[stored[identity]] = figure
        elif identity in stored:
            replaced.append(stored[identity])
    versions.retire(replaced)
    Observation.every_version.bulk_create(figures, batch_size=versions.BATCH)
    versions.link(replaced)
    links = [Observation(pk=pk, superseded_by_id=figure.pk) for pk, figure in covered.items()]
    Observation.every_version.bulk_update(links, ["superseded_by"], batch_size=versions.BATCH)


def _lowest_of_datasets() -> dict[Identity, int]:
    """For each place and period with figures from datasets, the one that was imported first: what lies on the
    reference figure."""
    standing = Observation.every_version.filter(dataset__isnull=False)
    rows = standing.filter(Q(superseded_at__isnull=True) | Q(superseded_by__isnull=False)).values_list(
        "pk", "superseded_by_id", "indicator_id", "place_id", "period"
    )
    found = list(rows)
    not_lowest = {over for _, over, *_ in found}
    return {(of, at, when): pk for pk, _, of, at, when in found if pk not in not_lowest}


def _unfit_figure(
    figure: Figure,
    indicators: Mapping[str, int],
    places: Mapping[str, int],
    sources: Mapping[str, int],
    longest_period: int,
) -> str:
    """Why a figure cannot be stored; blank when it can."""
    if figure.indicator not in indicators:
        return f"unknown indicator {figure.indicator}"
    if figure.place not in places:
        return f"unknown area {figure.place}"
    if figure.source not in sources:
        return f"unknown source {figure.source}"
    if not isinstance(figure.period, str) or not 0 < len(figure.period) <= longest_period:
        return "the period is blank or too long"
    if not isinstance(figure.order, int) or not 1 <= figure.order % 100 <= 12:
        return f"the end of the period, {figure.order!r}, is not a year and month"
    for name, number in (("value", figure.value), ("lower limit", figure.lower), ("upper limit", figure.upper)):
        if number is None and name != "value":
            continue
        if isinstance(number, bool) or not isinstance(number, NUMBER) or not math.isfinite(number):
            return f"the {name}, {number!r}, is not a number"
    if figure.lower is not None and figure.upper is not None and figure.lower > figure.upper:
        return "the lower limit is above the upper limit"
    return ""


def _upsert(model: type[models.Model], items: list[Any], key: Sequence[str], content: Sequence[str]) -> None:
    """Insert the items, or change the content of those whose key is stored already."""
    names = {field.attname: field.name for field in model._meta.concrete_fields}
    model._default_manager.bulk_create(
        items,
        batch_size=versions.BATCH,
        update_conflicts=True,
        unique_fields=[names.get(name, name) for name in key],
        update_fields=[names.get(name, name) for name in content],
    )


def _remove(model: type[models.Model], gone: models.QuerySet[Any]) -> int:
    """Delete the rows; returns how many of this model went."""
    _, by_model = gone.delete()
    return by_model.get(model._meta.label, 0)


def _date(text: str | None) -> Any:
    """A date from its ISO text; anything else comes back as it is, for the model to refuse."""
    if not isinstance(text, str):
        return text
    try:
        return parse_date(text) or text
    except ValueError:
        return text

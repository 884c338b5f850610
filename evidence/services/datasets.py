"""Bringing figures in: a file is stored, checked, imported as a whole or not at all, and can be rolled back."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from evidence import permissions
from evidence.enums import DatasetState
from evidence.imports.checking import Figure
from evidence.imports.mapping import BadMapping
from evidence.imports.mapping import Mapping as Choices
from evidence.imports.uploads import BadUpload, open_upload, too_large
from evidence.models import Dataset, Observation, Source
from evidence.selectors import datasets as selectors
from evidence.selectors.wording import count
from evidence.services import releases, versions
from lisapp import jobs
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.errors import InvalidTransition

CHECK, IMPORT = "evidence.check_dataset", "evidence.import_dataset"


class Refused(Exception):
    """An import that cannot be made. Nothing of it was stored. `examined` says why, row by row."""

    def __init__(self, reason: str, examined: selectors.Examined | None = None) -> None:
        super().__init__(reason)
        self.examined = examined


@transaction.atomic
def upload_dataset(
    *,
    file: File[bytes],
    title: str,
    citation: str,
    url: str,
    licence: str,
    vintage: str,
    by: Any,
    correction_reason: str = "",
    submission_key: uuid.UUID | None = None,
) -> Dataset:
    """Store a file with where it comes from, and start the job that checks it.

    A repeated `submission_key` returns the dataset that it made before. Raises NotAllowed, and ValidationError with
    the reason for a file that is refused as a whole: then nothing is stored.
    """
    permissions.can_load_data(by).or_raise()
    if submission_key and (existing := Dataset.objects.filter(submission_key=submission_key).first()):
        return existing
    about = {"citation": citation, "url": url, "licence": licence, "vintage": vintage}
    try:
        with transaction.atomic():
            dataset = _store(file, title, about, by, correction_reason, submission_key)
    except IntegrityError:  # the same form arrived twice at once
        return Dataset.objects.get(submission_key=submission_key or "")
    _start(dataset, CHECK, f"Check {dataset.title}", by)
    return dataset


def _store(
    file: File[bytes],
    title: str,
    about: Mapping[str, str],
    by: Any,
    reason: str,
    submission_key: uuid.UUID | None,
) -> Dataset:
    name = Path(file.name or "file").name[:200]
    with _copy(file) as (path, sha256, size):
        try:
            open_upload(path, name, selectors.limits())
        except BadUpload as error:
            raise ValidationError({"file": str(error)}) from error
        key = uuid.uuid4()
        source = Source(code=f"dataset-{key}", **about)
        source.full_clean()
        source.save()
        dataset = Dataset(
            id=key,
            submission_key=submission_key or uuid.uuid4(),
            title=title,
            source=source,
            file_name=name,
            sha256=sha256,
            bytes=size,
            correction_reason=reason.strip(),
            uploaded_by=by,
        )
        dataset.full_clean(exclude=["file"])
        with path.open("rb") as content:
            dataset.file.save(name, File(content), save=False)
        dataset.save(force_insert=True)
    data = {"file": name, "sha256": sha256, "bytes": size, **about}
    log("evidence.dataset.uploaded", target=dataset, by=by, data=data)
    return dataset


@contextmanager
def _copy(file: File[bytes]) -> Iterator[tuple[Path, str, int]]:
    """The content in a file of its own while it is judged, its SHA-256 and its size. It is read piece by piece."""
    most = selectors.limits().bytes
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix="dataset-") as copy:
        for chunk in file.chunks():
            size += len(chunk)
            if size > most:
                raise ValidationError({"file": too_large(max(size, file.size), most)})
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name), digest.hexdigest(), size


def _start(dataset: Dataset, task: str, title: str, by: Any) -> None:
    """Put the dataset into the state of the work and start it."""
    dataset.state = DatasetState.CHECKING if task == CHECK else DatasetState.IMPORTING
    # No key against a second job: the state of the row is that guard, and the last job may be about to end.
    dataset.job = jobs.enqueue(task, title=title, by=by, dataset_id=str(dataset.pk))
    dataset.save(update_fields=["state", "job", "mapping", "correction_reason"])


def _locked(dataset: Dataset) -> Dataset:
    return Dataset.objects.select_for_update(of=("self",)).select_related("source", "job").get(pk=dataset.pk)


def _open(dataset: Dataset) -> Dataset:
    """The dataset, locked, where it can still be changed. Raises InvalidTransition."""
    stored = _locked(dataset)
    if not stored.is_open and not stored.is_stopped:
        raise InvalidTransition(f"This dataset is {stored.get_state_display().lower()}, so it cannot be changed.")
    return stored


@transaction.atomic
def choose(*, dataset: Dataset, mapping: Mapping[str, Any], by: Any) -> Dataset:
    """Change how the file is read, and check it again. Raises NotAllowed, InvalidTransition, ValidationError."""
    permissions.can_load_data(by).or_raise()
    stored = _open(dataset)
    try:
        stored.mapping = Choices.of(dict(mapping)).as_json()
    except BadMapping as error:
        raise ValidationError(str(error)) from error
    _start(stored, CHECK, f"Check {stored.title}", by)
    log("evidence.dataset.choices_changed", target=stored, by=by, data={"mapping": stored.mapping})
    return stored


def check_dataset(*, dataset: Dataset) -> Dataset:
    """Read the file and note what is in it. Safe to run twice; a dataset that is not being checked stays as it is."""
    if dataset.state != DatasetState.CHECKING:
        return dataset
    choices = Choices.of(dataset.mapping)
    examined = selectors.examine(Path(dataset.file.path), dataset.file_name, choices)
    return _note(dataset, examined, selectors.compare(examined.checked.figures), DatasetState.CHECKING)


@transaction.atomic
def _note(
    dataset: Dataset, examined: selectors.Examined, compared: selectors.Compared, expected: DatasetState
) -> Dataset:
    """Store what a check found, unless the dataset has moved on meanwhile."""
    stored = _locked(dataset)
    if stored.state != expected:
        return stored
    stored.findings = selectors.findings(examined, compared)
    stored.state = selectors.state_of(examined, compared)
    if stored.refusals:
        stored.refusals.delete(save=False)
    if examined.checked.refused:
        lines = "".join(selectors.refusal_lines(examined.checked))
        stored.refusals.save("refused.csv", ContentFile(lines.encode()), save=False)
    stored.save(update_fields=["findings", "state", "refusals"])
    log("evidence.dataset.checked", target=stored, data={"state": stored.state, **stored.counts})
    return stored


@transaction.atomic
def request_import(*, dataset: Dataset, by: Any, reason: str = "") -> Dataset:
    """Start the job that imports a dataset which is ready.

    Raises NotAllowed, InvalidTransition, and ValidationError where figures that stand would be superseded and no
    reason is given.
    """
    permissions.can_load_data(by).or_raise()
    stored = _locked(dataset)
    if stored.state != DatasetState.READY:
        raise InvalidTransition(f"This dataset is {stored.get_state_display().lower()}, so it cannot be imported.")
    stored.correction_reason = reason.strip() or stored.correction_reason
    if stored.counts.get("superseding") and not stored.correction_reason:
        raise ValidationError({"reason": _why(stored.counts["superseding"])})
    _start(stored, IMPORT, f"Import {stored.title}", by)
    log("evidence.dataset.import_requested", target=stored, by=by, data={"reason": stored.correction_reason})
    return stored


def _why(superseding: int) -> str:
    figures = "1 figure that stands" if superseding == 1 else f"{superseding:,} figures that stand"
    return f"Say why {figures} should be superseded, such as a correction or a newer edition"


def run_import(*, dataset: Dataset) -> Dataset:
    """Import a dataset whose import was asked for: all of its figures in one transaction, or none.

    Safe to run twice. Raises Refused where the file no longer passes its check; the dataset then says why.
    """
    if dataset.state != DatasetState.IMPORTING:
        return dataset
    if _sha256(Path(dataset.file.path)) != dataset.sha256:
        raise Refused("The stored file is not the one that was uploaded: its checksum differs. Upload it again.")
    choices = Choices.of(dataset.mapping)
    examined = selectors.examine(Path(dataset.file.path), dataset.file_name, choices)
    try:
        return _import(dataset, examined)
    except Refused:
        _note(dataset, examined, selectors.compare(examined.checked.figures), DatasetState.IMPORTING)
        raise


def import_file(
    *,
    path: Path,
    title: str,
    citation: str,
    url: str,
    licence: str,
    vintage: str,
    mapping: Mapping[str, Any],
    reason: str = "",
    by: Any = None,
) -> Dataset:
    """Store, check and import a file in one go, for the command. `by` is None where nobody is signed in.

    Raises Refused with every refused row, and ValidationError; nothing is stored then.
    """
    if by is not None:
        permissions.can_load_data(by).or_raise()
    choices = Choices.of(dict(mapping))
    examined = selectors.examine(path, path.name, choices)
    refuse_unless_ready(examined)
    about = {"citation": citation, "url": url, "licence": licence, "vintage": vintage}
    stored = None
    try:
        with transaction.atomic(), path.open("rb") as content:
            stored = _store(File(content, name=path.name), title, about, by, reason, None)
            stored.mapping, stored.state = choices.as_json(), DatasetState.IMPORTING
            stored.save(update_fields=["mapping", "state"])
            return _import(stored, examined)
    except BaseException:
        if stored is not None:
            stored.file.delete(save=False)
        raise


def refuse_unless_ready(examined: selectors.Examined) -> None:
    """Raise Refused where a file cannot be imported as it is."""
    if examined.whole:
        raise Refused(examined.whole, examined)
    if examined.needs:
        raise Refused(f"Nobody said {', and '.join(examined.needs)}.", examined)
    if refused := len(examined.checked.refused):
        rows = "1 figure cannot" if refused == 1 else f"{refused:,} figures cannot"
        raise Refused(f"{rows} be imported, so none was.", examined)


@transaction.atomic
def _import(dataset: Dataset, examined: selectors.Examined) -> Dataset:
    releases.one_at_a_time()
    stored = _locked(dataset)
    if stored.state != DatasetState.IMPORTING:
        return stored
    refuse_unless_ready(examined)
    compared = selectors.compare(examined.checked.figures)
    if not compared.to_import:
        raise Refused(selectors.nothing_new(compared), examined)
    if compared.superseding and not stored.correction_reason:
        raise Refused(f"{_why(len(compared.superseding))}.", examined)
    _write(stored, compared)
    stored.findings = selectors.findings(examined, compared)
    stored.state, stored.imported_at = DatasetState.IMPORTED, timezone.now()
    stored.save(update_fields=["findings", "state", "imported_at"])
    release = releases.after_datasets()
    data = {**stored.counts, "release": release.name, "reason": stored.correction_reason, "sha256": stored.sha256}
    log(
        "evidence.dataset.imported",
        target=stored,
        by=stored.job.requested_by if stored.job else stored.uploaded_by,
        data=data,
    )
    return stored


def _write(dataset: Dataset, compared: selectors.Compared) -> None:
    below = [pk for _, pk in compared.superseding]
    versions.retire(below)
    figures = chain(compared.new, (figure for figure, _ in compared.superseding))
    for batch in versions.batches(figures):
        Observation.every_version.bulk_create([_row(dataset, figure) for figure in batch])
    versions.link(below)


def _row(dataset: Dataset, figure: Figure) -> Observation:
    return Observation(
        indicator_id=figure.indicator,
        place_id=figure.place,
        period=figure.period,
        period_order=figure.order,
        value=figure.value,
        lower=figure.lower,
        upper=figure.upper,
        source_id=dataset.source_id,
        geography_vintage=figure.boundaries,
        dataset=dataset,
    )


@transaction.atomic
def roll_back(*, dataset: Dataset, reason: str, by: Any) -> Dataset:
    """Take an imported dataset out of the figures. What it superseded is current again, where nothing newer is.

    Its figures leave the line of versions (see `Observation`): the one below each is joined to the one above, and
    where nothing is above it becomes current. Raises NotAllowed, InvalidTransition, and ValidationError without a
    reason.
    """
    permissions.can_load_data(by).or_raise()
    releases.one_at_a_time()
    stored = _locked(dataset)
    if stored.state != DatasetState.IMPORTED:
        raise InvalidTransition(f"This dataset is {stored.get_state_display().lower()}, so it cannot be rolled back.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why the dataset is rolled back"})
    back, covered = _withdraw(stored)
    stored.state = DatasetState.ROLLED_BACK
    stored.rolled_back_by, stored.rolled_back_at, stored.rolled_back_reason = by, timezone.now(), reason.strip()
    stored.save(update_fields=["state", "rolled_back_by", "rolled_back_at", "rolled_back_reason"])
    release = releases.after_datasets()
    data = {"reason": stored.rolled_back_reason, "current_again": back, "covered": covered, "release": release.name}
    log("evidence.dataset.rolled_back", target=stored, by=by, data=data)
    return stored


def _withdraw(dataset: Dataset) -> tuple[int, int]:
    """Take the figures of a dataset out of their lines; returns how many older ones are current again, and how many
    of its own were covered by newer ones."""
    every = Observation.every_version
    own, below = every.filter(dataset=dataset), every.filter(superseded_by__dataset=dataset)
    covered = own.filter(superseded_by__isnull=False).count()
    above = every.filter(pk=OuterRef("superseded_by")).values("superseded_by")[:1]
    below.filter(superseded_by__superseded_by__isnull=False).update(superseded_by=Subquery(above))
    own.filter(superseded_at__isnull=True).update(superseded_at=timezone.now())
    back = below.update(superseded_at=None, superseded_by=None)
    own.update(superseded_by=None)
    return back, covered


@formatter("evidence.dataset.imported")
def _imported(entry: LogEntry) -> str:
    figures = count(entry.data.get("new", 0) + entry.data.get("superseding", 0), "figure")
    why = f" Reason for superseding: {entry.data['reason']}" if entry.data.get("superseding") else ""
    return f"Imported {figures}, {entry.data.get('superseding', 0):,} of them superseding.{why}"


@formatter("evidence.dataset.rolled_back")
def _rolled_back(entry: LogEntry) -> str:
    return f"Rolled back. {entry.data.get('current_again', 0):,} figures stand again. Reason: {entry.data['reason']}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

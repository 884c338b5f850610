"""Comparator reports: asked for here, worked out by the job, finished here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence import permissions
from evidence.domain.comparators import FEWEST_PEERS, Method
from evidence.models import ComparatorReport, DataRelease, Indicator
from evidence.selectors.methods import method_from, parameters_of
from evidence.selectors.panels import areas_like, reportable_places
from lisapp import jobs
from lisapp.accounts.models import User
from lisapp.audit.services import log
from lisapp.documents.services import store
from lisapp.places.models import LEP, Place

TASK = "evidence.generate_comparator_report"
FILES_TASK = "evidence.write_report_files"
BATCH_TASK = "evidence.generate_all_reports"
FORMATS = ("docx", "pdf", "xlsx")


@transaction.atomic
def request_report(
    *,
    lep: LEP,
    place: Place,
    by: User,
    indicators: Sequence[str] | None = None,
    method: Mapping[str, Any] | None = None,
    submission_key: uuid.UUID | None = None,
    peers: Sequence[str] | None = None,
    peers_reason: str = "",
    start: bool = True,
) -> ComparatorReport:
    """Ask for a comparison of `place` and start the job that makes it (a batch does the work itself: `start=False`).

    `indicators` are codes; None compares on every indicator there is. `method` names choices of
    `evidence.domain.comparators.Method` that differ from the recommended ones. `peers` are codes of areas that replace
    the method's choice, and then `peers_reason` must say why. A repeated `submission_key` returns the report that it
    made before. Raises NotAllowed, and ValidationError for a place outside the LEP, unknown indicators or peers, a
    missing reason, an unusable method or when no reference data is loaded.
    """
    may = permissions.can_request_report(by, lep) if start else permissions.can_request_all_reports(by)
    may.or_raise()
    if submission_key and (existing := ComparatorReport.objects.filter(submission_key=submission_key, lep=lep).first()):
        return existing
    if not reportable_places(lep.places.all()).filter(pk=place.pk).exists():
        raise ValidationError({"place": f"{place} is not part of {lep}."})
    release = DataRelease.objects.first()
    if release is None:
        raise ValidationError("No reference data is loaded, so there is nothing to compare.")
    report = ComparatorReport(
        lep=lep,
        place=place,
        title=f"How {place} compares",
        parameters={
            "indicators": _known_codes(indicators),
            "method": parameters_of(_method(method or {})),
            **_peers_by_hand(place, peers, peers_reason),
        },
        data_release=release,
        created_by=by,
        submission_key=submission_key or uuid.uuid4(),
    )
    report.full_clean()
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once
        return ComparatorReport.objects.get(submission_key=report.submission_key, lep=lep)
    if start:
        report.job = jobs.enqueue(
            TASK, title=report.title, by=by, lep=lep, dedupe_key=f"report:{report.pk}", report_id=str(report.pk)
        )
        report.save(update_fields=["job"])
    by_hand = report.peers_by_hand
    log("evidence.report.requested", target=report, by=by, lep=lep, data={"place": place.code, "by_hand": by_hand})
    return report


def _peers_by_hand(place: Place, codes: Sequence[str] | None, reason: str) -> dict[str, Any]:
    if codes is None:
        return {}
    allowed = set(areas_like(place).exclude(pk=place.pk).values_list("code", flat=True))
    if unknown := sorted(set(codes) - allowed):
        raise ValidationError({"peers": f"{', '.join(unknown)} cannot be compared with {place}."})
    if len(set(codes)) < FEWEST_PEERS:
        raise ValidationError({"peers": f"Choose at least {FEWEST_PEERS} areas."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why these areas are better peers than those that the method chose."})
    return {"peers": {"codes": sorted(set(codes)), "reason": reason.strip()}}


@transaction.atomic
def accept_peers(*, report: ComparatorReport, by: Any, reason: str) -> ComparatorReport:
    """Record that the LEP takes these peers as the ones to argue from, and why.

    Raises NotAllowed, and ValidationError for a report without figures or an empty reason.
    """
    permissions.can_request_report(by, report.lep).or_raise()
    stored = _locked(report)
    if not stored.is_ready:
        raise ValidationError("This report has no peers yet.")
    if not reason.strip():
        raise ValidationError({"reason": "Say why these are the right peers."})
    stored.accepted_by, stored.accepted_at, stored.accepted_reason = by, timezone.now(), reason.strip()
    stored.save(update_fields=["accepted_by", "accepted_at", "accepted_reason"])
    log("evidence.report.peers_accepted", target=stored, by=by, lep=stored.lep, data={"reason": reason.strip()})
    return stored


def _known_codes(codes: Sequence[str] | None) -> list[str]:
    known = set(Indicator.objects.values_list("code", flat=True))
    if codes is None:
        return sorted(known)
    if unknown := sorted(set(codes) - known):
        raise ValidationError({"indicators": f"There is no indicator called {', '.join(unknown)}."})
    if not codes:
        raise ValidationError({"indicators": "Choose at least one indicator."})
    return sorted(set(codes))


def _method(choices: Mapping[str, Any]) -> Method:
    try:
        return method_from(choices)
    except (TypeError, ValueError) as error:
        raise ValidationError({"method": str(error)}) from error


@transaction.atomic
def complete_report(
    *, report: ComparatorReport, result: dict[str, Any], data_release: DataRelease | None = None
) -> ComparatorReport:
    """Freeze the result of a report. A report that is finished already stays as it is.

    `data_release` is the one that the figures were read from, where a newer one was loaded while the job waited.
    """
    stored = _locked(report)
    if stored.is_ready:
        return stored
    stored.result = result
    stored.data_release = data_release or stored.data_release
    stored.finished_at = timezone.now()
    stored.full_clean()
    stored.files_job = _ask_for_files(stored)
    stored.save(update_fields=["result", "data_release", "finished_at", "files_job"])
    log(
        "evidence.report.completed",
        target=stored,
        by=stored.created_by,
        lep=stored.lep,
        data={"peers": len(result["peers"]), "figures": len(result["figures"])},
    )
    return stored


@transaction.atomic
def request_files(*, report: ComparatorReport, by: Any) -> Any:
    """Start the job that writes the files of a finished report again. Raises NotAllowed."""
    permissions.can_request_report(by, report.lep).or_raise()
    stored = _locked(report)
    stored.files_job = _ask_for_files(stored)
    stored.save(update_fields=["files_job"])
    return stored.files_job


def _ask_for_files(report: ComparatorReport) -> Any:
    return jobs.enqueue(
        FILES_TASK,
        title=f"Files of “{report.title}”",
        by=report.created_by,
        lep=report.lep,
        dedupe_key=f"report-files:{report.pk}",
        report_id=str(report.pk),
    )


@transaction.atomic
def keep_files(
    *, report: ComparatorReport, files: Mapping[str, bytes], problems: Mapping[str, str]
) -> ComparatorReport:
    """Keep the files of a report by format, and the reasons why formats are missing. Doing it again replaces them."""
    stored = _locked(report)
    for file_format in FORMATS:
        if file_format in files:
            getattr(stored, file_format).name = store(stored, file_format, files[file_format], folder="reports")
    stored.problems = dict(problems)
    stored.save(update_fields=[*FORMATS, "problems"])
    log(
        "evidence.report.files_made", target=stored, by=stored.created_by, lep=stored.lep, data={"files": sorted(files)}
    )
    return stored


@transaction.atomic
def request_all_reports(*, by: Any) -> Any:
    """Start the job that compares the area of every LEP, one report for each. Raises NotAllowed."""
    permissions.can_request_all_reports(by).or_raise()
    if not DataRelease.objects.exists():
        raise ValidationError("No reference data is loaded, so there is nothing to compare.")
    job = jobs.enqueue(BATCH_TASK, title="Comparator reports of every LEP", by=by, dedupe_key="all-reports")
    log("evidence.report.batch_requested", target=job, by=by)
    return job


@transaction.atomic
def refuse_report(*, report: ComparatorReport, refusal: dict[str, Any]) -> ComparatorReport:
    """Record why a report cannot be made, for its page to explain. A finished report stays as it is."""
    stored = _locked(report)
    if stored.is_ready:
        return stored
    stored.result = {"refused": refusal}
    stored.save(update_fields=["result"])
    log(
        "evidence.report.refused",
        target=stored,
        by=stored.created_by,
        lep=stored.lep,
        data={"missing": [row["code"] for row in refusal["missing"]]},
    )
    return stored


def _locked(report: ComparatorReport) -> ComparatorReport:
    """The row as stored, locked until the transaction ends: two workers must not both finish it."""
    return ComparatorReport.objects.select_for_update().get(pk=report.pk)

"""Comparator reports: asked for here, worked out by the job, finished here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from evidence import permissions
from evidence.domain.comparators import Method
from evidence.models import ComparatorReport, DataRelease, Indicator
from evidence.selectors.methods import method_from, parameters_of
from evidence.selectors.panels import reportable_places
from lisapp import jobs
from lisapp.accounts.models import User
from lisapp.audit.services import log
from lisapp.places.models import LEP, Place

TASK = "evidence.generate_comparator_report"


@transaction.atomic
def request_report(
    *,
    lep: LEP,
    place: Place,
    by: User,
    indicators: Sequence[str] | None = None,
    method: Mapping[str, Any] | None = None,
    submission_key: uuid.UUID | None = None,
) -> ComparatorReport:
    """Ask for a comparison of `place` and start the job that makes it.

    `indicators` are codes; None compares on every indicator there is. `method` names choices of
    `evidence.domain.comparators.Method` that differ from the recommended ones. A repeated `submission_key` returns the
    report that it made before. Raises NotAllowed, and ValidationError for a place outside the LEP, unknown indicators,
    an unusable method or when no reference data is loaded.
    """
    permissions.can_request_report(by, lep).or_raise()
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
        parameters={"indicators": _known_codes(indicators), "method": parameters_of(_method(method or {}))},
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
    job = jobs.enqueue(
        TASK, title=report.title, by=by, lep=lep, dedupe_key=f"report:{report.pk}", report_id=str(report.pk)
    )
    report.job = job
    report.save(update_fields=["job"])
    log("evidence.report.requested", target=report, by=by, lep=lep, data={"place": place.code})
    return report


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
    stored.save(update_fields=["result", "data_release", "finished_at"])
    log(
        "evidence.report.completed",
        target=stored,
        by=stored.created_by,
        lep=stored.lep,
        data={"peers": len(result["peers"]), "figures": len(result["figures"])},
    )
    return stored


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

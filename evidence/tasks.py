"""Work that runs in the background."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from evidence.exports.report_document import document_of
from evidence.exports.report_workbook import render_xlsx
from evidence.models import ComparatorReport, DataRelease, Dataset
from evidence.selectors.changes import changes_since_last_vintage
from evidence.selectors.comparisons import compare_place
from evidence.selectors.refusals import refusal
from evidence.services import datasets, reports
from lisapp.documents.pdf import PdfUnavailable, render_pdf
from lisapp.documents.word import render_docx
from lisapp.jobs import JobContext, JobRefused, task
from lisapp.places.models import LEP


@task(reports.TASK)
def generate_comparator_report(job: JobContext, *, report_id: str) -> dict[str, Any]:
    """Compare the report's place with its peers and freeze the result.

    Safe to run twice: a report that is finished is left alone. Raises JobRefused where the figures do not suffice,
    after the report has been told what is missing.
    """
    report = ComparatorReport.objects.select_related("lep", "place").get(pk=report_id)
    if not report.is_ready:
        _compare(report, job.progress)
    return {"url": report.get_absolute_url(), "label": "Read the report"}


def _compare(report: ComparatorReport, progress: Any) -> None:
    release = DataRelease.objects.first()
    try:
        found = compare_place(report.place, report.parameters, progress)
    except ValueError as error:
        raise JobRefused(str(error), url=report.get_absolute_url(), label="Back to the report") from error
    if found.why_not is not None:
        refused = refusal(report, found.data, found.why_not)
        reports.refuse_report(report=report, refusal=refused)
        raise JobRefused(refused["message"], url=report.get_absolute_url(), label="See what is missing")
    changes = changes_since_last_vintage(report, found.result, release)
    reports.complete_report(report=report, result=found.result | {"changes": changes}, data_release=release)


@task(reports.FILES_TASK)
def write_report_files(job: JobContext, *, report_id: str) -> dict[str, Any]:
    """Write the report as a spreadsheet, a Word document and a PDF. Doing it again replaces the files."""
    report = ComparatorReport.objects.select_related("lep", "place", "data_release").get(pk=report_id)
    problems = {}
    job.progress(10, "Writing the spreadsheet")
    files = {"xlsx": render_xlsx(report)}
    job.progress(25, "Drawing the charts")
    document = document_of(report)
    job.progress(35, "Writing the Word document")
    files["docx"] = render_docx(document)
    job.progress(60, "Writing the PDF")
    try:
        files["pdf"] = render_pdf(document)
    except PdfUnavailable as reason:
        problems["pdf"] = str(reason)
    job.progress(95, "Storing the files")
    reports.keep_files(report=report, files=files, problems=problems)
    return {"url": f"{report.get_absolute_url()}#files", "label": "Download the files"}


@task(reports.BATCH_TASK)
def generate_all_reports(job: JobContext) -> dict[str, Any]:
    """Compare the area of every LEP, one report for each body.

    A worker that takes over goes on where the last one stopped: each report has a key of its own within the batch.
    """
    bodies = list(LEP.objects.filter(is_demonstration=False, places__kind="lep").distinct().order_by("name"))
    by: Any = job.requested_by
    refused = []
    for at, lep in enumerate(bodies):
        job.progress(100 * at // len(bodies), f"{at + 1} of {len(bodies)}: {lep.name}")
        for place in lep.places.filter(kind="lep"):
            key = uuid.uuid5(job.id, place.code)
            report = reports.request_report(lep=lep, place=place, by=by, submission_key=key, start=False)
            if report.is_ready:
                continue
            try:
                _compare(report, lambda *_: None)
            except JobRefused as reason:
                refused.append(f"{lep.name}: {reason}")
    made = {"reports": len(bodies) - len(refused), "refused": refused}
    return {"url": reverse("evidence:report_all"), "label": "See the reports"} | made


@task(datasets.CHECK)
def check_dataset(job: JobContext, *, dataset_id: str) -> dict[str, Any]:
    """Read an uploaded file and note what is in it. Safe to run twice."""
    dataset = Dataset.objects.get(pk=dataset_id)
    job.progress(10, "Reading the file")
    datasets.check_dataset(dataset=dataset)
    return {"url": dataset.get_absolute_url(), "label": "See what was found"}


@task(datasets.IMPORT)
def import_dataset(job: JobContext, *, dataset_id: str) -> dict[str, Any]:
    """Import a dataset, all or nothing. Safe to run twice. Raises JobRefused where it no longer passes its check."""
    dataset = Dataset.objects.select_related("job").get(pk=dataset_id)
    job.progress(10, "Reading the file and storing its figures")
    try:
        datasets.run_import(dataset=dataset)
    except datasets.Refused as refused:
        raise JobRefused(f"Nothing was imported. {refused}") from refused
    return {"url": dataset.get_absolute_url(), "label": "See the dataset"}

"""Work that runs in the background."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evidence.domain.comparators import NotEnoughData, compare, find_peers
from evidence.models import ComparatorReport, DataRelease, Dataset
from evidence.selectors.methods import method_from
from evidence.selectors.panels import panel_data, series
from evidence.selectors.refusals import refusal
from evidence.selectors.results import build
from evidence.services import datasets, reports
from lisapp.jobs import JobContext, JobRefused, task


@task(reports.TASK)
def generate_comparator_report(job: JobContext, *, report_id: str) -> dict[str, Any]:
    """Compare the report's place with its peers and freeze the result.

    Safe to run twice: a report that is finished is left alone. Raises JobRefused where the figures do not suffice,
    after the report has been told what is missing.
    """
    report = ComparatorReport.objects.select_related("lep", "place").get(pk=report_id)
    done = {"url": report.get_absolute_url(), "label": "Read the report"}
    if report.is_ready:
        return done
    job.progress(5, "Reading the figures")
    release = DataRelease.objects.first()
    data = panel_data(report.place, report.parameters["indicators"])
    method = method_from(report.parameters["method"])
    job.progress(25, "Choosing the peers")
    peers = find_peers(data.panel, report.place.code, replace(method, resamples=0))
    if method.resamples and not isinstance(peers, NotEnoughData):
        job.progress(40, f"Testing how stable the choice is, {method.resamples:,} times")
        peers = find_peers(data.panel, report.place.code, method)
    if isinstance(peers, NotEnoughData):
        refused = refusal(report, data, peers)
        reports.refuse_report(report=report, refusal=refused)
        raise JobRefused(refused["message"])
    job.progress(75, "Comparing the place with its peers and England")
    gaps = compare(data.panel, peers, england=data.england)
    job.progress(90, "Writing the report")
    history = series(report.place, peers.codes, data.indicators.values())
    reports.complete_report(report=report, result=build(data, peers, gaps, history), data_release=release)
    return done


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

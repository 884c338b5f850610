"""Work that runs in the background."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evidence.domain.comparators import NotEnoughData, compare, find_peers
from evidence.models import ComparatorReport, DataRelease
from evidence.selectors.methods import method_from
from evidence.selectors.panels import panel_data, series
from evidence.selectors.refusals import refusal
from evidence.selectors.results import build
from evidence.services import reports
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

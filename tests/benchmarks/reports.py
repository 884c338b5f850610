"""Times a comparator report from the request to its files, and the batch of every LEP.

    python -m tests.benchmarks.reports                one report and the batch, on a database of its own
    python -m tests.benchmarks.reports --postgres     the same on PostgreSQL
    python -m tests.benchmarks.reports --place E08000003 --no-batch

Prints one JSON object. "ratio" is the whole report (comparison, freezing, spreadsheet, Word, PDF) over the time that
its renderers alone take on the same document; the batch's steps are the messages of its progress bar.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.services import scratch


def main() -> None:
    """Make the scratch database, load the reference data into it, and time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--place", default="E37000034", help="ONS code of the place")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--no-batch", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lis-reports-")))
        environment = {"DJANGO_SETTINGS_MODULE": "lisapp.settings.dev", "LIS_VAR_DIR": str(folder)}
        environment |= {"CELERY_BROKER_URL": "filesystem://x//", "LOG_LEVEL": "WARNING"}
        environment["DATABASE_URL"] = f"sqlite:///{folder / 'lis.sqlite3'}"
        if options.postgres:
            environment["DATABASE_URL"] = stack.enter_context(scratch.postgres_database())
        os.environ.update(environment)
        scratch.manage("migrate", "--verbosity", "0", environment=environment)
        scratch.manage("load_reference", environment=environment)
        import django

        django.setup()
        figures: dict[str, Any] = {"report": _report(options.place, options.runs)}
        if not options.no_batch:
            figures["batch"] = _batch()
        from django.db import connections

        connections.close_all()
    print(json.dumps(figures, indent=2))


def _timed(function: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def _report(code: str, runs: int) -> dict[str, Any]:
    """The whole report and its renderers alone, as medians of `runs`."""
    from evidence.exports.report_document import document_of
    from evidence.exports.report_workbook import render_xlsx
    from evidence.models import ComparatorReport
    from evidence.services.reports import request_report
    from lisapp.accounts.models import User
    from lisapp.documents.pdf import render_pdf
    from lisapp.documents.word import render_docx
    from lisapp.jobs.services import run
    from lisapp.places.models import LEP, Membership, Place

    place = Place.objects.get(code=code)
    lep = LEP.objects.filter(places=place).first() or LEP.objects.first()
    lead = User.objects.create(email="lead@example.org")
    Membership.objects.create(user=lead, lep=lep, role="lead")
    lep.places.add(place)

    def whole() -> ComparatorReport:
        report = request_report(lep=lep, place=place, by=lead)
        run(report.job_id)
        report.refresh_from_db()
        run(report.files_job_id)
        return ComparatorReport.objects.select_related("lep", "place", "data_release").get(pk=report.pk)

    whole()  # the first one imports what the others have
    wholes, parts = [], []
    for _ in range(runs):
        seconds, report = _timed(whole)
        wholes.append(seconds)
        document = document_of(report)
        alone = {
            "pdf": partial(render_pdf, document),
            "docx": partial(render_docx, document),
            "xlsx": partial(render_xlsx, report),
        }
        parts.append({name: _timed(render)[0] for name, render in alone.items()})
    renderers = [sum(took.values()) for took in parts]
    return {
        "place": place.name,
        "files": {name: getattr(report, name).size for name in ("docx", "pdf", "xlsx")},
        "whole_seconds": round(statistics.median(wholes), 2),
        "renderers_alone_seconds": round(statistics.median(renderers), 2),
        "each_renderer": {name: round(statistics.median(took[name] for took in parts), 2) for name in parts[0]},
        "ratio": round(statistics.median(w / r for w, r in zip(wholes, renderers, strict=True)), 2),
    }


def _batch() -> dict[str, Any]:
    """The batch of every LEP without the files, and what its progress bar said."""
    from evidence.models import ComparatorReport
    from evidence.services.reports import request_all_reports
    from lisapp.accounts.models import User
    from lisapp.jobs import services

    administrator = User.objects.create(email="admin@example.org", is_superuser=True)
    before = ComparatorReport.objects.count()
    job = request_all_reports(by=administrator)
    said: list[str] = []
    progress = services.JobContext.progress

    def noted(self: Any, percent: int, message: str) -> None:
        said.append(f"{percent}% {message}")
        progress(self, percent, message)

    services.JobContext.progress = noted  # type: ignore[method-assign]
    seconds, _ = _timed(lambda: services.run(job.pk))
    job.refresh_from_db()
    ready = ComparatorReport.objects.ready().count() - before
    return {"state": job.state, "reports": ready, "seconds": round(seconds, 1), "steps": [said[0], said[-1], len(said)]}


if __name__ == "__main__":
    main()

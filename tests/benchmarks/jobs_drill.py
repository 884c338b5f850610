"""Kills all workers in the middle of many jobs, and counts what came of them.

    python -m tests.benchmarks.jobs_drill                           SQLite and a queue of files
    python -m tests.benchmarks.jobs_drill --postgres-and-redis      a database and a queue made for it, then dropped
    python -m tests.benchmarks.jobs_drill --jobs 1000 --pause 0.05

Prints one JSON object: how many jobs succeeded, how many have exactly one "succeeded" entry in the audit log, how
many results are right, how often jobs were started, and how long it all took. Ends by itself after --limit seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lisapp import runner
from tests.services import scratch

ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "tests.services.drill.settings",
    "JOB_LEASE_SECONDS": "4",
    "JOB_RESEND_SECONDS": "4",
    "JOB_SWEEP_SECONDS": "1",
    "LOG_LEVEL": "WARNING",
}


def main() -> int:
    """Hold one drill. Returns 0 when every job succeeded exactly once, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--pause", type=float, default=0.05, help="seconds that each job takes")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which the drill gives up")
    parser.add_argument("--postgres-and-redis", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lis-drill-")))
        environment = {**ENVIRONMENT, "LIS_VAR_DIR": str(folder)}
        environment |= {"DATABASE_URL": f"sqlite:///{folder / 'lis.sqlite3'}", "CELERY_BROKER_URL": "filesystem://x//"}
        if options.postgres_and_redis:
            environment["DATABASE_URL"] = stack.enter_context(scratch.postgres_database())
            environment["CELERY_BROKER_URL"] = stack.enter_context(scratch.redis_database())
        os.environ.update(environment)
        scratch.manage("migrate", "--verbosity", "0", environment=environment)
        figures = hold(options.jobs, options.pause, options.limit, folder)
    print(json.dumps(figures, indent=2))
    return 0 if figures["succeeded"] == figures["succeeded_once"] == figures["right"] == options.jobs else 1


def hold(jobs: int, pause: float, limit: float, folder: Path) -> dict[str, Any]:
    """Enqueue, start the workers, kill them after a third, start them again, and count.

    Expects the environment to name the drill's settings, and its database to be migrated.
    """
    import django

    django.setup()
    from django.db import connection

    from lisapp import jobs as queue
    from lisapp.audit.models import LogEntry
    from lisapp.jobs.models import Job

    begun = time.monotonic()
    deadline = begun + limit
    for number in range(jobs):
        queue.enqueue("drill.square", title=f"Square {number}", number=number, pause=pause)
    enqueued = time.monotonic() - begun

    def succeeded() -> int:
        return Job.objects.filter(state="succeeded").count()

    scheduler = scratch.Process(runner.scheduler_command(), environment={}, log=folder / "scheduler.log")
    worker = scratch.Process(runner.worker_command(), environment={}, log=folder / "worker.log")
    try:
        # At a moment when workers hold jobs: those are what a careless queue would lose.
        running = Job.objects.filter(state="running")
        _wait(lambda: succeeded() >= jobs // 3 and running.exists(), deadline)
        worker.kill()
        killed_at = time.monotonic() - begun
        done_at_kill, running_at_kill = succeeded(), running.count()
        worker = scratch.Process(runner.worker_command(), environment={}, log=folder / "worker.log")
        _wait(lambda: not Job.objects.active().exists(), deadline)
    finally:
        worker.stop()
        scheduler.stop()
    took = time.monotonic() - begun
    entries = Counter(LogEntry.objects.filter(event="jobs.job.succeeded").values_list("target_id", flat=True))
    ended = list(Job.objects.all())
    figures = {
        "database": connection.vendor,
        "broker": os.environ["CELERY_BROKER_URL"].partition(":")[0],
        "jobs": jobs,
        "succeeded": succeeded(),
        "succeeded_once": sum(entries[str(job.pk)] == 1 for job in ended),
        "right": sum(job.result.get("square") == job.params["number"] ** 2 for job in ended),
        "done_when_killed": done_at_kill,
        "running_when_killed": running_at_kill,
        "started_more_than_once": sum(job.attempts > 1 for job in ended),
        "seconds_to_enqueue": round(enqueued, 1),
        "killed_after_seconds": round(killed_at, 1),
        "seconds": round(took, 1),
    }
    connection.close()
    return figures


def _wait(condition: Callable[[], bool], deadline: float) -> None:
    """Wait for `condition()` or the deadline: the figures tell which it was."""
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)


if __name__ == "__main__":
    raise SystemExit(main())

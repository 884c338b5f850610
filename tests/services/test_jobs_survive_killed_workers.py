"""Three hundred jobs, all workers killed at once in the middle: every job still ends, and ends once."""

import json
import subprocess
import sys

import pytest

from tests.requirements import need_postgres, need_redis
from tests.services.scratch import ROOT

pytestmark = pytest.mark.services
JOBS = 300


def hold_drill(*options):
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.jobs_drill", "--jobs", str(JOBS), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout)


def assert_nothing_was_lost_or_done_twice(figures):
    assert JOBS // 3 <= figures["done_when_killed"] < JOBS, "the workers must die in the middle"
    assert figures["running_when_killed"] >= 1, "the workers must hold work when they die"
    assert figures["started_more_than_once"] >= 1, "what they held must have been started again"
    assert figures["succeeded"] == JOBS
    assert figures["succeeded_once"] == JOBS
    assert figures["right"] == JOBS


def test_on_sqlite_and_a_queue_of_files_every_job_succeeds_exactly_once():
    figures = hold_drill()
    assert (figures["database"], figures["broker"]) == ("sqlite", "filesystem")
    assert_nothing_was_lost_or_done_twice(figures)


def test_on_postgresql_and_redis_every_job_succeeds_exactly_once():
    need_postgres()
    need_redis()
    figures = hold_drill("--postgres-and-redis")
    assert (figures["database"], figures["broker"]) == ("postgresql", "redis")
    assert_nothing_was_lost_or_done_twice(figures)

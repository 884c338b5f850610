"""Jobs in the hands of real worker processes: cancelled, tried again, taken over, delivered twice, sent late."""

import os
import signal

import pytest

from tests.services import scratch

pytestmark = pytest.mark.services
NOBODY_LISTENS_HERE = "redis://127.0.0.1:1/0"


def test_a_running_job_stops_when_it_is_cancelled_and_can_be_tried_again(embedded_site):
    embedded_site.worker()
    embedded_site.scheduler()
    job = embedded_site.ask("enqueue", name="drill.wait", params={"seconds": 4})["id"]
    embedded_site.wait_for(job, state="running")
    embedded_site.ask("steer", pk=job, how="cancel")
    stopped = embedded_site.wait_for(job, state="cancelled", seconds=5)
    assert stopped["events"] == ["jobs.job.cancel_requested", "jobs.job.cancelled"]

    embedded_site.ask("steer", pk=job, how="retry")
    ended = embedded_site.wait_for(job, state="succeeded")
    assert ended["result"] == {"seconds": 4}
    assert ended["percent"] == 100
    assert ended["events"][2:] == ["jobs.job.retried", "jobs.job.succeeded"]


def test_a_refusal_is_told_in_its_own_words_and_not_tried_again(embedded_site):
    embedded_site.worker()
    job = embedded_site.ask("enqueue", name="drill.refuse", params={})["id"]
    ended = embedded_site.wait_for(job, state="failed")
    assert ended["message"] == "There is nothing to do."
    assert ended["attempts"] == 1
    assert ended["events"] == ["jobs.job.failed"]


def test_a_job_delivered_many_times_is_done_once(embedded_site):
    job = embedded_site.ask("enqueue", name="drill.square", params={"number": 7, "pause": 0.3})["id"]
    embedded_site.ask("send", pk=job, times=20)
    embedded_site.worker(name="worker-1")
    embedded_site.worker(name="worker-2")
    embedded_site.wait_for(job, state="succeeded")
    # A job enqueued now is delivered after all the copies: when it ends, they have been dealt with.
    last = embedded_site.ask("enqueue", name="drill.square", params={"number": 8, "pause": 0})["id"]
    embedded_site.wait_for(last, state="succeeded")
    ended = embedded_site.ask("look", pk=job)
    assert ended["attempts"] == 1
    assert ended["result"] == {"square": 49}
    assert ended["events"] == ["jobs.job.succeeded"]


def test_a_worker_that_comes_back_too_late_finds_its_job_taken_over_and_writes_nothing(embedded_site):
    frozen = embedded_site.worker(name="frozen")
    job = embedded_site.ask("enqueue", name="drill.square", params={"number": 9, "pause": 3})["id"]
    embedded_site.wait_for(job, state="running", percent=10)
    os.killpg(frozen.popen.pid, signal.SIGSTOP)
    embedded_site.worker(name="second")
    embedded_site.scheduler()
    taken_over = embedded_site.wait_for(job, state="succeeded")
    assert taken_over["attempts"] == 2

    os.killpg(frozen.popen.pid, signal.SIGCONT)
    last = embedded_site.ask("enqueue", name="drill.square", params={"number": 1, "pause": 4})["id"]
    embedded_site.wait_for(last, state="succeeded")
    assert "job_taken_over" in frozen.output
    assert embedded_site.ask("look", pk=job) == taken_over
    assert taken_over["events"] == ["jobs.job.succeeded"]


def test_a_job_whose_worker_always_dies_ends_with_a_plain_message(embedded_site):
    embedded_site.environment["JOB_MAX_ATTEMPTS"] = "1"
    worker = embedded_site.worker()
    job = embedded_site.ask("enqueue", name="drill.wait", params={"seconds": 60})["id"]
    embedded_site.wait_for(job, state="running")
    worker.kill()
    embedded_site.worker()
    embedded_site.scheduler()
    ended = embedded_site.wait_for(job, state="failed")
    assert ended["message"] == "The work stopped once without finishing. You can try again."
    assert ended["events"] == ["jobs.job.failed"]


def test_a_job_enqueued_while_the_broker_is_away_is_kept_and_sent_later(server_site):
    drill = {"DJANGO_SETTINGS_MODULE": "tests.services.drill.settings"}
    cut_off = server_site(**drill, CELERY_BROKER_URL=NOBODY_LISTENS_HERE)
    scratch.manage("migrate", "--verbosity", "0", environment=cut_off.environment)
    enqueued = cut_off.ask("enqueue", name="drill.square", params={"number": 12, "pause": 0})
    assert enqueued["seconds"] < 3, "a person must not wait long for a broker that is away"
    assert cut_off.ask("look", pk=enqueued["id"])["state"] == "queued"
    assert "job_not_sent" in (cut_off.folder / "desk.log").read_text(encoding="utf-8")

    whole = server_site(**drill)
    whole.worker()
    whole.scheduler()
    ended = whole.wait_for(enqueued["id"], state="succeeded")
    assert ended["result"] == {"square": 144}
    assert ended["events"] == ["jobs.job.succeeded"]

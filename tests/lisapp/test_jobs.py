"""How a job is written, claimed, kept, ended and offered again."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from lisapp import jobs
from lisapp.audit.models import LogEntry
from lisapp.errors import InvalidTransition, NotAllowed
from lisapp.jobs import registry, services
from lisapp.jobs.models import Job, JobQuerySet
from lisapp.jobs.registry import JobCancelled, LeaseLost
from tests.factories.kernel import JobFactory, LEPFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch):
    """Register a function as the task "tests.work" for one test."""
    autodiscover_modules("tasks")  # now, or what is imported meanwhile would register in the copy and be lost with it
    monkeypatch.setattr(registry, "_tasks", dict(registry._tasks))

    def register(function):
        registry._tasks.pop("tests.work", None)
        return registry.task("tests.work")(function)

    return register


@pytest.fixture
def sent(monkeypatch):
    """The ids that would have travelled through Celery."""
    ids = []
    monkeypatch.setattr(services, "send", ids.append)
    return ids


def events(job):
    return list(LogEntry.objects.about(job).order_by("pk").values_list("event", flat=True))


def expire(job, **changes):
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(lease_until=past, **changes)


# Enqueueing


def test_a_job_is_sent_only_after_the_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("tests.work", title="Some work", number=3)
        assert sent == []
    assert sent == [job.pk]
    assert job.params == {"number": 3}
    assert job.state == "queued"


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_is_never_written_nor_sent(sent):
    @transaction.atomic
    def fail_after_enqueueing():
        jobs.enqueue("tests.work", title="Some work")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_enqueueing()
    assert sent == []
    assert not Job.objects.exists()


def test_the_same_work_is_not_enqueued_twice_while_it_is_active(sent):
    first = jobs.enqueue("tests.work", title="Some work", dedupe_key="report 1")
    assert jobs.enqueue("tests.work", title="Some work", dedupe_key="report 1") == first
    Job.objects.filter(pk=first.pk).update(state="succeeded")
    assert jobs.enqueue("tests.work", title="Some work", dedupe_key="report 1") != first


def test_work_without_a_key_is_enqueued_each_time(sent):
    assert jobs.enqueue("tests.work", title="A") != jobs.enqueue("tests.work", title="A", dedupe_key=None)


def test_a_race_for_the_same_key_gives_the_job_that_won(sent, monkeypatch):
    winner = JobFactory(dedupe_key="report 1")
    active = JobQuerySet.active
    looks = []

    def first_look_misses(queryset):
        looks.append(1)
        return queryset.none() if len(looks) == 1 else active(queryset)

    monkeypatch.setattr(JobQuerySet, "active", first_look_misses)
    assert jobs.enqueue("tests.work", title="A", dedupe_key="report 1") == winner


def test_a_fault_that_is_no_race_is_not_hidden(sent, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError("a constraint of some kind")

    monkeypatch.setattr(Job, "save", fail)
    with pytest.raises(IntegrityError, match="of some kind"):
        jobs.enqueue("tests.work", title="A")


def test_a_long_title_is_cut_to_what_fits(sent):
    assert len(jobs.enqueue("tests.work", title="x" * 500).title) == 200


def test_a_broker_that_is_away_does_not_stop_the_request(monkeypatch):
    from lisapp.jobs.tasks import run_job

    def refuse(**kwargs):
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(run_job, "apply_async", refuse)
    job = JobFactory()
    services.send(job.pk)
    job.refresh_from_db()
    assert job.state == "queued"


# Claiming and running


def test_only_one_worker_can_claim_a_job():
    job = JobFactory()
    assert services.claim(job.pk).attempts == 1
    assert services.claim(job.pk) is None


def test_a_job_that_has_ended_or_does_not_exist_cannot_be_claimed():
    assert services.claim(JobFactory(state="succeeded").pk) is None
    assert services.claim(uuid.uuid4()) is None


def test_a_lease_that_ran_out_can_be_taken_over():
    job = services.claim(JobFactory().pk)
    expire(job)
    second = services.claim(job.pk)
    assert second.attempts == 2
    assert second.lease_token != job.lease_token


def test_a_job_that_succeeds_keeps_its_result_and_one_audit_entry(work):
    @work
    def double(job, *, number):
        job.progress(50, "Half way")
        return {"double": 2 * number}

    job = JobFactory(params={"number": 4})
    services.run(job.pk)
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.percent, job.result, job.lease_token) == ("succeeded", 100, {"double": 8}, None)
    assert events(job) == ["jobs.job.succeeded"]


def test_a_refusal_ends_the_job_with_its_reason(work):
    @work
    def refuse(job):
        raise jobs.JobRefused("Choose an area that has figures.")

    job = JobFactory()
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "Choose an area that has figures.")


def test_a_refusal_leads_to_where_something_can_be_done_until_it_is_tried_again(work, sign_in):
    @work
    def refuse(job):
        raise jobs.JobRefused("Choose an area that has figures.", url="/somewhere/", label="Choose an area")

    job = JobFactory()
    services.run(job.pk)
    page = sign_in(job.requested_by).get(job.get_absolute_url()).content.decode()
    assert 'href="/somewhere/"' in page
    assert "Choose an area" in page
    services.retry(job=job, by=job.requested_by)
    job.refresh_from_db()
    assert job.result == {}


def test_an_unexpected_error_is_logged_and_told_without_its_details(work):
    @work
    def fail(job):
        raise RuntimeError("the secret is 42")

    job = JobFactory()
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", services.UNEXPECTED)
    assert events(job) == ["jobs.job.failed"]


def test_a_name_that_no_task_has_ends_the_job(work):
    job = JobFactory(name="tests.unknown")
    services.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_job_is_given_back_when_the_database_goes_away(work):
    @work
    def fail(job):
        raise OperationalError("server closed the connection")

    job = JobFactory()
    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.lease_token) == ("queued", None)
    assert events(job) == []


@pytest.mark.django_db(transaction=True)
def test_a_job_given_back_after_its_last_attempt_ends_instead_of_waiting_for_ever(work):
    @work
    def fail(job):
        raise OperationalError("server closed the connection")

    job = JobFactory(max_attempts=1)
    services.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "stopped once without finishing" in job.message


def test_a_worker_that_lost_its_lease_writes_nothing(work):
    job = JobFactory()

    @work
    def slow(context):
        expire(job)
        services.claim(job.pk)
        return {"late": True}

    services.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("running", 2, {})
    assert events(job) == []


def test_progress_tells_a_worker_that_its_lease_is_lost():
    claimed = services.claim(JobFactory().pk)
    context = services.JobContext(claimed)
    expire(claimed)
    services.claim(claimed.pk)
    with pytest.raises(LeaseLost):
        context.progress(10, "On")
    with pytest.raises(LeaseLost):
        context.renew()


def test_progress_renews_the_lease_and_stops_a_cancelled_job():
    claimed = services.claim(JobFactory().pk)
    expire(claimed)
    context = services.JobContext(claimed)
    context.progress(10, "On")
    claimed.refresh_from_db()
    assert claimed.lease_until > timezone.now()
    Job.objects.filter(pk=claimed.pk).update(cancel_requested=True)
    with pytest.raises(JobCancelled):
        context.progress(20, "On")


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_a_long_step_reports_nothing(work, settings):
    settings.JOB_LEASE_SECONDS = 0.3
    seen = []

    @work
    def quiet(context):
        before = Job.objects.get(pk=context.id).lease_until
        threading.Event().wait(0.5)
        seen.append(Job.objects.get(pk=context.id).lease_until > before)

    services.run(JobFactory().pk)
    assert seen == [True]


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_outlives_a_database_that_is_away_for_a_moment(work, settings, monkeypatch):
    settings.JOB_LEASE_SECONDS = 0.3
    beats = []
    renew = services.JobContext.renew

    def first_beat_fails(context):
        beats.append(1)
        if len(beats) == 1:
            raise OperationalError("database is locked")
        renew(context)

    monkeypatch.setattr(services.JobContext, "renew", first_beat_fails)
    work(lambda context: threading.Event().wait(0.6) or {})
    job = JobFactory()
    services.run(job.pk)
    assert len(beats) > 1
    job.refresh_from_db()
    assert job.state == "succeeded"


# Sweeping


def test_the_sweeper_sends_what_nobody_claimed_and_what_a_dead_worker_held(sent):
    long_ago = timezone.now() - timedelta(minutes=5)
    lost = JobFactory(sent_at=long_ago)
    held_by_the_dead = services.claim(JobFactory().pk)
    expire(held_by_the_dead)
    JobFactory()  # sent just now
    services.claim(JobFactory(sent_at=long_ago).pk)  # held by a worker that lives
    assert services.sweep() == 2
    assert set(sent) == {lost.pk, held_by_the_dead.pk}


def test_the_sweeper_does_not_send_the_same_job_at_every_tick(sent):
    JobFactory(sent_at=timezone.now() - timedelta(minutes=5))
    assert services.sweep() == 1
    assert services.sweep() == 0


def test_the_sweeper_ends_a_job_that_used_up_its_attempts(sent):
    job = services.claim(JobFactory(max_attempts=2).pk)
    expire(job, attempts=2)
    services.sweep()
    job.refresh_from_db()
    assert (job.state, sent) == ("failed", [])
    assert "stopped 2 times" in job.message
    assert events(job) == ["jobs.job.failed"]


def test_the_sweeper_cancels_a_cancelled_job_whose_worker_died(sent):
    job = services.claim(JobFactory().pk)
    expire(job, cancel_requested=True)
    services.sweep()
    job.refresh_from_db()
    assert (job.state, sent) == ("cancelled", [])


# Cancelling and trying again


def test_a_waiting_job_is_cancelled_at_once():
    job = JobFactory()
    services.cancel(job=job, by=job.requested_by)
    assert job.state == "cancelled"
    assert events(job) == ["jobs.job.cancelled"]


def test_a_job_that_has_ended_cannot_be_cancelled():
    job = JobFactory(state="succeeded")
    with pytest.raises(InvalidTransition):
        services.cancel(job=job, by=job.requested_by)


def test_a_stopped_job_is_offered_again_with_all_its_attempts(sent, django_capture_on_commit_callbacks):
    job = JobFactory(state="failed", attempts=5, cancel_requested=True, finished_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        services.retry(job=job, by=job.requested_by)
    assert (job.state, job.attempts, job.cancel_requested, job.finished_at) == ("queued", 0, False, None)
    assert sent == [job.pk]


def test_a_job_that_succeeded_is_not_tried_again():
    job = JobFactory(state="succeeded")
    with pytest.raises(InvalidTransition):
        services.retry(job=job, by=job.requested_by)


def test_trying_again_joins_the_same_work_that_is_already_active():
    old = JobFactory(state="failed", dedupe_key="report 1")
    active = JobFactory(dedupe_key="report 1")
    assert services.retry(job=old, by=old.requested_by) == active


@pytest.mark.parametrize("step", [services.cancel, services.retry])
def test_somebody_else_may_not_steer_a_job(step):
    job = JobFactory(state="queued", lep=LEPFactory())
    viewer = MembershipFactory(lep=job.lep, viewer=True).user
    for stranger in (UserFactory(), viewer):
        with pytest.raises(NotAllowed):
            step(job=job, by=stranger)


def test_an_officer_of_the_lep_and_an_administrator_may_cancel_a_job():
    officer = MembershipFactory()
    services.cancel(job=JobFactory(lep=officer.lep), by=officer.user)
    services.cancel(job=JobFactory(), by=UserFactory(administrator=True))
    assert Job.objects.filter(state="cancelled").count() == 2


def test_two_tasks_cannot_share_a_name(work):
    work(lambda job: None)
    with pytest.raises(ValueError, match="Two tasks"):
        registry.task("tests.work")(lambda job: None)


# The pages


def test_the_progress_page_refreshes_itself_without_javascript(sign_in):
    job = services.claim(JobFactory().pk)
    services.JobContext(job).progress(40, "Choosing peers")
    page = sign_in(job.requested_by).get(job.get_absolute_url())
    assert page.status_code == 200
    html = page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in html
    assert "Choosing peers" in html
    assert 'value="40"' in html
    assert "no-store" in page["Cache-Control"]


def test_the_page_of_a_job_that_ended_stands_still_and_links_to_the_result(sign_in):
    job = JobFactory(state="succeeded", result={"url": "/reports/1/", "label": "Read the report"})
    html = sign_in(job.requested_by).get(job.get_absolute_url()).content.decode()
    assert "http-equiv" not in html
    assert 'href="/reports/1/"' in html
    assert "Read the report" in html


def test_the_status_is_told_as_json(sign_in):
    job = JobFactory(state="succeeded", percent=100, message="Finished.", result={"url": "/reports/1/"})
    answer = sign_in(job.requested_by).get(f"/jobs/{job.pk}/status/")
    assert answer.json() == {
        "state": "succeeded",
        "state_label": "Finished",
        "active": False,
        "percent": 100,
        "message": "Finished.",
        "url": "/reports/1/",
    }


def test_the_list_shows_a_persons_own_jobs_and_those_of_their_lep(sign_in):
    member = MembershipFactory(viewer=True)
    JobFactory(title="Mine", requested_by=member.user)
    JobFactory(title="Of my LEP", lep=member.lep)
    JobFactory(title="Of nobody I know")
    html = sign_in(member.user).get("/jobs/").content.decode()
    assert "Mine" in html
    assert "Of my LEP" in html
    assert "Of nobody I know" not in html


def test_a_job_is_cancelled_and_tried_again_from_its_page(sign_in):
    job = JobFactory()
    client = sign_in(job.requested_by)
    assert client.post(f"/jobs/{job.pk}/cancel/").url == job.get_absolute_url()
    job.refresh_from_db()
    assert job.state == "cancelled"
    page = client.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "nothing to cancel" in page.content.decode()
    client.post(f"/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == "queued"
    page = client.post(f"/jobs/{job.pk}/retry/", follow=True)
    assert "Only work that has stopped" in page.content.decode()


@pytest.mark.parametrize("address", ["", "status/", "cancel/", "retry/"])
def test_a_strangers_job_does_not_exist_for_others(sign_in, address):
    job = JobFactory()
    client = sign_in(UserFactory())
    ask = client.post if address in ("cancel/", "retry/") else client.get
    assert ask(f"/jobs/{job.pk}/{address}").status_code == 404


def test_the_sweeper_is_on_the_schedule():
    from lisapp.celery import app

    app.finalize()
    entries = app.conf.beat_schedule.values()
    assert any(entry["task"] == "jobs.sweep" for entry in entries)

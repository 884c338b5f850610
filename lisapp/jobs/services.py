"""Jobs: enqueue, claim, run, finish, sweep. The only writers of the Job row."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from lisapp.audit.services import log
from lisapp.errors import InvalidTransition
from lisapp.jobs import permissions
from lisapp.jobs.enums import RETRYABLE_STATES, JobState
from lisapp.jobs.models import Job
from lisapp.jobs.registry import JobCancelled, JobRefused, LeaseLost, get_task

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = structlog.get_logger(__name__)

SWEEP_BATCH = 100
WAITING = "Waiting for a worker."
UNEXPECTED = "Something went wrong on our side. The details are in the log. You can try again."


@transaction.atomic
def enqueue(
    name: str, *, title: str, by: Any = None, lep: Any = None, dedupe_key: str | None = None, **params: Any
) -> Job:
    """Write a job in the caller's transaction and send it to the workers after the commit.

    `params` must be JSON-able (ids, not objects). While a job with the same `dedupe_key` is waiting or running, that
    one is returned and nothing new is written.
    """
    if dedupe_key:
        existing = Job.objects.active().filter(dedupe_key=dedupe_key).first()
        if existing:
            return existing
    job = Job(
        name=name,
        title=title[:200],
        params=params,
        requested_by=by,
        lep=lep,
        dedupe_key=dedupe_key or "",
        max_attempts=settings.JOB_MAX_ATTEMPTS,
        message=WAITING,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        # Somebody enqueued the same work between the look and the write; anything else is a fault.
        existing = Job.objects.active().filter(dedupe_key=dedupe_key).first() if dedupe_key else None
        if existing is None:
            raise
        return existing
    transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: uuid.UUID) -> None:
    """Tell the workers about a job. A broker that is away is logged: the sweeper sends it again."""
    from lisapp.jobs.tasks import run_job

    try:
        run_job.apply_async(args=[str(job_id)], retry=False)
    except Exception as error:
        # Whatever the transport raises (kombu, redis, the file system), the row is safe and will be sent again.
        logger.warning("job_not_sent", job_id=str(job_id), error=repr(error))


def claim(job_id: uuid.UUID | str) -> Job | None:
    """Take the lease on a job, or return None where another worker holds it or it has ended.

    One conditional UPDATE decides, so two workers can never both win.
    """
    now = timezone.now()
    token = uuid.uuid4()
    claimed = (
        Job.objects.filter(pk=job_id, attempts__lt=F("max_attempts"))
        .filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now))
        .update(
            state=JobState.RUNNING,
            lease_token=token,
            lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            attempts=F("attempts") + 1,
            started_at=now,
            percent=0,
            message="Started.",
        )
    )
    return Job.objects.select_related("requested_by", "lep").get(pk=job_id) if claimed else None


class JobContext:
    """What a task gets of its job: where to report progress, and who asked for it."""

    def __init__(self, job: Job) -> None:
        self.id = job.pk
        self.requested_by = job.requested_by
        self.lep = job.lep
        self._token = job.lease_token

    def _held(self) -> Any:
        return Job.objects.filter(pk=self.id, state=JobState.RUNNING, lease_token=self._token)

    def renew(self) -> None:
        """Extend the lease. Raises LeaseLost where another worker has taken it."""
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not self._held().update(lease_until=until):
            raise LeaseLost(str(self.id))

    def progress(self, percent: int, message: str) -> None:
        """Show how far the work is (0 to 100) and what is being done; stop here if someone cancelled it.

        Raises JobCancelled or LeaseLost; let both pass through.
        """
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not self._held().update(percent=percent, message=message[:300], lease_until=until):
            raise LeaseLost(str(self.id))
        if Job.objects.filter(pk=self.id, cancel_requested=True).exists():
            raise JobCancelled(str(self.id))

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew the lease in a thread while the work runs, for steps that report nothing for a long time."""
        stop = threading.Event()

        def beat() -> None:
            try:
                while not stop.wait(settings.JOB_LEASE_SECONDS / 3):
                    try:
                        self.renew()
                    except (DatabaseError, InterfaceError) as error:
                        # The database was away for a moment. The next beat opens a connection of its own.
                        logger.warning("lease_not_renewed", job_id=str(self.id), error=repr(error))
                        connection.close()
            except LeaseLost:
                logger.warning("lease_lost", job_id=str(self.id))
            finally:
                connection.close()

        thread = threading.Thread(target=beat, name=f"lease-{self.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def run(job_id: uuid.UUID | str) -> None:
    """Claim a job and do it. Does nothing where it can't be claimed."""
    job = claim(job_id)
    if job is None:
        return
    context = JobContext(job)
    with structlog.contextvars.bound_contextvars(job_id=str(job.pk), job_name=job.name):
        try:
            if job.cancel_requested:
                raise JobCancelled(str(job.pk))
            function = get_task(job.name)
            with context.kept_alive():
                result = function(context, **job.params) or {}
            _end(job, JobState.SUCCEEDED, message="Finished.", result=result)
        except JobCancelled:
            _end(job, JobState.CANCELLED, message="Cancelled.")
        except JobRefused as refusal:
            _end(job, JobState.FAILED, message=str(refusal), result=refusal.result)
        except LeaseLost:
            logger.warning("job_taken_over")
        except (OperationalError, InterfaceError) as error:
            # The database was away for a moment: give the job back, the sweeper offers it again. Where even that
            # fails, the lease runs out and the sweeper takes the job.
            logger.warning("job_given_back", error=repr(error))
            connection.close_if_unusable_or_obsolete()
            _give_back(job)
        except Exception:
            logger.exception("job_failed")
            _end(job, JobState.FAILED, message=UNEXPECTED)


@transaction.atomic
def _end(job: Job, state: JobState, *, message: str, result: dict[str, Any] | None = None) -> None:
    """Move a job to its last state, if this worker still holds the lease."""
    changes: dict[str, Any] = {"state": state, "message": message[:300], "finished_at": timezone.now()}
    changes |= {"lease_token": None, "lease_until": None}
    if result is not None:
        changes["result"] = result
    if state == JobState.SUCCEEDED:
        changes["percent"] = 100
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)
    if not held.update(**changes):
        logger.warning("job_taken_over", job_id=str(job.pk))
        return
    log(
        f"jobs.job.{state.value}",
        target=job,
        by=job.requested_by,
        lep=job.lep,
        data={"attempts": job.attempts},
    )
    logger.info("job_ended", job_id=str(job.pk), job_name=job.name, state=state.value, attempts=job.attempts)


def _used_up(job: Job) -> str:
    times = "once" if job.attempts == 1 else f"{job.attempts} times"
    return f"The work stopped {times} without finishing. You can try again."


def _give_back(job: Job) -> None:
    """Let another worker try, unless the job has had all its tries: then it ends here."""
    if job.attempts >= job.max_attempts:
        _end(job, JobState.FAILED, message=_used_up(job))
        return
    held = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)
    held.update(state=JobState.QUEUED, lease_token=None, lease_until=None, message="Waiting for another try.")


def sweep() -> int:
    """Send again every job that no worker holds: leases that ran out, and messages that got lost.

    Returns the number sent. A job that has used up its attempts is marked as stopped.
    """
    now = timezone.now()
    expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    for job in expired.filter(attempts__gte=F("max_attempts"))[:SWEEP_BATCH]:
        _end(job, JobState.FAILED, message=_used_up(job))
    for job in expired.filter(cancel_requested=True)[:SWEEP_BATCH]:
        _end(job, JobState.CANCELLED, message="Cancelled.")
    unheld = Job.objects.filter(attempts__lt=F("max_attempts")).filter(
        Q(state=JobState.RUNNING, lease_until__lt=now)
        | Q(state=JobState.QUEUED, sent_at__lt=now - timedelta(seconds=settings.JOB_RESEND_SECONDS))
    )
    ids = list(unheld.order_by("created_at").values_list("pk", flat=True)[:SWEEP_BATCH])
    Job.objects.filter(pk__in=ids).update(sent_at=now)
    for job_id in ids:
        send(job_id)
    if ids:
        logger.info("jobs_sent_again", count=len(ids))
    return len(ids)


@transaction.atomic
def cancel(*, job: Job, by: Any) -> Job:
    """Stop a job: at once while it waits, at its next report of progress while it runs."""
    permissions.can_control(by, job).or_raise()
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    if waiting.update(
        state=JobState.CANCELLED, cancel_requested=True, message="Cancelled.", finished_at=timezone.now()
    ):
        log("jobs.job.cancelled", target=job, by=by, lep=job.lep)
    elif Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
        cancel_requested=True, message="Stopping at the next step."
    ):
        log("jobs.job.cancel_requested", target=job, by=by, lep=job.lep)
    else:
        raise InvalidTransition("This has ended already, so there is nothing to cancel.")
    job.refresh_from_db()
    return job


@transaction.atomic
def retry(*, job: Job, by: Any) -> Job:
    """Offer a job that stopped or was cancelled to the workers again, with a full set of attempts."""
    permissions.can_control(by, job).or_raise()
    if job.dedupe_key:
        active = Job.objects.active().filter(dedupe_key=job.dedupe_key).first()
        if active:
            return active
    ended = Job.objects.filter(pk=job.pk, state__in=RETRYABLE_STATES)
    try:
        with transaction.atomic():
            offered = ended.update(
                state=JobState.QUEUED,
                attempts=0,
                percent=0,
                message=WAITING,
                result={},
                cancel_requested=False,
                finished_at=None,
                sent_at=timezone.now(),
            )
    except IntegrityError:
        # Somebody asked for the same work between the look and the write: that one goes on.
        return Job.objects.active().get(dedupe_key=job.dedupe_key)
    if not offered:
        raise InvalidTransition("Only work that has stopped or was cancelled can be tried again.")
    log("jobs.job.retried", target=job, by=by, lep=job.lep)
    transaction.on_commit(lambda: send(job.pk))
    job.refresh_from_db()
    return job

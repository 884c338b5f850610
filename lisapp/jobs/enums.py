"""States of a job."""

from django.db import models


class JobState(models.TextChoices):
    """Where a job is. Only a worker that holds the lease moves it on from RUNNING."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Finished"
    FAILED = "failed", "Stopped"
    CANCELLED = "cancelled", "Cancelled"


ACTIVE_STATES = frozenset({JobState.QUEUED, JobState.RUNNING})
RETRYABLE_STATES = frozenset({JobState.FAILED, JobState.CANCELLED})

"""The Celery application: it carries job ids from the web process to the workers."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lisapp.settings.dev")

app = Celery("lisapp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_django_logging(**kwargs: object) -> None:
    """Let Django's LOGGING stand in workers too, so that every process logs in one format."""


@app.on_after_finalize.connect
def _schedule(sender: Celery, **kwargs: object) -> None:
    from django.conf import settings

    # A tick outlives a queue that is behind, else nothing would ever be swept under steady load; it ends so that
    # ticks don't pile up for ever while no worker runs.
    sender.add_periodic_task(
        settings.JOB_SWEEP_SECONDS,
        sender.signature("jobs.sweep"),
        expires=600,
        name="send again what no worker holds",
    )

"""Speaks for a test with a drill's site: one JSON request a line in, one JSON answer a line out.

The test itself runs with other settings and another database, so it can't use the site's models directly.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

django.setup()

from lisapp import jobs  # noqa: E402
from lisapp.accounts.models import User  # noqa: E402
from lisapp.audit.models import LogEntry  # noqa: E402
from lisapp.jobs import services  # noqa: E402
from lisapp.jobs.models import Job  # noqa: E402


def enqueue(name: str, params: dict[str, Any]) -> dict[str, Any]:
    """Enqueue a job for the operator. Answers with its id and how long that took."""
    by = User.objects.get_or_create(email="operator@example.org", defaults={"is_superuser": True})[0]
    begun = time.monotonic()
    job = jobs.enqueue(name, title=name, by=by, **params)
    return {"id": str(job.pk), "seconds": time.monotonic() - begun}


def send(pk: str, times: int) -> dict[str, Any]:
    """Tell the workers about a job, however often they have heard of it."""
    for _ in range(times):
        services.send(Job.objects.get(pk=pk).pk)
    return {}


def steer(pk: str, how: str) -> dict[str, Any]:
    """Cancel or retry a job as the person who asked for it."""
    job = Job.objects.get(pk=pk)
    {"cancel": services.cancel, "retry": services.retry}[how](job=job, by=job.requested_by)
    return look(pk)


def look(pk: str) -> dict[str, Any]:
    """How a job stands, and what the audit log says of it, oldest first."""
    job = Job.objects.get(pk=pk)
    events = LogEntry.objects.about(job).order_by("pk").values_list("event", flat=True)
    fields = ("state", "percent", "message", "result", "attempts")
    return {field: getattr(job, field) for field in fields} | {"events": list(events)}


ACTIONS = {action.__name__: action for action in (enqueue, send, steer, look)}

if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(ACTIONS[request.pop("do")](**request)), flush=True)

"""Long work in the background. See `lisapp.jobs.services` for how a job is claimed and kept alive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lisapp.jobs.registry import JobRefused, task

if TYPE_CHECKING:
    from lisapp.jobs.models import Job
    from lisapp.jobs.services import JobContext

__all__ = ["JobContext", "JobRefused", "enqueue", "task"]


def enqueue(name: str, **kwargs: Any) -> Job:
    """Write a job and send it after the commit: see `lisapp.jobs.services.enqueue`."""
    from lisapp.jobs.services import enqueue as service

    return service(name, **kwargs)


def __getattr__(name: str) -> Any:
    if name == "JobContext":
        from lisapp.jobs.services import JobContext

        return JobContext
    raise AttributeError(name)

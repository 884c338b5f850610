"""The tasks that jobs can name, so that services enqueue by name and no import cycle arises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import autodiscover_modules

TaskFunction = Callable[..., "dict[str, Any] | None"]
_tasks: dict[str, TaskFunction] = {}


class JobRefused(Exception):
    """The work can't be done, for a reason that the person can read and act on. It is not tried again by itself.

    `url` and `label` lead to where they can act on it.
    """

    def __init__(self, reason: str, *, url: str = "", label: str = "") -> None:
        super().__init__(reason)
        self.result = {"url": url, "label": label} if url else {}


class JobCancelled(Exception):
    """Someone asked for the job to stop."""


class LeaseLost(Exception):
    """Another worker holds the job now: this one stops without writing anything."""


def task(name: str) -> Callable[[TaskFunction], TaskFunction]:
    """Register `function(job, **params)` as the work that jobs called `name` do.

    It may run twice when a worker dies, so it must be idempotent. It returns None or a JSON-able dict; "url" and
    "label" in it become the link on the progress page.
    """

    def register(function: TaskFunction) -> TaskFunction:
        if name in _tasks and _tasks[name] is not function:
            raise ValueError(f"Two tasks are called {name}.")
        _tasks[name] = function
        return function

    return register


def get_task(name: str) -> TaskFunction:
    """Return the function registered as `name`. Raises LookupError.

    Each app's `tasks` module is imported when a task is first missed: a web process never needs them.
    """
    if name not in _tasks:
        autodiscover_modules("tasks")
    try:
        return _tasks[name]
    except KeyError:
        raise LookupError(f"No task is called {name}.") from None

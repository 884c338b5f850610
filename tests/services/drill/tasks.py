"""The drill's work: short, and with a result that can be checked."""

from __future__ import annotations

import time
from typing import Any

from lisapp.jobs import JobContext, JobRefused, task


@task("drill.square")
def square(job: JobContext, *, number: int, pause: float) -> dict[str, Any]:
    """Square `number`, and take `pause` seconds over it."""
    job.progress(10, "Squaring")
    time.sleep(pause)
    return {"square": number * number}


@task("drill.wait")
def wait(job: JobContext, *, seconds: float) -> dict[str, Any]:
    """Work for `seconds`, reporting ten times a second."""
    begun = time.monotonic()
    while (spent := time.monotonic() - begun) < seconds:
        job.progress(int(100 * spent / seconds), f"{spent:.1f} s of {seconds:.1f} s")
        time.sleep(0.1)
    return {"seconds": seconds}


@task("drill.refuse")
def refuse(job: JobContext) -> None:
    """Refuse, as a task does when what it was asked for makes no sense."""
    raise JobRefused("There is nothing to do.")

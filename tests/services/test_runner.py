"""The whole site under its runner: started, hurt, healed and stopped."""

import os
import re
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.services import scratch

pytestmark = pytest.mark.services


def children(pid):
    """The processes that a process has started and that live."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")


@pytest.fixture
def running(embedded_site):
    """The runner of an embedded site that is ready, its port, and a way to find its processes."""
    port = scratch.free_port()
    started = embedded_site.start([sys.executable, "-m", "lisapp.runner"], name="runner", PORT=str(port))
    scratch.wait_until(lambda: "is ready at" in started.output, seconds=60, what="Readiness")
    yield embedded_site, started, port
    started.stop()


def process_named(runner_pid, word):
    found = [child for child in children(runner_pid) if word in command_line(child)]
    assert len(found) == 1, found
    return found[0]


def is_ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_what_dies_is_started_again_and_work_goes_on(running):
    site, started, port = running
    for word, name in (("gunicorn", "web"), ("worker", "worker"), ("beat", "scheduler")):
        victim = process_named(started.popen.pid, word)
        os.killpg(victim, signal.SIGKILL)
        message = f"The {name} process was killed by SIGKILL. It starts again in 1 s."
        scratch.wait_until(lambda message=message: message in started.output, seconds=10, what=message)
    scratch.wait_until(lambda: len(children(started.popen.pid)) == 3, seconds=20, what="All three again")
    scratch.wait_until(lambda: is_ready(port), seconds=60, what="Readiness again")
    job = site.ask("enqueue", name="drill.square", params={"number": 5, "pause": 0})["id"]
    assert site.wait_for(job, state="succeeded")["result"] == {"square": 25}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_everything_stops_when_asked_and_nothing_is_left(running, stop):
    site, started, port = running
    site.ask("enqueue", name="drill.wait", params={"seconds": 60})  # a worker that is busy must stop too
    groups = children(started.popen.pid)
    assert len(groups) == 3
    started.popen.send_signal(stop)
    assert started.popen.wait(timeout=30) == 0
    assert [member for group in groups for member in scratch.members_of_group(group)] == []
    assert started.output.rstrip().endswith("Stopped.")
    assert "Traceback" not in started.output
    assert not is_ready(port)


def test_lines_name_the_process_that_they_come_from(running):
    _, started, port = running
    lines = started.output.splitlines()
    assert any(re.match(r"web +\| .*Listening at", line) for line in lines)
    assert any(re.match(rf"run +\| The workbench is ready at http://127\.0\.0\.1:{port}/", line) for line in lines)
    assert all(re.match(r"(run|web|worker|scheduler) +\|", line) for line in lines)

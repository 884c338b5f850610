"""Databases, queues and processes of a test's own, gone when the test ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg2
import redis

from tests.requirements import postgres_url, redis_url

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def postgres_database() -> Iterator[str]:
    """Make a database, give its address, and drop it."""
    name = f"lis_scratch_{uuid.uuid4().hex[:12]}"
    server = psycopg2.connect(postgres_url())
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield postgres_url(name)
        finally:
            with server.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        server.close()


@contextlib.contextmanager
def redis_database() -> Iterator[str]:
    """Find a Redis database that is empty, give its address, and empty it again."""
    for number in range(15, 0, -1):
        client = redis.Redis.from_url(redis_url(number))
        # The mark makes two test runs at once choose different databases.
        if client.dbsize() == 0 and client.set("lis-scratch", os.getpid(), nx=True):
            break
        client.close()
    else:
        raise RuntimeError("Redis has no empty database left for a test.")
    try:
        yield redis_url(number)
    finally:
        client.flushdb()
        client.close()


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def manage(*arguments: str, environment: dict[str, str]) -> str:
    """Run a management command and return what it printed. Raises CalledProcessError with its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise AssertionError(f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout


class Process:
    """A process in a group of its own, with its output in a file."""

    def __init__(self, command: Sequence[str], *, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                list(command),
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    @property
    def output(self) -> str:
        """All that it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """SIGKILL to the whole group: nobody gets to say goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def stop(self, *, grace: float = 10) -> int:
        """SIGTERM to the process, SIGKILL to what is left of the group after `grace` seconds. Returns the code."""
        self.popen.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(timeout=grace)
        self.kill()
        return self.popen.returncode


def members_of_group(group: int) -> list[int]:
    """The live processes of a process group (Linux: from /proc)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return found


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until `condition()` holds. Raises AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds} seconds.")
        time.sleep(0.1)

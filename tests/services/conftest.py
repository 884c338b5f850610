"""Whole sites of a test's own: a database, a queue and real processes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lisapp import runner
from tests.requirements import need_postgres, need_redis
from tests.services import scratch


@pytest.fixture(autouse=True)
def _everything_here_is_marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("services"), "Tests in this folder carry pytest.mark.services."


class Site:
    """A site with its own environment, the processes that a test starts in it, and a desk to ask it things."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self._open = contextlib.ExitStack()
        self._desk: subprocess.Popen[str] | None = None

    def start(self, command: list[str], *, name: str, **environment: str) -> scratch.Process:
        """Start one of the site's processes; it is gone when the test ends."""
        process = scratch.Process(
            command, environment={**self.environment, **environment}, log=self.folder / f"{name}.log"
        )
        self._open.callback(process.kill)
        return process

    def worker(self, *, name: str = "worker") -> scratch.Process:
        """Start a worker as the site's runner does."""
        return self.start(runner.worker_command(), name=name)

    def scheduler(self) -> scratch.Process:
        """Start the scheduler as the site's runner does."""
        command = [*runner.scheduler_command(), "--schedule", str(self.folder / "schedule")]
        return self.start(command, name="scheduler")

    def ask(self, do: str, **request: Any) -> dict[str, Any]:
        """Let the desk do something: see tests/services/drill/desk.py."""
        if self._desk is None:
            self._desk = subprocess.Popen(
                [sys.executable, "-m", "tests.services.drill.desk"],
                cwd=scratch.ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=(self.folder / "desk.log").open("ab"),
                text=True,
            )
            self._open.callback(self._desk.kill)
        assert self._desk.stdin
        assert self._desk.stdout
        self._desk.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._desk.stdin.flush()
        guard = threading.Timer(30, self._desk.kill)
        guard.start()
        answer = self._desk.stdout.readline()
        guard.cancel()
        assert answer, (self.folder / "desk.log").read_text(encoding="utf-8")[-3000:]
        return dict(json.loads(answer))

    def wait_for(self, pk: str, *, seconds: float = 30, **wanted: Any) -> dict[str, Any]:
        """Wait until the job's fields have the wanted values, and return how it stands."""
        seen: dict[str, Any] = {}

        def reached() -> bool:
            seen.update(self.ask("look", pk=pk))
            return all(seen[field] == value for field, value in wanted.items())

        try:
            scratch.wait_until(reached, seconds=seconds, what=f"Job with {wanted}")
        except AssertionError as error:
            logs = "\n".join(log.read_text(encoding="utf-8")[-2000:] for log in self.folder.glob("*.log"))
            raise AssertionError(f"{error} It is {seen}.\n{logs}") from error
        return seen

    def close(self) -> None:
        """Kill what still runs."""
        self._open.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty site's SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "lis.sqlite3"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.services.drill.settings",
        "DATABASE_URL": f"sqlite:///{file}",
        "LIS_VAR_DIR": str(file.parent),
        "CELERY_BROKER_URL": "filesystem://x//",
    }
    scratch.manage("migrate", "--verbosity", "0", environment=environment)
    return file


QUICK = {"JOB_LEASE_SECONDS": "2", "JOB_RESEND_SECONDS": "2", "JOB_SWEEP_SECONDS": "1", "LOG_LEVEL": "INFO"}


@pytest.fixture
def embedded_site(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Site]:
    """A laptop's site: SQLite and a queue of files."""
    shutil.copy(migrated_sqlite, tmp_path / "lis.sqlite3")
    environment = {
        **QUICK,
        "DJANGO_SETTINGS_MODULE": "tests.services.drill.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'lis.sqlite3'}",
        "LIS_VAR_DIR": str(tmp_path),
        "CELERY_BROKER_URL": "filesystem://x//",
    }
    site = Site(tmp_path, environment)
    yield site
    site.close()


@pytest.fixture
def server_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """A function that makes a server's site: PostgreSQL and Redis, each with a database of this test's own."""
    need_postgres()
    need_redis()
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(scratch.postgres_database())
        broker = stack.enter_context(scratch.redis_database())

        def make(**environment: str) -> Site:
            given = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker, "LIS_VAR_DIR": str(tmp_path)}
            site = Site(tmp_path, {**QUICK, **given, **environment})
            stack.callback(site.close)
            return site

        yield make

"""The commands of docker-compose.yml, started here as they stand there, against a real PostgreSQL and Redis."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.requirements import need_postgres, need_redis
from tests.services import scratch

pytestmark = pytest.mark.services
COMPOSE = yaml.safe_load((scratch.ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "scheduler")
# What the operator writes into .env.
OPERATOR = {
    "SECRET_KEY": "only-for-this-test-" + "0123456789" * 5,
    "ALLOWED_HOSTS": "lis.example.org",
    "POSTGRES_PASSWORD": "unused",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": "lis@example.org",
}
ASK_FOR_A_REPORT = """
from evidence.services.reports import request_report
from lisapp.accounts.services import create_user
from lisapp.places.models import LEP
from lisapp.places.services import set_role
officer = create_user(email="officer@example.org", full_name="An officer", password="a long enough password")
lep = LEP.objects.filter(places__isnull=False).order_by("name").first()
set_role(user=officer, lep=lep, role="officer")
print("job", request_report(lep=lep, place=lep.places.first(), by=officer).job.pk)
"""
LOOK = """
import json
from lisapp.jobs.models import Job
job = Job.objects.get(pk={pk!r})
print("state", json.dumps([job.state, job.message, job.attempts, Job.objects.active().count()]))
"""


def filled_in(value: str) -> str:
    """Put the operator's values in place of ${NAME:?message}."""
    return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda match: OPERATOR[match[1]], value)


@pytest.fixture
def stack(server_site, tmp_path, monkeypatch):
    """The site's processes as compose runs them. Host names, port and folders are this machine's and this test's."""
    port = scratch.free_port()
    environment = {name: filled_in(str(value)) for name, value in SERVICES["web"]["environment"].items()}
    database = environment.pop("DATABASE_URL")
    assert database.startswith("postgres://lis:")
    for of_this_test in ("CELERY_BROKER_URL", "REDIS_CACHE_URL"):
        assert environment.pop(of_this_test).startswith("redis://redis:6379/")
    environment |= {"PORT": str(port), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    site = server_site(**environment, HOSTNAME=socket.gethostname())
    site.environment["REDIS_CACHE_URL"] = site.environment["CELERY_BROKER_URL"]

    def local(argument: str) -> str:
        here = argument.replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace("$$", "$")
        return here.replace("/tmp", str(tmp_path))  # noqa: S108

    site.compose = {name: [local(argument) for argument in SERVICES[name]["command"]] for name in OURS}
    checks = {name: SERVICES[name]["healthcheck"].get("test") for name in OURS}
    site.checks = {name: [local(argument) for argument in test] for name, test in checks.items() if test}
    return site


def health(site, name):
    """Run a service's health check as the container engine does."""
    how, *command = site.checks[name]
    command = ["/bin/sh", "-c", *command] if how == "CMD-SHELL" else command
    done = subprocess.run(
        command,
        cwd=scratch.ROOT,
        env={**os.environ, **site.environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode == 0


def ask(site, source, word):
    """Run Python in the site and return what it printed after `word`."""
    printed = scratch.manage("shell", "-v", "0", "-c", source, environment=site.environment)
    return re.search(rf"^{word} (.+)$", printed, re.MULTILINE)[1]


def test_the_composed_site_starts_is_healthy_and_does_a_job(stack):
    need_postgres()
    need_redis()
    migrate = stack.start(stack.compose["migrate"], name="migrate")
    assert migrate.popen.wait(timeout=240) == 0, migrate.output[-3000:]
    started = {name: stack.start(stack.compose[name], name=name) for name in ("web", "worker", "scheduler")}
    for name, process in started.items():
        scratch.wait_until(lambda name=name: health(stack, name), seconds=60, what=f"Health of {name}")
        assert process.popen.poll() is None, process.output[-3000:]

    job = ask(stack, ASK_FOR_A_REPORT, "job")
    ended: list[Any] = []

    def has_ended():
        ended[:] = json.loads(ask(stack, LOOK.format(pk=job), "state"))
        return ended[0] in ("succeeded", "failed", "cancelled") and ended[3] == 0

    # The report asks for a second job, which writes its files.
    scratch.wait_until(has_ended, seconds=180, what="The end of the jobs")
    assert ended == ["succeeded", "Finished.", 1, 0], started["worker"].output[-3000:]

    for name, process in started.items():
        assert process.stop(grace=20) == 0, f"{name}: {process.output[-2000:]}"
    assert not health(stack, "web")


def test_every_service_that_runs_the_site_waits_for_the_migration():
    for name in ("web", "worker", "scheduler"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["restart"] == "no"


def test_no_secret_has_a_default_that_works():
    text = (scratch.ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{(\w+)", text))
    required = set(re.findall(r"\$\{(\w+):\?[^}]+\}", text))
    assert used == required == set(OPERATOR)
    example = (scratch.ROOT / ".env.example").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert set(given) == set(OPERATOR)
    assert not any(given.values())


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_lasting_service_restarts_and_has_a_health_check(name):
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"]


def test_the_image_runs_as_an_ordinary_user():
    dockerfile = (scratch.ROOT / "Dockerfile").read_text(encoding="utf-8")
    user = re.findall(r"^USER (\d+)$", dockerfile, re.MULTILINE)
    assert user
    assert int(user[-1]) > 0
    assert SERVICES["web"]["cap_drop"] == ["ALL"]

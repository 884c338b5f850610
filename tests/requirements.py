"""What a test needs besides Python: a database server, a broker, a browser.

Where it is missing, a test is skipped with the reason on a developer's machine and fails in CI (`CI=true`), so that
a check can never pass by being left out.
"""

from __future__ import annotations

import getpass
import os
import shutil
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} CI must have it.", pytrace=False)
    pytest.skip(reason)


def postgres_url(database: str = "postgres") -> str:
    """The address of `database` on the test server: DATABASE_URL's server where that is PostgreSQL, else this
    machine's."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith(("postgres://", "postgresql://")):
        given = os.environ.get("TEST_POSTGRES_URL") or f"postgres://{getpass.getuser()}@127.0.0.1:5432/postgres"
    return urlunsplit(urlsplit(given)._replace(path=f"/{database}"))


def redis_url(number: int = 0) -> str:
    """The address of database `number` on the test broker: CELERY_BROKER_URL's server where that is Redis, else this
    machine's."""
    given = os.environ.get("CELERY_BROKER_URL", "")
    if not given.startswith("redis"):
        given = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/0"
    return urlunsplit(urlsplit(given)._replace(path=f"/{number}"))


def need_postgres() -> str:
    """Return the address of a PostgreSQL server that answers, or skip the test (in CI: fail it)."""
    import psycopg2

    url = postgres_url()
    try:
        psycopg2.connect(url, connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        _missing(f"PostgreSQL does not answer ({str(error).strip().splitlines()[0]}).")
    return url


def need_redis() -> str:
    """Return the address of a Redis server that answers, or skip the test (in CI: fail it)."""
    import redis

    url = redis_url()
    try:
        redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        _missing(f"Redis does not answer ({error}).")
    return url


def need_chromium() -> str:
    """Return the path of Chromium (CHROMIUM, else from the PATH), or skip the test (in CI: fail it)."""
    given = os.environ.get("CHROMIUM")
    if given and Path(given).exists():
        return given
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    _missing("Chromium is not installed.")

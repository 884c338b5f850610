"""What every test can ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.requirements import need_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Playwright runs its own event loop in the test's thread; Django's guard would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all tests of a process: Playwright cannot be started twice in one.

    Where it is missing, the tests are skipped; in CI they fail.
    """
    chromium = need_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def small_reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the reference data with the figures of LEP areas and England."""
    from tests.small_reference import write_small_reference

    return write_small_reference(tmp_path_factory.mktemp("reference"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out tests that never touch the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --database-only, keep the tests whose answer could depend on the database."""
    if not config.getoption("--database-only"):
        return
    needs = {"db", "transactional_db"}
    with_one = [i for i in items if i.get_closest_marker("django_db") or needs & set(getattr(i, "fixturenames", ()))]
    kept = set(with_one)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = with_one


@pytest.fixture
def sign_in(client):
    """Return a function that signs a user in with the test client and returns the client."""

    def _sign_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return _sign_in

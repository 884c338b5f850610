"""A real browser in front of the real site, with a real worker behind it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}


class Visitor:
    """Someone at a browser. Every page that they come to is checked by axe, for overflow and for script errors."""

    def __init__(self, context: BrowserContext, base: str, *, checked: bool) -> None:
        self.page: Page = context.new_page()
        self.base = base
        self.checked = checked
        self.visited: list[str] = []
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))
        self.page.on(
            "console",
            lambda entry: (
                self.problems.append(f"{self.page.url}: {entry.text}")
                if entry.type == "error" and "404" not in entry.text
                else None
            ),
        )

    def open(self, path: str) -> None:
        """Go to a path of the site."""
        self.page.goto(path if path.startswith("http") else f"{self.base}{path}")
        self.check()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in on the ordinary page."""
        self.open("/account/login/")
        self.fill("Email address", email)
        self.fill("Password", password)
        self.press("Sign in")

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str) -> None:
        """Choose the radio button or tick the box with this label."""
        self.page.get_by_label(label, exact=False).first.check()

    def press(self, name: str) -> None:
        """Press the button in the main part of the page, and check where it leads."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name, exact=False).first.click()
        self.check()

    def follow(self, name: str) -> None:
        """Follow the first link with this name, and check where it leads."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=False).first.click()
        self.check()

    def press_first(self, name: str) -> None:
        """Press the first button with this name wherever it stands on the page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=False).first.click()
        self.check()

    def press_link(self, name: str) -> None:
        """Follow a link that looks like a button."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=name, exact=False).first.click()
        self.check()

    def sees(self, text: str) -> None:
        """Fail unless the page shows this text."""
        content = self.page.inner_text("body")
        assert text.casefold() in content.casefold(), f"{text!r} is not on {self.page.url}:\n{content[:3000]}"

    def check(self) -> None:
        """Check the present page: axe finds nothing, nothing spills sideways, no script failed."""
        self.page.wait_for_load_state()
        self.visited.append(self.page.url)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        spill = self.page.evaluate("document.documentElement.scrollWidth")
        assert spill <= width, f"{self.page.url} is {spill} pixels wide on a screen of {width}"
        if self.checked:
            found = Axe().run(self.page).response["violations"]
            assert not found, "\n".join(
                f"{self.page.url}: {each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:4]]}"
                for each in found
            )
        assert not self.problems, self.problems


@pytest.fixture
def visitor(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """Return a function that sends a visitor to the site, on a desktop screen unless told, with JavaScript or not."""
    contexts: list[BrowserContext] = []

    def visit(*, viewport: dict[str, int] = DESKTOP, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            viewport=viewport,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            accept_downloads=True,
            # axe's own script is injected into the page, which the site's policy forbids to strangers.
            bypass_csp=False,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Visitor(context, live_server.url, checked=javascript)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Real worker and scheduler processes on the test's database, as `make run` starts them.

    The web process of the tests sends its messages nowhere, so every job here is one whose message got lost: the
    scheduler offers it to the worker.
    """
    folder = tempfile.mkdtemp(prefix="lis-browser-worker-")
    database = connection.settings_dict
    url = os.environ.get("DATABASE_URL", "")
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = url.rsplit("/", 1)[0] + f"/{database['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lisapp.settings.dev",
        "DATABASE_URL": url,
        "CELERY_BROKER_URL": "filesystem://",
        "LIS_VAR_DIR": folder,
        "LIS_FILES_DIR": str(settings.MEDIA_ROOT),
        "JOB_SWEEP_SECONDS": "1",
        "JOB_RESEND_SECONDS": "0",
        "LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "celery", "-A", "lisapp"]
    log = open(os.path.join(folder, "log"), "wb")  # noqa: SIM115
    processes = [
        subprocess.Popen(
            [*command, "worker", "--concurrency", "1", "--without-mingle", "--without-gossip", "--without-heartbeat"],
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
        ),
        subprocess.Popen(
            [*command, "beat", "--schedule", os.path.join(folder, "beat"), "--pidfile="],
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
        ),
    ]
    yield
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    log.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def reference_data(transactional_db: None, small_reference: Path) -> None:
    """The frameworks and the real published figures of LEP areas and England."""
    call_command("load_reference", path=small_reference, verbosity=0)
    call_command("load_frameworks", verbosity=0)

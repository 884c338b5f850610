"""What holds for the whole site: its security headers, its health, its errors, its API's description."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from lisapp.health.probe import is_ready

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "lisapp.settings.production",
    "SECRET_KEY": "only-for-this-test-" + "abcdefghij" * 5,
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "sqlite:////tmp/lis-never-opened.sqlite3",
    "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0",
}


def manage(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **PRODUCTION, **{k: v for k, v in changes.items() if v is not None}}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests set it
    for name in (name for name, value in changes.items() if value is None):
        environment.pop(name, None)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_production_settings_pass_djangos_own_security_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL"])
def test_production_does_not_start_without_what_only_the_operator_knows(missing):
    done = manage("check", **{missing: None})
    assert done.returncode != 0
    assert missing in done.stderr


def test_production_does_not_start_with_a_short_key():
    done = manage("check", SECRET_KEY="short")
    assert done.returncode != 0
    assert "at least 50 characters" in done.stderr


def test_no_demonstration_accounts_on_a_production_site():
    done = manage("load_demo")
    assert done.returncode != 0
    assert "not for a production site" in done.stderr


@pytest.mark.django_db
def test_pages_carry_a_policy_that_allows_no_inline_script_but_ours(client):
    response = client.get(reverse("home"))
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "'nonce-" in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_every_script_on_a_page_carries_the_nonce_of_its_policy(client):
    response = client.get(reverse("home"))
    nonce = re.search(r"'nonce-([^']+)'", response["Content-Security-Policy"])[1]
    scripts = re.findall(r"<script\b[^>]*>", response.content.decode())
    assert scripts
    assert all(f'nonce="{nonce}"' in script for script in scripts)
    assert nonce not in client.get(reverse("home"))["Content-Security-Policy"]


AS_A_BROWSER = """
import django; django.setup()
from django.test import Client
from django.test.utils import override_settings
plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
with override_settings(STORAGES=plain):
    secure = Client(headers={"host": "example.org", "x-forwarded-proto": "https"}).get("/account/login/")
    bare = Client(headers={"host": "example.org"})
    print(secure.status_code)
    print(secure["Strict-Transport-Security"])
    print(secure.cookies["__Host-csrf"].OutputString())
    print(bare.get("/account/login/").headers["Location"])
    print(bare.get("/-/live").status_code)
    print(Client(headers={"host": "evil.example", "x-forwarded-proto": "https"}).get("/account/login/").status_code)
"""


def test_in_production_everything_but_the_health_check_goes_over_https_with_secure_cookies():
    command = [sys.executable, "-c", AS_A_BROWSER]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **PRODUCTION}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    status, hsts, cookie, redirect, live, wrong_host = done.stdout.splitlines()
    assert status == "200"
    assert hsts == "max-age=31536000; includeSubDomains; preload"
    assert {"HttpOnly", "Path=/", "Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert redirect == "https://example.org/account/login/"
    assert live == "200"
    assert wrong_host == "400"


@pytest.mark.django_db
def test_the_site_says_that_it_is_alive_and_ready(client):
    assert client.get("/-/live").content == b"ok"
    assert client.get("/-/ready").json() == {"database": True, "migrated": True}


def test_a_site_that_cannot_reach_its_database_is_not_ready(client, monkeypatch):
    from django.db import OperationalError

    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("lisapp.health.views.MigrationExecutor", away)
    response = client.get("/-/ready")
    assert response.status_code == 503
    assert response.json() == {"database": False, "migrated": False}


@pytest.mark.django_db(transaction=True)
def test_the_probe_of_the_containers_asks_the_site_itself(live_server):
    assert is_ready(live_server.thread.port)
    assert not is_ready(9)


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_without_a_trace(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


@pytest.mark.django_db
def test_an_error_of_ours_is_logged_and_the_page_says_sorry(client, monkeypatch):
    client.raise_request_exception = False

    def broken(*args, **kwargs):
        raise RuntimeError("the detail is for the log")

    monkeypatch.setattr("consultations.views.public.public_lists", broken)
    response = client.get(reverse("consultations:public_list"))
    page = response.content.decode()
    assert response.status_code == 500
    assert "the detail is for the log" not in page
    assert "<h1" in page


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_was_saved():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
@pytest.mark.django_db
def test_the_statements_are_open_to_everybody(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_the_api_is_as_its_published_description_says(tmp_path):
    described = tmp_path / "openapi.yaml"
    # In a process of its own: the bounds of whole numbers come from the database, and the description is SQLite's.
    done = manage(
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--file",
        str(described),
        DJANGO_SETTINGS_MODULE="lisapp.settings.test",
    )
    assert done.returncode == 0, done.stderr
    published = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
    assert described.read_text(encoding="utf-8") == published, (
        "The API has changed. If that is meant: manage.py spectacular --file docs/openapi.yaml"
    )

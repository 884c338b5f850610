"""What every test can ask for."""

from __future__ import annotations

import os

import pytest

# Playwright runs its own event loop in the test's thread; Django's guard would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def sign_in(client):
    """Return a function that signs a user in with the test client and returns the client."""

    def _sign_in(user):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return _sign_in

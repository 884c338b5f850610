"""Making accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from lisapp.accounts.models import User
from lisapp.audit.services import log


@transaction.atomic
def create_user(
    *,
    email: str,
    full_name: str,
    password: str,
    by: Any = None,
    is_reviewer: bool = False,
    is_superuser: bool = False,
) -> User:
    """Make an account. Raises ValidationError where the address is taken or malformed, or the password too weak."""
    user = User(email=email.strip().lower(), full_name=full_name, is_reviewer=is_reviewer, is_superuser=is_superuser)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    log("accounts.user.created", target=user, by=by, data={"reviewer": is_reviewer, "administrator": is_superuser})
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: Any = None) -> None:
    """Give an account another password. Raises ValidationError where it is too weak."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    log("accounts.user.password_set", target=user, by=by)

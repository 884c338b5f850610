"""The people who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Creates users; e-mail addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and store a user. Raises ValueError where the e-mail address is missing."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create and store an administrator."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> User:
        """Find the user by e-mail address, in any case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address.

    What someone may do for a LEP comes from their membership of it. Two roles stand outside LEPs: a reviewer judges
    strategies that are shared for review; an administrator (`is_superuser`) looks after people and reference data.
    """

    email = models.EmailField("e-mail address", unique=True)
    full_name = models.CharField("full name", max_length=150)
    is_active = models.BooleanField("active", default=True, help_text="Untick to end someone's access.")
    is_reviewer = models.BooleanField("reviewer", default=False, help_text="Judges strategies in the admin.")
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ["full_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens for this person."""
        return self.is_reviewer or self.is_superuser

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email

    def role_in(self, lep: Any) -> str | None:
        """Return this person's role in the LEP ("viewer", "officer" or "lead"), or None for an outsider.

        The roles are read once and kept on the user object: a page asks many times.
        """
        if not hasattr(self, "_roles"):
            self._roles: dict[int, str] = dict(self.memberships.values_list("lep_id", "role"))
        return self._roles.get(lep.pk)

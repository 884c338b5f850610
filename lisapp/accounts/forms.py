"""Sign-in and password forms: django-allauth's, shown in our components, with messages beside the field."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms

from lisapp.design.forms import GdsForm


class _WithoutPlaceholders(GdsForm):
    """allauth repeats each label as a placeholder; a label is enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_WithoutPlaceholders, allauth_forms.LoginForm):
    """E-mail address and password. A wrong pair is told beside the password; the address stays as typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Email address"
        self.fields["login"].error_messages["required"] = "Enter your email address"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["password"].help_text = ""
        self.fields.pop("remember", None)

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except forms.ValidationError as error:
            if getattr(error, "code", None) == "too_many_login_attempts":
                raise
            self.add_error(
                "password",
                "The email address or password is not right. Check both, or reset your password.",
            )
            return self.cleaned_data


class ChangePasswordForm(_WithoutPlaceholders, allauth_forms.ChangePasswordForm):
    """Old password, then the new one twice."""


class ResetPasswordForm(_WithoutPlaceholders, allauth_forms.ResetPasswordForm):
    """The address to send a reset link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Email address"


class ResetPasswordKeyForm(_WithoutPlaceholders, allauth_forms.ResetPasswordKeyForm):
    """The new password, twice."""

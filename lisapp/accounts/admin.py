"""People in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from lisapp.accounts.models import User
from lisapp.audit.admin import AuditedAdmin

admin.site.unregister(Group)  # people are put into the groups that there are; roles in LEPs are memberships


class _LowerCaseEmail:
    """Stores addresses as the rest of the site does."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class NewUserForm(_LowerCaseEmail, AdminUserCreationForm):
    """A person with a first password, or none until they set one by e-mail."""

    class Meta:
        model = User
        fields = ("email", "full_name", "is_reviewer")


class ChangedUserForm(_LowerCaseEmail, UserChangeForm):
    """A person's details."""

    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(AuditedAdmin, DjangoUserAdmin):
    """People: who they are, and the roles that stand outside LEPs. Access ends by unticking "active"."""

    form = ChangedUserForm
    add_form = NewUserForm
    list_display = ("full_name", "email", "is_active", "is_reviewer", "is_superuser", "last_login")
    list_filter = ("is_active", "is_reviewer", "is_superuser")
    search_fields = ("full_name", "email")
    ordering = ("full_name",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        ("Roles outside LEPs", {"fields": ("is_reviewer", "is_superuser", "groups")}),
        ("Access", {"fields": ("is_active", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "is_reviewer", "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what they wrote stays theirs

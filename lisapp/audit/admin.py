"""The audit log in the admin (to read only), and what makes other admin pages write to it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from lisapp.audit.formatters import describe
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log


class AuditedAdmin(admin.ModelAdmin):
    """An admin whose additions, changes and deletions are recorded in the audit log, in the same transaction."""

    def _record(self, request: HttpRequest, obj: models.Model, verb: str, changes: Any = None) -> None:
        event = f"{obj._meta.app_label}.{obj._meta.model_name}.{verb}"
        log(
            event, target=obj, by=request.user, data={"in": "admin", "changes": changes} if changes else {"in": "admin"}
        )

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "created", message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, obj, "changed", message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, obj, "deleted")
        return super().log_deletions(request, queryset)


class ReadOnlyAdmin(admin.ModelAdmin):
    """An admin that only shows."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What happened, to what, by whom."""

    list_display = ("at", "what", "target_label", "by", "lep")
    list_filter = ("lep", "at")
    list_select_related = ("by", "lep")
    search_fields = ("event", "target_label", "by__full_name", "by__email")
    date_hierarchy = "at"
    show_full_result_count = False

    @admin.display(description="What happened", ordering="event")
    def what(self, entry: LogEntry) -> str:
        """The event in words."""
        return describe(entry)

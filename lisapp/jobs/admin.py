"""Jobs in the admin: to read; they are cancelled and tried again on their own page."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html

from lisapp.audit.admin import ReadOnlyAdmin
from lisapp.jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Long work, newest first."""

    list_display = ("title", "state", "percent", "message", "requested_by", "lep", "created_at", "steer")
    list_filter = ("state", "name", "lep")
    list_select_related = ("requested_by", "lep")
    search_fields = ("title", "name", "message")
    date_hierarchy = "created_at"
    exclude = ("lease_token",)
    readonly_fields = ("steer",)

    @admin.display(description="Its page")
    def steer(self, job: Job) -> str:
        """The link to where the job can be steered."""
        if job.is_active:
            words = "Cancel"
        elif job.can_retry:
            words = "Try again"
        else:
            words = "Open"
        return format_html('<a href="{}">{}<span class="lis-hidden"> {}</span></a>', job.get_absolute_url(), words, job)

"""LEPs with their people, and places, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from lisapp.audit.admin import AuditedAdmin, ReadOnlyAdmin
from lisapp.places.models import LEP, Membership, Place, PlaceMembership


class MembershipInline(admin.StackedInline):
    """Who works for the LEP, and in which role."""

    model = Membership
    extra = 0


@admin.register(LEP)
class LEPAdmin(AuditedAdmin):
    """The bodies that write strategies."""

    list_display = ("name", "kind", "people", "is_demonstration")
    list_filter = ("kind", "is_demonstration")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("places",)
    inlines = (MembershipInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LEP]:
        return super().get_queryset(request).annotate(people=Count("memberships"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its strategies and the log speak of it

    @admin.display(description="People", ordering="people")
    def people(self, lep: Any) -> int:
        """How many people belong to it."""
        return int(lep.people)


class PartInline(admin.TabularInline):
    """The areas that make up a place."""

    model = PlaceMembership
    fk_name = "parent"
    verbose_name = "area within it"
    verbose_name_plural = "areas within it"
    fields = ("child", "kind", "vintage", "valid_from", "valid_to")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlaceMembership]:
        return super().get_queryset(request).select_related("parent", "child")


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """Statistical geographies, as loaded."""

    list_display = ("name", "code", "kind", "region", "valid_to")
    list_filter = ("kind", "region")
    search_fields = ("name", "code")
    inlines = (PartInline,)

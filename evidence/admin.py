"""Reference data in the admin: to be looked at, with the wording of indicators to be improved.

Values come from the loader and are changed by loading again, so nothing can be added or deleted here, and single
values are not listed.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from evidence import permissions
from evidence.models import DataRelease, EvidenceItem, Indicator, Source
from evidence.services.wording import reword_indicator
from lisapp.audit.admin import ReadOnlyAdmin

WORDING = ("definition", "caveat")


@admin.register(Indicator)
class IndicatorAdmin(ReadOnlyAdmin):
    """Definition and caveat can be reworded, through the service that records what they were."""

    list_display = ("label", "code", "pillar", "role", "unit")
    list_filter = ("pillar", "role")
    search_fields = ("label", "code", "definition")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.can_reword_indicator(request.user).allowed

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields if field.name not in WORDING]

    def save_model(self, request: HttpRequest, obj: Indicator, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        reword_indicator(indicator=obj, definition=obj.definition, caveat=obj.caveat, by=request.user)


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """Where values come from."""

    list_display = ("citation", "code", "licence", "vintage")
    search_fields = ("citation", "code")


@admin.register(DataRelease)
class DataReleaseAdmin(ReadOnlyAdmin):
    """The loads of reference data."""

    list_display = ("name", "loaded_at", "checksum")


@admin.register(EvidenceItem)
class EvidenceItemAdmin(ReadOnlyAdmin):
    """Reviews and studies. A LEP's own evidence is its own: it is not shown here."""

    list_display = ("title", "kind", "pillar", "outcome", "studies_on_outcome", "studies_positive", "source_date")
    list_filter = ("pillar", "kind", "policy_area")
    search_fields = ("title", "finding")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvidenceItem]:
        return EvidenceItem.objects.reference()

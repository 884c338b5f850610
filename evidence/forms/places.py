"""Filters of the pages on places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from evidence.models import Indicator
from evidence.selectors.places import LISTED
from lisapp.design.forms import GdsForm, helper


class PlaceFilterForm(GdsForm):
    """Find places by name or code, kind and region."""

    mark_optional = False
    q = forms.CharField(label="Name or code", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All"), *((kind.value, kind.label) for kind in LISTED)]
    )
    region = forms.ChoiceField(label="Region", required=False)

    def __init__(self, *args: Any, regions: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "All"), *((name, name) for name in regions)]  # type: ignore[attr-defined]
        self.helper = helper(submit="Find places", method="get")

    def wanted(self) -> dict[str, str]:
        """The filters that could be read; one that could not is left out."""
        if not self.is_bound:
            return {"words": "", "kind": "", "region": ""}
        self.is_valid()
        given = self.cleaned_data
        return {"words": given.get("q", ""), "kind": given.get("kind", ""), "region": given.get("region", "")}


class MapForm(GdsForm):
    """What the map of a place shows."""

    mark_optional = False
    map = forms.ChoiceField(label="Show on the map", required=False)

    def __init__(self, *args: Any, indicators: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = {indicator.code: indicator for indicator in indicators}
        choices = [("", "Peers and neighbours"), *((code, found.label) for code, found in self.indicators.items())]
        self.fields["map"].choices = choices  # type: ignore[attr-defined]
        self.helper = helper(submit="Show", method="get")

    def chosen(self) -> Indicator | None:
        """The indicator to show, or None for peers and neighbours."""
        return self.indicators.get(self.data.get("map", "")) if self.is_bound else None

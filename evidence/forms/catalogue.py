"""Filters of the evidence pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from evidence.enums import PillarCode
from lisapp.design.forms import GdsForm, helper
from lisapp.places.enums import PlaceKind
from lisapp.places.models import Place


class IndicatorFilterForm(GdsForm):
    """Find indicators by words, foundation and kind of place."""

    mark_optional = False
    q = forms.CharField(label="Words", required=False, max_length=100)
    pillar = forms.ChoiceField(label="Foundation", required=False, choices=[("", "All"), *PillarCode.choices])
    kind = forms.ChoiceField(label="With figures for", required=False, choices=[("", "Any place"), *PlaceKind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Find indicators", method="get")

    def wanted(self) -> dict[str, str]:
        """The filters that could be read; one that could not is left out."""
        if not self.is_bound:
            return {"words": "", "pillar": "", "kind": ""}
        self.is_valid()
        given = self.cleaned_data
        return {"words": given.get("q", ""), "pillar": given.get("pillar", ""), "kind": given.get("kind", "")}


class IndicatorPlaceForm(GdsForm):
    """Which place to draw beside England."""

    mark_optional = False
    place = forms.ChoiceField(label="Show a place beside England", required=False)

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for place in places:
            by_kind.setdefault(place.get_kind_display(), []).append((place.code, place.name))
        self.fields["place"].choices = [("", "England only"), *by_kind.items()]  # type: ignore[attr-defined]
        self.helper = helper(submit="Show", method="get")

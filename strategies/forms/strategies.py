"""Starting and editing a strategy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from lisapp.design.forms import GdsForm, GdsModelForm
from lisapp.places.models import LEP, Place
from strategies.forms.versioned import VersionedFormMixin
from strategies.models import Framework, Strategy


class StrategyForm(GdsForm):
    """Framework, place, title and horizon of a new strategy."""

    submit_label = "Start the strategy"
    with_submission_key = True

    framework = forms.ModelChoiceField(
        label="Which kind of strategy?",
        queryset=Framework.objects.filter(is_current=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    place = forms.ModelChoiceField(
        label="For which area?",
        queryset=Place.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="Comparator reports for this area count as its evidence.",
    )
    title = forms.CharField(label="Title", max_length=200)
    horizon_year = forms.IntegerField(
        label="The year that it looks to", help_text="Ten years or more, for example 2037.", max_value=2100
    )

    look = {"horizon_year": {"width": "4"}}

    def __init__(self, *args: Any, lep: LEP, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        framework: Any = self.fields["framework"]
        framework.item_hints = {str(each.pk): each.summary for each in framework.queryset}
        place: Any = self.fields["place"]
        place.queryset = lep.places.all()
        if place.queryset.count() == 1:
            place.initial = place.queryset.first()
        self.fields["horizon_year"].initial = timezone.localdate().year + 10

    def clean_horizon_year(self) -> int:
        year = int(self.cleaned_data["horizon_year"])
        if year <= timezone.localdate().year:
            raise forms.ValidationError(f"The year must be after {timezone.localdate().year}")
        return year


class StrategyEditForm(VersionedFormMixin, GdsModelForm):
    """Title, horizon and vision."""

    submit_label = "Save"
    look = {"horizon_year": {"width": "4"}}

    title = forms.CharField(label="Title", max_length=200)
    horizon_year = forms.IntegerField(label="The year that it looks to", min_value=2000, max_value=2100)
    vision = forms.CharField(
        label="Vision",
        help_text="Where the area should be by then, in a few sentences.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
    )

    class Meta:
        model = Strategy
        fields = ["title", "horizon_year", "vision"]

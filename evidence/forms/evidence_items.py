"""Filters of the evidence, the search box, and the form for a LEP's own evidence."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from evidence.domain.strength import State
from evidence.domain.uploads import KINDS_IN_WORDS, UnfitFile, check_file
from evidence.enums import LOCAL_KINDS as LOCAL
from evidence.enums import EffectDirection, EvidenceKind, InterventionType, PillarCode, PolicyArea
from evidence.models import EvidenceItem
from evidence.services.evidence_items import WRITTEN
from lisapp.design.forms import Div, Fieldset, GdsForm, GdsModelForm, helper
from lisapp.errors import StaleEdit

LEVELS = [
    ("", "Any level"),
    ("2", "2 or above"),
    ("3", "3 or above"),
    ("4", "4 or above"),
    ("5", "5: a randomised trial"),
]
KINDS = [
    ("", "All kinds"),
    *((kind.value, kind.label) for kind in EvidenceKind if kind not in LOCAL),
    ("local", "Local evidence"),
]


class GapMapForm(GdsForm):
    """Narrow the map. What cannot be read is left out."""

    mark_optional = False
    policy_area = forms.ChoiceField(label="Policy area", required=False, choices=[("", "All"), *PolicyArea.choices])
    outcome = forms.ChoiceField(label="Outcome", required=False)
    kind = forms.ChoiceField(label="Kind of evidence", required=False, choices=KINDS)
    level = forms.TypedChoiceField(label="Maryland level", required=False, choices=LEVELS, coerce=int, empty_value=None)
    uk = forms.BooleanField(label="With studies from the United Kingdom", required=False)
    submit_label = "Narrow the map"

    def __init__(self, *args: Any, outcomes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [("", "All"), *((each, each) for each in outcomes)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "govuk-!-width-full"
        self.helper = helper(*self.layout(), submit=self.submit_label, method="get")

    def layout(self) -> list[Any]:
        """The selects two or three beside each other where there is room."""
        selects = [name for name, field in self.fields.items() if isinstance(field.widget, forms.Select)]
        width = "govuk-grid-column-one-third" if len(selects) > 4 else "govuk-grid-column-one-half"
        each = 3 if len(selects) > 4 else 2
        rows = [selects[at : at + each] for at in range(0, len(selects), each)]
        return [Div(*(Div(name, css_class=width) for name in row), css_class="govuk-grid-row") for row in rows] + ["uk"]

    def wanted(self) -> dict[str, Any]:
        """The filters that could be read."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EvidenceFilterForm(GapMapForm):
    """Find evidence items."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    pillar = forms.ChoiceField(label="Foundation", required=False, choices=[("", "All"), *PillarCode.choices])
    intervention_type = forms.ChoiceField(
        label="Kind of intervention", required=False, choices=[("", "All"), *InterventionType.choices]
    )
    state = forms.ChoiceField(
        label="What was found",
        required=False,
        choices=[("", "Anything"), *((state.value, state.value.capitalize()) for state in State)],
    )
    field_order = ("words", "pillar", "policy_area", "intervention_type", "outcome", "state", "kind", "level", "uk")
    submit_label = "Find evidence"

    def layout(self) -> list[Any]:
        return ["words", *super().layout()]


class SearchForm(GdsForm):
    """Words to search for."""

    mark_optional = False
    q = forms.CharField(
        label="Search evidence and indicators",
        required=False,
        max_length=200,
        help_text="Words, a “phrase in quotation marks”, or a minus sign before a word to leave it out.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Search", method="get")


@dataclass(frozen=True)
class Difference:
    """A field where what was typed and what a colleague saved differ, in words."""

    label: str
    theirs: str
    mine: str


class LocalItemForm(GdsModelForm):
    """Something that a LEP has learnt of its own."""

    with_submission_key = True
    look = {
        "finding": {"max_words": 500},
        "caution": {"max_words": 200},
        "maryland_best": {"width": "2"},
        "newest_year": {"width": "4"},
        "source_date": {"width": "20"},
    }

    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(kind.value, kind.label) for kind in LOCAL],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of evidence this is"},
    )
    effect_direction = forms.ChoiceField(
        label="Which way does the effect point?",
        required=False,
        choices=[("", "Not stated"), *EffectDirection.choices],
    )
    source_url = forms.URLField(label="Where to find it", required=False, max_length=500, assume_scheme="https")
    file = forms.FileField(label="File", required=False, help_text=f"{KINDS_IN_WORDS}, up to 10 MB.")
    remove_file = forms.BooleanField(label="Remove the file", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = EvidenceItem
        fields = WRITTEN
        labels = {
            "title": "Title",
            "pillar": "Foundation that it is about",
            "policy_area": "Policy area",
            "intervention_type": "Kind of intervention",
            "outcome": "Outcome that it is about",
            "finding": "What does it show?",
            "caution": "What should a reader bear in mind?",
            "source_name": "Who made it?",
            "source_date": "When?",
            "effect_size": "Size of the effect",
            "effect_interval": "Interval",
            "maryland_best": "Maryland level",
            "newest_year": "Year of the evaluation",
            "cost": "Cost",
            "transferability": "Would it work elsewhere?",
        }
        help_texts = {
            "title": "For example, Survey of employers on hard-to-fill vacancies.",
            "intervention_type": "Leave empty if it is not about a kind of intervention.",
            "outcome": "For example, employment, turnover, or vacancies.",
            "caution": "For example, how many were asked and how many answered.",
            "source_date": "For example, March 2026.",
            "effect_size": "For example, 12 more jobs for every 100 firms.",
            "effect_interval": "For example, 4 to 20.",
            "maryland_best": "From 1 to 5. Leave empty if nobody has scored it.",
            "newest_year": "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.instance
        self.fields["version"].initial = item.version if item.pk else 0
        if item.file_name:
            self.fields["file"].initial = SimpleNamespace(name=item.file_name)  # shown as the current file
        kind: Any = self.fields["intervention_type"]
        kind.choices = [("", "None"), *InterventionType.choices]
        if not item.pk:
            self.fields["policy_area"].initial = PolicyArea.OTHER
        if not item.file:
            del self.fields["remove_file"]

    @property
    def layout(self) -> list[Any]:
        """The fields in two groups: what every item has, and what only a test of an effect has."""
        effect = ("effect_direction", "effect_size", "effect_interval", "maryland_best", "newest_year")
        first = ("kind", "title", "finding", "caution", "source_name", "source_date", "source_url", "file")
        about = ("pillar", "policy_area", "intervention_type", "outcome")
        removal = ["remove_file"] if "remove_file" in self.fields else []
        return [
            *first,
            *removal,
            Fieldset("What it is about", *about),
            Fieldset("If it measures the effect of something that was done", *effect, "cost", "transferability"),
        ]

    def dress(self, *, submit: str, cancel_url: str) -> None:
        """Draw the form with its buttons."""
        self.helper = helper(*self.layout, submit=submit, cancel_url=cancel_url, keep_draft="")

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not isinstance(file, UploadedFile):
            return None  # nothing new was chosen
        try:
            check_file(file.name or "", file.size or 0, file)
        except UnfitFile as error:
            raise forms.ValidationError(str(error)) from error
        return file

    def content(self) -> dict[str, Any]:
        """The arguments of the service."""
        values = {name: self.cleaned_data[name] for name in WRITTEN}
        return {**values, "file": self.cleaned_data.get("file")}

    def explain(self, stale: StaleEdit) -> list[Difference]:
        """Return where what a colleague saved differs from what was typed, and let what was typed be saved over it."""
        differences = []
        for name in WRITTEN:
            theirs, mine = self._words(name, stale.theirs[name]), self._words(name, self.cleaned_data[name])
            if theirs != mine:
                differences.append(Difference(str(self.fields[name].label), theirs, mine))
        data: Any = self.data
        self.data = data.copy()
        self.data["version"] = str(stale.version)
        return differences

    def _words(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ()))
        return "" if value is None else str(choices.get(value, value))

"""Forms for bringing figures in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from evidence.enums import PillarCode
from evidence.imports.cells import Unreadable, period_of
from evidence.imports.mapping import BLOCKS, LEFT_OUT, ROLES, SHAPES, TIDY
from evidence.imports.uploads import too_large
from evidence.models import Indicator
from lisapp.design.forms import HTML, GdsForm, GdsModelForm, helper
from lisapp.places.enums import PlaceKind

VINTAGES = ("2021", "2020", "2017", "2014")  # of the official lists of LEP areas
RESERVED = frozenset({"new"})  # what addresses of indicator pages use themselves


class UploadForm(GdsForm):
    """A file, and where it comes from. `passed_over` is the size of a request whose file was too large to keep."""

    with_submission_key = True
    submit_label = "Upload and check"
    look: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "licence": {"width": "30"},
        "vintage": {"width": "30"},
    }

    title = forms.CharField(label="Title", max_length=200, help_text="Such as “Employment rate 2025, LEP areas”.")
    file = forms.FileField(label="File")
    citation = forms.CharField(
        label="Source",
        max_length=500,
        help_text="Who published it and what it is called there, as it should be cited.",
    )
    url = forms.URLField(
        label="Address of the source", max_length=500, required=False, assume_scheme="https", help_text="A web page."
    )
    licence = forms.CharField(label="Licence", max_length=120, initial="Open Government Licence v3.0")
    vintage = forms.CharField(
        label="Edition", max_length=200, help_text="Which edition, and when it was collected: “Published 12 May 2026”."
    )
    correction_reason = forms.CharField(
        label="If it corrects or renews figures that are here already, why?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Figures are never overwritten: the earlier ones are kept beside this reason.",
    )

    def __init__(self, *args: Any, passed_over: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.UPLOAD_MAX_BYTES
        self.fields["file"].help_text = f"CSV or XLSX, {most / 1e6:,.0f} MB at most."
        if passed_over:
            self.fields["file"].error_messages["required"] = too_large(passed_over, most)


class MappingForm(GdsForm):
    """How a file is read. `chosen()` is the mapping that it stands for."""

    submit_label = "Check again with these choices"
    mark_optional = False

    def __init__(
        self,
        *args: Any,
        findings: Mapping[str, Any],
        mapping: Mapping[str, Any],
        indicators: Sequence[Indicator],
        **kwargs: Any,
    ) -> None:
        self.findings, self.mapping = findings, mapping
        super().__init__(*args, **kwargs)
        shape = mapping.get("shape") or findings.get("shape") or TIDY
        self.fields["shape"] = forms.ChoiceField(
            label="Shape of the tables", choices=list(SHAPES.items()), widget=forms.RadioSelect, initial=shape
        )
        self._add_columns()
        self._add_measures(indicators)
        self._add_rest(shape)
        for name, field in self.fields.items():
            self._dress(name, field)
        self.helper = helper(submit=self.submit_label, form_id="choices")

    def _add_columns(self) -> None:
        headings = self.findings.get("headings") or []
        columns = self.findings.get("columns") or {}
        for role, label in ROLES.items() if headings else ():
            self.fields[f"column_{role}"] = forms.ChoiceField(
                label=f"Column: {label[0].lower()}{label[1:]}",
                required=False,
                choices=[("", "None"), *((heading, heading) for heading in headings)],
                initial=columns.get(role, ""),
            )

    def _add_measures(self, indicators: Sequence[Indicator]) -> None:
        by_pillar = [
            (pillar.label, [(i.code, f"{i.label} ({i.unit})") for i in indicators if i.pillar == pillar])
            for pillar in PillarCode
        ]
        choices = [("", "Choose an indicator"), (LEFT_OUT, "Leave out"), *(group for group in by_pillar if group[1])]
        for at, found in enumerate(self.findings.get("measures", [])):
            measure = found["measure"] or "All figures of the file"
            count = found["figures"]
            self.fields[f"measure_{at}"] = forms.ChoiceField(
                label=f"Indicator for “{measure}”",
                required=False,
                choices=choices,
                initial=found["indicator"],
                help_text="1 figure" if count == 1 else f"{count:,} figures",
            )

    def _add_rest(self, shape: str) -> None:
        self.fields["period"] = forms.CharField(
            label="Period of figures that name none",
            required=False,
            max_length=40,
            initial=self.mapping.get("period", ""),
            help_text="Such as 2024, 2023/24 or April 2024.",
        )
        self.fields["boundaries"] = forms.ChoiceField(
            label="Boundaries of the LEP areas",
            required=False,
            choices=[("", "As the codes and names say"), *((year, f"List of {year}") for year in VINTAGES)],
            initial=self.mapping.get("boundaries", ""),
        )
        self.fields["kind"] = forms.ChoiceField(
            label="Names without a prefix are",
            required=False,
            choices=[("", "Any kind of place"), *PlaceKind.choices],
            initial=self.mapping.get("kind", ""),
        )

    def clean_period(self) -> str:
        """A period that can be read."""
        given = str(self.cleaned_data["period"]).strip()
        try:
            if given:
                period_of(given)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        return given

    def chosen(self) -> dict[str, Any]:
        """The mapping, as JSON. What the form did not offer stays as it was."""
        given = self.cleaned_data
        measures = dict(self.mapping.get("measures", {}))
        for at, found in enumerate(self.findings.get("measures", [])):
            measures[found["measure"]] = given[f"measure_{at}"]
        columns = {role: given[f"column_{role}"] for role in ROLES if f"column_{role}" in given}
        return {
            "shape": given["shape"],
            "columns": columns if given["shape"] != BLOCKS else {},
            "measures": measures,
            "period": given["period"],
            "boundaries": given["boundaries"],
            "kind": given["kind"],
            "indicator": self.mapping.get("indicator", ""),
        }


class ImportForm(GdsForm):
    """The last step: why figures that stand are superseded, where some are."""

    mark_optional = False

    def __init__(self, *args: Any, counts: Mapping[str, int], action: str, reason: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        superseding, figures = counts.get("superseding", 0), counts.get("new", 0) + counts.get("superseding", 0)
        layout: list[Any] = []
        if superseding:
            self.fields["reason"] = forms.CharField(
                label=f"Why should {_that_stand(superseding)} be superseded?",
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=reason,
                help_text="Such as a correction by the publisher or a newer edition. It is kept with the figures.",
                error_messages={"required": "Enter why these figures should be superseded"},
            )
            self._dress("reason", self.fields["reason"])
            layout = ["reason"]
        these = "this figure" if figures == 1 else f"these {figures:,} figures"
        self.helper = helper(*(layout or [HTML("")]), submit=f"Import {these}", action=action, form_id="import")


def _that_stand(figures: int) -> str:
    return "1 figure that stands" if figures == 1 else f"{figures:,} figures that stand"


class RollBackForm(GdsForm):
    """Why a dataset is taken out again."""

    reason = forms.CharField(label="Why is it rolled back?", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class IndicatorForm(GdsModelForm):
    """Something that is not measured here yet."""

    submit_label = "Add the indicator"
    look: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "unit": {"width": "20"},
        "decimals": {"width": "2"},
        "lowest": {"width": "10"},
        "highest": {"width": "10"},
    }

    class Meta:
        model = Indicator
        fields = (
            "label", "code", "definition", "caveat", "pillar", "role", "higher_is", "unit", "decimals",
            "lowest", "highest",
        )  # fmt: skip
        labels: ClassVar[dict[str, str]] = {
            "label": "Name",
            "code": "Code",
            "pillar": "Foundation",
            "role": "What it is for",
            "higher_is": "Which direction is good?",
            "decimals": "Decimals to show",
            "lowest": "Lowest possible value",
            "highest": "Highest possible value",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "code": "Lower-case letters, figures, hyphens and underscores: it is part of addresses and files.",
            "definition": "What is measured, of whom and how, in one or two sentences.",
            "caveat": "What a reader should bear in mind.",
            "unit": "Such as %, £ or per 1,000 people.",
            "decimals": "From 0 to 4.",
            "lowest": "Figures below it are refused. Growth and net flows can be below zero.",
            "highest": "Figures above it are refused, such as 100 for a share.",
        }
        widgets: ClassVar[dict[str, Any]] = {
            "definition": forms.Textarea(attrs={"rows": 4}),
            "caveat": forms.Textarea(attrs={"rows": 3}),
            "pillar": forms.RadioSelect,
            "role": forms.RadioSelect,
            "higher_is": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("pillar", "role", "higher_is"):
            choices = [choice for choice in self.fields[name].choices if choice[0]]  # type: ignore[attr-defined]
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """A code that no address uses."""
        code = str(self.cleaned_data["code"])
        if code in RESERVED:
            raise ValidationError(f"“{code}” is used by this site: choose another code")
        return code

    def clean_decimals(self) -> int:
        """Few enough to read."""
        decimals = int(self.cleaned_data["decimals"])
        if decimals > 4:
            raise ValidationError("Decimals to show must be 4 or less")
        return decimals

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lowest, highest = cleaned.get("lowest"), cleaned.get("highest")
        if lowest is not None and highest is not None and lowest > highest:
            self.add_error("highest", "The highest possible value must be above the lowest")
        return cleaned

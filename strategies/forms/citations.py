"""Citing evidence: first what kind, then which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q
from django.utils.functional import cached_property

from evidence.domain.strength import effect_sentence
from evidence.enums import PillarCode
from evidence.models import ComparatorReport, EvidenceItem, Indicator
from evidence.selectors.strength import facts_of
from lisapp.design.forms import HTML, GdsForm, helper
from strategies.enums import CitationKind
from strategies.models import Citation, Strategy
from strategies.selectors.citations import figure_line


class _CitationForm(GdsForm):
    """A citation carries a sentence on what it shows."""

    submit_label = "Add to the evidence"
    with_submission_key = True

    note = forms.CharField(
        label="What it shows",
        help_text="A sentence in your own words.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        self.strategy = strategy
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "note"] + ["note"])

    def arguments(self) -> dict[str, Any]:
        """What the service gets."""
        return dict(self.cleaned_data)


@dataclass(frozen=True)
class FigureChoice:
    """A figure as a radio button."""

    id: str
    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True)
class FigureGroup:
    """The figures of a pillar."""

    title: str
    choices: list[FigureChoice]
    is_open: bool


class FigureForm(_CitationForm):
    """A figure of a comparator report, with peers and England beside it; else the newest published one."""

    figure = forms.ChoiceField(
        label="Which figure?", widget=forms.RadioSelect, error_messages={"required": "Select a figure"}
    )

    def __init__(self, *args: Any, report: ComparatorReport | None, **kwargs: Any) -> None:
        self.report = report
        super().__init__(*args, **kwargs)
        #: Code, pillar, label, what it says.
        self.offered = _of_report(report) if report else _published(self.strategy)
        field: Any = self.fields["figure"]
        field.choices = [(code, label) for code, _, label, _ in self.offered]

    @cached_property
    def helper(self) -> FormHelper:
        groups = HTML('{% include "strategies/citations/figure_choice.html" %}')
        return helper(groups, "note", submit=self.submit_label, cancel_url=self.cancel_url)

    def by_pillar(self) -> list[FigureGroup]:
        """The figures by pillar, in the order of the pillars. The first has the id that errors lead to.

        A group is open where its figure is chosen; the first also where something is wrong.
        """
        groups: list[FigureGroup] = []
        chosen, number = self["figure"].value(), 0
        for pillar in PillarCode:
            choices = []
            for code, _, label, hint in (each for each in self.offered if each[1] == pillar):
                number += 1
                key = "id_figure" if number == 1 else f"id_figure-{number}"
                choices.append(FigureChoice(key, code, label, hint, code == chosen))
            is_open = any(choice.chosen for choice in choices) or (bool(self["figure"].errors) and not groups)
            if choices:
                groups.append(FigureGroup(str(pillar.label), choices, is_open))
        return groups

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        indicator = Indicator.objects.get(code=values.pop("figure"))
        return {**values, "indicator": indicator, "report": self.report}


def _of_report(report: ComparatorReport) -> list[tuple[str, str, str, str]]:
    rows = report.result.get("figures", [])
    pillars = dict(Indicator.objects.filter(code__in=[row["indicator"] for row in rows]).values_list("code", "pillar"))
    return [
        (row["indicator"], pillars[row["indicator"]], row["label"], figure_line({**row, "place": report.place.name}))
        for row in rows
        if row["indicator"] in pillars
    ]


def _published(strategy: Strategy) -> list[tuple[str, str, str, str]]:
    standing = {"observations__place": strategy.place_id, "observations__superseded_at": None}
    measured = Indicator.objects.filter(**standing).distinct()
    return [(each.code, each.pillar, each.label, each.unit) for each in measured]


class ReportForm(_CitationForm):
    """A whole comparator report."""

    report = forms.ModelChoiceField(
        label="Which report?",
        queryset=ComparatorReport.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select a report"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["report"]
        field.queryset = ComparatorReport.objects.ready().filter(lep=self.strategy.lep_id)


class WhatWorksForm(_CitationForm):
    """An evidence item that the person sees, with its counts."""

    review = forms.ModelChoiceField(
        label="Which evidence?",
        queryset=EvidenceItem.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Select a piece of evidence"},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["review"]
        visible = EvidenceItem.objects.visible_to(user)
        field.queryset = visible.filter(Q(lep=None) | Q(is_shared=True) | Q(lep=self.strategy.lep_id)).select_related(
            "lep"
        )
        field.item_hints = {str(review.pk): review_hint(review) for review in field.queryset}


def review_hint(review: EvidenceItem) -> str:
    """What kind of evidence it is, and what was found with the number of studies."""
    kind = review.get_kind_display()
    whose = f"{kind}, {review.lep}" if review.lep else kind
    facts = facts_of(review)
    found = review.finding if review.is_local and facts.studies is None else effect_sentence(facts)
    return f"{whose}. {found}"


class LocalSourceForm(_CitationForm):
    """Something of the LEP's own."""

    title = forms.CharField(label="What is it?", max_length=300, help_text="For example, a survey of local employers.")
    source_name = forms.CharField(label="Who made it?", max_length=300)
    source_date = forms.CharField(label="When?", max_length=60, required=False, help_text="For example, March 2026.")
    source_url = forms.URLField(label="Where to find it", required=False, max_length=500, assume_scheme="https")


class RenewForm(GdsForm):
    """What should rest on the newer figure. A section is offered, but not ticked: its words may name the old value."""

    submit_label = "Cite the newer figure"
    move = forms.MultipleChoiceField(
        label="What should rest on the newer figure?",
        help_text="In a section only the mark is changed. Read its text afterwards: it may still name the old value.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="What it shows now",
        help_text="Left empty, the note of the earlier citation is kept.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, citation: Citation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims: dict[str, tuple[str, Any]] = {
            **{f"diagnosis-{each.pk}": ("diagnoses", each) for each in citation.diagnoses.all()},
            **{f"intervention-{each.pk}": ("interventions", each) for each in citation.interventions.all()},
            **{f"section-{each.pk}": ("sections", each) for each in citation.sections.all()},
        }
        field: Any = self.fields["move"]
        field.choices = [
            (key, f"{key.partition('-')[0].capitalize()}: {each}") for key, (_, each) in self.claims.items()
        ]
        field.initial = [key for key, (kind, _) in self.claims.items() if kind != "sections"]
        if not self.claims:
            del self.fields["move"]

    def arguments(self) -> dict[str, Any]:
        """What the service gets."""
        moved: dict[str, list[Any]] = {"diagnoses": [], "interventions": [], "sections": []}
        for key in self.cleaned_data.get("move", ()):
            kind, each = self.claims[key]
            moved[kind].append(each)
        return {**moved, "note": self.cleaned_data["note"]}


class CitationKindForm(GdsForm):
    """Which kind of evidence to add."""

    submit_label = "Continue"
    kind = forms.ChoiceField(
        label="What do you want to cite?",
        choices=CitationKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you want to cite"},
    )
    look = {
        "kind": {
            "item_hints": {
                "figure": "A value for your area with its source, beside peers and England.",
                "report": "How your area compares as a whole.",
                "what_works": "What evaluations found about a kind of policy, or local evidence kept here.",
                "local": "A survey, an interview, a study of your own that is not kept here.",
            }
        }
    }

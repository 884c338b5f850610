"""Citing evidence: first what kind, then which."""

from __future__ import annotations

from typing import Any

from django import forms

from evidence.models import ComparatorReport, Indicator, WhatWorksReview
from lisapp.design.forms import GdsForm
from strategies.enums import CitationKind
from strategies.models import Strategy


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


class FigureForm(_CitationForm):
    """A figure of a comparator report, with peers and England beside it; else the newest published one."""

    figure = forms.ChoiceField(label="Which figure?", widget=forms.RadioSelect)
    look = {"figure": {"small": True}}

    def __init__(self, *args: Any, report: ComparatorReport | None, **kwargs: Any) -> None:
        self.report = report
        super().__init__(*args, **kwargs)
        self.figures = report.result.get("figures", []) if report else []
        field: Any = self.fields["figure"]
        if report:
            field.choices = [(row["indicator"], f"{row['label']}: {_value(row, 'value')}") for row in self.figures]
            field.item_hints = {row["indicator"]: _beside(row) for row in self.figures}
        else:
            measured = Indicator.objects.filter(observations__place=self.strategy.place_id).distinct()
            field.choices = [(indicator.code, f"{indicator.label} ({indicator.unit})") for indicator in measured]

    def arguments(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        indicator = Indicator.objects.get(code=values.pop("figure"))
        return {**values, "indicator": indicator, "report": self.report}


def _value(row: dict[str, Any], key: str) -> str:
    value, unit = row.get(key), row["unit"]
    if value is None:
        return "not published"
    text = f"{value:,.{row.get('decimals', 1)}f}"
    return f"{unit}{text}" if unit == "£" else f"{text}{unit}" if unit == "%" else f"{text} {unit}"


def _beside(row: dict[str, Any]) -> str:
    return f"{row['period']}. Middle of the peers {_value(row, 'peers_median')}, England {_value(row, 'england')}."


class ReportForm(_CitationForm):
    """A whole comparator report."""

    report = forms.ModelChoiceField(
        label="Which report?", queryset=ComparatorReport.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["report"]
        field.queryset = ComparatorReport.objects.ready().filter(lep=self.strategy.lep_id)


class WhatWorksForm(_CitationForm):
    """A review of evaluations, with its counts."""

    review = forms.ModelChoiceField(
        label="Which review?", queryset=WhatWorksReview.objects.all(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["review"]
        field.item_hints = {str(review.pk): counts_in_words(review) for review in field.queryset}


def counts_in_words(review: WhatWorksReview) -> str:
    """Say what a review counted: never a bare percentage, and no study is not no effect."""
    if not review.studies_on_outcome:
        return f"No evidence on {review.outcome.lower()}: none of the studies that were good enough looked at it."
    return (
        f"{review.studies_positive} of {review.studies_on_outcome} studies found a positive effect on "
        f"{review.outcome.lower()} ({review.studies_counted} good enough of {review.studies_screened:,} screened)."
    )


class LocalSourceForm(_CitationForm):
    """Something of the LEP's own."""

    title = forms.CharField(label="What is it?", max_length=300, help_text="For example, a survey of local employers.")
    source_name = forms.CharField(label="Who made it?", max_length=300)
    source_date = forms.CharField(label="When?", max_length=60, required=False, help_text="For example, March 2026.")
    source_url = forms.URLField(label="Where to find it", required=False, max_length=500, assume_scheme="https")


class CitationKindForm(GdsForm):
    """Which kind of evidence to add."""

    submit_label = "Continue"
    kind = forms.ChoiceField(label="What do you want to cite?", choices=CitationKind.choices, widget=forms.RadioSelect)
    look = {
        "kind": {
            "item_hints": {
                "figure": "A value for your area with its source, beside peers and England.",
                "report": "How your area compares as a whole.",
                "what_works": "What evaluations found about a kind of policy.",
                "local": "A survey, an interview, a study of your own.",
            }
        }
    }

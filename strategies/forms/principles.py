"""Claims, the request for a review, and a reviewer's judgements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from lisapp.design.forms import DateInputField, GdsForm
from strategies.enums import Verdict
from strategies.forms.versioned import VersionedForm


class ClaimForm(VersionedForm):
    """What the officers say about one principle."""

    submit_label = "Save claim"
    mark_optional = False

    text = forms.CharField(
        label="How does the strategy meet this principle?",
        help_text="Say where in the strategy to look. Reviewers read this beside what the checks found.",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=5000,
        required=False,
    )


class ReviewRequestForm(GdsForm):
    """What the reviewers are told."""

    submit_label = "Freeze and send for review"

    note = forms.CharField(
        label="Note to the reviewer",
        help_text="What has changed since the last review, or where you would most like advice.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        required=False,
    )
    due = DateInputField(label="When you need it by", help_text="For example, 27 3 2027.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        due: Any = self.fields["due"]
        due.earliest = timezone.localdate()


class JudgementForm(VersionedForm):
    """A verdict on one principle, with the reason."""

    verdict = forms.ChoiceField(
        label="Your judgement",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select met, partly met or not met"},
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        error_messages={"required": "Enter the reason for your judgement"},
    )


class SummaryForm(GdsForm):
    """What a reviewer tells the officers at the end."""

    summary = forms.CharField(
        label="Summary for the officers",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        error_messages={"required": "Enter a summary for the officers"},
    )

"""Preparing a consultation: what it is about, when, and its questions."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from consultations.domain.answers import clean_text
from consultations.domain.definition import COUNTED, OWN_OPTIONS, QuestionDefinition
from consultations.enums import QuestionType
from consultations.models import Consultation
from lisapp.design.dates import shown
from lisapp.design.forms import DateInputField, GdsForm

NOTICE = """{organisation} is the controller of what you send: it decides how your answers are used.

We use your answers to decide what to change in the strategy. Our lawful basis is [public task, or what your data \
protection officer says].

You can answer without giving your name or your email address. We never publish your email address, and we publish \
your name only if you say so. Please do not write anything about other people by which they could be recognised.

Your answers are kept on this service's own server until [a date, or so many years after closing], then deleted.

You can ask to see, correct or delete what you sent: write to the address on this page with your reference. Our data \
protection officer is [name and email address]. If you are unhappy with how we handle it, you can complain to the \
Information Commissioner's Office."""
OPENS, CLOSES = time(0, 1), time(23, 59)


def _in_words(value: Any) -> str:
    """Write a stored value as its field would show it."""
    if isinstance(value, datetime):
        return shown(timezone.localtime(value))
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)


class ConsultationForm(GdsForm):
    """Title, summary, dates, contact and privacy notice. Whole days: open from 00:01, closed after 23:59."""

    submit_label = "Save and go to the questions"
    with_submission_key = True

    title = forms.CharField(label="Title", help_text="What people see first. A question works well.", max_length=200)
    summary = forms.CharField(
        label="What it is about",
        help_text="In plain English: what you ask, why, and what you will do with the answers.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )
    opens_on = DateInputField(label="It opens on", help_text="For example, 27 3 2027. It opens at 00:01.")
    closes_on = DateInputField(label="It closes on", help_text="People can answer until 23:59 on that day.")
    contact_email = forms.EmailField(
        label="Email address for questions", help_text="Also for people who need another format."
    )
    privacy_notice = forms.CharField(
        label="Privacy notice",
        help_text="Replace what stands in square brackets.",
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=10_000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, organisation: str = "", consultation: Consultation | None = None, **kwargs: Any
    ) -> None:
        initial = {"privacy_notice": NOTICE.format(organisation=organisation), "version": 0}
        if consultation:
            initial = {
                "title": consultation.title,
                "summary": consultation.summary,
                "opens_on": timezone.localdate(consultation.opens_at),
                "closes_on": timezone.localdate(consultation.closes_at),
                "contact_email": consultation.contact_email,
                "privacy_notice": consultation.privacy_notice,
                "version": consultation.version,
            }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "It must close on or after the day on which it opens")
        return cleaned

    def content(self) -> dict[str, Any]:
        """What the service gets: the days as moments on the server's clock."""
        cleaned = self.cleaned_data
        return {
            "title": cleaned["title"],
            "summary": cleaned["summary"],
            "opens_at": timezone.make_aware(datetime.combine(cleaned["opens_on"], OPENS)),
            "closes_at": timezone.make_aware(datetime.combine(cleaned["closes_on"], CLOSES)),
            "contact_email": cleaned["contact_email"],
            "privacy_notice": cleaned["privacy_notice"],
        }

    def differences(self, theirs: dict[str, Any], version: int) -> list[tuple[str, str]]:
        """Return what somebody else saved meanwhile, where it differs from what was typed: label and text.

        What was typed can be saved over `version` then.
        """
        data: Any = self.data
        self.data = data.copy()
        self.data["version"] = str(version)  # type: ignore[index]
        fields = {"opens_at": "opens_on", "closes_at": "closes_on"}
        return [
            (str(self.fields[fields.get(name, name)].label), _in_words(value))
            for name, value in theirs.items()
            if value != self.content()[name]
        ]


class QuestionEditForm(GdsForm):
    """One question."""

    submit_label = "Save question"

    key = forms.SlugField(widget=forms.HiddenInput, required=False)
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)
    type = forms.ChoiceField(label="Kind of answer", choices=QuestionType.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="The question", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    help_text = forms.CharField(
        label="Help", help_text="A sentence under the question.", max_length=300, required=False
    )
    options = forms.CharField(
        label="Choices, one on each line",
        help_text="Only for one choice or several choices. The agreement scale brings its own.",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )
    required = forms.BooleanField(label="People must answer it", required=False)
    max_words = forms.IntegerField(
        label="Most words", help_text="Only for long text.", required=False, min_value=10, max_value=5000
    )
    look = {"type": {"small": True}, "max_words": {"width": "4"}}

    @classmethod
    def of(cls, question: QuestionDefinition, data: Any = None) -> QuestionEditForm:
        """Return the form of a question that exists. It carries the question as the person saw it."""
        initial = {**question.to_dict(), "options": "\n".join(question.options), "seen": question.to_dict()}
        return cls(data, initial=initial)

    def clean_text(self) -> str:
        """The question on one line."""
        return clean_text(self.cleaned_data["text"], lines=False)

    def clean_help_text(self) -> str:
        """The help on one line."""
        return clean_text(self.cleaned_data["help_text"], lines=False)

    def clean_options(self) -> list[str]:
        """The choices, each once."""
        lines = [clean_text(line, lines=False) for line in self.cleaned_data["options"].splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def clean_seen(self) -> QuestionDefinition | None:
        """The question as the person saw it; None on the page for a new one."""
        if "seen" not in self.initial:
            return None
        seen = self.cleaned_data["seen"]
        if not isinstance(seen, dict) or not {"key", "type", "text"} <= set(seen):
            raise forms.ValidationError("This page is out of date. Copy what you typed and open the question again.")
        return QuestionDefinition.from_dict(seen)

    def differences(self, theirs: dict[str, Any]) -> list[tuple[str, str]]:
        """Return what somebody else saved meanwhile, where it differs from what was typed: label and text.

        What was typed can be saved over it then.
        """
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = json.dumps(theirs)  # type: ignore[index]
        mine = self.content()
        return [
            (str(self.fields[name].label), _in_words(theirs[name]))
            for name in mine
            if name in theirs and theirs[name] != mine[name]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type")
        if kind in OWN_OPTIONS and len(cleaned.get("options", [])) < 2:
            self.add_error("options", "Enter at least two choices, one on each line")
        if kind in COUNTED:
            cleaned["max_words"] = None
        return cleaned

    def content(self) -> dict[str, Any]:
        """What the service gets."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "seen")}

"""The pages on which the public answers. Each form holds one question; the domain says what counts as an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consultations.domain.answers import Answer, clean, clean_text, needs_organisation, problem
from consultations.domain.definition import LONG_TEXT, MULTIPLE, QuestionDefinition
from consultations.enums import RespondentType
from lisapp.design.forms import GdsForm, Submit, helper

SAVE_FOR_LATER = "later"
ABOUT_FIELDS = ("respondent_type", "organisation", "name", "email", "may_publish_name")


class AnswerField(forms.Field):
    """One question of a definition, judged by the domain."""

    def __init__(self, question: QuestionDefinition, **kwargs: Any) -> None:
        self.question = question
        super().__init__(
            label=question.text,
            help_text=question.help_text,
            required=question.required,
            widget=_widget(question),
            **kwargs,
        )

    def clean(self, value: Any) -> Answer:
        """Return the answer. Raises ValidationError with the domain's message."""
        answer = clean(self.question, value)
        message = problem(self.question, answer)
        if message:
            raise ValidationError(message)
        return answer


def _widget(question: QuestionDefinition) -> forms.Widget:
    choices = [(option, option) for option in question.choices]
    if question.type == MULTIPLE:
        return forms.CheckboxSelectMultiple(choices=choices)
    if question.is_counted:
        return forms.RadioSelect(choices=choices)
    return forms.Textarea(attrs={"rows": 8}) if question.type == LONG_TEXT else forms.TextInput()


class _StepForm(GdsForm):
    """A page on the way. "Save and come back later" keeps what is valid and goes to the page with the link."""

    to_check = forms.BooleanField(required=False, widget=forms.HiddenInput)

    @property
    def helper(self) -> Any:
        """Draw the form with its two buttons."""
        later = Submit("Save and come back later", name="action", value=SAVE_FOR_LATER, variant="secondary")
        return helper(submit="Continue", secondary=later)


class QuestionForm(_StepForm):
    """One question, its text as the page's heading."""

    def __init__(self, question: QuestionDefinition, *args: Any, heading: bool = True, **kwargs: Any) -> None:
        # Django copies the fields from here, so that the question is dressed like any other field.
        self.base_fields = {"answer": AnswerField(question), **self.base_fields}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        field.label_is_page_heading = heading
        field.width = "full"
        if question.max_words and question.type == LONG_TEXT:
            field.max_words = question.max_words

    @property
    def answer(self) -> Answer:
        """The cleaned answer."""
        answer: Answer = self.cleaned_data["answer"]
        return answer


class AboutForm(_StepForm):
    """Who is answering."""

    respondent_type = forms.ChoiceField(
        label="Who are you answering as?",
        choices=RespondentType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Tell us who you are answering as"},
    )
    organisation = forms.CharField(
        label="Name of your organisation",
        help_text="Only if you answer for one.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name = forms.CharField(
        label="Your name", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label="Your email address",
        help_text="Only to send you a receipt. It is never published.",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    may_publish_name = forms.BooleanField(
        label="You may publish my name, or my organisation’s, with my answers", required=False
    )

    look = {
        "respondent_type": {"label_size": "m"},
        "organisation": {"width": "full"},
        "name": {"width": "full"},
        "email": {"width": "full"},
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation: Any = self.fields["organisation"]
        organisation.marked_optional = False  # the type of respondent decides

    def clean_organisation(self) -> str:
        """An organisation that answers must be named."""
        return clean_text(self.cleaned_data["organisation"], lines=False)

    def clean_name(self) -> str:
        """The name on one line."""
        return clean_text(self.cleaned_data["name"], lines=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the organisation where its type needs one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = needs_organisation(cleaned.get("respondent_type", ""))
        if needed and "organisation" in cleaned and not cleaned["organisation"]:
            self.add_error("organisation", "Enter the name of your organisation")
        return cleaned

    @property
    def about(self) -> dict[str, Any]:
        """What the draft keeps."""
        return {name: self.cleaned_data[name] for name in ABOUT_FIELDS}


class SubmitForm(forms.Form):
    """The page to check: the key that makes sending twice harmless, and a box that people do not see."""

    submission_key = forms.UUIDField()
    website = forms.CharField(required=False)

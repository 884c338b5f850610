"""A section's text."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property

from lisapp.design.forms import GdsForm, Submit, helper
from strategies.forms.versioned import VersionedForm
from strategies.models import SectionRevision


class SectionForm(VersionedForm):
    """The text in restricted Markdown, and what was changed."""

    body = forms.CharField(
        label="Text",
        help_text="Leave an empty line between paragraphs. ## makes a heading, - a list, **two stars** bold text. "
        "[S3] cites the evidence S3: write it before the full stop.",
        widget=forms.Textarea(attrs={"rows": 22}),
        max_length=100_000,
        required=False,
        strip=False,
    )
    note = forms.CharField(label="What did you change?", max_length=200, required=False)
    mark_optional = False

    def dress(self, *, cancel_url: str, draft_key: str) -> None:
        """Give the form its buttons; Preview keeps everything typed and saves nothing."""
        self.helper = helper(
            submit="Save section",
            secondary=Submit("Preview", name="preview", value="1", variant="secondary"),
            cancel_url=cancel_url,
            keep_draft=draft_key,
        )


class CompareForm(GdsForm):
    """Two revisions of a section, in the address as ?from=2&to=5. 1 stands for the empty section before the first."""

    mark_optional = False

    def __init__(self, *args: Any, revisions: list[SectionRevision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = [(each.number, f"Revision {each.number}, {each.at:%-d %B %Y}, {each.by}") for each in revisions]
        self.fields["from"] = forms.TypedChoiceField(label="From", choices=[*saved, (1, "Nothing")], coerce=int)
        self.fields["to"] = forms.TypedChoiceField(label="To", choices=saved, coerce=int)

    @cached_property
    def helper(self) -> FormHelper:
        return helper(submit="Compare", method="get", action="#changes", error_summary=False)

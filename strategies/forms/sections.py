"""A section's text."""

from __future__ import annotations

from django import forms

from lisapp.design.forms import Submit, helper
from strategies.forms.principles import VersionedForm


class SectionForm(VersionedForm):
    """The text in restricted Markdown, and what was changed."""

    body = forms.CharField(
        label="Text",
        help_text="Leave an empty line between paragraphs. ## makes a heading, - a list, **two stars** bold text.",
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

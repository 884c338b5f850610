"""Forms for versions and documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from lisapp.design.dates import shown
from lisapp.design.forms import GdsForm
from strategies.models import Release, Strategy

NOW = "now"
OFFERED = 8  # versions to choose from


class ReleaseForm(GdsForm):
    """What a new version is for."""

    note = forms.CharField(
        label="What is this version for?",
        help_text="For example “For the board in December”. It is shown beside the version’s number.",
        max_length=200,
        required=False,
    )
    submit_label = "Freeze this version"


class DocumentForm(GdsForm):
    """Which version a document is made from."""

    version = forms.ChoiceField(label="Which version should the document hold?", widget=forms.RadioSelect)
    submit_label = "Make the document"
    with_submission_key = True

    def __init__(self, *args: Any, strategy: Strategy, may_freeze: bool, **kwargs: Any) -> None:
        self._releases = {str(r.number): r for r in strategy.releases.order_by("-number")[:OFFERED]}
        super().__init__(*args, **kwargs)
        now = [(NOW, "The strategy as it stands now")] if may_freeze else []
        choices = now + [(number, _label(release)) for number, release in self._releases.items()]
        field: Any = self.fields["version"]
        field.choices = choices
        field.initial = choices[0][0] if choices else None

    def release(self) -> Release | None:
        """Return the version that was chosen; None for the strategy as it stands now."""
        return self._releases.get(self.cleaned_data["version"])


def _label(release: Release) -> str:
    label = f"Version {release.number}, {shown(timezone.localdate(release.created_at))}"
    return f"{label}: {release.note}" if release.note else label

"""Forms that know which stored version they were opened on, and what it said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing

from lisapp.design.forms import GdsForm, GdsFormMixin
from lisapp.errors import StaleEdit

SALT = "strategies.forms.versioned"


@dataclass(frozen=True)
class Difference:
    """One field where two people wrote different things: what stood there first, theirs and mine, in words."""

    label: str
    base: str
    theirs: str
    mine: str


class VersionedForm(GdsForm):
    """A form that says which stored version it was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def move_to(self, version: int) -> None:
        """Let what was typed be saved over `version`, once the person has seen what that holds."""
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix("version")] = str(version)  # type: ignore[index]


class VersionedFormMixin(GdsFormMixin):
    """Adds the version and the first values of a ModelForm as hidden fields, and explains a conflict.

    Mix in before GdsModelForm. The instance is the stored object.
    """

    data: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = self.instance  # type: ignore[attr-defined]
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, min_value=0, initial=instance.version if instance.pk else 0
        )
        base = {name: self.words(name, self.get_initial_for_field(field, name)) for name, field in self.visible()}  # type: ignore[attr-defined]
        self.fields["base"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=signing.dumps(base, salt=SALT, compress=True)
        )

    def visible(self) -> list[tuple[str, forms.Field]]:
        """The fields that a person fills in."""
        return [(name, field) for name, field in self.fields.items() if not field.widget.is_hidden]

    def words(self, name: str, value: Any) -> str:
        """Say a field's value as its choices would."""
        field: Any = self.fields[name]
        if value in (None, "", []):
            return ""
        if isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            wanted = {getattr(each, "pk", each) for each in value}
            return "; ".join(field.label_from_instance(each) for each in field.queryset if each.pk in wanted)
        if isinstance(self.fields[name], forms.ModelChoiceField):
            wanted = getattr(value, "pk", value)
            return next((field.label_from_instance(each) for each in field.queryset if each.pk == wanted), "")
        if isinstance(self.fields[name], forms.ChoiceField):
            return str(dict(_flat(field.choices)).get(value, value))
        return str(value)

    def explain(self, stale: StaleEdit) -> list[Difference]:
        """Return where the stored object differs from what was typed, and let what was typed be saved over it."""
        try:
            base = signing.loads(self.data.get("base", ""), salt=SALT)
        except signing.BadSignature:
            base = {}
        cleaned = self.cleaned_data
        differences = []
        for name, field in self.visible():
            theirs, mine = self.words(name, stale.theirs.get(name)), self.words(name, cleaned.get(name))
            if theirs != mine and name in stale.theirs:
                label = str(field.label).removesuffix(" (optional)")
                differences.append(Difference(label, base.get(name, ""), theirs, mine))
        self.data = self.data.copy()
        self.data["version"] = str(stale.version)
        return differences

    def content(self) -> dict[str, Any]:
        """The cleaned values that a service saves."""
        hidden = {"version", "base", "submission_key"}
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden}


def _flat(choices: Any) -> list[tuple[Any, str]]:
    return [pair for value, label in choices for pair in (label if isinstance(label, list) else [(value, label)])]

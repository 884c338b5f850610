"""Base classes and helpers for forms in GOV.UK style.

    class ObjectiveForm(GdsModelForm):
        submit_label = "Save objective"
        with_submission_key = True
        look = {"title": {"width": "full"}, "statement": {"max_words": 200}}

        class Meta:
            model = Objective
            fields = ["title", "statement"]

and in the template `{% load crispy_forms_tags %}{% crispy form %}`.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, BaseInput, Div, Field, Fieldset, Hidden, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.functional import cached_property

from lisapp.design.dates import DateInput, DateInputField
from lisapp.design.fields import LOOK, look_of

__all__ = [
    "HTML",
    "Buttons",
    "Cancel",
    "DateInput",
    "DateInputField",
    "Div",
    "Field",
    "Fieldset",
    "GdsForm",
    "GdsModelForm",
    "Hidden",
    "Layout",
    "Submit",
    "helper",
    "max_words",
]


class Submit(BaseInput):
    """A submit button: `Submit("Save objective")`, `Submit("Delete", name="action", value="delete")`.

    `variant` is "", "secondary" or "warning". A second click within a second does not send the form again.
    """

    input_type = "submit"

    def __init__(self, label: str, *, name: str = "", value: str = "", variant: str = "", **attrs: Any) -> None:
        super().__init__(name, label, **attrs)
        self.button_value, self.variant = value, variant

    def render(self, form: Any, context: Any, template_pack: Any = "gds", **kwargs: Any) -> str:
        # The base class would run the label as a template; a label may hold what a person typed.
        return render_to_string(self.get_template_name(template_pack), {"input": self})


class Cancel(Submit):
    """A link that leaves the form without saving, beside its buttons."""

    input_type = "link"

    def __init__(self, href: str, label: str = "Cancel") -> None:
        super().__init__(label)
        self.href = href


class Buttons(Div):
    """A row of buttons and links within a layout."""

    css_class = "govuk-button-group"


def helper(
    *layout: Any,
    submit: str | None = "Save",
    secondary: Submit | None = None,
    cancel_url: str = "",
    cancel_label: str = "Cancel",
    action: str = "",
    method: str = "post",
    keep_draft: str = "",
    form_id: str = "",
    form_tag: bool = True,
    error_summary: bool = True,
) -> FormHelper:
    """Return the helper that draws a form.

    `layout`: field names and layout objects; empty for all fields in their order. Hidden fields are drawn either
    way. `submit=None` draws no buttons. `secondary` is a second button. `keep_draft` is a key under which what is
    typed is kept in this browser until it has been saved. `error_summary=False` where the page shows it above its
    heading with `{% error_summary form %}` (which also suppresses a second one by itself).
    """
    made = FormHelper()
    made.form_method, made.form_action, made.form_id, made.form_tag = method, action, form_id, form_tag
    made.form_show_errors = error_summary
    if keep_draft:
        made.attrs["data-keep-draft"] = keep_draft
    if layout:
        made.layout = Layout(*layout)
        made.render_hidden_fields = True
    if submit:
        made.add_input(Submit(submit))
    if secondary:
        made.add_input(secondary)
    if cancel_url:
        made.add_input(Cancel(cancel_url, cancel_label))
    return made


def max_words(limit: int, label: str = "This") -> Callable[[str], None]:
    """Return a validator that refuses more than `limit` words, counted as the page counts them while typing."""

    def validate(text: str) -> None:
        count = len(text.split())
        if count > limit:
            raise ValidationError(f"{label} must be {limit:,} words or fewer (it has {count:,})", code="max_words")

    return validate


def _lower_first(label: str) -> str:
    """Lower the first letter of a label inside a sentence, but not that of GVA, LEP or I."""
    keeps = label[1:2].isupper() or label.startswith(("I ", "I’"))
    return label if keeps else label[:1].lower() + label[1:]


def _subject(label: str) -> str:
    """What a message speaks of: the label, or for a question "Your answer"."""
    return "Your answer" if label.endswith("?") else label


def _messages(field: forms.Field) -> dict[str, str]:
    """Error messages that say what to do, in place of Django's stock ones."""
    label = str(field.label or "").rstrip(".")
    if not label:
        return {}
    choosing = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    verb = "Select" if choosing or isinstance(field, forms.FileField) else "Enter"
    what = f"an answer to “{label}”" if label.endswith("?") else _lower_first(label)
    label = _subject(label)
    percent_safe = label.replace("%", "%%")
    messages = {
        "required": f"{verb} {what}",
        "max_length": f"{percent_safe} must be %(limit_value)d characters or fewer (it has %(show_value)d)",
        "min_length": f"{percent_safe} must be %(limit_value)d characters or more",
        "min_value": f"{percent_safe} must be %(limit_value)s or more",
        "max_value": f"{percent_safe} must be %(limit_value)s or less",
    }
    if isinstance(field, forms.BooleanField):
        messages["required"] = f"Tick the box to confirm: {what}"
    if isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    elif isinstance(field, forms.URLField):
        messages["invalid"] = "Enter a web address in the correct format, like https://www.example.com"
    elif isinstance(field, forms.FloatField | forms.DecimalField):
        messages["invalid"] = f"{label} must be a number, like 12.5"
    elif isinstance(field, forms.IntegerField):
        messages["invalid"] = f"{label} must be a whole number, like 12"
    return messages


class GdsFormMixin:
    """What GdsForm and GdsModelForm add to Django's forms. List it before forms.Form when mixing by hand."""

    #: field name → {option: value}; the options are lisapp.design.fields.LOOK.
    look: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    submit_label = "Save"
    cancel_url = ""
    keep_draft = ""
    #: Add a hidden key, so that sending the same form twice makes one thing.
    with_submission_key = False
    #: Write "(optional)" after the label of a field that may stay empty. False for filters.
    mark_optional = True

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.with_submission_key:
            key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
            self.fields["submission_key"] = key
        for name, options in self.look.items():
            for option, value in options.items():
                if option not in LOOK:
                    raise ValueError(f"{type(self).__name__}.look: {option!r} is none of {', '.join(LOOK)}")
                setattr(self.fields[name], option, value)
        for name, field in self.fields.items():
            self._dress(name, field)

    def _dress(self, name: str, field: forms.Field) -> None:
        if field.widget.is_hidden:
            return
        if field.label is None:
            field.label = name.replace("_", " ").capitalize()
        stock = [cls.default_error_messages for cls in type(field).__mro__ if hasattr(cls, "default_error_messages")]
        for code, message in _messages(field).items():
            given = field.error_messages.get(code)
            if given is None or any(given == known.get(code) for known in stock):
                field.error_messages[code] = message
        limit = look_of(field)["max_words"]
        if limit:
            field.validators.append(max_words(int(limit), _subject(str(field.label))))
        if self.mark_optional and not field.required and not isinstance(field, forms.BooleanField):
            field.marked_optional = "(optional)" not in str(field.label)  # type: ignore[attr-defined]

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        """Read a value as a person means it.

        Browsers send line ends as two characters, which would count twice against a limit that the page counts
        once; and people type £1,200 for 1200.
        """
        value = super()._widget_data_value(widget, html_name)  # type: ignore[misc]
        if not isinstance(value, str):
            return value
        if isinstance(widget, forms.NumberInput):
            return value.replace(",", "").strip().removeprefix("£").removesuffix("%").strip()
        return value.replace("\r\n", "\n")

    @cached_property
    def helper(self) -> FormHelper:
        return helper(submit=self.submit_label, cancel_url=self.cancel_url, keep_draft=self.keep_draft)


class GdsForm(GdsFormMixin, forms.Form):
    """A form in GOV.UK style."""


class GdsModelForm(GdsFormMixin, forms.ModelForm):
    """A model form in GOV.UK style. It parses and validates; saving is a service's work."""

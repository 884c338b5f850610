"""What a GOV.UK form template needs to know about a Django field.

Works for the fields of any Django form, so that sign-in forms and the like need no special base class.
"""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lisapp.design.dates import BOXES, DateInput

#: How a field looks, with the value that holds when nothing is said. Set as attributes of the form field, by hand
#: or through `look` of a GdsForm.
LOOK: dict[str, Any] = {
    "label_is_page_heading": False,  # the label or legend is the page's h1: one thing per page
    "label_size": "s",  # "", "s", "m", "l" or "xl"
    "inline": False,  # radios side by side
    "small": False,  # smaller radios or checkboxes
    "item_hints": {},  # value → hint under that radio or checkbox
    "prefix": "",  # "£"
    "suffix": "",  # "per cent"
    "width": "",  # "2", "3", "4", "5", "10", "20", "30" characters, or "full"
    "max_words": None,  # counted while typing and checked by GdsForm
    "threshold": None,  # per cent of the limit from which the count is shown
}

#: Attributes that belong to the component, or that the browser would enforce with messages of its own.
_OWN_ATTRS = {
    "class", "id", "rows", "cols", "required", "min", "max", "step", "minlength", "maxlength", "max_words",
    "aria-describedby",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One radio, checkbox, date box or option."""

    value: str
    label: str
    id: str = ""
    name: str = ""
    selected: bool = False
    hint: str = ""
    classes: str = ""
    described_by: str = ""
    attrs: SafeString | str = ""
    options: list["Item"] = field(default_factory=list)  # of an option group


@dataclass(frozen=True)
class FieldView:
    """A field, ready for templates/gds/field.html. `template` draws the control; the rest frames it."""

    template: str
    id: str
    name: str
    label: str
    label_classes: str
    is_heading: bool
    is_group: bool  # a fieldset with a legend rather than a label
    role: str
    hint: str
    errors: list[str]
    described_by: str
    group_classes: str
    group_attrs: SafeString
    classes: str  # of the control
    attrs: SafeString  # of the control, passed through from the widget
    value: Any = None
    type: str = ""
    rows: int = 5
    items: list[Item] = field(default_factory=list)
    look: dict[str, Any] = field(default_factory=dict)
    limit_text: str = ""  # "You can enter up to 200 words"
    bound: Any = None


def look_of(form_field: forms.Field) -> dict[str, Any]:
    """The look of a field: what was set on it, else the default."""
    look = {name: getattr(form_field, name, default) for name, default in LOOK.items()}
    look["max_words"] = look["max_words"] or form_field.widget.attrs.get("max_words")
    return look


def kind_of(widget: forms.Widget) -> str:
    """Name the GOV.UK control for a widget: the name of a template in templates/gds/controls/."""
    kinds: list[tuple[type[forms.Widget], str]] = [  # subclasses before their bases
        (DateInput, "date"),
        (forms.CheckboxSelectMultiple, "checkboxes"),
        (forms.RadioSelect, "radios"),
        (forms.Select, "select"),
        (forms.CheckboxInput, "checkbox"),
        (forms.Textarea, "textarea"),
        (forms.FileInput, "file"),
        (forms.PasswordInput, "password"),
        (forms.MultiWidget, "other"),
        (forms.widgets.Input, "input"),
    ]
    return next((kind for base, kind in kinds if isinstance(widget, base)), "other")


def anchor_of(bound: forms.BoundField) -> str:
    """The id that a link in the error summary must lead to: the control, its first choice or its faulty box."""
    if bound.is_hidden:
        return ""
    if isinstance(bound.field.widget, DateInput):
        return f"{_id(bound)}-{(_faulty_boxes(bound) or BOXES)[0]}"
    return _id(bound)


def describe(bound: forms.BoundField, wrapper_class: str = "") -> FieldView:
    """Describe a visible bound field to the templates."""
    widget, id_, look = bound.field.widget, _id(bound), look_of(bound.field)
    kind = kind_of(widget)
    is_group = kind in ("radios", "checkboxes", "date")
    single = kind == "checkbox"
    hint = "" if single else str(bound.help_text or "")
    errors = [str(error) for error in bound.errors]
    limit = _limit(kind, widget, look)
    described = [
        str(widget.attrs.get("aria-describedby", "")),
        f"{id_}-info" if limit else "",
        f"{id_}-hint" if hint else "",
        f"{id_}-error" if errors else "",
    ]
    described_by = " ".join(part for part in described if part)
    attrs = {name: value for name, value in widget.attrs.items() if name not in _OWN_ATTRS}
    if bound.field.disabled:
        attrs["disabled"] = True
    type_ = getattr(widget, "input_type", "") or ""
    if type_ == "number":  # a text box with a number pad, as spinners change figures by accident
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.FloatField | forms.DecimalField
        )
        type_, attrs["inputmode"] = "text", attrs.get("inputmode", "numeric" if whole else "decimal")
        attrs.setdefault("spellcheck", "false")
    elif type_ in ("email", "url"):
        attrs.setdefault("spellcheck", "false")
    if kind == "select" and getattr(widget, "allow_multiple_selected", False):
        attrs["multiple"] = True
    if kind == "file" and getattr(widget, "allow_multiple_selected", False):
        attrs["multiple"] = True
    return FieldView(
        template=f"gds/controls/{'checkboxes' if single else kind}.html",
        id=id_,
        name=bound.html_name,
        label="" if single else _label(bound),
        label_classes=_label_classes(look, is_group),
        is_heading=look["label_is_page_heading"],
        is_group=is_group,
        role="group" if kind == "date" else "",
        hint=hint,
        errors=errors,
        described_by=described_by,
        group_classes=_classes(
            "govuk-form-group--error" if errors else "",
            "govuk-character-count" if limit else "",
            "govuk-password-input" if kind == "password" else "",
            wrapper_class,
        ),
        group_attrs=flatatt(_group_attrs(kind, limit, look)),
        classes=_control_classes(kind, widget, look, bool(errors)),
        attrs=flatatt(attrs),
        value=_value(kind, bound),
        type=type_,
        rows=_rows(widget),
        items=_items(kind, bound, look, described_by),
        look=look,
        limit_text=f"You can enter up to {limit[1]} {limit[0]}" if limit else "",
        bound=bound,
    )


def _id(bound: forms.BoundField) -> str:
    return str(bound.field.widget.attrs.get("id") or bound.auto_id or bound.html_name)


def _label(bound: forms.BoundField) -> str:
    """The label as shown. The field's own stays as it is, for the messages that name it."""
    mark = " (optional)" if getattr(bound.field, "marked_optional", False) else ""
    return format_html("{}{}", bound.label, mark)


def _classes(*names: str) -> str:
    return " ".join(name for name in names if name)


def _label_classes(look: dict[str, Any], is_group: bool) -> str:
    size = look["label_size"]
    if look["label_is_page_heading"] and size == "s":
        size = "l"
    if not size:
        return ""
    return f"govuk-fieldset__legend--{size}" if is_group else f"govuk-label--{size}"


def _limit(kind: str, widget: forms.Widget, look: dict[str, Any]) -> tuple[str, int] | None:
    """The unit and number of a counted text area: ("words", 200), ("characters", 500) or None."""
    if kind != "textarea":
        return None
    if look["max_words"]:
        return ("words", int(look["max_words"]))
    length = widget.attrs.get("maxlength")
    return ("characters", int(length)) if length else None


def _group_attrs(kind: str, limit: tuple[str, int] | None, look: dict[str, Any]) -> dict[str, Any]:
    if kind == "password":
        return {"data-module": "govuk-password-input"}
    if limit is None:
        return {}
    unit, number = limit
    attrs: dict[str, Any] = {"data-module": "govuk-character-count", "data-maxlength": number}
    if unit == "words":
        attrs["data-count-type"] = "words"
    if look["threshold"]:
        attrs["data-threshold"] = look["threshold"]
    return attrs


def _control_classes(kind: str, widget: forms.Widget, look: dict[str, Any], faulty: bool) -> str:
    component = {"password": "input", "file": "file-upload", "checkbox": "checkboxes", "date": "date-input"}.get(
        kind, kind
    )
    own = str(widget.attrs.get("class", ""))
    width = look["width"]
    if width and kind in ("input", "password"):
        own = _classes(own, "govuk-!-width-full" if width == "full" else f"govuk-input--width-{width}")
    if kind in ("radios", "checkboxes", "checkbox", "date"):
        inline = f"govuk-{component}--inline" if look["inline"] else ""
        small = f"govuk-{component}--small" if look["small"] else ""
        return _classes(f"govuk-{component}", inline, small, own)
    return _classes(
        f"govuk-{component}",
        "govuk-password-input__input govuk-js-password-input-input" if kind == "password" else "",
        "govuk-js-character-count" if _limit(kind, widget, look) else "",
        own,
        f"govuk-{component}--error" if faulty else "",
    )


def _rows(widget: forms.Widget) -> int:
    """The height of a text area. Django's own default of 40 by 10 counts as nothing said: five rows."""
    said = widget.attrs.get("rows")
    return int(said) if said and (str(said), str(widget.attrs.get("cols"))) != ("10", "40") else 5


def _value(kind: str, bound: forms.BoundField) -> Any:
    if kind in ("radios", "checkboxes", "checkbox", "select", "date", "password", "other"):
        return None  # choices carry their own state; a password is never sent back
    if kind == "file":
        return getattr(bound.initial, "name", "") or ""
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else value


def _items(kind: str, bound: forms.BoundField, look: dict[str, Any], described_by: str) -> list[Item]:
    if kind == "date":
        return _date_boxes(bound)
    if kind == "checkbox":
        return [_single_checkbox(bound, described_by)]
    if kind not in ("radios", "checkboxes", "select"):
        return []
    widget = bound.field.widget
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), {})
    hints = {str(getattr(value, "value", value)): hint for value, hint in look["item_hints"].items()}
    items: list[Item] = []
    number = 0
    for group_name, options, _index in groups:
        inner = []
        for option in options:
            number += 1
            inner.append(_choice(bound, option, number, hints, kind))
        if group_name and kind == "select":
            items.append(Item(value="", label=str(group_name), options=inner))
        else:
            items.extend(inner)
    return items


def _choice(bound: forms.BoundField, option: dict[str, Any], number: int, hints: dict[str, str], kind: str) -> Item:
    value = str(option["value"])
    label = option["label"]
    if value == "" and str(label).strip("-") == "":
        label = "No answer" if kind == "radios" else "Choose one"
    item_id = f"{_id(bound)}-{number}" if number > 1 else _id(bound)
    drop = {"id", "class", "checked", "selected", "rows", "cols", "required", "aria-describedby"}
    attrs = {name: given for name, given in option["attrs"].items() if name not in drop}
    if bound.field.disabled:
        attrs["disabled"] = True
    hint = str(hints.get(value, ""))
    return Item(
        value=value,
        label=label,
        id=item_id,
        name=bound.html_name,
        selected=bool(option["selected"]),
        hint=hint,
        described_by=f"{item_id}-item-hint" if hint else "",
        attrs=flatatt(attrs),
    )


def _single_checkbox(bound: forms.BoundField, described_by: str) -> Item:
    widget, id_ = bound.field.widget, _id(bound)
    hint = str(bound.help_text or "")
    attrs = {name: value for name, value in widget.attrs.items() if name not in _OWN_ATTRS and name != "value"}
    if bound.field.disabled:
        attrs["disabled"] = True
    return Item(
        value=str(widget.attrs.get("value", "on")),
        label=str(bound.label),
        id=id_,
        name=bound.html_name,
        selected=bool(widget.check_test(bound.value())),
        hint=hint,
        described_by=_classes(described_by, f"{id_}-item-hint" if hint else ""),
        attrs=flatatt(attrs),
    )


def _faulty_boxes(bound: forms.BoundField) -> tuple[str, ...]:
    """The boxes of a date that its errors name; all of them when there is an error that names none."""
    if not bound.errors:
        return ()
    named: set[str] = set()
    for error in bound.errors.as_data():
        params = error.params if isinstance(error, ValidationError) else None
        named.update((params or {}).get("boxes", BOXES))
    return tuple(box for box in BOXES if box in named)


def _date_boxes(bound: forms.BoundField) -> list[Item]:
    widget, faulty = bound.field.widget, _faulty_boxes(bound)
    autocomplete = widget.attrs.get("autocomplete")
    boxes = []
    for box, value in zip(BOXES, widget.format_value(bound.value()), strict=True):
        attrs: dict[str, Any] = {"autocomplete": f"{autocomplete}-{box}"} if autocomplete else {}
        if bound.field.disabled:
            attrs["disabled"] = True
        error = "govuk-input--error" if box in faulty else ""
        boxes.append(
            Item(
                value=value,
                label=box.capitalize(),
                id=f"{_id(bound)}-{box}",
                name=f"{bound.html_name}-{box}",
                classes=_classes(f"govuk-input--width-{4 if box == 'year' else 2}", error),
                attrs=flatatt(attrs),
            )
        )
    return boxes

"""Our form fields give the markup that GOV.UK Frontend's own fixtures ask for."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lisapp.design.dates import BOXES
from lisapp.design.forms import DateInput, DateInputField, Fieldset, GdsForm, Submit, helper

COMPONENTS = Path(__file__).parents[2] / "node_modules/govuk-frontend/dist/govuk/components"

if not COMPONENTS.exists():
    if os.environ.get("CI") == "true":
        pytest.fail("node_modules is missing: run npm ci", pytrace=False)
    pytest.skip("node_modules is missing: run npm ci", allow_module_level=True)


def fixture(component: str, name: str) -> dict[str, Any]:
    listed = json.loads((COMPONENTS / component / "fixtures.json").read_text(encoding="utf-8"))["fixtures"]
    return next(item for item in listed if item["name"] == name)


def tree(html: str) -> list[Any]:
    """Reduce HTML to what matters: tags, attributes, classes as sets, text without layout."""

    def reduce(node: Tag) -> Any:
        attributes = {
            key: frozenset(value) if isinstance(value, list) else value.strip() for key, value in node.attrs.items()
        }
        children: list[Any] = []
        for child in node.children:
            if isinstance(child, Tag):
                children.append(reduce(child))
            elif type(child) is NavigableString and child.strip():
                children.append(" ".join(child.split()))
        return (node.name, tuple(sorted(attributes.items(), key=lambda pair: pair[0])), tuple(children))

    return [reduce(node) for node in BeautifulSoup(html, "html5lib").body.find_all(recursive=False)]


def words(part: dict[str, Any] | None) -> str:
    part = part or {}
    return SafeString(part["html"].strip()) if part.get("html") else part.get("text", "")


def size_of(classes: str, prefix: str) -> str:
    return next((name.removeprefix(prefix) for name in (classes or "").split() if name.startswith(prefix)), "")


CHOICES = {"radios", "checkboxes", "select"}


def field_for(component: str, options: dict[str, Any]) -> forms.Field:
    """Make the Django field that a developer would write for these options of the Nunjucks macro."""
    legend = (options.get("fieldset") or {}).get("legend") or {}
    heading = legend if component in ("radios", "checkboxes", "date-input") else options.get("label") or {}
    attrs = dict(options.get("attributes") or {})
    own_id = options.get("id") or options.get("idPrefix") or options.get("name")
    attrs["id"] = own_id
    classes = [name for name in (options.get("classes") or "").split() if name != "govuk-!-width-full"]
    look: dict[str, Any] = {
        "label_size": size_of(heading.get("classes", ""), "govuk-label--")
        or size_of(heading.get("classes", ""), "govuk-fieldset__legend--"),
        "label_is_page_heading": bool(heading.get("isPageHeading")),
        "prefix": words(options.get("prefix")),
        "suffix": words(options.get("suffix")),
        "max_words": options.get("maxlength") if options.get("countType") == "words" else None,
        "threshold": options.get("threshold"),
        "inline": f"govuk-{component}--inline" in classes,
        "small": f"govuk-{component}--small" in classes,
        "width": size_of(" ".join(classes), "govuk-input--width-"),
    }
    rest = " ".join(name for name in classes if not name.endswith(("--inline", "--small")) and "--width-" not in name)
    if rest:
        attrs["class"] = rest
    for name in ("rows", "autocomplete", "spellcheck", "inputmode", "autocapitalize", "pattern", "multiple"):
        if options.get(name) is not None:
            given = options[name]
            attrs[name] = given if not isinstance(given, bool) or name == "multiple" else str(given).lower()
    if options.get("maxlength"):
        attrs["maxlength"] = options["maxlength"]
    common: dict[str, Any] = {
        "label": words(heading),
        "help_text": words(options.get("hint")),
        "required": False,
        "disabled": bool(options.get("disabled")),
    }
    if component in CHOICES:
        items = [item for item in options["items"] if item]
        look["item_hints"] = {item.get("value"): words(item["hint"]) for item in items if item.get("hint")}
        pairs = [(item.get("value", item.get("text")), words(item)) for item in items]
        widget = {"radios": forms.RadioSelect, "checkboxes": forms.CheckboxSelectMultiple, "select": forms.Select}
        cls = forms.MultipleChoiceField if component == "checkboxes" else forms.ChoiceField
        checked = [item.get("value") for item in items if item.get("checked") or item.get("selected")]
        checked += options.get("values") or ([options["value"]] if options.get("value") else [])
        initial = checked if component == "checkboxes" else (checked[0] if checked else None)
        made: forms.Field = cls(choices=pairs, widget=widget[component](attrs=attrs), initial=initial, **common)
    elif component == "date-input":
        values = options.get("values") or {}
        initial = tuple(str(values.get(box, "")) for box in ("day", "month", "year"))
        made = DateInputField(widget=DateInput(attrs=attrs), initial=initial, **common)
    elif component == "file-upload":
        made = forms.FileField(widget=forms.FileInput(attrs=attrs), **common)
    elif component in ("textarea", "character-count"):
        made = forms.CharField(widget=forms.Textarea(attrs=attrs), initial=options.get("value"), **common)
    elif component == "password-input":
        made = forms.CharField(widget=forms.PasswordInput(attrs=attrs), **common)
    else:
        widget = forms.TextInput(attrs=attrs)
        widget.input_type = options.get("type") or "text"
        made = forms.CharField(widget=widget, initial=options.get("value"), **common)
    for name, value in look.items():
        setattr(made, name, value)
    return made


class PlainForm(GdsForm):
    mark_optional = False


def rendered(component: str, options: dict[str, Any]) -> str:
    form = PlainForm()
    name = options.get("name") or options["id"]
    form.fields[name] = field_for(component, options)
    if options.get("errorMessage"):
        error: Any = words(options["errorMessage"])
        faulty = tuple(box for box in BOXES if (options.get(box) or {}).get("error"))
        if faulty:
            error = ValidationError(error, params={"boxes": faulty})
        form._errors = forms.utils.ErrorDict({name: form.error_class([error])})
    wrapper = (options.get("formGroup") or {}).get("classes", "")
    template = engines["django"].from_string('{% include "gds/field.html" with field=field wrapper_class=wrapper %}')
    return template.render({"field": form[name], "wrapper": wrapper})


def wanted_html(component: str, item: dict[str, Any]) -> str:
    """The fixture's HTML, but for two things that a Django form does otherwise by design.

    The boxes of a date are named after their field, as a page may ask for two dates; and no option is disabled.
    """
    html = item["html"]
    if component == "date-input":
        for box in BOXES:
            html = html.replace(f'name="{box}"', f'name="{item["options"]["id"]}-{box}"')
    if component == "select":
        html = html.replace(" disabled>", ">")
    return html


SAME_MARKUP = {
    "input": [
        "default", "with hint text", "with error message", "with error and hint", "with width-10 class",
        "with label as page heading", "with prefix", "with suffix", "with prefix and suffix",
        "with prefix and suffix and error", "with extra letter spacing", "classes", "id", "value", "zero value",
        "attributes", "inputmode", "with autocomplete attribute", "with optional form-group classes",
        "with spellcheck disabled", "with spellcheck enabled", "disabled",
    ],
    "textarea": [
        "default", "with hint", "with error message", "with default value", "with custom rows",
        "with label as page heading", "with hint and error message", "with autocomplete attribute", "classes",
        "attributes", "with optional form-group classes",
    ],
    "character-count": [
        "default", "with hint", "with hint and error", "with default value", "with custom rows",
        "with label as page heading", "with threshold", "with count type 'words'",
        "with count type 'words' and value", "with count type 'words' and threshold", "classes", "id", "attributes",
    ],
    "radios": [
        "default", "with hint", "inline", "with legend as page heading", "with fieldset and error message", "small",
        "small with error", "small with hint", "small inline", "with hints on parent and items",
        "with very long option text",
    ],
    "checkboxes": [
        "default", "with hint", "with legend as a page heading", "with error message", "small", "small with error",
        "small with hint", "with error message and hint", "with very long option text",
    ],
    "select": [
        "default", "with hint text and error message", "with label as page heading", "error", "id", "attributes",
        "with selected value",
    ],
    "date-input": [
        "default", "with values", "with error message and hint", "with error on day input",
        "with error on month input", "with error on year input",
    ],
    "file-upload": [
        "default", "with hint text", "with error message and hint", "with label as page heading", "attributes",
        "classes", "id", "error", "disabled", "with optional form-group classes",
    ],
    "password-input": [
        "default", "with hint text", "with error message", "with label as page heading", "with input width class",
        "with new-password autocomplete",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("component", "name"), [(component, name) for component, names in SAME_MARKUP.items() for name in names]
)
def test_a_field_has_the_markup_of_the_fixture(component: str, name: str) -> None:
    item = fixture(component, name)
    assert tree(rendered(component, item["options"])) == tree(wanted_html(component, item))


def test_a_single_checkbox_is_described_by_its_own_hint() -> None:
    class Form(PlainForm):
        terms = forms.BooleanField(
            label="I agree to the terms and conditions", help_text="Go on, you know you want to!", required=False
        )

    item = fixture("checkboxes", "with single option (and hint) set 'aria-describedby' on input, and describedBy")
    wanted = BeautifulSoup(item["html"], "html5lib")
    wanted.find(id="t-and-c-with-hint-hint").decompose()  # a Django field has one hint: the item's
    html = str(wanted.body.decode_contents()).replace("test-target-element t-and-c-with-hint-hint ", "")
    form = Form(auto_id="t-and-c-with-hint", prefix=None)
    form.fields["terms"].widget.attrs |= {"id": "t-and-c-with-hint", "value": "yes"}
    ours = engines["django"].from_string('{% include "gds/field.html" %}').render({"field": form["terms"]})
    assert tree(ours.replace('name="terms"', 'name="t-and-c-with-hint"')) == tree(html)


def test_a_fieldset_has_the_markup_of_the_fixture() -> None:
    class Form(PlainForm):
        helper = helper(Fieldset("What is your address?"), submit=None, form_tag=False)
        helper.disable_csrf = True

    html = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}").render({"form": Form()})
    ours, wanted = tree(html), tree(fixture("fieldset", "styled as medium text")["html"])
    ours[0] = (ours[0][0], tuple((key, value - {"lis-fieldset"}) for key, value in ours[0][1]), ours[0][2])
    wanted_text = fixture("fieldset", "styled as medium text")["options"]["legend"]["text"]
    assert str(ours).replace("What is your address?", wanted_text) == str(wanted)


@pytest.mark.parametrize("name", ["default", "mixed with and without links", "without links"])
def test_an_error_summary_has_the_markup_of_the_fixture(name: str) -> None:
    item = fixture("error-summary", name)
    errors = [{"text": error["text"], "href": error.get("href", "")} for error in item["options"]["errorList"]]
    assert tree(render_to_string("gds/error_summary.html", {"errors": errors})) == tree(item["html"])


@pytest.mark.parametrize("name", ["default", "secondary", "warning", "prevent double click", "value", "id"])
def test_a_submit_button_has_the_markup_of_the_fixture(name: str) -> None:
    item = fixture("button", name)
    options = item["options"]
    variant = size_of(options.get("classes", ""), "govuk-button--")
    extra = {"id": options["id"]} if "id" in options else {}
    ours = Submit(
        options["text"], name=options.get("name", ""), value=options.get("value", ""), variant=variant, **extra
    ).render(None, None)
    ((tag, attributes, children),) = tree(ours)
    wanted = tree(item["html"])
    ((_, wanted_attributes, _),) = wanted
    kept = [pair for pair in attributes if pair[0] != "data-prevent-double-click" or pair in wanted_attributes]
    assert [(tag, tuple(kept), children)] == wanted
    assert ("data-prevent-double-click", "true") in attributes


def use(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load gds %}" + source).render(context)


TAGS = {
    ("tag", "grey"): '{% gds_tag o.text "grey" %}',
    ("tag", "green"): '{% gds_tag o.text "green" %}',
    ("button", "link"): "{% gds_button o.text href=o.href %}",
    ("button", "start link"): '{% gds_button o.text href=o.href variant="start" %}',
    ("details", "default"): "{% gds_details o.summaryText %}{{ o.text }}{% end_gds_details %}",
    ("inset-text", "default"): "{% gds_inset %}{{ o.text }}{% end_gds_inset %}",
    ("warning-text", "default"): "{% gds_warning o.text %}",
    ("notification-banner", "with type as success"): '{% gds_notification "Success" o.text "success" %}',
    ("breadcrumbs", "with last breadcrumb as current page"): (
        "{% gds_breadcrumbs o.items.0.text o.items.0.href o.items.1.text o.items.1.href o.items.2.text '' %}"
    ),
}


@pytest.mark.parametrize(("component", "name"), list(TAGS))
def test_a_template_tag_has_the_markup_of_the_fixture(component: str, name: str) -> None:
    item = fixture(component, name)
    options = item["options"]
    if "items" in options:  # a dictionary's own "items" method would be found first
        options = SimpleNamespace(items=options["items"])
    ours = use(TAGS[component, name], o=options).replace("notification-title-1", "govuk-notification-banner-title")
    icons = r"<svg.*?</svg>"  # our own drawings
    assert tree(re.sub(icons, "", ours, flags=re.S)) == tree(re.sub(icons, "", item["html"], flags=re.S))

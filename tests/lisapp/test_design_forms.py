"""Forms in GOV.UK style behave: messages, links from the error summary, dates, limits, keys."""

import datetime
import uuid

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.template import engines
from django.test import RequestFactory

from lisapp.design.dates import DateInput
from lisapp.design.forms import DateInputField, Field, GdsForm, Layout, Submit, helper
from lisapp.design.gallery_forms import EveryControlForm, GroupedForm, OneQuestionForm
from lisapp.design.views import FAULTY, FILLED


def page(form: forms.BaseForm, source: str = "{% crispy form %}") -> BeautifulSoup:
    template = engines["django"].from_string("{% load crispy_forms_tags gds %}" + source)
    request = RequestFactory().get("/")
    return BeautifulSoup(template.render({"form": form}, request), "html5lib")


class DatedForm(GdsForm):
    when = DateInputField(
        label="Start date", earliest=datetime.date(2015, 1, 1), latest=datetime.date(2040, 12, 31), required=False
    )


def dated(day: str, month: str, year: str) -> DatedForm:
    return DatedForm({"when-day": day, "when-month": month, "when-year": year})


def test_every_link_of_the_error_summary_leads_to_a_control_that_can_be_focused():
    document = page(EveryControlForm({**FAULTY, "share": "101", "website": "no", "details": "y" * 400}))
    links = document.select(".govuk-error-summary__list a")
    assert len(links) == 13
    for link in links:
        target = document.find(id=link["href"].removeprefix("#"))
        assert target is not None, link
        assert target.name in {"input", "select", "textarea"}, link


def test_every_error_in_the_summary_is_also_beside_its_field_and_described():
    document = page(EveryControlForm(FAULTY))
    for link in document.select(".govuk-error-summary__list a"):
        control = document.find(id=link["href"].removeprefix("#"))
        group = control.find_parent(class_="govuk-form-group--error")
        message = group.find(class_="govuk-error-message")
        assert link.text in message.text
        assert message.text.strip().startswith("Error:")
        assert group.find(attrs={"aria-describedby": lambda ids, m=message: ids and m["id"] in ids.split()})


def test_a_date_link_leads_to_the_faulty_box_and_only_that_box_is_marked():
    document = page(dated("3", "", "2027"))
    assert document.select_one(".govuk-error-summary__list a")["href"] == "#id_when-month"
    assert [box["id"] for box in document.select(".govuk-date-input .govuk-input--error")] == ["id_when-month"]


def test_errors_of_the_whole_form_come_first_and_without_a_link():
    class Form(GdsForm):
        first = forms.CharField()

        def clean(self):
            raise forms.ValidationError("The two dates are in the wrong order")

    items = page(Form({})).select(".govuk-error-summary__list li")
    assert [item.text for item in items] == ["The two dates are in the wrong order", "Enter first"]
    assert items[0].a is None
    assert items[1].a["href"] == "#id_first"


def test_an_error_of_a_hidden_field_is_shown_as_text():
    class Form(GdsForm):
        version = forms.IntegerField(widget=forms.HiddenInput)

    item = page(Form({"version": "x"})).select_one(".govuk-error-summary__list li")
    assert item.a is None
    assert "whole number" in item.text


def test_the_summary_is_shown_once_even_when_the_page_puts_it_above_its_heading():
    document = page(OneQuestionForm({}), "{% error_summary form %}<h1>x</h1>{% crispy form %}")
    assert len(document.select(".govuk-error-summary")) == 1
    assert document.select_one(".govuk-error-summary ~ h1") is not None


def test_a_form_without_errors_has_no_summary_and_no_prefix():
    assert not page(EveryControlForm(FILLED)).select(".govuk-error-summary")
    assert page(EveryControlForm(FILLED), "<title>{% error_prefix form %}X</title>").title.text == "X"
    assert page(EveryControlForm(FAULTY), "<title>{% error_prefix form %}X</title>").title.text == "Error: X"


def test_the_gallery_values_are_valid():
    form = EveryControlForm(FILLED)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["starts"] == datetime.date(2027, 4, 1)


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march", "MARCH"])
def test_a_month_may_be_a_number_or_a_word(month):
    form = dated("9", month, "2027")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["when"] == datetime.date(2027, 3, 9)


@pytest.mark.parametrize(
    ("typed", "message", "boxes"),
    [
        (("", "3", "2027"), "Start date must include a day", {"day"}),
        (("", "3", ""), "Start date must include a day and year", {"day", "year"}),
        (("1", "3", "27"), "Year must include 4 numbers", {"year"}),
        (("1", "13", "2027"), "Start date must be a real date", {"month"}),
        (("1", "Smarch", "2027"), "Start date must be a real date", {"month"}),
        (("31", "2", "2027"), "Start date must be a real date", {"day"}),
        (("x", "2", "2027"), "Start date must be a real date", {"day"}),
        (("1", "2", "2014"), "Start date must be on or after 1 January 2015", {"day", "month", "year"}),
        (("1", "2", "2041"), "Start date must be on or before 31 December 2040", {"day", "month", "year"}),
    ],
)
def test_a_wrong_date_is_refused_with_the_box_at_fault(typed, message, boxes):
    form = dated(*typed)
    assert form.errors["when"] == [message]
    assert set(form.errors["when"].as_data()[0].params["boxes"]) == boxes
    assert form["when"].value() == typed  # what was typed stays


def test_an_optional_date_may_stay_empty_and_a_required_one_may_not():
    form = dated("", "", "")
    assert form.is_valid()
    assert form.cleaned_data["when"] is None

    class Required(GdsForm):
        when = DateInputField(label="Start date")

    assert Required({}).errors["when"] == ["Enter start date"]


def test_a_date_has_not_changed_when_it_is_typed_another_way():
    form = DatedForm(
        {"when-day": "01", "when-month": "april", "when-year": "2027"}, initial={"when": datetime.date(2027, 4, 1)}
    )
    assert not form.has_changed()
    assert dated("1", "5", "2027").has_changed()


def test_a_date_is_read_from_one_iso_text_too():
    assert DateInput().value_from_datadict({"when": "2027-04-01"}, {}, "when") == ("1", "4", "2027")


def test_a_single_date_passes_autocomplete_on_to_its_boxes():
    class Form(GdsForm):
        born = DateInputField(widget=DateInput(attrs={"autocomplete": "bday"}))

    boxes = page(Form()).select(".govuk-date-input input")
    assert [box["autocomplete"] for box in boxes] == ["bday-day", "bday-month", "bday-year"]


def test_words_are_limited_on_the_page_and_on_the_server():
    class Form(GdsForm):
        look = {"summary": {"max_words": 3}}
        summary = forms.CharField(label="Why?", widget=forms.Textarea)

    assert Form({"summary": "one two  three"}).is_valid()
    form = Form({"summary": "one two three four"})
    assert form.errors["summary"] == ["Your answer must be 3 words or fewer (it has 4)"]
    group = page(form).select_one(".govuk-character-count")
    assert (group["data-maxlength"], group["data-count-type"]) == ("3", "words")


def test_a_line_end_counts_as_one_character_as_it_does_while_typing():
    class Form(GdsForm):
        text = forms.CharField(max_length=3, widget=forms.Textarea)

    form = Form({"text": "a\r\nb"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == "a\nb"


def test_a_long_text_is_not_cut_off_by_the_browser():
    class Form(GdsForm):
        title = forms.CharField(max_length=10)
        body = forms.CharField(max_length=10, widget=forms.Textarea)

    document = page(Form())
    assert not document.select("[maxlength]")
    assert Form({"title": "x" * 11, "body": "x"}).errors["title"] == [
        "Title must be 10 characters or fewer (it has 11)"
    ]


@pytest.mark.parametrize(("typed", "value"), [("1,200", 1200), ("£1,200", 1200), (" 12 % ", 12), ("12", 12)])
def test_a_number_may_be_typed_as_people_write_it(typed, value):
    class Form(GdsForm):
        cost = forms.IntegerField()

    form = Form({"cost": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["cost"] == value


def test_a_number_box_offers_number_keys_without_spinners():
    class Form(GdsForm):
        whole = forms.IntegerField(min_value=0)
        share = forms.DecimalField()

    whole, share = page(Form()).select("input.govuk-input")
    assert (whole["type"], whole["inputmode"], share["inputmode"]) == ("text", "numeric", "decimal")


def test_messages_say_what_to_do_and_a_forms_own_message_stays():
    class Form(GdsForm):
        gva = forms.CharField(label="GVA per hour")
        place = forms.ChoiceField(label="Place", choices=[("a", "A")])
        agreed = forms.BooleanField(label="I agree")
        own = forms.CharField(error_messages={"required": "Tell us your own"})
        percent = forms.DecimalField(label="% of adults", max_value=100)

    form = Form({"percent": "101"})
    assert form.errors["gva"] == ["Enter GVA per hour"]
    assert form.errors["place"] == ["Select place"]
    assert form.errors["agreed"] == ["Tick the box to confirm: I agree"]
    assert form.errors["own"] == ["Tell us your own"]
    assert form.errors["percent"] == ["% of adults must be 100 or less"]


def test_optional_fields_say_so_once():
    class Form(GdsForm):
        note = forms.CharField(required=False)
        other = forms.CharField(label="Other (optional)", required=False)
        ticked = forms.BooleanField(required=False)

    labels = [label.text for label in page(Form()).select("label")]
    assert labels == ["Note (optional)", "Other (optional)", "Ticked"]
    assert Form().fields["note"].label == "Note"


def test_a_filter_form_does_not_mark_its_fields_optional():
    class Filter(GdsForm):
        mark_optional = False
        query = forms.CharField(required=False)

    assert page(Filter()).label.text == "Query"


def test_an_unknown_look_is_refused():
    class Form(GdsForm):
        look = {"title": {"widht": "20"}}
        title = forms.CharField()

    with pytest.raises(ValueError, match="widht"):
        Form()


def test_the_submission_key_is_new_for_each_form_and_kept_when_it_comes_back():
    class Form(GdsForm):
        with_submission_key = True
        title = forms.CharField()

    one, two = (page(Form()).find(attrs={"name": "submission_key"})["value"] for _ in range(2))
    assert uuid.UUID(one) != uuid.UUID(two)
    form = Form({"title": "", "submission_key": one})
    assert page(form).find(attrs={"name": "submission_key"})["value"] == one
    assert Form({"title": "x", "submission_key": one}).is_valid()


def test_the_buttons_prevent_a_double_click_and_the_way_out_is_a_link():
    document = page(GroupedForm())
    first, second = document.select("form button[type=submit]")
    assert first["data-prevent-double-click"] == second["data-prevent-double-click"] == "true"
    assert (second["name"], second["value"]) == ("action", "later")
    assert "govuk-button--secondary" in second["class"]
    assert document.select_one(".govuk-button-group a")["href"] == "/"
    assert document.form["data-keep-draft"] == "gallery"
    assert document.find("input", attrs={"name": "csrfmiddlewaretoken"})


def test_hidden_fields_are_drawn_whatever_the_layout():
    class Form(GdsForm):
        with_submission_key = True
        title = forms.CharField()

    form = Form()
    form.helper = helper("title")
    assert page(form).find(attrs={"name": "submission_key"})


def test_a_layout_field_passes_its_attributes_and_wrapper_on():
    class Form(GdsForm):
        title = forms.CharField()

    form = Form()
    form.helper = helper(Layout(Field("title", css_class="special", wrapper_class="wide", data_key="1")))
    document = page(form)
    assert "special" in document.find(id="id_title")["class"]
    assert document.find(id="id_title")["data-key"] == "1"
    assert document.select_one(".govuk-form-group.wide")


def test_what_a_person_typed_is_never_run_or_shown_as_markup():
    class Form(GdsForm):
        look = {"pick": {"item_hints": {"a": "<script>1</script>"}}}
        title = forms.CharField(label="<b>Title</b>", help_text="<script>2</script>")
        pick = forms.ChoiceField(choices=[("a", "<script>3</script>")], widget=forms.RadioSelect)

    form = Form({"title": '"><script>4</script>', "pick": "<script>5</script>"})
    form.helper = helper(submit="{% load nothing %}<script>6</script>")
    document = page(form)
    assert not document.select("script")
    assert not document.select("b")
    assert "{% load nothing %}" in document.select_one("form button").text


def test_a_plain_django_form_is_drawn_as_well():
    class Plain(forms.Form):
        login = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
        remember = forms.BooleanField(required=False)

    document = page(Plain({}), "<form>{{ form|crispy }}</form>")
    assert document.find(id="id_login")["autocomplete"] == "email"
    assert document.select_one(".govuk-error-summary__list a")["href"] == "#id_login"
    assert document.select_one("input.govuk-checkboxes__input")["id"] == "id_remember"


def test_a_formset_is_drawn_with_its_management_form_and_its_own_errors():
    class Line(GdsForm):
        name = forms.CharField()

    formset = forms.formset_factory(Line, extra=0, min_num=2, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"}
    )
    made = helper(submit="Save lines")
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy formset helper %}")
    html = template.render({"formset": formset, "helper": made}, RequestFactory().get("/"))
    document = BeautifulSoup(html, "html5lib")
    assert document.find(attrs={"name": "form-TOTAL_FORMS"})
    assert document.find(id="id_form-0-name")
    assert "at least 2" in document.select_one(".govuk-error-summary").text
    assert document.select_one("button").text == "Save lines"


def test_a_file_field_names_the_file_that_is_there():
    class Stored:
        name = "evidence.pdf"

    class Form(GdsForm):
        file = forms.FileField(required=False)

    document = page(Form(initial={"file": Stored()}))
    assert "Current file: evidence.pdf" in document.text
    assert document.form["enctype"] == "multipart/form-data"


def test_a_password_is_never_sent_back():
    class Form(GdsForm):
        password = forms.CharField(widget=forms.PasswordInput(render_value=True))

    assert not page(Form({"password": "secret"})).find(id="id_password").has_attr("value")


def test_a_submit_button_may_carry_a_name_and_value():
    html = Submit("Publish", name="action", value="publish", variant="warning", data_key="1").render(None, None)
    button = BeautifulSoup(html, "html5lib").button
    assert (button["name"], button["value"], button["data-key"], button.text) == ("action", "publish", "1", "Publish")

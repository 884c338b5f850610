"""The forms of the component gallery: every control, empty, filled and with errors."""

import datetime

from django import forms

from lisapp.design.forms import DateInputField, Fieldset, GdsForm, Layout, Submit, helper


class EveryControlForm(GdsForm):
    """One field of each kind."""

    with_submission_key = True
    look = {
        "title": {"width": "full"},
        "reference": {"width": "10"},
        "cost": {"prefix": "£", "width": "10"},
        "share": {"suffix": "per cent", "width": "5"},
        "summary": {"max_words": 60},
        "horizon": {
            "item_hints": {
                "short": "Up to two years, when early results can be seen.",
                "long": "Ten years or more, as for infrastructure.",
            }
        },
        "published": {"inline": True},
        "themes": {"item_hints": {"people": "Skills, participation and health."}},
    }

    title = forms.CharField(max_length=100, help_text="Say what will change, for whom and where.")
    reference = forms.CharField(required=False)
    email = forms.EmailField(
        label="Contact email", widget=forms.EmailInput(attrs={"autocomplete": "email"}), required=False
    )
    website = forms.URLField(label="Evidence link", required=False, assume_scheme="https")
    cost = forms.DecimalField(label="Total cost", min_value=0, help_text="Over the whole period, in pounds.")
    share = forms.DecimalField(label="Share of adults reached", required=False, max_value=100)
    summary = forms.CharField(label="Why is this needed?", widget=forms.Textarea, help_text="Use plain English.")
    details = forms.CharField(label="Details", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    place = forms.ChoiceField(
        choices=[
            ("", "---------"),
            ("North", [("E37000025", "North East"), ("E37000034", "Tees Valley")]),
            ("South", [("E37000005", "Cornwall and Isles of Scilly"), ("E37000031", "Solent")]),
        ]
    )
    horizon = forms.ChoiceField(
        label="When should it show results?",
        choices=[("short", "Short term"), ("medium", "Medium term"), ("long", "Long term")],
        widget=forms.RadioSelect,
    )
    published = forms.ChoiceField(
        label="Is the evidence published?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label="Which foundations of productivity does it serve?",
        choices=[("ideas", "Ideas"), ("people", "People"), ("places", "Places")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose all that apply.",
    )
    agreed = forms.BooleanField(
        label="The partners have agreed to this", help_text="At a meeting whose minutes can be cited."
    )
    starts = DateInputField(
        label="Start date", help_text="For example, 24 11 2026.", earliest=datetime.date(2015, 1, 1)
    )
    evidence = forms.FileField(label="Supporting document", required=False)
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), required=False)


class OneQuestionForm(GdsForm):
    """A page that asks one thing: the question is its heading."""

    look = {"answer": {"label_is_page_heading": True}}
    submit_label = "Continue"
    answer = forms.ChoiceField(
        label="Do you live or work in the area?",
        choices=[("live", "I live there"), ("work", "I work there"), ("neither", "Neither")],
        widget=forms.RadioSelect,
    )


class GroupedForm(GdsForm):
    """Fields in groups, with a second button and a way out."""

    name = forms.CharField(label="Full name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    organisation = forms.CharField(required=False)
    message = forms.CharField(widget=forms.Textarea, max_length=500)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(
            Fieldset("About you", "name", "organisation"),
            Layout("message"),
            submit="Send response",
            secondary=Submit("Save for later", name="action", value="later", variant="secondary"),
            cancel_url="/",
            keep_draft="gallery",
        )

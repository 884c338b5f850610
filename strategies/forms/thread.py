"""Diagnosis, objective and intervention."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property

from evidence.models import Indicator
from lisapp.design.forms import Fieldset, GdsModelForm, helper
from strategies.enums import Failure, InterventionReach, MarylandLevel, Side
from strategies.forms.versioned import VersionedFormMixin
from strategies.models import Citation, Diagnosis, Intervention, Objective, Pillar, Strategy
from strategies.selectors.citations import citation_line


class CitationsField(forms.ModelMultipleChoiceField):
    """Evidence to tick, with what each is and says."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, citation: Any) -> str:
        return str(citation.title)


class ThreadForm(VersionedFormMixin, GdsModelForm):
    """What the three forms share: the choices are those of one strategy, and the fields stand in groups."""

    with_submission_key = True
    #: Legend, then the fields under it.
    groups: ClassVar[tuple[tuple[str, ...], ...]] = ()

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        self.strategy = strategy
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "pillar": Pillar.objects.filter(framework=strategy.framework_id),
            "diagnosis": strategy.diagnoses.select_related("pillar"),
            "objectives": strategy.objectives.select_related("pillar"),
            "citations": strategy.citations.select_related("review"),
        }
        for name, queryset in choices.items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.queryset = queryset
        if "citations" in self.fields:
            cited: Any = self.fields["citations"]
            cited.item_hints = {str(citation.pk): citation_line(citation) for citation in choices["citations"]}
        if self.instance.pk:
            del self.fields["submission_key"]

    @cached_property
    def helper(self) -> FormHelper:
        return helper(
            *(Fieldset(*group) for group in self.groups),
            submit=self.submit_label,
            cancel_url=self.cancel_url,
            keep_draft=self.keep_draft,
        )


class PillarField(forms.ModelChoiceField):
    """The pillars as radio buttons."""

    widget = forms.RadioSelect


class DiagnosisForm(ThreadForm):
    """A problem, its cause, and the evidence."""

    submit_label = "Save diagnosis"
    groups = (
        ("What is wrong", "pillar", "problem", "affected"),
        ("What causes it", "side", "failure", "explanation"),
        ("What it rests on", "citations"),
    )
    look = {
        "pillar": {"small": True},
        "side": {"small": True},
        "failure": {"small": True},
        "citations": {"small": True},
    }

    pillar = PillarField(queryset=Pillar.objects.none(), empty_label=None)
    problem = forms.CharField(
        label="The problem",
        help_text="In a sentence, as the evidence shows it.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    affected = forms.CharField(
        label="Who or where is affected", max_length=300, required=False, help_text="Groups, firms or districts."
    )
    side = forms.ChoiceField(
        label="Where does the cause lie?",
        help_text="Supply: skills, land, finance or services are lacking. Demand: too few ask for them.",
        choices=Side.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    failure = forms.ChoiceField(
        label="Why does it not mend itself?",
        help_text="The market or government failure. Without one there is no case to intervene.",
        choices=Failure.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    explanation = forms.CharField(
        label="How the evidence shows this cause",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
    )
    citations = CitationsField(
        label="Evidence for it",
        queryset=Citation.objects.none(),
        required=False,
        help_text="Tick all that it rests on.",
    )

    class Meta:
        model = Diagnosis
        fields = ["pillar", "problem", "affected", "side", "failure", "explanation", "citations"]


class ObjectiveForm(ThreadForm):
    """What should change, why, and how we would know."""

    submit_label = "Save objective"
    groups = (
        ("What should change", "pillar", "diagnosis", "title", "rationale"),
        ("How we would know", "outcome", "outcome_indicator"),
        ("Who answers for it", "owner", "national_counterpart"),
    )
    look = {"pillar": {"small": True}, "diagnosis": {"small": True}}

    pillar = PillarField(queryset=Pillar.objects.none(), empty_label=None)
    diagnosis = forms.ModelChoiceField(
        label="Which diagnosis does it answer?",
        queryset=Diagnosis.objects.none(),
        required=False,
        empty_label="None yet",
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label="The objective",
        help_text="What should be different, for whom. A direction, not a headline number.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    rationale = forms.CharField(
        label="Why it raises productivity", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    outcome = forms.CharField(
        label="The outcome that would show progress", required=False, max_length=300, help_text="For people or firms."
    )
    outcome_indicator = forms.ModelChoiceField(
        label="Indicator that measures it",
        queryset=Indicator.objects.order_by("label"),
        required=False,
        empty_label="None of the indicators here",
    )
    owner = forms.CharField(label="Owner here", required=False, max_length=150)
    national_counterpart = forms.CharField(
        label="National counterpart", required=False, max_length=150, help_text="The department that shares it."
    )

    class Meta:
        model = Objective
        fields = [
            "pillar",
            "diagnosis",
            "title",
            "rationale",
            "outcome",
            "outcome_indicator",
            "owner",
            "national_counterpart",
        ]


class InterventionForm(ThreadForm):
    """What will be done, on which evidence, and how it will be evaluated."""

    submit_label = "Save intervention"
    groups = (
        ("What will be done", "title", "objectives", "description", "reach", "sector_argument"),
        ("How it is meant to work", "activities", "outputs", "outcomes", "citations"),
        ("Whom it affects", "who_gains", "who_may_lose"),
        ("Who delivers, and who bears the risk", "delivery_partner", "risk_owner"),
        (
            "How you will know whether it worked",
            "evaluation_question",
            "evaluation_design",
            "evaluation_level",
            "evaluation_owner",
        ),
    )
    look = {
        "objectives": {"small": True},
        "citations": {"small": True},
        "reach": {"small": True},
        "evaluation_level": {"small": True},
    }

    title = forms.CharField(label="The intervention", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    objectives = CitationsField(
        label="Objectives that it serves", queryset=Objective.objects.none(), required=False, help_text="Tick all."
    )
    description = forms.CharField(
        label="What will be done", required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )
    reach = forms.ChoiceField(
        label="Whom is it open to?",
        choices=InterventionReach.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="Measures open to every sector are likelier to work.",
    )
    sector_argument = forms.CharField(
        label="Why this sector",
        help_text="Only where it is aimed at one.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )
    activities = forms.CharField(
        label="Activities", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=5000
    )
    outputs = forms.CharField(
        label="Outputs",
        help_text="What the activities produce directly.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )
    outcomes = forms.CharField(
        label="Outcomes",
        help_text="What changes for people or firms because of the outputs.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )
    citations = CitationsField(
        label="Evidence that it works", queryset=Citation.objects.none(), required=False, help_text="Tick all."
    )
    who_gains = forms.CharField(
        label="Who gains", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    who_may_lose = forms.CharField(
        label="Who may lose", required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    delivery_partner = forms.CharField(label="Delivery partner", required=False, max_length=200)
    risk_owner = forms.CharField(label="Who bears the risk", required=False, max_length=200)
    evaluation_question = forms.CharField(
        label="Evaluation question", required=False, max_length=300, help_text="What do you want to find out?"
    )
    evaluation_design = forms.CharField(
        label="Evaluation design",
        help_text="Baseline, comparison group (or why there is none), dates.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
    )
    evaluation_level = forms.TypedChoiceField(
        label="Maryland level aimed at",
        help_text="How well the design rules out other explanations.",
        choices=MarylandLevel.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    evaluation_owner = forms.CharField(label="Who owns the evaluation", required=False, max_length=150)

    class Meta:
        model = Intervention
        fields = [
            "title",
            "objectives",
            "description",
            "reach",
            "sector_argument",
            "activities",
            "outputs",
            "outcomes",
            "citations",
            "who_gains",
            "who_may_lose",
            "delivery_partner",
            "risk_owner",
            "evaluation_question",
            "evaluation_design",
            "evaluation_level",
            "evaluation_owner",
        ]

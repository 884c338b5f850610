"""The form for a comparator report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from evidence.domain.comparators import FEWEST_PEERS, Method, Metric, Standardisation
from evidence.enums import HigherIs, IndicatorRole, PillarCode
from evidence.models import ComparatorReport, Indicator
from evidence.selectors.panels import Slice
from evidence.selectors.wording import KINDS
from lisapp.design.forms import HTML, Div, GdsForm, Layout, helper
from lisapp.places.models import Place

Available = Mapping[Indicator, Slice]
RATES = ("%", "per ")  # totals compare little more than size, so they are not chosen unless asked for
METHOD_FIELDS = (
    "k",
    "metric",
    "standardise",
    "resamples",
    "leave_out_same_region",
    "leave_out_regions",
    "weights",
)
ROLE_WORDS = {
    IndicatorRole.STRUCTURAL: "Structure: helps to choose the peers",
    IndicatorRole.DRIVER: "Driver",
    IndicatorRole.OUTCOME: "Outcome",
}


def recommended(available: Available) -> list[str]:
    """Codes of the indicators that are chosen to begin with: structure, outcomes, and drivers that are rates.

    Only those with a figure for the place.
    """
    chosen = []
    for indicator, found in available.items():
        rate = indicator.unit.startswith(RATES) and indicator.higher_is != HigherIs.NEUTRAL
        if found.own and (indicator.role != IndicatorRole.DRIVER or rate):
            chosen.append(indicator.code)
    return chosen


class PlaceForm(GdsForm):
    """Which place the report is about."""

    look = {"place": {"label_is_page_heading": True, "label_size": "l"}}
    place = forms.ChoiceField(
        label="Which place is the report about?",
        help_text="An area of the LEP is compared with other LEP areas, a local authority with other authorities.",
    )

    def __init__(self, *args: Any, places: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_kind: dict[str, list[tuple[str, str]]] = {}
        for place in places:
            by_kind.setdefault(place.get_kind_display(), []).append((place.code, place.name))
        self.fields["place"].choices = [("", "Choose one"), *by_kind.items()]  # type: ignore[attr-defined]
        self.helper = helper(submit="Continue", method="get")


class ReportForm(GdsForm):
    """What to compare a place on, and how. `cleaned_data` gains `indicators` (codes) and `method` (choices)."""

    with_submission_key = True
    look = {
        "k": {"width": "3"},
        "leave_out_regions": {"small": True},
        "metric": {
            "item_hints": {
                Metric.LOCAL: "Recommended. An average place is not everybody's peer.",
                Metric.EUCLIDEAN: "As the Office for National Statistics does.",
                Metric.MAHALANOBIS: "Needs a figure for every indicator.",
            }
        },
    }

    k = forms.IntegerField(label="Number of peers", min_value=3, max_value=40, initial=Method.k)
    metric = forms.ChoiceField(
        label="Distance",
        choices=[
            (Metric.LOCAL.value, "Scaled by how crowded the neighbourhood is"),
            (Metric.EUCLIDEAN.value, "Plain weighted distance"),
            (Metric.MAHALANOBIS.value, "Mahalanobis distance"),
        ],
        widget=forms.RadioSelect,
        initial=Metric.LOCAL.value,
    )
    standardise = forms.ChoiceField(
        label="Common scale for the indicators",
        choices=[
            (Standardisation.WINSORISED_Z.value, "Standard deviations, extremes drawn in (recommended)"),
            (Standardisation.Z.value, "Standard deviations"),
            (Standardisation.RANK_NORMAL.value, "Ranks"),
            (Standardisation.MIN_MAX.value, "From the lowest to the highest"),
            (Standardisation.ROBUST_Z.value, "Robust against extremes"),
        ],
        initial=Standardisation.WINSORISED_Z.value,
    )
    resamples = forms.TypedChoiceField(
        label="How often to repeat the choice, to see how stable it is",
        choices=[(0, "Not at all: no intervals"), (200, "200 times"), (1000, "1,000 times (recommended)")],
        coerce=int,
        initial=Method.resamples,
    )
    leave_out_same_region = forms.BooleanField(label="Leave out places in the same region", required=False)
    leave_out_regions = forms.MultipleChoiceField(
        label="Leave out whole regions", widget=forms.CheckboxSelectMultiple, required=False
    )
    weights = forms.CharField(
        label="Weights of your own",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="One a line: the code of an indicator of structure, an equals sign, a number. Others get no weight. "
        "Leave empty to let every foundation count the same.",
    )

    def __init__(self, *args: Any, place: Place, available: Available, regions: Iterable[str], **kwargs: Any) -> None:
        initial = dict(kwargs.pop("initial", None) or {})
        chosen = set(initial.pop("indicators", None) or recommended(available))
        super().__init__(*args, initial=initial, **kwargs)
        self.place, self.available = place, available
        self.fields["place"] = forms.CharField(widget=forms.HiddenInput, initial=place.code)
        self.fields["leave_out_regions"].choices = [(region, region) for region in regions]  # type: ignore[attr-defined]
        for pillar in PillarCode:
            self._add_pillar(pillar, chosen)
        self.helper = helper(*self._layout(), submit="Make the report")

    def _add_pillar(self, pillar: PillarCode, chosen: set[str]) -> None:
        offered = [indicator for indicator in self.available if indicator.pillar == pillar]
        if not offered:
            return
        field = forms.MultipleChoiceField(
            label=f"{pillar.label}: indicators",
            choices=[(indicator.code, indicator.label) for indicator in offered],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[indicator.code for indicator in offered if indicator.code in chosen],
        )
        field.small = True  # type: ignore[attr-defined]
        field.item_hints = {indicator.code: self._hint(indicator) for indicator in offered}  # type: ignore[attr-defined]
        self.fields[_name(pillar)] = field

    def _where_structure_is(self) -> str | None:
        """The field that offers indicators of structure, for the error to lead to; None where none does."""
        offered = {i.pillar for i in self.available if i.role == IndicatorRole.STRUCTURAL}
        return next((_name(pillar) for pillar in PillarCode if pillar in offered), None)

    def _hint(self, indicator: Indicator) -> str:
        found = self.available[indicator]
        missing = "" if found.own else f". No figure for {self.place}"
        code = f". Code: {indicator.code}" if indicator.role == IndicatorRole.STRUCTURAL else ""
        return f"{ROLE_WORDS[IndicatorRole(indicator.role)]}. {found.period}, {indicator.unit}{code}{missing}"

    def _layout(self) -> list[Any]:
        parts: list[Any] = [HTML('<h2 class="govuk-heading-m">What to compare</h2>')]
        for pillar in PillarCode:
            if _name(pillar) in self.fields:
                parts.append(_details(self._pillar_summary(pillar), _name(pillar), opened=bool(self.errors)))
        parts.append(HTML('<h2 class="govuk-heading-m">How to compare</h2>'))
        changed = any(name in self.errors or self._differs(name) for name in METHOD_FIELDS)
        parts.append(_details("Method: change the recommended choices", *METHOD_FIELDS, opened=changed))
        return [Layout(*parts)]

    def _differs(self, name: str) -> bool:
        value = self[name].value()
        recommended_value = self.fields[name].initial
        return bool(value or recommended_value) and str(value) != str(recommended_value)

    def _pillar_summary(self, pillar: PillarCode) -> str:
        bound = self[_name(pillar)]
        return f"{pillar.label}: {len(bound.value() or [])} of {len(bound.field.choices)} chosen"  # type: ignore[attr-defined]

    def clean_weights(self) -> dict[str, float] | None:
        """Parse "code = number" lines."""
        weights: dict[str, float] = {}
        for line in self.cleaned_data["weights"].splitlines():
            code, _, number = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            try:
                weights[code] = float(number)
            except ValueError:
                raise forms.ValidationError(f"Write “{line.strip()}” as a code, an equals sign and a number") from None
            if not 0 <= weights[code] < float("inf"):
                raise forms.ValidationError(f"The weight of {code} must be zero or more")
        return weights or None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = [_name(pillar) for pillar in PillarCode if _name(pillar) in self.fields]
        codes = {code for name in names for code in cleaned.get(name, [])}
        structural = {
            indicator.code for indicator in self.available if indicator.role == IndicatorRole.STRUCTURAL
        } & codes
        if not structural:
            message = (
                f"Choose at least one indicator of structure: they choose the peers among {KINDS[self.place.kind]}"
            )
            self.add_error(self._where_structure_is(), message)
        weights = cleaned.get("weights")
        if weights and (unknown := sorted(set(weights) - structural)):
            self.add_error("weights", f"Choose {unknown[0]} above as an indicator of structure, or give it no weight")
        elif weights and not sum(weights.values()):
            self.add_error("weights", "Give at least one indicator a weight above zero")
        cleaned["indicators"] = sorted(codes)
        cleaned["method"] = {name: cleaned[name] for name in METHOD_FIELDS if name in cleaned}
        return cleaned


def _name(pillar: PillarCode) -> str:
    return f"indicators_{pillar.value.replace('-', '_')}"


def _details(summary: str, *fields: Any, opened: bool) -> Div:
    start = format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary><div class="govuk-details__text">',
        " open" if opened else "",
        summary,
    )
    return Div(HTML(start), *fields, HTML("</div></details>"))


class PeersForm(GdsForm):
    """Take the peers as they are, or choose others; either way with a reason that the report shows."""

    with_submission_key = True
    decision = forms.ChoiceField(
        label="Are these the right peers?",
        choices=[
            ("accept", "Yes: these are the peers we argue from"),
            ("change", "No: make a new report with the areas chosen below"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text="What makes these places comparable, in a sentence or two. The report shows it for readers to judge.",
    )
    peers = forms.MultipleChoiceField(
        label="Areas to compare with",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Those that the report uses now are chosen.",
    )

    def __init__(self, *args: Any, report: ComparatorReport, areas: Iterable[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        current = [peer["code"] for peer in report.result["peers"]]
        field = self.fields["peers"]
        field.choices = [(area.code, area.name) for area in areas]  # type: ignore[attr-defined]
        field.initial, field.small = current, True  # type: ignore[attr-defined]
        self.current = set(current)
        self.helper = helper(submit="Save")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "change":
            chosen = cleaned.get("peers", [])
            if len(chosen) < FEWEST_PEERS:
                self.add_error("peers", f"Choose at least {FEWEST_PEERS} areas")
            elif set(chosen) == self.current:
                self.add_error("peers", "Choose other areas than the report uses now, or accept these")
        return cleaned


class AllReportsForm(GdsForm):
    """Confirms that the reports of every LEP are to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(submit="Make the reports")

"""Why a place produces more or less for each resident: the four parts of the gap, and the selector that finds them."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.domain.decomposition import Factor, decompose, hours_per_job
from evidence.models import Indicator
from evidence.selectors.decomposition import decomposition
from tests.factories.evidence import IndicatorFactory, ObservationFactory, SourceFactory
from tests.factories.kernel import PlaceFactory

ENGLAND = dict(zip(Factor, (40.0, 1600.0, 0.75, 0.62), strict=True))
four = st.lists(st.floats(1e-3, 1e5), min_size=4, max_size=4)


@settings(deadline=None)
@given(four, four)
def test_the_parts_add_up_to_the_gap(place, reference):
    found = decompose(dict(zip(Factor, place, strict=True)), dict(zip(Factor, reference, strict=True)))
    assert sum(part.contribution for part in found.parts) == found.log_gap
    gap = math.log(math.prod(place) / math.prod(reference))
    assert found.log_gap == pytest.approx(gap, rel=1e-12, abs=1e-12)
    assert found.per_head == pytest.approx(math.prod(place))
    assert math.prod(1 + part.percent / 100 for part in found.parts) == pytest.approx(1 + found.percent / 100)


@settings(deadline=None)
@given(four, st.floats(1e-3, 1e3))
def test_the_unit_of_a_factor_does_not_matter(place, unit):
    own = dict(zip(Factor, place, strict=True))
    scaled = [{**factors, Factor.GVA_PER_HOUR: factors[Factor.GVA_PER_HOUR] * unit} for factors in (own, ENGLAND)]
    assert decompose(*scaled).log_gap == pytest.approx(decompose(own, ENGLAND).log_gap, abs=1e-9)


def test_a_place_that_differs_in_one_factor_has_the_whole_gap_there():
    found = decompose({**ENGLAND, Factor.JOBS_PER_RESIDENT: 0.6}, ENGLAND)
    assert [part.percent for part in found.parts] == pytest.approx([0, 0, -20, 0])
    assert found.percent == pytest.approx(-20)
    assert found.reference_per_head == pytest.approx(40 * 1600 * 0.75 * 0.62)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "the place has no figure for: hours worked in each job"),
        (math.nan, "the place has no figure for: hours worked in each job"),
        (0.0, "the place has a figure that is not above zero for: hours worked in each job"),
        (-3.0, "the place has a figure that is not above zero for: hours worked in each job"),
    ],
)
def test_without_a_factor_it_cannot_be_calculated(value, reason):
    found = decompose({**ENGLAND, Factor.HOURS_PER_JOB: value}, ENGLAND)
    assert found.reason == reason
    assert (found.per_head, found.log_gap, found.parts) == (None, None, ())
    assert decompose(ENGLAND, {}).reason == "the reference has no figure for: value added for each hour worked"


def test_hours_for_each_job_are_the_ratio_of_the_two_productivities():
    assert hours_per_job(64_000, 40) == 1600
    assert hours_per_job(None, 40) is None
    assert hours_per_job(64_000, 0) is None


# The selector

PUBLISHED = {
    "gva_per_hour_worked": (30, 40),
    "gva_per_filled_job": (45_000, 64_000),
    "jobs_per_16_64": (0.6, 0.75),
    "population_16_64": (600, 6_200),
}
MONTHS = {"jobs_per_16_64": "09", "population_census": "03"}


def load(place, code, period, value, vintage="LEP 2021"):
    return ObservationFactory(
        indicator=Indicator.objects.filter(code=code).first() or IndicatorFactory(code=code),
        place=place,
        period=period,
        period_order=int(period + MONTHS.get(code, "12")),
        value=value,
        source=SourceFactory(citation=f"Source of {code}"),
        geography_vintage=vintage,
    )


@pytest.fixture
def places(db):
    """A place and England with all figures for 2020, and residents by the censuses of 2011 and 2021."""
    place, england = PlaceFactory(name="Exampleshire"), PlaceFactory(country=True)
    for code, values in PUBLISHED.items():
        load(place, code, "2020", values[0])
        load(england, code, "2020", values[1])
    for year, residents in (("2011", (900, 9_000)), ("2021", (1_000, 10_000))):
        load(place, "population_census", year, residents[0])
        load(england, "population_census", year, residents[1])
    return place, england


def test_a_place_is_split_against_england(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        view = decomposition(places[0])
    assert view.reason == ""
    assert [factor.value for factor in view.factors] == pytest.approx([30, 1500, 0.6, 60])
    assert [factor.england for factor in view.factors] == pytest.approx([40, 1600, 0.75, 62])
    assert sum(factor.contribution for factor in view.factors) == view.log_gap
    assert view.per_head == pytest.approx(30 * 1500 * 0.6 * 0.6)
    assert view.england_per_head == pytest.approx(64_000 * 0.75 * 0.62)
    assert json.loads(json.dumps(view.as_json()))["factors"][0]["code"] == "gva_per_hour"


def test_each_factor_has_its_period_and_sources(places):
    view = decomposition(places[0])
    assert [factor.period for factor in view.factors] == ["2020"] * 3 + ["2020, over residents in the census of 2021"]
    assert {source.citation for source in view.factors[3].sources} == {
        "Source of population_16_64",
        "Source of population_census",
    }
    assert any("an implied figure, not a published one" in note for note in view.notes)
    assert any("census of 2021 and all other figures are of 2020" in note for note in view.notes)


def test_the_newest_year_that_all_figures_share_is_used(places):
    for place in places:
        load(place, "gva_per_hour_worked", "2023", 99)
        for code, values in PUBLISHED.items():
            load(place, code, "2019", values[0])
    assert decomposition(places[0]).period == "2020"


def test_nothing_is_said_of_periods_that_agree(places):
    for place, values in zip(places, (0, 1), strict=True):
        for code, both in PUBLISHED.items():
            load(place, code, "2021", both[values])
    view = decomposition(places[0])
    assert (view.period, view.factors[3].period) == ("2021", "2021")
    assert not any("all other figures" in note for note in view.notes)


def test_a_place_without_figures_has_a_reason(places):
    other = PlaceFactory(name="Elsewhere")
    load(other, "gva_per_hour_worked", "2020", 30)
    load(other, "gva_per_filled_job", "2020", 45_000)
    load(other, "population_census", "2021", 1_000)
    assert decomposition(other).reason == (
        "There are no figures for Elsewhere and England on: jobs for each resident of working age, "
        "residents aged 16 to 64."
    )


def test_figures_of_different_years_are_not_put_together(places):
    places[0].observations.filter(indicator__code="jobs_per_16_64").delete()
    for place in places:
        load(place, "jobs_per_16_64", "2018", 0.7)
    assert decomposition(places[0]).reason.startswith("There is no year for which all figures are there")


def test_figures_on_different_boundaries_are_not_put_together(places):
    places[0].observations.filter(indicator__code="jobs_per_16_64").update(geography_vintage="LEP 2017")
    assert decomposition(places[0]).reason == (
        "The figures for Exampleshire in 2020 are not all on the same boundaries."
    )


def test_a_figure_of_nothing_has_no_logarithm(places):
    places[0].observations.filter(indicator__code="jobs_per_16_64").update(value=0)
    assert "not above zero for: jobs for each resident of working age" in decomposition(places[0]).reason

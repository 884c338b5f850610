"""Indicators to look through, one indicator with its figures, and its file."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import Indicator, Observation
from lisapp.audit.models import LogEntry
from lisapp.design.spreadsheets import guarded
from tests.factories.evidence import IndicatorFactory, ObservationFactory, SourceFactory
from tests.factories.kernel import PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(sign_in):
    """The test client, signed in as someone who belongs to no LEP."""
    return sign_in(UserFactory())


def listing(reader, **query) -> str:
    return reader.get(reverse("evidence:indicator_list"), query).content.decode()


def page_of(reader, indicator, **query) -> str:
    return reader.get(reverse("evidence:indicator", args=[indicator.code]), query).content.decode()


class TestTheList:
    def test_it_can_be_narrowed_by_foundation_words_and_kind_of_place(self, reader):
        pay = IndicatorFactory(label="Weekly pay", outcome=True)
        age = IndicatorFactory(label="Residents over 65")
        ObservationFactory(indicator=pay)
        ObservationFactory(indicator=age, place=PlaceFactory(local_authority=True))
        assert "Weekly pay" not in listing(reader, pillar="places")
        assert "Residents over 65" in listing(reader, pillar="places")
        assert "Residents over 65" not in listing(reader, q="pay WEEKLY")
        assert "Weekly pay" in listing(reader, q="pay WEEKLY")
        assert "Weekly pay" not in listing(reader, kind="local_authority")

    def test_it_says_how_many_places_and_which_years_have_figures(self, reader):
        indicator = IndicatorFactory()
        for year in (2019, 2023):
            ObservationFactory(indicator=indicator, period=str(year), period_order=year * 100 + 12)
        assert "2019 to 2023" in listing(reader)

    def test_nothing_found_says_what_to_do(self, reader):
        assert "Use fewer words" in listing(reader, q="unicorns")

    def test_an_unknown_foundation_in_the_address_is_answered_not_an_error(self, reader):
        IndicatorFactory(label="Weekly pay")
        assert "Weekly pay" in listing(reader, pillar="no-such")

    def test_it_is_paged_and_takes_as_many_queries_for_fifty_as_for_five(self, reader, django_assert_num_queries):
        for indicator in IndicatorFactory.create_batch(5):
            ObservationFactory(indicator=indicator)
        listing(reader)
        with CaptureQueriesContext(connection) as five:
            listing(reader)
        for indicator in IndicatorFactory.create_batch(45):
            ObservationFactory(indicator=indicator)
        with django_assert_num_queries(len(five)):
            assert "page=2" in listing(reader)

    def test_it_is_open_to_everyone(self, client):
        assert client.get(reverse("evidence:indicator_list")).status_code == 200


class TestOneIndicator:
    def test_definition_caveat_role_and_sources_are_shown(self, reader):
        indicator = IndicatorFactory(definition="What people earn.", caveat="A survey.", outcome=True)
        ObservationFactory(indicator=indicator, source=SourceFactory(derived=True))
        page = page_of(reader, indicator)
        assert "What people earn." in page
        assert "A survey." in page
        assert "Outcome: what policy is for" in page
        assert "Derived:" in page
        assert "Sum of authorities" in page

    def test_the_latest_figure_of_each_place_is_listed_by_name(self, reader):
        indicator = IndicatorFactory(unit="%", decimals=1)
        alpha, beta = PlaceFactory(name="Beta"), PlaceFactory(name="Alpha")
        for place, year, value in [(alpha, 2021, 10), (alpha, 2023, 11), (beta, 2022, 99)]:
            ObservationFactory(
                indicator=indicator, place=place, period=str(year), period_order=year * 100 + 12, value=value
            )
        page = page_of(reader, indicator)
        table = page[page.index('id="values"') :]
        assert table.index("Alpha") < table.index("Beta")
        assert "11.0%" in table
        assert "10.0%" not in table

    def test_intervals_are_shown_and_their_absence_is_named(self, reader):
        indicator = IndicatorFactory(decimals=1)
        ObservationFactory(indicator=indicator, value=50, with_interval=True)
        ObservationFactory(indicator=indicator, value=20)
        page = page_of(reader, indicator)
        assert "48.0 to 52.0" in page
        assert "none published" in page

    def test_a_place_is_drawn_beside_england_after_the_last_change_of_boundaries(self, reader):
        indicator, place = IndicatorFactory(), PlaceFactory(name="Here")
        england = PlaceFactory(country=True)
        for year in range(2018, 2024):
            for area, value in ((place, 40), (england, 60)):
                ObservationFactory(
                    indicator=indicator,
                    place=area,
                    period=str(year),
                    period_order=year * 100 + 12,
                    value=value,
                    geography_vintage="old" if year < 2020 and area == place else "new",
                )
        page = page_of(reader, indicator, place=place.code)
        assert f"{indicator.label}: Here" in page
        assert "40.0% in 2020 and 40.0% in 2023" in page
        assert "60.0% in 2018 and 60.0% in 2023" in page_of(reader, indicator)

    def test_one_period_has_no_line_and_the_page_says_so(self, reader):
        indicator = IndicatorFactory()
        ObservationFactory(indicator=indicator)
        assert "there is no line to draw" in page_of(reader, indicator)

    def test_an_indicator_without_figures_says_so(self, reader):
        assert "There are no figures for this indicator." in page_of(reader, IndicatorFactory())

    def test_it_takes_as_many_queries_for_fifty_places_as_for_five(self, reader, django_assert_num_queries):
        indicator = IndicatorFactory()
        ObservationFactory.create_batch(5, indicator=indicator)
        page_of(reader, indicator)
        with CaptureQueriesContext(connection) as five:
            page_of(reader, indicator)
        ObservationFactory.create_batch(45, indicator=indicator)
        with django_assert_num_queries(len(five)):
            page_of(reader, indicator)

    def test_an_unknown_one_is_not_found(self, reader):
        assert reader.get(reverse("evidence:indicator", args=["no-such"])).status_code == 404


class TestTheFile:
    def test_every_value_comes_with_its_source(self, reader):
        indicator = IndicatorFactory()
        ObservationFactory(indicator=indicator, place=PlaceFactory(name="=cmd()"), value=-2.5)
        ObservationFactory(indicator=indicator, value=3)
        response = reader.get(reverse("evidence:indicator_csv", args=[indicator.code]))
        rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert {row["Source"] for row in rows} == {"Office for National Statistics, example table"}
        guarded_row = next(row for row in rows if row["Value"] == "-2.5")
        assert guarded_row["Place"] == "'=cmd()"

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
    def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(self, start):
        assert guarded(f"{start}1+1") == f"'{start}1+1"

    @pytest.mark.parametrize("cell", [-1.5, 0, None, "plain", "", "a=b", "5 - 3"])
    def test_numbers_and_other_texts_stay_as_they_are(self, cell):
        assert guarded(cell) == cell


class TestInTheAdmin:
    @pytest.fixture
    def administrator(self, sign_in):
        return sign_in(UserFactory(administrator=True))

    def test_only_the_wording_can_be_changed_and_the_change_is_recorded(self, administrator):
        indicator = IndicatorFactory(code="pay", label="Pay", definition="Old words.")
        url = reverse("admin:evidence_indicator_change", args=[indicator.pk])
        assert 'name="label"' not in administrator.get(url).content.decode()
        administrator.post(url, {"definition": "New words.", "caveat": "Mind.", "label": "Hacked"})
        indicator.refresh_from_db()
        assert (indicator.definition, indicator.caveat, indicator.label) == ("New words.", "Mind.", "Pay")
        entry = LogEntry.objects.get(event="evidence.indicator.reworded")
        assert entry.data["before"]["definition"] == "Old words."

    def test_reference_data_cannot_be_added_or_deleted(self, administrator):
        indicator = IndicatorFactory()
        assert administrator.get(reverse("admin:evidence_indicator_add")).status_code == 403
        delete = reverse("admin:evidence_indicator_delete", args=[indicator.pk])
        assert administrator.post(delete, {"post": "yes"}).status_code == 403
        assert Indicator.objects.filter(pk=indicator.pk).exists()

    @pytest.mark.parametrize("model", ["source", "datarelease", "evidenceitem", "indicator"])
    def test_the_lists_open_for_an_administrator(self, administrator, model):
        assert administrator.get(reverse(f"admin:evidence_{model}_changelist")).status_code == 200

    def test_single_values_are_not_in_the_admin(self):
        from django.contrib import admin

        assert not admin.site.is_registered(Observation)

    def test_a_reviewer_cannot_reword(self, sign_in):
        indicator = IndicatorFactory(definition="Old words.")
        client = sign_in(UserFactory(reviewer=True))
        url = reverse("admin:evidence_indicator_change", args=[indicator.pk])
        assert client.post(url, {"definition": "New words."}).status_code == 403
        indicator.refresh_from_db()
        assert indicator.definition == "Old words."

"""Comparator reports as people meet them: list, form, report, file."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evidence.models import ComparatorReport, Observation
from lisapp.jobs import services as jobs
from lisapp.places.models import Place, PlaceMembership
from tests.evidence.report_world import ask, finished
from tests.factories.evidence import ComparatorReportFactory
from tests.factories.kernel import MembershipFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def officer(world, sign_in):
    """The test client, signed in as the officer."""
    return sign_in(world.officer)


@pytest.fixture
def new_url(world):
    return reverse("evidence:report_new", args=[world.lep.slug])


def form_data(world, **changes):
    return {
        "place": world.place.code,
        "indicators_places": ["structure-0"],
        "indicators_people": ["structure-1"],
        "indicators_infrastructure": ["structure-2"],
        "indicators_business_environment": ["pay", "rate"],
        "k": 5,
        "metric": "local",
        "standardise": "winsorised-z",
        "resamples": 200,
        "submission_key": str(uuid.uuid4()),
    } | changes


class TestTheForm:
    def test_it_asks_for_the_place_first(self, officer, new_url, world):
        page = text_of(officer.get(new_url))
        assert "Which place is the report about?" in page
        assert world.place.code in page
        assert world.areas[1].code not in page

    def test_it_offers_authorities_within_the_lep_that_still_stand(self, officer, new_url, world):
        town = PlaceFactory(name="Standing town", local_authority=True)
        gone = PlaceFactory(name="Gone town", local_authority=True, valid_to="2020-03-31")
        for child in (town, gone):
            PlaceMembership.objects.create(parent=world.place, child=child, vintage="LAD22")
        page = text_of(officer.get(new_url))
        assert "Standing town" in page
        assert "Gone town" not in page

    def test_a_good_set_of_indicators_is_chosen_already(self, officer, new_url, world):
        page = text_of(officer.get(new_url, {"place": world.place.code}))
        assert "Business environment: 2 of 2 chosen" in page
        assert "Structure: helps to choose the peers" in page

    def test_an_indicator_without_a_figure_for_the_place_says_so_and_is_not_chosen(self, officer, new_url, world):
        Observation.objects.filter(indicator=world.rate, place=world.place).delete()
        page = text_of(officer.get(new_url, {"place": world.place.code}))
        assert f"No figure for {world.place}" in page
        assert "Business environment: 1 of 2 chosen" in page

    def test_sending_it_starts_the_work_and_shows_its_progress(self, officer, new_url, world):
        response = officer.post(new_url, form_data(world))
        report = ComparatorReport.objects.get()
        assert response.url == reverse("jobs:detail", args=[report.job_id])
        assert report.parameters["method"]["k"] == 5
        assert report.parameters["indicators"] == ["pay", "rate", "structure-0", "structure-1", "structure-2"]

    def test_sending_it_twice_makes_one_report(self, officer, new_url, world):
        data = form_data(world)
        assert officer.post(new_url, data).url == officer.post(new_url, data).url
        assert ComparatorReport.objects.count() == 1

    def test_without_structure_it_explains_and_keeps_what_was_chosen(self, officer, new_url, world):
        data = form_data(world, indicators_places=[], indicators_people=[], indicators_infrastructure=[])
        response = officer.post(new_url, data)
        assert response.status_code == 200
        assert '<a href="#id_indicators_people' in text_of(response)  # the first group that offers some
        assert "Choose at least one indicator of structure" in text_of(response)
        assert "Business environment: 2 of 2 chosen" in text_of(response)
        assert not ComparatorReport.objects.exists()

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ("structure-0 2", "as a code, an equals sign and a number"),
            ("structure-0 = minus one", "as a code, an equals sign and a number"),
            ("structure-0 = -1", "must be zero or more"),
            ("structure-0 = inf", "must be zero or more"),
            ("pay = 2", "Choose pay above as an indicator of structure"),
            ("structure-0 = 0", "a weight above zero"),
        ],
    )
    def test_weights_that_cannot_be_used_are_explained(self, officer, new_url, world, weights, message):
        assert message in text_of(officer.post(new_url, form_data(world, weights=weights)))

    def test_weights_and_left_out_regions_reach_the_method(self, officer, new_url, world):
        officer.post(
            new_url,
            form_data(world, weights="structure-0 = 2\nstructure-1 = 1\n", leave_out_regions=["Region 1"]),
        )
        method = ComparatorReport.objects.get().parameters["method"]
        assert method["weights"] == {"structure-0": 2.0, "structure-1": 1.0}
        assert method["leave_out_regions"] == ["Region 1"]

    def test_a_place_of_another_lep_leads_back_to_the_choice(self, officer, new_url, world):
        response = officer.post(new_url, form_data(world, place=world.areas[4].code))
        assert "Which place is the report about?" in text_of(response)
        assert not ComparatorReport.objects.exists()

    def test_what_was_typed_before_a_sign_out_is_back_on_the_form(self, client, sign_in, new_url, world):
        data = form_data(world, k=9, csrfmiddlewaretoken="x")
        client.post(new_url, data)
        page = text_of(sign_in(world.officer).get(new_url))
        assert "You were signed out before this was saved" in page
        assert 'value="9"' in page
        assert not ComparatorReport.objects.exists()

    def test_a_viewer_is_told_why_not(self, sign_in, new_url, world):
        viewer = MembershipFactory(lep=world.lep, viewer=True).user
        response = sign_in(viewer).get(new_url)
        assert response.status_code == 403
        assert "Only people drafting for this LEP" in text_of(response)


class TestTheReport:
    def test_it_opens_with_sentences_and_shows_peers_figures_and_method(self, officer, world):
        report = finished(world)
        page = text_of(officer.get(report.get_absolute_url()))
        for sentence in (text for part in report.result["summary"] for text in part["sentences"]):
            assert sentence.replace("'", "&#x27;") in page
        assert (
            page.index('id="summary"')
            < page.index('id="business-environment"')
            < page.index('id="peers"')
            < page.index('id="method"')
        )
        for peer in report.result["peers"]:
            assert peer["name"] in page
        assert 'id="figure-pay"' in page
        assert "Office for National Statistics, example table" in page
        assert "an outcome: matching on it would hide the gap" in page
        assert report.data_release.checksum in page

    def test_charts_have_tables_and_trends_need_five_periods(self, officer, world):
        page = text_of(officer.get(finished(world).get_absolute_url()))
        assert "Figures as a table" in page
        assert "Outcomes over time" in page
        assert "Rising, by about £10 a year over 6 periods." in page
        assert page.count("lis-figure__drawing") >= 3

    def test_a_gap_without_interval_is_called_not_tested(self, officer, world):
        page = text_of(officer.get(finished(world).get_absolute_url()))
        assert "Not tested: no interval" in page
        assert "below peers" in page

    def test_nothing_ranks_places_by_how_they_do(self, officer, world):
        page = text_of(officer.get(finished(world).get_absolute_url())).lower()
        assert "league" not in page
        assert "overall score" not in page

    def test_the_same_choices_can_be_compared_again(self, officer, world):
        report = finished(world)
        page = text_of(officer.get(report.get_absolute_url()))
        assert f"place={world.place.code}&amp;indicators=pay" in page

    def test_while_it_is_made_it_leads_to_the_progress(self, officer, world):
        report = ask(world)
        assert officer.get(report.get_absolute_url()).url == reverse("jobs:detail", args=[report.job_id])

    def test_when_the_work_was_cancelled_it_says_so_and_offers_another_try(self, officer, world):
        report = ask(world)
        jobs.cancel(job=report.job, by=world.officer)
        page = text_of(officer.get(report.get_absolute_url()))
        assert "This report was not finished." in page
        assert reverse("jobs:detail", args=[report.job_id]) in page

    def test_a_refusal_is_explained_with_what_else_could_be_done(self, officer, world):
        Observation.objects.filter(place=world.place, indicator=world.structural[1]).delete()
        town = PlaceFactory(name="Town", local_authority=True)
        PlaceMembership.objects.create(parent=world.place, child=town, vintage="LAD23")
        report = finished(world)
        page = text_of(officer.get(report.get_absolute_url()))
        assert "1 indicator is missing (Structure 1)" in page
        assert "Compare on the 4 indicators that have figures" in page
        assert "indicators=structure-0" in page
        assert "indicators=structure-1" not in page
        assert "Use the local authority Town" in page
        assert "median peer" not in page.lower()

    def test_it_takes_no_more_queries_for_more_peers(self, officer, world, django_assert_max_num_queries):
        report = finished(world, method={"k": 11, "scale_k": 5, "resamples": 0})
        officer.get(report.get_absolute_url())
        with django_assert_max_num_queries(12):
            officer.get(report.get_absolute_url())

    @pytest.mark.parametrize("name", ["report", "report_csv"])
    def test_another_leps_report_is_not_found(self, world, sign_in, name):
        report = finished(world)
        assert sign_in(UserFactory()).get(reverse(f"evidence:{name}", args=[report.pk])).status_code == 404


class TestTheList:
    def test_reports_are_listed_with_their_state(self, officer, world):
        finished(world)
        ask(world)
        page = text_of(officer.get(reverse("evidence:report_list", args=[world.lep.slug])))
        assert "Ready" in page
        assert "Being made" in page

    def test_it_is_paged_and_takes_as_many_queries_for_fifty_as_for_five(
        self, officer, world, django_assert_num_queries
    ):
        url = reverse("evidence:report_list", args=[world.lep.slug])
        ComparatorReportFactory.create_batch(
            5, lep=world.lep, place=world.place, data_release=world.release, ready=True
        )
        officer.get(url)
        with CaptureQueriesContext(
            connection,
        ) as five:
            officer.get(url)
        ComparatorReportFactory.create_batch(
            45, lep=world.lep, place=world.place, data_release=world.release, ready=True
        )
        with django_assert_num_queries(len(five)):
            page = text_of(officer.get(url))
        assert "page=2" in page

    def test_a_viewer_reads_it_and_learns_who_can_ask(self, sign_in, world):
        viewer = MembershipFactory(lep=world.lep, viewer=True).user
        page = text_of(sign_in(viewer).get(reverse("evidence:report_list", args=[world.lep.slug])))
        assert "Make a report" not in page
        assert "Ask its lead for the officer role" in page


class TestTheFile:
    def rows(self, officer, report):
        response = officer.get(reverse("evidence:report_csv", args=[report.pk]))
        content = b"".join(response.streaming_content).decode("utf-8-sig")
        return response, list(csv.DictReader(io.StringIO(content)))

    def test_every_figure_has_its_source_and_release(self, officer, world):
        report = finished(world)
        response, rows = self.rows(officer, report)
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert len(rows) == 5
        pay = next(row for row in rows if row["Indicator code"] == "pay")
        assert float(pay["Place"]) == 550
        assert pay["What can be said"] == "not compared: no interval"
        assert all(row["Source"] and row["Licence"] and row["Data release"] == world.release.name for row in rows)

    def test_texts_that_a_spreadsheet_would_run_are_guarded_and_numbers_are_not(self, officer, world):
        world.pay.label = "=HYPERLINK(1)"
        world.pay.save()
        Place.objects.filter(pk=world.place.pk).update(name="@here")
        Observation.objects.filter(indicator=world.pay, place=world.place).update(value=-3)
        world.place.refresh_from_db()
        _, rows = self.rows(officer, finished(world))
        pay = next(row for row in rows if row["Indicator code"] == "pay")
        assert pay["Indicator"] == "'=HYPERLINK(1)"
        assert pay["Place name"] == "'@here"
        assert pay["Place"] == "-3.0"

    def test_there_is_none_before_the_report_is_made(self, officer, world):
        assert officer.get(reverse("evidence:report_csv", args=[ask(world).pk])).status_code == 404

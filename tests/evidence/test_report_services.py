"""Comparator reports: asked for, worked out, refused, frozen."""

from __future__ import annotations

import uuid

import pytest
from django.core.exceptions import ValidationError

from evidence.models import ComparatorReport, Observation
from evidence.selectors.citations import figure_from_report, latest_figure
from evidence.selectors.panels import panel_data
from evidence.services import reports
from lisapp.audit.models import LogEntry
from lisapp.errors import NotAllowed
from lisapp.jobs import services as jobs
from lisapp.places.models import Place, PlaceMembership
from tests.evidence.report_world import QUICK, ask, finished, row, row_of
from tests.factories.evidence import ObservationFactory, SourceFactory
from tests.factories.kernel import MembershipFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


class TestAsking:
    def test_an_officer_asks_and_a_job_is_queued_with_the_choices_stored(self, world):
        report = ask(world, indicators=["structure-0", "pay"])
        assert report.job.name == "evidence.generate_comparator_report"
        assert report.job.params == {"report_id": str(report.pk)}
        assert report.parameters["indicators"] == ["pay", "structure-0"]
        assert report.parameters["method"]["k"] == 5
        assert report.parameters["method"]["seed"] == 2018  # a later change of defaults leaves old reports repeatable
        assert report.data_release == world.release
        assert LogEntry.objects.filter(event="evidence.report.requested", target_id=str(report.pk)).exists()

    @pytest.mark.parametrize("trait", ["viewer", None])
    def test_viewers_and_outsiders_may_not_ask(self, world, trait):
        user = MembershipFactory(lep=world.lep, viewer=True).user if trait else UserFactory()
        with pytest.raises(NotAllowed):
            ask(world, by=user)
        assert not ComparatorReport.objects.exists()

    def test_a_repeated_form_returns_the_first_report(self, world):
        key = uuid.uuid4()
        assert ask(world, submission_key=key) == ask(world, submission_key=key)
        assert ComparatorReport.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"indicators": ["no-such"]}, "no indicator called no-such"),
            ({"indicators": []}, "Choose at least one indicator"),
            ({"method": {"k": 0}}, "at least 1"),
            ({"method": {"colour": "red"}}, "No such choice: colour"),
            ({"method": {"metric": "taxicab"}}, "taxicab"),
        ],
    )
    def test_unusable_choices_are_refused(self, world, changes, message):
        with pytest.raises(ValidationError, match=message):
            ask(world, **changes)

    def test_a_place_elsewhere_is_refused(self, world):
        with pytest.raises(ValidationError, match="is not part of Exampleshire"):
            ask(world, place=world.areas[3])

    def test_an_authority_within_the_lep_is_accepted(self, world):
        authority = PlaceFactory(local_authority=True)
        PlaceMembership.objects.create(parent=world.place, child=authority, vintage="LAD23")
        assert ask(world, place=authority).place == authority

    def test_nothing_can_be_asked_before_data_is_loaded(self, world):
        world.release.delete()
        with pytest.raises(ValidationError, match="No reference data is loaded"):
            ask(world)


class TestTheResult:
    def test_peers_figures_and_method_are_frozen(self, world):
        report = finished(world)
        result = report.result
        assert report.is_ready
        assert report.job.__class__.objects.get(pk=report.job_id).result["url"] == report.get_absolute_url()
        assert result["place"]["name"] == world.place.name
        assert len(result["peers"]) == 5
        assert world.place.code not in [peer["code"] for peer in result["peers"]]
        assert sum(reason["share"] for reason in result["peers"][0]["reasons"]) == pytest.approx(1)
        assert {row["code"] for row in result["method"]["indicators"]} == {"structure-0", "structure-1", "structure-2"}
        assert {row["code"]: row["reason"].split(":")[0] for row in result["left_out"]} == {
            "pay": "an outcome",
            "rate": "an outcome",
        }
        assert "rank" not in result
        assert "score" not in result

    def test_a_gap_beyond_the_uncertainty_is_called_clear_and_one_without_interval_is_not(self, world):
        report = finished(world)
        rate, pay = row_of(report, "rate"), row_of(report, "pay")
        assert rate["state"] == "below peers"
        assert rate["gap_upper"] < 0
        assert rate["england"] == 76
        assert pay["state"] == "not compared: no interval"
        assert pay["gap"] == pytest.approx(pay["value"] - pay["peers_median"])
        assert row_of(report, "structure-0")["state"] == "used to choose the peers"

    def test_the_series_carries_place_peers_and_england_with_a_trend(self, world):
        pay = row_of(finished(world), "pay")
        assert pay["series"]["periods"] == ["2018", "2019", "2020", "2021", "2022", "2023"]
        assert pay["series"]["england"][0] == 600
        assert None not in pay["series"]["peers_median"]
        assert pay["trend"]["state"] == "rising"
        assert pay["trend"]["slope"] == pytest.approx(10)

    def test_a_single_period_has_no_trend_and_never_reads_as_no_change(self, world):
        assert row_of(finished(world), "rate")["trend"]["state"] == "cannot be calculated"

    def test_the_series_starts_after_the_last_change_of_boundaries(self, world):
        Observation.objects.filter(indicator=world.pay, period__lt="2020").update(geography_vintage="2017")
        pay = row_of(finished(world), "pay")
        assert pay["series"]["periods"][0] == "2020"
        assert pay["trend"]["state"] == "cannot be calculated"
        assert pay["trend"]["earlier_left_out"] == 2

    def test_every_figure_names_its_source_period_and_vintage(self, world):
        for figure in finished(world).result["figures"]:
            assert all(figure[key] for key in ("source", "url", "licence", "vintage", "period", "geography_vintage"))

    def test_the_summary_states_what_is_sure_and_what_is_not(self, world):
        parts = finished(world).result["summary"]
        said = " ".join(sentence for part in parts for sentence in part["sentences"])
        name = world.place.name
        assert f"{name} is compared with the 5 LEP areas most like it in structure, out of 11" in said
        assert f"{name} is clearly below its peers on employment rate (" in said
        assert "percentage points lower)" in said
        assert "For 1 indicator no interval is published" in said
        assert "£" in said

    def test_finishing_twice_changes_nothing(self, world):
        report = finished(world)
        before, at = report.result, report.finished_at
        again = reports.complete_report(report=report, result={"peers": [], "figures": []})
        assert (again.result, again.finished_at) == (before, at)
        reports.refuse_report(report=report, refusal={"missing": []})
        report.refresh_from_db()
        assert report.result == before

    def test_the_same_choices_give_the_same_result(self, world):
        assert finished(world).result == finished(world).result


class TestTheRefusal:
    @pytest.fixture
    def refused(self, world):
        Observation.objects.filter(place=world.place, indicator=world.structural[1]).delete()
        authority = PlaceFactory(name="Town", local_authority=True)
        PlaceMembership.objects.create(parent=world.place, child=authority, vintage="LAD23")
        return finished(world)

    def test_it_names_what_is_missing_and_gives_no_figures(self, refused):
        assert not refused.is_ready
        assert refused.job.__class__.objects.get(pk=refused.job_id).state == "failed"
        assert refused.result["refused"]["missing"] == [{"code": "structure-1", "label": "Structure 1"}]
        assert refused.result["refused"]["share_present"] < refused.result["refused"]["needed"]
        assert "1 indicator is missing (Structure 1)" in refused.result["refused"]["message"]
        assert "figures" not in refused.result

    def test_it_offers_other_indicators_and_other_places(self, refused):
        suggestions = refused.result["refused"]["suggestions"]
        assert suggestions[0]["kind"] == "indicators"
        assert "structure-1" not in suggestions[0]["indicators"]
        assert "Use the local authority Town" in [row["label"] for row in suggestions]

    def test_it_can_succeed_once_the_figures_are_there(self, refused, world):
        ObservationFactory(
            place=world.place, indicator=world.structural[1], period="2023", value=5, geography_vintage="2021"
        )
        jobs.retry(job=refused.job, by=world.officer)
        jobs.run(refused.job_id)
        refused.refresh_from_db()
        assert refused.is_ready
        assert "refused" not in refused.result

    def test_a_place_without_any_figures_is_refused_too(self, world):
        authority = PlaceFactory(local_authority=True)
        PlaceMembership.objects.create(parent=world.place, child=authority, vintage="LAD23")
        report = finished(world, place=authority)
        assert "cannot be compared" in report.result["refused"]["message"]


class TestThePanel:
    def test_six_queries_whatever_the_number_of_areas(self, world, django_assert_num_queries):
        codes = ["pay", "rate", "structure-0", "structure-1", "structure-2"]
        with django_assert_num_queries(6):
            panel_data(world.place, codes)
        Place.objects.bulk_create(Place(code=f"E37X{n}", name=f"More {n}", kind="lep") for n in range(50))
        source = SourceFactory()
        Observation.objects.bulk_create(
            row(world.pay, place, "2023", 500, source) for place in Place.objects.filter(code__startswith="E37X")
        )
        with django_assert_num_queries(6):
            assert len(panel_data(world.place, codes).panel.areas) == 62

    def test_the_newest_period_with_enough_areas_is_compared(self, world):
        row(world.pay, world.areas[1], "2024", 900, SourceFactory()).save()
        assert panel_data(world.place, ["pay"]).slices["pay"].period == "2023"

    def test_figures_on_other_boundaries_are_not_mixed_in(self, world):
        Observation.objects.filter(place=world.areas[1], indicator=world.pay, period="2023").update(
            geography_vintage="2017"
        )
        data = panel_data(world.place, ["pay"])
        assert data.slices["pay"].vintage == "2021"
        assert data.slices["pay"].areas == 11

    def test_areas_that_share_an_authority_are_never_peers(self, world):
        other, shared = world.areas[1], PlaceFactory(local_authority=True)
        for parent in (world.place, other):
            PlaceMembership.objects.create(parent=parent, child=shared, vintage="LAD22")
        result = finished(world, method=QUICK | {"k": 11}).result
        assert other.code not in [peer["code"] for peer in result["peers"]]
        assert {"code": other.code, "name": other.name, "reason": "overlaps the place"} in result["excluded"]

    def test_areas_that_have_ended_are_not_compared(self, world):
        gone = world.areas[2]
        Place.objects.filter(pk=gone.pk).update(valid_to="2020-03-31")
        assert gone.code not in panel_data(world.place, ["pay"]).areas


class TestCitations:
    def test_a_figure_is_copied_from_the_report(self, world):
        report = finished(world)
        figure = figure_from_report(report, "pay")
        assert figure["label"] == "Weekly pay"
        assert figure["place"] == world.place.name
        assert figure["england"] == 625
        assert figure["peers_median"] is not None
        assert figure["report_id"] == str(report.pk)
        assert figure["source"] == "Office for National Statistics, example table"

    def test_what_the_report_does_not_show_cannot_be_cited(self, world):
        with pytest.raises(LookupError):
            figure_from_report(finished(world), "no-such")

    def test_the_latest_figure_stands_alone(self, world):
        figure = latest_figure(world.pay, world.place)
        assert (figure["period"], figure["value"], figure["england"], figure["report_id"]) == ("2023", 550, 625, None)
        with pytest.raises(LookupError):
            latest_figure(world.pay, PlaceFactory())

"""Peers that people accept or choose, always with the reason; and the address that runs a comparison again."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse

from evidence.domain.comparators import Method, Panel, PanelArea, PanelIndicator, find_peers, peers_by_hand
from evidence.models import ComparatorReport
from evidence.selectors.changes import differences
from evidence.selectors.permalinks import parameters_from, permalink
from lisapp.jobs import services as jobs
from tests.evidence.report_world import QUICK, finished, row_of
from tests.factories.evidence import DataReleaseFactory

pytestmark = pytest.mark.django_db


def page_of(client, report):
    return client.get(report.get_absolute_url()).content.decode()


class TestChosenByHand:
    @pytest.fixture
    def panel(self):
        rng = np.random.default_rng(7)
        areas = tuple(PanelArea(f"A{n:02d}", f"Area {n}") for n in range(20))
        indicators = tuple(PanelIndicator(f"x{n}", pillar=f"p{n % 2}") for n in range(4))
        return Panel(areas, indicators, rng.normal(size=(20, 4)))

    def test_choosing_what_the_method_chose_changes_nothing_about_the_peers(self, panel):
        method = Method(k=5, scale_k=5, resamples=40)
        suggested = find_peers(panel, "A00", method)
        assert peers_by_hand(panel, "A00", method, suggested.codes).peers == suggested.peers

    def test_each_keeps_its_distance_and_how_often_the_method_would_choose_it(self, panel):
        method = Method(k=5, scale_k=5, resamples=40)
        suggested = find_peers(panel, "A00", method)
        others = [code for code in panel.area_codes if code not in suggested.codes and code != "A00"][:4]
        chosen = peers_by_hand(panel, "A00", method, others)
        assert set(chosen.codes) == set(others)
        assert [peer.rank for peer in chosen.peers] == [1, 2, 3, 4]
        assert [peer.score for peer in chosen.peers] == sorted(peer.score for peer in chosen.peers)
        assert all(peer.inclusion == suggested.inclusion[peer.code] for peer in chosen.peers)
        assert (chosen.picks == chosen.picks[0]).all()

    def test_the_place_itself_and_unknown_areas_may_not_be_chosen(self, panel):
        with pytest.raises(ValueError, match="A00 may not be a peer"):
            peers_by_hand(panel, "A00", Method(k=5, resamples=0), ["A00", "A01", "A02"])


class TestTheForm:
    def url(self, report):
        return reverse("evidence:report_peers", args=[report.pk])

    def test_accepting_needs_a_reason_and_the_report_then_shows_it(self, world, sign_in):
        report, client = finished(world), sign_in(world.officer)
        refused = client.post(self.url(report), {"decision": "accept", "reason": " "})
        assert "This field is required" not in refused.content.decode()
        assert refused.status_code == 200
        response = client.post(self.url(report), {"decision": "accept", "reason": "Same kind of ports."})
        assert response.url == report.get_absolute_url()
        assert "Same kind of ports." in page_of(client, report)

    def test_other_peers_make_a_new_report_that_says_so_with_the_reason(self, world, sign_in):
        report, client = finished(world), sign_in(world.officer)
        now = {peer["code"] for peer in report.result["peers"]}
        others = [area.code for area in world.areas[1:] if area.code not in now][:4]
        data = {"decision": "change", "reason": "They make steel.", "peers": others, "submission_key": uuid.uuid4()}
        response = client.post(self.url(report), data)
        made = ComparatorReport.objects.exclude(pk=report.pk).get()
        assert response.url == made.job.get_absolute_url()
        jobs.run(made.job_id)
        made.refresh_from_db()
        assert {peer["code"] for peer in made.result["peers"]} == set(others)
        page = page_of(client, made)
        assert "They make steel." in page
        assert "hold sampling error only" in page
        rate = row_of(made, "rate")
        assert rate["choice_lower"] == rate["choice_upper"] == rate["gap"]

    @pytest.mark.parametrize(
        ("peers", "message"),
        [([], "Choose at least 3 areas"), ("same", "Choose other areas than the report uses now")],
    )
    def test_too_few_or_the_same_areas_are_refused_beside_the_field(self, world, sign_in, peers, message):
        report, client = finished(world), sign_in(world.officer)
        chosen = [peer["code"] for peer in report.result["peers"]] if peers == "same" else peers
        data = {"decision": "change", "reason": "Better.", "peers": chosen}
        page = client.post(self.url(report), data).content.decode()
        assert message in page
        assert "Better." in page
        assert ComparatorReport.objects.count() == 1


class TestThePermalink:
    @pytest.fixture(autouse=True)
    def _empty_cache(self):
        cache.clear()

    def test_it_holds_every_choice(self, world):
        method = QUICK | {"standardise": "robust-z", "weights": {"structure-0": 2.0, "structure-1": 1.0}, "seed": 5}
        report = finished(world, method=method, indicators=["structure-0", "structure-1", "pay"])
        query = QueryDict(permalink(report).split("?")[1])
        assert parameters_from(query) == report.parameters

    def test_it_holds_peers_chosen_by_hand(self, world):
        codes = [area.code for area in world.areas[1:5]]
        report = finished(world, peers=codes, peers_reason="Neighbours, really.")
        assert parameters_from(QueryDict(permalink(report).split("?")[1])) == report.parameters

    def test_anyone_gets_the_same_figures_without_an_account(self, world, client):
        report = finished(world)
        response = client.get(permalink(report))
        assert response.status_code == 200
        page = response.content.decode()
        for part in report.result["summary"]:
            assert part["sentences"][0] in page
        assert "made from other data" not in page

    def test_it_says_when_other_data_is_loaded_by_now(self, world, client):
        report = finished(world)
        link = permalink(report)
        DataReleaseFactory(name="Newer data", checksum="f" * 64)
        page = client.get(link).content.decode()
        assert f"made from other data, “{report.data_release.name}”" in page
        assert "Newer data" in page

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ("&k=many", "gives k as “many”"),
            ("&colour=red", "not known: colour"),
            ("&indicators=nothing", "no indicator called nothing"),
            ("&resamples=100000", "At most 1,000 repeats"),
            ("&k=0", "at least 1"),
        ],
    )
    def test_a_spoilt_address_is_explained(self, world, client, change, message):
        response = client.get(f"{reverse('evidence:compare')}?place={world.place.code}{change}")
        assert response.status_code == 400
        assert message in response.content.decode()

    def test_asking_for_very_many_is_put_off_and_what_is_worked_out_already_still_shows(
        self, world, client, monkeypatch
    ):
        monkeypatch.setattr("evidence.views.comparisons.ComparisonThrottle.rate", "1/hour")
        first, second = (f"{reverse('evidence:compare')}?place={world.place.code}&resamples=10&k={k}" for k in (4, 5))
        assert client.get(first).status_code == 200
        assert client.get(second).status_code == 429
        assert client.get(first).status_code == 200


class TestWhatChanged:
    def test_the_first_report_says_that_there_is_nothing_to_compare_with(self, world):
        assert "No earlier report" in finished(world).result["changes"]["reason"]

    def test_a_report_from_newer_data_names_the_figures_and_peers_that_differ(self, world, sign_in):
        from evidence.models import Observation

        earlier = finished(world)
        DataReleaseFactory(name="Newer data", checksum="f" * 64)
        Observation.objects.filter(indicator=world.pay, place=world.place, period="2023").update(value=999)
        later = finished(world)
        changes = later.result["changes"]
        assert changes["release"] == earlier.data_release.name
        assert [(row["label"], row["now"]) for row in changes["figures"]] == [("Weekly pay", 999)]
        assert changes["joined"] == changes["left"] == []
        assert "Weekly pay" in page_of(sign_in(world.officer), later)

    def test_peers_that_joined_and_left_are_named(self):
        before = {"peers": [{"code": "A", "name": "Ay"}, {"code": "B", "name": "Bee"}], "figures": []}
        now = {"peers": [{"code": "B", "name": "Bee"}, {"code": "C", "name": "Cee"}], "figures": []}
        found = differences(before, now)
        assert (found["joined"], found["left"]) == (["Cee"], ["Ay"])

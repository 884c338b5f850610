"""The pages of the evidence in a real browser: each is checked by axe, for sideways scrolling and for script errors."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser.conftest import DESKTOP, PHONE
from tests.evidence.report_world import World, build_world, finished
from tests.factories.evidence import DatasetFactory, EvidenceItemFactory
from tests.factories.kernel import PASSWORD, UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
BOTH_SCREENS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def world(monkeypatch) -> World:
    """The small world of the reports: jobs are written but not sent."""
    monkeypatch.setattr("lisapp.jobs.services.send", lambda job_id: None)
    return build_world()


@BOTH_SCREENS
def test_an_officer_reads_a_report_chooses_other_peers_and_adds_evidence(world, visitor, viewport):
    report = finished(world)
    officer = visitor(viewport=viewport)
    officer.sign_in(world.officer.email, PASSWORD)
    officer.open(report.get_absolute_url())
    officer.sees("What is not sure")
    officer.sees("Spillover partners")
    officer.follow("Accept these peers, or choose others")
    officer.press("Save")  # nothing chosen: the page says so beside the fields
    officer.sees("There is a problem")
    officer.choose("Yes: these are the peers")
    officer.fill("Why?", "Ports, and the same industries.")
    officer.press("Save")
    officer.sees("Ports, and the same industries.")
    officer.open(reverse("evidence:local_new", args=[world.lep.slug]))
    officer.press("Add evidence")
    officer.sees("There is a problem")
    officer.open(reverse("evidence:local_list", args=[world.lep.slug]))


@BOTH_SCREENS
def test_evidence_is_found_filtered_and_mapped(world, visitor, viewport):
    review = EvidenceItemFactory()
    reader = visitor(viewport=viewport)
    reader.sign_in(world.officer.email, PASSWORD)
    reader.open(reverse("evidence:what_works"))
    reader.open(reverse("evidence:gap_map"))
    reader.open(reverse("evidence:item", args=[review.slug]))
    reader.sees("Of 9 studies that looked at employment, 7 found")
    reader.open(f"{reverse('evidence:search')}?q=apprenticeships")
    reader.sees(review.title)
    reader.open(f"{reverse('evidence:search')}?q=nothing-of-the-kind")


@BOTH_SCREENS
def test_an_analyst_is_told_what_an_upload_lacks_and_sees_what_a_file_held(world, visitor, viewport):
    analyst = UserFactory(is_superuser=True)
    refused, imported = DatasetFactory(), DatasetFactory(imported=True)
    reader = visitor(viewport=viewport)
    reader.sign_in(analyst.email, PASSWORD)
    reader.open(reverse("evidence:dataset_list"))
    reader.open(reverse("evidence:dataset_new"))
    reader.press("Upload")
    reader.sees("There is a problem")
    reader.open(refused.get_absolute_url())
    finished(world)
    reader.open(reverse("evidence:report_all"))
    reader.sees("Reports that were made")
    reader.open(reverse("evidence:dataset_roll_back", args=[imported.pk]))
    reader.open(reverse("evidence:indicator_new"))
    reader.press("Add")
    reader.sees("There is a problem")


@BOTH_SCREENS
def test_anyone_looks_up_a_place_and_runs_a_comparison_again_without_an_account(world, visitor, viewport):
    stranger = visitor(viewport=viewport)
    stranger.open(reverse("evidence:place_list"))
    stranger.open(reverse("evidence:place", args=[world.place.code]))
    stranger.sees(world.place.name)
    stranger.open(f"{reverse('evidence:compare')}?place={world.place.code}&k=5&scale_k=5&resamples=20")
    stranger.sees("Comparison run again")

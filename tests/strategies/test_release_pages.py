"""Versions on screen: made, listed, and read as the document reads."""

from __future__ import annotations

import itertools

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from lisapp.places.enums import Role
from strategies.models import Release, Section
from strategies.services.releases import freeze
from tests.factories.kernel import MembershipFactory
from tests.factories.strategies import (
    CitationFactory,
    DiagnosisFactory,
    InterventionFactory,
    ObjectiveFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    strategy = StrategyFactory(vision="A place that makes things.", is_demonstration=True)
    citation = CitationFactory(strategy=strategy, is_figure=True)
    diagnosis = DiagnosisFactory(strategy=strategy, citations=[citation])
    objective = ObjectiveFactory(strategy=strategy, diagnosis=diagnosis)
    InterventionFactory(strategy=strategy, objectives=[objective], citations=[citation])
    return strategy


def page_of(release) -> str:
    return reverse("strategies:release", args=[release.strategy.slug, release.number])


def read(client, release) -> BeautifulSoup:
    response = client.get(page_of(release))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_freezing_makes_a_version_with_its_note(strategy, sign_in):
    client = sign_in(strategy.created_by)
    response = client.post(reverse("strategies:release_new", args=[strategy.slug]), {"note": "For the board"})
    release = Release.objects.get()
    assert response.url == page_of(release)
    assert (release.note, release.created_by) == ("For the board", strategy.created_by)
    assert "Version 1 is frozen." in client.get(response.url).content.decode()


def test_freezing_without_a_change_says_that_nothing_changed(strategy, sign_in):
    client = sign_in(strategy.created_by)
    freeze(strategy=strategy, by=strategy.created_by)
    response = client.post(reverse("strategies:release_new", args=[strategy.slug]), {"note": ""})
    assert Release.objects.count() == 1
    assert "Nothing has changed since version 1" in client.get(response.url).content.decode()


def test_a_note_that_is_too_long_is_refused_and_kept(strategy, sign_in):
    client = sign_in(strategy.created_by)
    html = client.post(reverse("strategies:release_new", args=[strategy.slug]), {"note": "n" * 201}).content.decode()
    assert "must be 200 characters or fewer" in html
    assert "n" * 201 in html
    assert not Release.objects.exists()


def test_a_version_reads_like_the_document(strategy, sign_in):
    release = freeze(strategy=strategy, by=strategy.created_by)
    soup = read(sign_in(strategy.created_by), release)
    text = " ".join(soup.get_text().split())
    for said in (
        "Demonstration content.",
        "A place that makes things.",
        "Firms train too little",
        "Raise skills where firms lack them",
        "Shared apprenticeship pool",
        "£31.2 (2023). The median of its peers is £34.5 and England is at £38.0.",
        "Office for National Statistics. Period: 2023. Vintage: Published May 2025. Licence:",
        release.content_hash,
        str(strategy.created_by),
    ):
        assert said in text, said


def test_a_version_keeps_its_text_when_the_strategy_changes(strategy, sign_in):
    release = freeze(strategy=strategy, by=strategy.created_by)
    Section.objects.filter(strategy=strategy).update(body="Written later.")
    assert "Written later." not in read(sign_in(strategy.created_by), release).get_text()


def test_links_within_the_page_lead_somewhere_and_ids_are_unique(strategy, sign_in):
    soup = read(sign_in(strategy.created_by), freeze(strategy=strategy, by=strategy.created_by))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in soup.select("main a[href^='#']")}
    assert len(targets) > 10
    assert targets <= set(ids)


def test_headings_on_the_page_skip_no_level(strategy, sign_in):
    soup = read(sign_in(strategy.created_by), freeze(strategy=strategy, by=strategy.created_by))
    levels = [int(tag.name[1]) for tag in soup.select("main")[0].find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_page_has_no_inline_style_and_every_picture_an_alternative(strategy, sign_in):
    soup = read(sign_in(strategy.created_by), freeze(strategy=strategy, by=strategy.created_by))
    assert not soup.select("main [style]")
    pictures = soup.select("main img")
    assert pictures
    assert all(picture["alt"] for picture in pictures)


def test_the_list_shows_the_versions_newest_first(strategy, sign_in):
    freeze(strategy=strategy, by=strategy.created_by, note="First")
    strategy.vision = "Another"
    strategy.save()
    freeze(strategy=strategy, by=strategy.created_by, note="Second")
    html = sign_in(strategy.created_by).get(reverse("strategies:releases", args=[strategy.slug])).content.decode()
    assert html.index("Second") < html.index("First")


def test_a_viewer_reads_versions_and_makes_none(strategy, sign_in):
    release = freeze(strategy=strategy, by=strategy.created_by)
    client = sign_in(MembershipFactory(lep=strategy.lep, role=Role.VIEWER).user)
    assert "Make Word and PDF documents" not in client.get(page_of(release)).content.decode()
    assert client.get(reverse("strategies:releases", args=[strategy.slug])).status_code == 200
    assert client.get(reverse("strategies:release_new", args=[strategy.slug])).status_code == 403


@pytest.mark.parametrize("name", ["releases", "release_new", "release", "document_list", "document_new"])
def test_another_lep_finds_nothing_and_the_public_is_asked_to_sign_in(strategy, client, sign_in, name):
    freeze(strategy=strategy, by=strategy.created_by)
    url = reverse(f"strategies:{name}", args=[strategy.slug, *([1] if name == "release" else [])])
    assert client.get(url).status_code == 302
    assert sign_in(MembershipFactory().user).get(url).status_code == 404


def test_the_button_on_a_version_asks_for_its_document(strategy, sign_in):
    release = freeze(strategy=strategy, by=strategy.created_by)
    client = sign_in(strategy.created_by)
    form = read(client, release).select_one("form[action$='/documents/new/']")
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    response = client.post(form["action"], data)
    assert release.documents.get().get_absolute_url() == response.url

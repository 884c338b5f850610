"""Evidence items to look through: counts with their n, filters, one item, and the map of where there is evidence."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from evidence.imports.compile import REVIEWS
from evidence.imports.reference_files import ReviewRow
from evidence.models import EvidenceItem
from evidence.selectors.what_works import gap_map
from tests.factories.evidence import EvidenceItemFactory
from tests.factories.kernel import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(sign_in):
    return sign_in(UserFactory())


def main(response) -> str:
    """The text of a page between its header and footer, white space folded."""
    part = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", part)


def page(reader, name="what_works", args=(), **query) -> str:
    return main(reader.get(reverse(f"evidence:{name}", args=args), query))


def rows(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestTheList:
    def test_no_evidence_and_no_effect_are_told_apart(self, reader):
        EvidenceItemFactory(title="Looked at", studies_positive=0)
        EvidenceItemFactory(title="Not looked at", studies_counted=0, studies_on_outcome=0, studies_positive=0)
        shown = page(reader)
        assert "No study reached Maryland level 3." in shown
        assert "Of 9 studies that looked at employment, 0 found a positive effect." in shown
        assert "no effect found" in shown
        assert "no evidence" in shown

    def test_no_percentage_stands_on_the_page(self, reader):
        EvidenceItemFactory()
        assert not re.search(r"\d\s*(%|per cent)", page(reader))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({}, {"Apprenticeships", "Voucher trial", "Tax credits"}),
            ({"pillar": "ideas"}, {"Tax credits"}),
            ({"policy_area": "business-advice"}, {"Voucher trial"}),
            ({"intervention_type": "training"}, {"Apprenticeships"}),
            ({"outcome": "Turnover"}, {"Voucher trial"}),
            ({"state": "works"}, {"Apprenticeships"}),
            ({"state": "no effect found"}, {"Voucher trial"}),
            ({"kind": "study"}, {"Voucher trial"}),
            ({"uk": "on"}, {"Voucher trial"}),
            ({"level": "3"}, {"Apprenticeships", "Voucher trial"}),
            ({"level": "4"}, {"Voucher trial"}),
            ({"words": "voucher"}, {"Voucher trial"}),
            ({"pillar": "no-such"}, {"Apprenticeships", "Voucher trial", "Tax credits"}),
        ],
    )
    def test_it_is_narrowed(self, reader, query, found):
        EvidenceItemFactory()
        EvidenceItemFactory(
            title="Voucher trial",
            kind="study",
            pillar="business-environment",
            policy_area="business-advice",
            intervention_type="advice",
            outcome="Turnover",
            effect_direction="none",
            studies_counted=1,
            studies_on_outcome=1,
            studies_positive=0,
            maryland_best=5,
            uk_studies=1,
        )
        EvidenceItemFactory(
            unstated=True, title="Tax credits", pillar="ideas", intervention_type="tax", policy_area="innovation"
        )
        shown = page(reader, **query)
        titles = {title for title in ("Apprenticeships", "Voucher trial", "Tax credits") if f">{title}</a>" in shown}
        assert titles == found

    def test_a_page_takes_as_many_queries_for_fifty_items_as_for_five(self, reader, django_assert_num_queries):
        EvidenceItemFactory.create_batch(5)
        page(reader)
        with django_assert_num_queries(5):  # session, person, outcomes, number of items, a page of items
            page(reader)
        EvidenceItemFactory.create_batch(45)
        with django_assert_num_queries(5):
            assert "page=2" in page(reader)

    def test_nothing_found_does_not_say_that_nothing_works(self, reader):
        EvidenceItemFactory()
        assert "says nothing about what works" in page(reader, words="unicorns")

    def test_an_empty_collection_says_so(self, reader):
        assert "No evidence is loaded yet." in page(reader)

    def test_the_file_says_not_stated_where_the_source_does_not_say(self, reader):
        EvidenceItemFactory(studies_positive=None, source_name="=SUM(A1)")
        row = rows(reader.get(reverse("evidence:what_works_csv")))[0]
        assert row["Studies on the outcome"] == "9"
        assert row["Found a positive effect"] == row["Studies from the United Kingdom"] == row["Cost"] == "not stated"
        assert row["Source"] == "'=SUM(A1)"


class TestOneItem:
    def test_four_facts_counts_and_source_are_shown(self, reader):
        item = EvidenceItemFactory(caution="Few looked.")
        shown = page(reader, "item", [item.slug])
        for text in ("Effect", "Strength", "Cost", "Transferability", "27 studies at Maryland level 3 or above"):
            assert text in shown
        assert f'href="{item.source_url}"' in shown
        assert "Few looked." in shown
        assert "Looked through: 1,250 studies." in shown
        assert "<svg" in shown

    def test_an_item_without_counts_has_no_drawing_and_no_nought(self, reader):
        shown = page(reader, "item", [EvidenceItemFactory(unstated=True).slug])
        assert "<svg" not in shown
        assert "the number of studies is not stated" in shown
        assert not re.search(r">\s*0\s*<", shown)

    def test_it_says_what_would_be_weak_about_a_claim_that_rests_on_it_alone(self, reader):
        sound = EvidenceItemFactory(uk_studies=3, newest_year=localdate().year)
        weak = EvidenceItemFactory(studies_counted=1, studies_on_outcome=1, studies_positive=1, uk_studies=0)
        assert "If a claim rests on this alone" not in page(reader, "item", [sound.slug])
        shown = page(reader, "item", [weak.slug])
        assert "This rests on 1 study." in shown
        assert "The 1 study is not from the United Kingdom" in shown

    def test_its_file_has_the_same_counts(self, reader):
        item = EvidenceItemFactory()
        row = rows(reader.get(reverse("evidence:item_csv", args=[item.slug])))[0]
        assert (row["Found a positive effect"], row["What was found"]) == ("7", "works")


class TestTheMap:
    def test_a_cell_says_how_many_items_which_level_and_how_many_studies(self, reader):
        EvidenceItemFactory(maryland_best=5)
        EvidenceItemFactory(title="Traineeships", studies_counted=44)
        shown = page(reader, "gap_map")
        assert "2 reviews, best level 5, 71 studies in all" in shown
        assert f"{reverse('evidence:what_works')}?pillar=people&amp;intervention_type=training" in shown

    def test_an_empty_cell_says_so_and_that_it_means_nothing(self, reader):
        EvidenceItemFactory()
        shown = page(reader, "gap_map")
        assert shown.count("No evidence item here</span>") == 54
        assert "That says nothing about whether it works." in shown
        cells = {
            (r["Kind of intervention"], r["Foundation"]): r for r in rows(reader.get(reverse("evidence:gap_map_csv")))
        }
        empty = cells["Tax reliefs", "Ideas"]
        assert empty["In words"] == "No evidence item here. That says nothing about whether it works."
        assert empty["Studies"] == ""

    def test_studies_that_two_items_count_are_added_once(self):
        EvidenceItemFactory(study_set="training", studies_counted=71)
        EvidenceItemFactory(study_set="training", studies_counted=71)
        held = [cell for cell in gap_map(EvidenceItem.objects.all()).cells if cell.findings]
        assert [cell.studies for cell in held] == [71]

    def test_unknown_numbers_and_levels_are_not_stated(self):
        EvidenceItemFactory(unstated=True)
        held = [cell for cell in gap_map(EvidenceItem.objects.all()).cells if cell.findings]
        assert held[0].words == "1 review, best level not stated, number of studies not stated"

    def test_it_is_narrowed_and_items_of_no_kind_are_counted_apart(self, reader):
        EvidenceItemFactory(outcome="Turnover")
        EvidenceItemFactory(intervention_type="")
        assert "1 evidence item in 1 of 55 cells" in page(reader, "gap_map")
        assert "1 more item is about no single kind" in page(reader, "gap_map")
        assert "0 evidence items in 0 of 55 cells" in page(reader, "gap_map", outcome="Employment")

    def test_fifty_items_take_as_many_queries_as_five(self, reader, django_assert_num_queries):
        EvidenceItemFactory.create_batch(5)
        with django_assert_num_queries(4):  # session, person, outcomes, items
            page(reader, "gap_map")
        EvidenceItemFactory.create_batch(45)
        with django_assert_num_queries(4):
            page(reader, "gap_map")

    def test_private_items_of_another_lep_are_neither_listed_nor_counted(self, sign_in):
        item = EvidenceItemFactory(local=True, title="Hidden survey", intervention_type="training", outcome="Secret")
        outsider = sign_in(MembershipFactory().user)
        assert "0 evidence items" in page(outsider, "gap_map")
        assert "Secret" not in page(outsider)
        assert "Hidden survey" not in page(outsider)
        member = sign_in(MembershipFactory(lep=item.lep).user)
        assert "1 evidence item in 1" in page(member, "gap_map")
        assert "Hidden survey" in page(member)


@pytest.fixture(scope="module")
def loaded() -> dict[str, ReviewRow]:
    """The committed items by slug."""
    return {row["slug"]: ReviewRow(**row) for row in json.loads(REVIEWS.read_text(encoding="utf-8"))}


class TestTheFactsThatAreLoaded:
    """The committed file against the counts of the review centre's table of October 2016."""

    PUBLISHED = {
        "access-to-finance": (1450, 27, 11, 6),
        "apprenticeships": (1250, 27, 9, 7),
        "broadband": (1000, 16, 10, 5),
        "business-advice": (700, 23, 17, 8),
        "employment-training": (1000, 71, 65, 33),
        "enterprise-zones": (1300, 30, 27, 15),
        "estate-renewal": (1050, 21, 5, 1),
        "eu-funds": (1300, 18, 11, 5),
        "innovation": (1700, 63, 10, 6),
        "public-realm": (1140, 0, 0, 0),
        "sports-and-culture": (550, 36, 16, 4),
        "transport": (2300, 29, 6, 2),
    }

    def test_the_employment_counts_are_the_published_ones(self, loaded):
        counts = {
            slug: (row.studies_screened, row.studies_counted, row.studies_on_outcome, row.studies_positive)
            for slug, row in loaded.items()
            if row.outcome == "Employment" and row.studies_screened
        }
        assert counts == self.PUBLISHED

    def test_every_item_fits_the_model_and_names_its_source(self, loaded):
        for row in loaded.values():
            EvidenceItem(**asdict(row)).full_clean()
            assert row.source_url

    def test_what_no_source_states_is_left_open(self, loaded):
        assert {slug for slug, row in loaded.items() if row.uk_studies is not None} == {
            "growth-vouchers-jobs",
            "growth-vouchers-turnover",
            "research-grants",
        }
        assert {slug for slug, row in loaded.items() if row.cost} == {"business-advice-any-outcome"}

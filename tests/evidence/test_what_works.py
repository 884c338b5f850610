"""What evaluations found: counts with their base, and "no evidence" apart from "no effect"."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from evidence.selectors.what_works import State, findings, without_reviews
from tests.factories.evidence import EvidenceItemFactory
from tests.factories.kernel import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("counted", "on_outcome", "positive", "state"),
    [
        (27, 9, 7, State.MOST),
        (27, 10, 5, State.SOME),
        (27, 9, 1, State.SOME),
        (27, 9, 0, State.NO_EFFECT),
        (27, 0, 0, State.OTHER_OUTCOME),
        (0, 0, 0, State.NO_EVIDENCE),
    ],
)
def test_the_state_follows_from_the_counts(counted, on_outcome, positive, state):
    EvidenceItemFactory(studies_counted=counted, studies_on_outcome=on_outcome, studies_positive=positive)
    assert findings()[0].state == state


def test_counts_always_name_their_base():
    EvidenceItemFactory()
    finding = findings()[0]
    assert finding.counts == "7 of 9 studies"
    assert finding.sentence.startswith("7 of 9 studies that looked at employment found a positive effect")


def test_one_study_is_written_in_the_singular():
    EvidenceItemFactory(studies_on_outcome=1, studies_positive=1)
    assert findings()[0].counts == "1 of 1 study"


def test_foundations_without_a_review_are_named_as_gaps():
    EvidenceItemFactory(pillar="people")
    assert without_reviews(findings()) == ["Ideas", "Infrastructure", "Business environment", "Places"]


class TestThePage:
    @pytest.fixture
    def reader(self, sign_in):
        return sign_in(UserFactory())

    def page(self, reader) -> str:
        return reader.get(reverse("evidence:what_works")).content.decode()

    def test_no_evidence_and_no_effect_are_told_apart(self, reader):
        EvidenceItemFactory(title="Looked at", studies_positive=0)
        EvidenceItemFactory(title="Not looked at", studies_counted=0, studies_on_outcome=0, studies_positive=0)
        page = self.page(reader)
        assert "No study reached Maryland level 3" in page
        assert "0 of 9 studies that looked at employment found a positive effect" in page
        assert "no effect found" in page
        assert "no evidence" in page

    def test_no_percentage_stands_on_the_page(self, reader):
        EvidenceItemFactory()
        main = self.page(reader).split("<main")[1].split("</main>")[0]
        assert not re.search(r"\d\s*(%|per cent)", main)

    def test_sources_are_linked_and_gaps_named(self, reader):
        review = EvidenceItemFactory(pillar="people")
        page = self.page(reader)
        assert f'href="{review.source_url}"' in page
        assert "No review here is about Ideas" in page

    def test_one_query_reads_the_reviews_whatever_their_number(self, reader, django_assert_num_queries):
        EvidenceItemFactory.create_batch(50)
        with django_assert_num_queries(1):
            assert len(findings()) == 50

    def test_an_empty_collection_says_so(self, reader):
        assert "No review is loaded yet." in self.page(reader)

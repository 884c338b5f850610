"""Search over evidence items and indicators: full text on PostgreSQL, every word in the text on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from evidence.selectors.search import search, terms
from tests.factories.evidence import EvidenceItemFactory, IndicatorFactory
from tests.factories.kernel import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory()


def titles(user, query) -> list[str]:
    found = search(user, query)
    return [hit.title for hit in found[0:50]]


class TestWhatIsFound:
    def test_evidence_and_indicators_come_together_evidence_first(self, person):
        IndicatorFactory(label="Apprenticeship starts", definition="New apprenticeships.")
        EvidenceItemFactory(title="Apprenticeships", finding="Raises pay.")
        EvidenceItemFactory(title="Transport")
        assert titles(person, "apprenticeship") == ["Apprenticeships", "Apprenticeship starts"]

    def test_every_word_must_be_there(self, person):
        EvidenceItemFactory(title="Training in firms", finding="Raises pay.")
        EvidenceItemFactory(title="Training in classrooms", finding="Little.")
        assert titles(person, "training pay") == ["Training in firms"]

    @pytest.mark.parametrize("field", ["title", "outcome", "finding", "caution", "source_name"])
    def test_each_text_of_an_item_is_searched(self, person, field):
        EvidenceItemFactory()
        EvidenceItemFactory(**{field: "zebra crossings"})
        assert len(titles(person, "zebra")) == 1

    @pytest.mark.parametrize("field", ["label", "definition", "caveat"])
    def test_each_text_of_an_indicator_is_searched(self, person, field):
        IndicatorFactory(**{field: "zebra crossings"})
        IndicatorFactory()
        assert len(titles(person, "zebra")) == 1

    def test_a_phrase_is_kept_together_and_a_minus_leaves_out(self, person):
        EvidenceItemFactory(title="Tax credits for research", finding="a")
        EvidenceItemFactory(title="Credits and tax in the classroom", finding="b")
        assert titles(person, '"tax credits"') == ["Tax credits for research"]
        assert titles(person, "tax -classroom") == ["Tax credits for research"]

    @pytest.mark.parametrize(
        "query", ["", "  ", "-", '"', "-training", "' OR 1=1 --", "((", "a & | !b", ":*", "%", "\\"]
    )
    def test_nothing_that_is_typed_can_break_it(self, person, query):
        EvidenceItemFactory()
        assert len(titles(person, query)) <= 1

    def test_words_that_say_nothing_find_nothing(self, person):
        EvidenceItemFactory()
        for query in ("", "   ", "-training"):
            assert titles(person, query) == []

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="Word stems and ranks are PostgreSQL's.")
    def test_postgresql_knows_word_stems_and_puts_the_best_first(self, person):
        EvidenceItemFactory(title="Trains", finding="Training, training and training.")
        EvidenceItemFactory(title="Apples", finding="One word on training among many others that are not about it.")
        assert titles(person, "trained") == ["Trains", "Apples"]


class TestExcerpts:
    def test_the_words_found_are_marked_and_the_rest_is_escaped(self, person):
        EvidenceItemFactory(finding='<script>alert("x")</script> Training helps & pays.')
        excerpt = search(person, "training")[0:1][0].excerpt
        assert "<mark>Training</mark> helps &amp; pays" in excerpt
        assert "<script" not in excerpt

    def test_a_word_that_is_markup_is_not_run(self, person):
        EvidenceItemFactory(finding="Tables with <b> in them, and training.")
        for hit in search(person, "b training")[0:5]:
            assert "<b>" not in hit.excerpt

    def test_a_long_text_is_cut_around_the_word(self, person):
        EvidenceItemFactory(finding=f"{'padding ' * 200} training {'filler ' * 200}")
        excerpt = search(person, "training")[0:1][0].excerpt
        assert "<mark>training</mark>" in excerpt
        assert len(excerpt) < 600


class TestWhoFindsWhat:
    def test_private_evidence_of_another_lep_is_never_found(self, sign_in):
        member = MembershipFactory()
        EvidenceItemFactory(local=True, lep=member.lep, finding="The zebra plan is secret.")
        EvidenceItemFactory(local=True, title="Shared zebra", is_shared=True)
        outsider = MembershipFactory().user
        assert titles(outsider, "zebra") == ["Shared zebra"]
        assert search(outsider, '"zebra plan"').item_count == 0
        shown = sign_in(outsider).get(reverse("evidence:search"), {"q": "zebra"}).content.decode()
        assert "secret" not in shown
        assert "1 result for" in shown
        listed = sign_in(outsider).get(reverse("evidence:what_works"), {"words": "zebra"}).content.decode()
        assert "secret" not in listed
        file = sign_in(outsider).get(reverse("evidence:what_works_csv"), {"words": "zebra"})
        assert b"secret" not in b"".join(file.streaming_content)
        assert set(titles(member.user, "zebra")) == {"Survey of employers", "Shared zebra"}

    def test_each_persons_own_items_are_found_once_even_with_several_roles(self):
        user = UserFactory()
        first = MembershipFactory(user=user)
        MembershipFactory(user=user)
        EvidenceItemFactory(local=True, lep=first.lep, finding="zebra")
        assert len(titles(user, "zebra")) == 1


class TestThePage:
    @pytest.fixture
    def reader(self, sign_in, person):
        return sign_in(person)

    def page(self, reader, **query) -> str:
        return reader.get(reverse("evidence:search"), query).content.decode()

    def test_it_says_what_to_do_before_and_when_nothing_is_found(self, reader):
        assert "hold all the words" in self.page(reader)
        assert "Use fewer or other words" in self.page(reader, q="unicorns")

    def test_what_was_typed_is_shown_as_text(self, reader):
        page = self.page(reader, q="<script>alert(1)</script>")
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_fifty_results_take_as_many_queries_as_five_and_pages_cross_from_evidence_to_indicators(
        self, reader, django_assert_num_queries
    ):
        EvidenceItemFactory.create_batch(5, finding="zebra")
        IndicatorFactory.create_batch(5, definition="zebra")
        self.page(reader, q="zebra")
        with django_assert_num_queries(6):  # session, person, two numbers, two lists
            self.page(reader, q="zebra")
        EvidenceItemFactory.create_batch(20, finding="zebra")
        IndicatorFactory.create_batch(20, definition="zebra")
        with django_assert_num_queries(6):
            second = self.page(reader, q="zebra", page=2)
        assert "50 results" in second
        assert second.count("Review of evaluations") == 5
        assert second.count(">Indicator ·") == 15
        assert "page=3" in second


def test_terms_are_read_as_words_phrases_and_words_to_leave_out():
    read = [(term.text, term.excluded) for term in terms('tax "research grants" -loans -"old ways" - ""')]
    assert read == [("tax", False), ("research grants", False), ("loans", True), ("old ways", True)]

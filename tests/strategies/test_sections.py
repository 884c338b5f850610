"""Sections: written, previewed, never overwritten unseen, and every text kept."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from strategies.domain.diff import word_diff
from strategies.services.sections import save_section
from tests.factories.kernel import MembershipFactory
from tests.factories.strategies import StrategyFactory

text = st.text(alphabet="ab ,.\n£é", max_size=60)


@given(text, text)
def test_a_word_diff_gives_back_both_texts(old, new):
    changes = word_diff(old, new)
    assert "".join(c.text for c in changes if c.kind != "inserted") == old
    assert "".join(c.text for c in changes if c.kind != "deleted") == new


def test_a_word_diff_marks_the_word_that_changed():
    kinds = [(c.kind, c.text) for c in word_diff("raise skills by 2030", "raise skills by 2035")]
    assert kinds == [("same", "raise skills by "), ("deleted", "2030"), ("inserted", "2035")]


@pytest.fixture
def strategy(db):
    return StrategyFactory()


def address(strategy, name="section_edit", key="people"):
    return reverse(f"strategies:{name}", args=[strategy.slug, key])


def test_saving_a_section_keeps_a_revision_with_its_note(sign_in, strategy):
    client = sign_in(strategy.created_by)
    data = {"body": "## Skills\n\nText", "note": "First draft", "version": 1}
    page = client.post(address(strategy), data, follow=True).content.decode()
    assert "The section has been saved" in page
    section = strategy.sections.get(template__key="people")
    revision = section.revisions.get()
    assert (section.version, revision.number, revision.note) == (2, 2, "First draft")
    assert section.updated_by == strategy.created_by


def test_an_unchanged_text_makes_no_revision(sign_in, strategy):
    client = sign_in(strategy.created_by)
    page = client.post(address(strategy), {"body": "", "version": 1}, follow=True).content.decode()
    assert "Nothing had changed" in page
    assert not strategy.sections.get(template__key="people").revisions.exists()


def test_a_preview_shows_the_text_as_readers_see_it_and_saves_nothing(sign_in, strategy):
    client = sign_in(strategy.created_by)
    data = {"body": "## Skills\n\nSome **bold** text", "version": 1, "preview": "1"}
    page = client.post(address(strategy), data).content.decode()
    assert "<strong>bold</strong>" in page
    assert "Some **bold** text" in page
    assert strategy.sections.get(template__key="people").body == ""


def test_a_script_in_the_text_stays_text(sign_in, strategy):
    client = sign_in(strategy.created_by)
    data = {"body": "<script>alert(1)</script>", "version": 1, "preview": "1"}
    assert "<script>alert(1)" not in client.post(address(strategy), data).content.decode()


def test_of_two_writers_the_second_sees_base_theirs_and_mine(sign_in, strategy):
    section = strategy.sections.get(template__key="people")
    colleague = MembershipFactory(lep=strategy.lep).user
    save_section(section=section, body="The base text.", by=colleague, expected_version=1)
    save_section(section=section, body="The base text, by them.", by=colleague, expected_version=2)
    client = sign_in(strategy.created_by)
    response = client.post(address(strategy), {"body": "The base text, by me.", "version": 2})
    page = response.content.decode()
    assert response.status_code == 409
    assert str(colleague) in page
    assert "them" in page
    assert "The base text, by me." in page
    assert 'name="version" value="3"' in page
    client.post(address(strategy), {"body": "The base text, by us.", "version": 3})
    section.refresh_from_db()
    assert section.body == "The base text, by us."
    assert section.revisions.count() == 3


def test_the_history_shows_what_changed_and_restores(sign_in, strategy):
    section = strategy.sections.get(template__key="people")
    for version, body in enumerate(["Old words", "New words"], start=1):
        save_section(section=section, body=body, by=strategy.created_by, expected_version=version)
    client = sign_in(strategy.created_by)
    page = client.get(address(strategy, "section_history")).content.decode()
    assert "<del>" in page
    assert "Old" in page
    client.post(address(strategy, "section_history"), {"revision": 2, "seen": 2})
    section.refresh_from_db()
    assert section.body == "New words", "an old page must not restore over a newer text"
    client.post(address(strategy, "section_history"), {"revision": 2, "seen": 3})
    section.refresh_from_db()
    assert (section.body, section.version) == ("Old words", 4)
    assert section.revisions.first().note == "Restored from revision 2"


def test_a_viewer_reads_the_list_and_the_history_but_does_not_write(sign_in, strategy):
    client = sign_in(MembershipFactory(lep=strategy.lep, viewer=True).user)
    assert client.get(reverse("strategies:section_list", args=[strategy.slug])).status_code == 200
    assert client.get(address(strategy, "section_history")).status_code == 200
    refused = client.get(address(strategy))
    assert refused.status_code == 403
    assert "Ask its lead" in refused.content.decode()
    save_section(
        section=strategy.sections.get(template__key="people"), body="A", by=strategy.created_by, expected_version=1
    )
    assert client.post(address(strategy, "section_history"), {"revision": 2}).status_code == 403


def test_a_second_click_on_save_changes_nothing_and_shows_no_conflict(sign_in, strategy):
    client = sign_in(strategy.created_by)
    data = {"body": "Some text", "version": 1}
    assert [client.post(address(strategy), data).status_code for _ in range(2)] == [302, 302]
    assert strategy.sections.get(template__key="people").revisions.count() == 1


def test_what_was_typed_when_the_session_ran_out_comes_back(sign_in, client, strategy):
    client.post(address(strategy), {"body": "An hour of work", "version": 1, "csrfmiddlewaretoken": "x" * 32})
    page = sign_in(strategy.created_by).get(address(strategy)).content.decode()
    assert "An hour of work" in page
    assert strategy.sections.get(template__key="people").body == ""


def test_the_list_takes_as_many_queries_for_long_texts_as_for_short(sign_in, strategy, django_assert_max_num_queries):
    client = sign_in(strategy.created_by)
    with django_assert_max_num_queries(26):
        client.get(reverse("strategies:section_list", args=[strategy.slug]))

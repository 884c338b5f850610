"""The difference between two texts loses nothing and invents nothing."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from strategies.domain.diff import Change, word_diff

WORDS = st.lists(st.sampled_from(["skills", "firms", "the", "£1,200", "don’t", ".", "\n", "\n\n", " ", "  ", "é"]))
TEXTS = st.one_of(WORDS.map(" ".join), st.text())


@given(TEXTS, TEXTS)
def test_what_stayed_and_what_went_is_the_old_text_and_what_stayed_and_came_is_the_new(old, new):
    changes = word_diff(old, new)
    assert "".join(change.text for change in changes if change.kind != "inserted") == old
    assert "".join(change.text for change in changes if change.kind != "deleted") == new


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert word_diff(text, text) == ([Change("same", text)] if text else [])


@given(TEXTS, TEXTS)
def test_neighbouring_changes_are_of_different_kinds(old, new):
    kinds = [change.kind for change in word_diff(old, new)]
    assert all(one != other for one, other in itertools.pairwise(kinds))


def test_one_changed_word_is_found_within_its_sentence():
    changes = word_diff("First line.\n\nFirms train too little.\n", "First line.\n\nFirms train far too little.\n")
    assert [(c.kind, c.text.strip()) for c in changes if c.kind != "same"] == [("inserted", "far")]


def test_a_number_with_separators_changes_as_a_whole():
    changes = word_diff("It costs £1,200 a year.", "It costs £1,500 a year.")
    assert [(c.kind, c.text) for c in changes if c.kind != "same"] == [("deleted", "1,200"), ("inserted", "1,500")]


def test_a_long_section_of_which_everything_was_touched_is_compared_word_by_word():
    lines = [f"Firms in district {n} train fewer people than the firms in district {n + 1} do." for n in range(400)]
    old, new = "\n".join(lines), "\n".join(["A new first line.", *lines]).replace("fewer", "many fewer")
    changes = word_diff(old, new)
    assert "".join(change.text for change in changes if change.kind != "deleted") == new
    inserted = [c.text.strip() for c in word_diff(old, old.replace("fewer", "many fewer")) if c.kind == "inserted"]
    assert inserted == ["many"] * 400

"""The difference between two texts loses nothing and invents nothing."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from strategies.domain.diff import Piece, changed_words, word_diff

WORDS = st.lists(st.sampled_from(["skills", "firms", "the", "£1,200", "don’t", ".", "\n", "\n\n", " ", "  ", "é"]))
TEXTS = st.one_of(WORDS.map(" ".join), st.text())


@given(TEXTS, TEXTS)
def test_what_stayed_and_what_went_is_the_old_text_and_what_stayed_and_came_is_the_new(old, new):
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert word_diff(text, text) == ([Piece("same", text)] if text else [])


@given(TEXTS, TEXTS)
def test_neighbouring_pieces_are_of_different_kinds(old, new):
    kinds = [piece.kind for piece in word_diff(old, new)]
    assert all(one != other for one, other in zip(kinds, kinds[1:], strict=False))


def test_one_changed_word_is_found_within_its_sentence():
    pieces = word_diff("First line.\n\nFirms train too little.\n", "First line.\n\nFirms train far too little.\n")
    assert [piece.text.strip() for piece in pieces if piece.kind == "added"] == ["far"]
    assert [piece for piece in pieces if piece.kind == "removed"] == []
    assert changed_words(pieces) == (1, 0)


def test_a_number_with_separators_changes_as_a_whole():
    pieces = word_diff("It costs £1,200 a year.", "It costs £1,500 a year.")
    assert [(p.kind, p.text) for p in pieces if p.kind != "same"] == [("removed", "1,200"), ("added", "1,500")]


def test_a_long_section_of_which_everything_was_touched_is_compared_within_a_second_or_two():
    lines = [f"Firms in district {n} train fewer people than the firms in district {n + 1} do." for n in range(400)]
    old, new = "\n".join(lines), "\n".join(["A new first line.", *lines]).replace("fewer", "many fewer")
    started = time.perf_counter()
    pieces = word_diff(old, new)
    assert time.perf_counter() - started < 5
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert changed_words(word_diff(old, old.replace("fewer", "many fewer"))) == (400, 0)

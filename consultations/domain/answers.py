"""What counts as an answer: cleaning what was typed, and saying in plain English what is wrong with it.

An answer is a text, or for a question with several choices a list of texts. An empty answer is "" or [].
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from consultations.domain.definition import LONG_TEXT, MULTIPLE, SHORT_TEXT, Definition, QuestionDefinition

Answer = str | list[str]

SHORT_TEXT_CHARACTERS = 300
LONG_TEXT_CHARACTERS = 50_000

# The respondent types that speak for an organisation, whose name is then needed.
ORGANISATION_TYPES = frozenset({"business", "council", "university", "voluntary"})

_SPACES = re.compile(r"[^\S\n]+")


def clean_text(text: str, *, lines: bool = True) -> str:
    """Return `text` without control characters and outer white space; with `lines` False, on one line.

    Line ends become "\\n". Words are never changed: cleaning twice gives the same as cleaning once.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    if not lines:
        text = _SPACES.sub(" ", text.replace("\n", " "))
    return text.strip()


def clean(question: QuestionDefinition, raw: Any) -> Answer:
    """Return the answer that `raw` (a text, a list of texts, or None) means for `question`.

    Chosen options are put in the question's order and kept once; what is no option is kept, for `problem` to name.
    """
    if question.type == MULTIPLE:
        given = [raw] if isinstance(raw, str) else list(raw or [])
        chosen = [str(item) for item in given if item]
        known = [option for option in question.choices if option in chosen]
        return known + sorted({item for item in chosen if item not in question.choices})
    if isinstance(raw, list | tuple):
        raw = raw[-1] if raw else ""
    text = str(raw or "")
    if question.is_counted:
        return text.strip()
    return clean_text(text, lines=question.type == LONG_TEXT)


def problem(question: QuestionDefinition, answer: Answer) -> str:
    """Say what is wrong with a cleaned `answer`, as an instruction; "" where nothing is."""
    if not answer:
        return _missing(question) if question.required else ""
    if question.is_counted:
        chosen = answer if isinstance(answer, list) else [answer]
        if any(option not in question.choices for option in chosen):
            return "Choose from the answers on this page"
        return ""
    limit = SHORT_TEXT_CHARACTERS if question.type == SHORT_TEXT else LONG_TEXT_CHARACTERS
    if len(answer) > limit:
        return f"Your answer must be {limit:,} characters or fewer (it has {len(answer):,})"
    words = len(str(answer).split())
    if question.max_words and words > question.max_words:
        return f"Your answer must be {question.max_words:,} words or fewer (it has {words:,})"
    return ""


def _missing(question: QuestionDefinition) -> str:
    if question.type == MULTIPLE:
        return "Select at least one answer"
    return "Select an answer" if question.is_counted else "Enter your answer"


def problems(definition: Definition, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return what is wrong with a whole set of answers: question key → message, in the order of the questions.

    An answer to a question that was never asked is reported under its own key.
    """
    found = {q.key: problem(q, answers.get(q.key, "")) for q in definition}
    asked = {q.key for q in definition}
    found |= {key: "This question is not part of this consultation" for key in answers if key not in asked}
    return {key: message for key, message in found.items() if message}


def needs_organisation(respondent_type: str) -> bool:
    """Say whether a respondent of this type must name an organisation."""
    return respondent_type in ORGANISATION_TYPES

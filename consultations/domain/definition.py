"""The questions of a consultation, frozen: what a respondent was asked.

`to_dict` and `from_dict` turn a definition into JSON and back. A consultation stores it when it is published, and every
response keeps a copy, so that an answer can always be read beside the question as it was put.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any

SCHEMA_VERSION = 1

SHORT_TEXT = "short_text"
LONG_TEXT = "long_text"
SINGLE = "single"
MULTIPLE = "multiple"
SCALE = "scale"

#: Types whose options the officers write.
OWN_OPTIONS = frozenset({SINGLE, MULTIPLE})
#: Types whose answers can be counted.
COUNTED = frozenset({SINGLE, MULTIPLE, SCALE})

SCALE_OPTIONS = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")


@dataclass(frozen=True)
class QuestionDefinition:
    """One question. `key` never changes; `max_words` is None where only the general limit holds."""

    key: str
    type: str
    text: str
    help_text: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    max_words: int | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers that can be chosen: a scale brings its own."""
        return SCALE_OPTIONS if self.type == SCALE else self.options

    @property
    def is_counted(self) -> bool:
        """Whether its answers are choices."""
        return self.type in COUNTED

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> QuestionDefinition:
        """Build a question, ignoring what a later version may have added."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        return cls(**{**values, "options": tuple(values.get("options", ()))})

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        return {**asdict(self), "options": list(self.options)}


@dataclass(frozen=True)
class Definition:
    """All questions in the order in which they are asked."""

    questions: tuple[QuestionDefinition, ...] = ()

    def __iter__(self) -> Iterator[QuestionDefinition]:
        return iter(self.questions)

    def __len__(self) -> int:
        return len(self.questions)

    def question(self, key: str) -> QuestionDefinition:
        """Return a question by its key. Raises KeyError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data, with the version of its shape under "schema"."""
        return {"schema": SCHEMA_VERSION, "questions": [question.to_dict() for question in self.questions]}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Definition:
        """Build the definition from what `to_dict` gave. Raises ValueError for a newer shape than this one."""
        if data.get("schema", SCHEMA_VERSION) > SCHEMA_VERSION:
            raise ValueError(f"These questions have shape {data['schema']}; only up to {SCHEMA_VERSION} can be read.")
        return cls(tuple(QuestionDefinition.from_dict(item) for item in data.get("questions", ())))

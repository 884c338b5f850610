"""Why an answer could not be taken. Pages explain each; nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Mapping


class NotOpen(Exception):
    """It is before the opening or after the closing time, on the server's clock."""


class Incomplete(Exception):
    """Answers are missing or wrong: `problems` maps a step of the route to its message."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class NoDraft(Exception):
    """Nothing is kept under this token, or another response than the one that the page showed."""


class NotReady(Exception):
    """A consultation cannot open yet: the checklist says what is missing."""

"""The order of the pages: one question each, then who is answering, then a page to check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from consultations.domain.answers import Answer
from consultations.domain.definition import Definition

ABOUT = "about-you"
CHECK = "check"


@dataclass(frozen=True)
class Route:
    """The way through a definition. A step is a question's key, or ABOUT."""

    definition: Definition

    @property
    def steps(self) -> tuple[str, ...]:
        """All steps in their order."""
        return (*(question.key for question in self.definition), ABOUT)

    def __contains__(self, step: object) -> bool:
        return step in self.steps

    @property
    def first(self) -> str:
        """Where answering begins."""
        return self.steps[0]

    def after(self, step: str) -> str:
        """The step that follows, or CHECK after the last. Raises KeyError for a step that is not on the route."""
        position = self._position(step)
        return self.steps[position + 1] if position + 1 < len(self.steps) else CHECK

    def before(self, step: str) -> str | None:
        """The step that comes before; None for the first. CHECK comes after the last step."""
        if step == CHECK:
            return self.steps[-1]
        position = self._position(step)
        return self.steps[position - 1] if position else None

    def progress(self, step: str) -> str:
        """Where a respondent is, in words."""
        if step == ABOUT:
            return "Last step"
        return f"Question {self._position(step) + 1} of {len(self.definition)}"

    def resume(self, answers: Mapping[str, Answer], about: Mapping[str, object]) -> str:
        """Where someone who comes back goes on: the first step that they have not been to, else CHECK."""
        for question in self.definition:
            if question.key not in answers:
                return question.key
        return CHECK if about else ABOUT

    def _position(self, step: str) -> int:
        try:
            return self.steps.index(step)
        except ValueError:
            raise KeyError(step) from None

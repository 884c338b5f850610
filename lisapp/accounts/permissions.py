"""What a permission function answers: yes, or no with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from lisapp.errors import NotAllowed


@dataclass(frozen=True)
class Decision:
    """The answer of a policy function. `reason` is plain English, shown where a button is missing."""

    allowed: bool
    reason: str = ""

    @classmethod
    def yes(cls) -> Decision:
        return cls(True)

    @classmethod
    def no(cls, reason: str) -> Decision:
        return cls(False, reason)

    def __bool__(self) -> bool:
        return self.allowed

    def or_raise(self) -> None:
        """Raise NotAllowed with the reason unless the answer is yes."""
        if not self.allowed:
            raise NotAllowed(self.reason)

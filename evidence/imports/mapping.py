"""How a file of figures is read: found by looking at it, and changed by the analyst who knows it."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, NamedTuple

TIDY, BLOCKS = "tidy", "nomis"
SHAPES = {
    TIDY: "One figure a row (tidy)",
    BLOCKS: "Blocks of figures under titles (ONS or Nomis export)",
}
LEFT_OUT = "-"

Role = Literal["code", "name", "indicator", "period", "value", "lower", "upper", "interval"]
ROLES: Pairs[str, str] = {
    "code": "Area code",
    "name": "Area name",
    "indicator": "Indicator",
    "period": "Period",
    "value": "Value",
    "lower": "Lower 95% limit",
    "upper": "Upper 95% limit",
    "interval": "Half of the 95% interval (±)",
}


class BadMapping(ValueError):
    """A mapping from outside that does not have the right keys or types. The message is the reason."""


@dataclass(frozen=True)
class Mapping:
    """What an analyst can decide about a file. Blank means "as found".

    `columns` gives the heading of each role in a tidy table. `measures` gives, for each measure that the file names,
    the code of an indicator or "-" to leave it out. `indicator` and `period` hold for a file that names none.
    `boundaries` is the year of the list of LEP areas that the file is on, and `kind` the kind of place that a name
    without a prefix means.
    """

    shape: str = ""
    columns: Pairs[str, str] = field(default_factory=dict)
    measures: Pairs[str, str] = field(default_factory=dict)
    indicator: str = ""
    period: str = ""
    boundaries: str = ""
    kind: str = ""

    @classmethod
    def of(cls, given: Any) -> Mapping:
        """From JSON. Raises BadMapping."""
        if not isinstance(given, dict):
            raise BadMapping("The mapping is not an object with keys and values.")
        known = {item.name for item in fields(cls)}
        if unknown := sorted(set(given) - known):
            raise BadMapping(f"The mapping has the unknown key {unknown[0]}. It can have {', '.join(sorted(known))}.")
        for name, value in given.items():
            pairs = name in {"columns", "measures"}
            if pairs and not (isinstance(value, dict) and all(isinstance(item, str) for item in value.values())):
                raise BadMapping(f"{name} in the mapping must be an object of texts.")
            if not pairs and not isinstance(value, str):
                raise BadMapping(f"{name} in the mapping must be a text.")
        made = cls(**given)
        if made.shape not in {"", *SHAPES}:
            raise BadMapping(f"The shape must be {' or '.join(SHAPES)}.")
        if unknown := sorted(set(made.columns) - set(ROLES)):
            raise BadMapping(f"There is no role {unknown[0]} for a column. The roles are {', '.join(ROLES)}.")
        return made

    def as_json(self) -> dict[str, Any]:
        """What `of` takes."""
        return asdict(self)


class RawFigure(NamedTuple):
    """One cell of a table that holds a figure, before anything is looked up.

    `problem` says why it cannot be read. `value` is None for a suppressed figure.
    """

    sheet: str
    row: int
    column: str
    code: str
    name: str
    measure: str
    period: Any
    value: float | None
    lower: float | None = None
    upper: float | None = None
    half: bool = False  # the limits were given as one half-width
    problem: str = ""

"""Reading a CSV file of commuting: origin, destination, period, commuters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .tables import BadTable, Row, read_table

COLUMNS = ("origin", "destination", "period", "commuters")
LONGEST_PERIOD = 20
MOST_PEOPLE = 100_000_000
ENGLISH = "E"  # how the ONS codes of areas in England begin


class BadFlows(ValueError):
    """A file of commuting that cannot be used; `reasons` names every fault with its row and column."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True)
class Flow:
    """How many people live in `origin` and work in `destination`, by ONS codes."""

    row: Row
    origin: str
    destination: str
    period: str
    commuters: int


def read_flows(path: Path) -> tuple[list[Flow], int]:
    """Read the flows within England, and count the rows left out because an end lies outside it.

    Raises BadFlows with every fault: an empty code, a period that is empty or too long, a number of people that is not
    whole, and a pair that is there twice for a period.
    """
    try:
        table = read_table(path, COLUMNS)
    except BadTable as error:
        raise BadFlows([str(error)]) from error
    flows: dict[tuple[str, str, str], Flow] = {}
    faults: list[str] = []
    outside = 0
    for row in table.rows:
        try:
            flow = _flow(row)
            if not (flow.origin.startswith(ENGLISH) and flow.destination.startswith(ENGLISH)):
                outside += 1
                continue
            key = (flow.origin, flow.destination, flow.period)
            if key in flows:
                raise row.bad("destination", f"the flow of row {flows[key].row.number} again")
            flows[key] = flow
        except BadTable as error:
            faults.append(str(error))
    if not faults and not flows:
        faults.append(f"{path}: has no flow within England.")
    if faults:
        raise BadFlows(faults)
    return list(flows.values()), outside


def _flow(row: Row) -> Flow:
    period, people = row.text("period"), row.number_in("commuters")
    if len(period) > LONGEST_PERIOD:
        raise row.bad("period", f"is longer than {LONGEST_PERIOD} characters")
    if people != int(people) or not 0 <= people <= MOST_PEOPLE:
        raise row.bad("commuters", f"“{row.fields['commuters']}” is not a whole number of people")
    return Flow(row, row.text("origin"), row.text("destination"), period, int(people))

"""What is different from the last report on the same place that was made from other data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.models import ComparatorReport, DataRelease

Row = Mapping[str, Any]


def changes_since_last_vintage(report: ComparatorReport, result: Row, release: DataRelease | None) -> dict[str, Any]:
    """Compare a result with the LEP's last finished report on the place from another data release.

    Keys: release, finished (ISO date), same_choices, joined and left (names of peers), figures and states (lists of
    {label, unit, decimals, was, was_period, now, period}, {label, was, now}); or only `reason`, in words.
    """
    earlier = (
        ComparatorReport.objects.ready()
        .filter(lep=report.lep, place=report.place)
        .exclude(data_release=release)
        .exclude(pk=report.pk)
        .select_related("data_release")
        .order_by("-finished_at")
        .first()
    )
    if earlier is None or earlier.finished_at is None or "peers" not in earlier.result:
        return {"reason": f"No earlier report on {report.place} was made from other data, so nothing can have changed."}
    return {
        "release": earlier.data_release.name,
        "finished": earlier.finished_at.date().isoformat(),
        "same_choices": earlier.parameters == report.parameters,
        **differences(earlier.result, result),
    }


def differences(before: Row, now: Row) -> dict[str, list[Any]]:
    """What differs between two results: peers that joined and left, figures that changed, states that turned. Pure."""
    then_peers = {peer["code"]: peer["name"] for peer in before["peers"]}
    now_peers = {peer["code"]: peer["name"] for peer in now["peers"]}
    then = {row["indicator"]: row for row in before["figures"]}
    both = [(then[row["indicator"]], row) for row in now["figures"] if row["indicator"] in then]
    return {
        "joined": [name for code, name in now_peers.items() if code not in then_peers],
        "left": [name for code, name in then_peers.items() if code not in now_peers],
        "figures": [
            {
                "label": row["label"],
                "unit": row["unit"],
                "decimals": row["decimals"],
                "was": old["value"],
                "was_period": old["period"],
                "now": row["value"],
                "period": row["period"],
            }
            for old, row in both
            if (old["value"], old["period"]) != (row["value"], row["period"])
        ],
        "states": [
            {"label": row["label"], "was": old["state"], "now": row["state"]}
            for old, row in both
            if old["state"] != row["state"]
        ],
    }

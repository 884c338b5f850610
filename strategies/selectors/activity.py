"""How far strategies are at a glance, and what happened lately in words."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lisapp.audit.formatters import describe
from lisapp.audit.models import LogEntry
from strategies.models import Diagnosis, Intervention, Objective, Section
from strategies.querysets import StrategyQuerySet


def latest_activity(entries: QuerySet[LogEntry], limit: int = 8) -> list[dict[str, Any]]:
    """Return the newest entries as sentence, subject, person and time."""
    return [
        {"text": describe(entry), "about": entry.target_label, "by": entry.by, "at": entry.at}
        for entry in entries.select_related("by")[:limit]
    ]


def with_counts(strategies: StrategyQuerySet) -> StrategyQuerySet:
    """Add how many diagnoses, objectives and interventions a strategy has, and how many of its sections are written."""
    written = Section.objects.exclude(body="")
    return strategies.annotate(
        diagnosis_count=_count(Diagnosis.objects.all()),
        objective_count=_count(Objective.objects.all()),
        intervention_count=_count(Intervention.objects.all()),
        section_count=_count(Section.objects.all()),
        written_count=_count(written),
    )


def _count(parts: QuerySet[Any]) -> Coalesce:
    """Count the parts of each strategy by a query of its own: joins would multiply each other's rows."""
    counts = parts.filter(strategy=OuterRef("pk")).order_by().values("strategy").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)

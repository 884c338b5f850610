"""Diagnoses, objectives and interventions: one way to create, edit, move and delete them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from strategies import permissions
from strategies.models import Citation, Diagnosis, Intervention, Objective, Strategy
from strategies.services.versions import save_version

Item = TypeVar("Item", Diagnosis, Objective, Intervention)


@transaction.atomic
def create_diagnosis(
    *,
    strategy: Strategy,
    by: Any,
    citations: Iterable[Citation] = (),
    submission_key: uuid.UUID | None = None,
    **fields: Any,
) -> Diagnosis:
    """Record a problem and its cause. Raises NotAllowed or ValidationError."""
    return _create(Diagnosis, strategy, by, submission_key, fields, {"citations": citations})


@transaction.atomic
def edit_diagnosis(
    *, diagnosis: Diagnosis, by: Any, expected_version: int, citations: Iterable[Citation], **fields: Any
) -> Diagnosis:
    """Save a diagnosis. Raises NotAllowed, ValidationError or StaleEdit."""
    return _edit(diagnosis, by, expected_version, fields, {"citations": citations})


@transaction.atomic
def create_objective(
    *, strategy: Strategy, by: Any, submission_key: uuid.UUID | None = None, **fields: Any
) -> Objective:
    """Record an objective, ranked last under its pillar. Raises NotAllowed or ValidationError."""
    fields.setdefault("rank", strategy.objectives.filter(pillar=fields["pillar"]).count() + 1)
    return _create(Objective, strategy, by, submission_key, fields, {})


@transaction.atomic
def edit_objective(*, objective: Objective, by: Any, expected_version: int, **fields: Any) -> Objective:
    """Save an objective; one that moves to another pillar is ranked last there.

    Raises NotAllowed, ValidationError or StaleEdit.
    """
    if fields.get("pillar", objective.pillar).pk != Objective.objects.get(pk=objective.pk).pillar_id:
        fields["rank"] = objective.strategy.objectives.filter(pillar=fields["pillar"]).count() + 1
    return _edit(objective, by, expected_version, fields, {})


@transaction.atomic
def create_intervention(
    *,
    strategy: Strategy,
    by: Any,
    objectives: Iterable[Objective] = (),
    citations: Iterable[Citation] = (),
    submission_key: uuid.UUID | None = None,
    **fields: Any,
) -> Intervention:
    """Record an intervention for some objectives. Raises NotAllowed or ValidationError."""
    return _create(
        Intervention, strategy, by, submission_key, fields, {"objectives": objectives, "citations": citations}
    )


@transaction.atomic
def edit_intervention(
    *,
    intervention: Intervention,
    by: Any,
    expected_version: int,
    objectives: Iterable[Objective],
    citations: Iterable[Citation],
    **fields: Any,
) -> Intervention:
    """Save an intervention. Raises NotAllowed, ValidationError or StaleEdit."""
    return _edit(intervention, by, expected_version, fields, {"objectives": objectives, "citations": citations})


@transaction.atomic
def delete_item(*, item: Item, by: Any) -> None:
    """Delete a diagnosis, objective or intervention. The audit log keeps what it said. Raises NotAllowed."""
    strategy = item.strategy
    permissions.can_draft(by, strategy).or_raise()
    kept = {
        field.name: str(getattr(item, field.name) or "")
        for field in item._meta.fields
        if isinstance(field, models.CharField | models.TextField)
    }
    name = item._meta.model_name
    item.delete()
    log(f"strategies.{name}.deleted", target=strategy, by=by, lep=strategy.lep, data=kept)


@transaction.atomic
def move_objective(*, objective: Objective, up: bool, by: Any) -> None:
    """Move an objective one place up or down under its pillar; at the end of the list nothing changes."""
    permissions.can_draft(by, objective.strategy).or_raise()
    ranked = list(objective.strategy.objectives.filter(pillar=objective.pillar).order_by("rank", "pk"))
    at = ranked.index(objective)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(ranked):
        return
    ranked[at], ranked[to] = ranked[to], ranked[at]
    for rank, each in enumerate(ranked, start=1):
        if each.rank != rank:
            Objective.objects.filter(pk=each.pk).update(rank=rank)
    log("strategies.objective.moved", target=objective, by=by, lep=objective.strategy.lep, data={"rank": to + 1})


def _create(
    model: type[Item],
    strategy: Strategy,
    by: Any,
    submission_key: uuid.UUID | None,
    fields: dict[str, Any],
    links: dict[str, Iterable[Any]],
) -> Item:
    permissions.can_draft(by, strategy).or_raise()
    key = submission_key or uuid.uuid4()
    existing = model.objects.filter(submission_key=key, strategy=strategy).first()
    if existing:
        return existing
    item = model(strategy=strategy, submission_key=key, created_by=by, updated_by=by, **fields)
    lists = {name: list(linked) for name, linked in links.items()}
    _require_one_strategy(item, lists)
    item.full_clean()
    item.save()
    for name, linked in lists.items():
        getattr(item, name).set(linked)
    log(f"strategies.{model._meta.model_name}.created", target=item, by=by, lep=strategy.lep)
    return item


def _edit(item: Item, by: Any, expected_version: int, fields: dict[str, Any], links: dict[str, Iterable[Any]]) -> Item:
    permissions.can_draft(by, item.strategy).or_raise()
    for name, value in fields.items():
        setattr(item, name, value)
    lists = {name: list(linked) for name, linked in links.items()}
    _require_one_strategy(item, lists)
    item.full_clean()
    save_version(
        item, expected_version=expected_version, changes={**fields, "updated_by": by, "updated_at": timezone.now()}
    )
    for name, linked in lists.items():
        getattr(item, name).set(linked)
    log(f"strategies.{item._meta.model_name}.edited", target=item, by=by, lep=item.strategy.lep)
    return item


def _require_one_strategy(item: Any, links: dict[str, list[Any]]) -> None:
    """Refuse a pillar of another framework, or links into another strategy."""
    pillar = getattr(item, "pillar", None)
    if pillar is not None and pillar.framework_id != item.strategy.framework_id:
        raise ValidationError({"pillar": "This pillar belongs to another framework."})
    diagnosis = getattr(item, "diagnosis", None)
    linked = [*([diagnosis] if diagnosis else []), *(each for group in links.values() for each in group)]
    if any(each.strategy_id != item.strategy_id for each in linked):
        raise ValidationError("Something linked here belongs to another strategy.")


@formatter("strategies.diagnosis.deleted")
@formatter("strategies.objective.deleted")
@formatter("strategies.intervention.deleted")
def _deleted(entry: LogEntry) -> str:
    kind = entry.event.split(".")[1].capitalize()
    return f"{kind} deleted: “{entry.data.get('problem') or entry.data.get('title')}”"

"""Starting and editing a strategy."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from lisapp.audit.services import log
from lisapp.places import permissions as lep_permissions
from lisapp.places.models import LEP, Place
from strategies import permissions
from strategies.models import Framework, Section, Strategy
from strategies.services.slugs import free_slug
from strategies.services.versions import save_version


@transaction.atomic
def create_strategy(
    *,
    lep: LEP,
    framework: Framework,
    place: Place,
    title: str,
    horizon_year: int,
    by: Any,
    vision: str = "",
    submission_key: uuid.UUID | None = None,
) -> Strategy:
    """Start a strategy under a framework, with an empty section for each of its templates.

    A repeated `submission_key` returns the strategy that it made. Raises NotAllowed or ValidationError.
    """
    lep_permissions.can_draft(by, lep).or_raise()
    key = submission_key or uuid.uuid4()
    existing = Strategy.objects.filter(submission_key=key, lep=lep).first()
    if existing:
        return existing
    if not lep.places.filter(pk=place.pk).exists():
        raise ValidationError({"place": f"{place} is not one of the areas that {lep} covers."})
    strategy = Strategy(
        lep=lep,
        framework=framework,
        place=place,
        title=title.strip(),
        slug=free_slug(title, Strategy, fallback="strategy", longest=100),
        vision=vision.strip(),
        horizon_year=horizon_year,
        is_demonstration=lep.is_demonstration,
        submission_key=key,
        created_by=by,
    )
    strategy.full_clean()
    strategy.save()
    Section.objects.bulk_create(
        [Section(strategy=strategy, template=template) for template in framework.section_templates.all()]
    )
    log("strategies.strategy.created", target=strategy, by=by, lep=lep, data={"framework": str(framework)})
    return strategy


@transaction.atomic
def edit_strategy(
    *, strategy: Strategy, title: str, horizon_year: int, vision: str, by: Any, expected_version: int
) -> Strategy:
    """Save the strategy's title, horizon and vision. Raises NotAllowed, ValidationError or StaleEdit."""
    permissions.can_draft(by, strategy).or_raise()
    changes = {"title": title.strip(), "horizon_year": horizon_year, "vision": vision.strip()}
    for name, value in changes.items():
        setattr(strategy, name, value)
    strategy.full_clean(exclude=["slug"])
    save_version(strategy, expected_version=expected_version, changes=changes)
    log("strategies.strategy.edited", target=strategy, by=by, lep=strategy.lep)
    return strategy

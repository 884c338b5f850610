"""Indicators that the reference data does not have."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from evidence import permissions
from evidence.models import Indicator
from lisapp.audit.services import log


@transaction.atomic
def add_indicator(*, by: Any, **about: Any) -> Indicator:
    """Make an indicator from its fields (code, label, pillar, unit, …), so that figures can be brought in for it.

    A load of reference data leaves it alone. Raises NotAllowed and ValidationError.
    """
    permissions.can_load_data(by).or_raise()
    indicator = Indicator(added_by=by, **about)
    indicator.full_clean()
    indicator.save(force_insert=True)
    log("evidence.indicator.added", target=indicator, by=by, data={"code": indicator.code, "unit": indicator.unit})
    return indicator

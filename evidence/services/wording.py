"""How indicators are explained to readers."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from evidence import permissions
from evidence.models import Indicator
from lisapp.audit.services import log


@transaction.atomic
def reword_indicator(*, indicator: Indicator, definition: str, caveat: str, by: Any) -> Indicator:
    """Change the definition and the caveat of an indicator, and record what they were.

    The next load of reference data puts its own wording back, so a lasting change belongs in the catalogue too.
    Raises NotAllowed, and ValidationError for an empty definition.
    """
    permissions.can_reword_indicator(by).or_raise()
    stored = Indicator.objects.select_for_update().get(pk=indicator.pk)
    before = {"definition": stored.definition, "caveat": stored.caveat}
    if before == {"definition": definition, "caveat": caveat}:
        return stored
    stored.definition, stored.caveat = definition, caveat
    stored.full_clean()
    stored.save(update_fields=["definition", "caveat"])
    log("evidence.indicator.reworded", target=stored, by=by, data={"before": before})
    return stored

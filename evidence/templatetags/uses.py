"""`{% used_in report %}`: a list of what rests on a piece of evidence, among what the reader may see."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from evidence.selectors.uses import uses_of

register = template.Library()
MOST = 30


@register.inclusion_tag("evidence/used_in.html", takes_context=True)
def used_in(context: Context, thing: Model) -> dict[str, Any]:
    """Show where `thing` is used."""
    uses = uses_of(thing, context["request"].user)
    return {"uses": uses[:MOST], "more": max(0, len(uses) - MOST)}

"""Changing who belongs to a LEP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from lisapp.audit.services import log
from lisapp.places.enums import LEPKind, Role
from lisapp.places.models import LEP, Membership, Place


@transaction.atomic
def set_role(*, user: Any, lep: LEP, role: Role, by: Any = None) -> Membership:
    """Give `user` this role in the LEP, in place of any other."""
    membership = Membership.objects.filter(user=user, lep=lep).first() or Membership(user=user, lep=lep)
    membership.role = role
    membership.full_clean()
    membership.save()
    log("places.membership.set", target=membership, by=by, lep=lep, data={"user": user.pk, "role": role})
    return membership


@transaction.atomic
def create_lep(
    *,
    name: str,
    slug: str,
    places: Iterable[Place],
    kind: LEPKind = LEPKind.LEP,
    is_demonstration: bool = False,
    by: Any = None,
) -> LEP:
    """Make a body that owns strategies for `places`. Raises ValidationError where the name or slug is taken."""
    lep = LEP(name=name, slug=slug, kind=kind, is_demonstration=is_demonstration)
    lep.full_clean()
    lep.save()
    lep.places.set(places)
    log("places.lep.created", target=lep, by=by, lep=lep)
    return lep

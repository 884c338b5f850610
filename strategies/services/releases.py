"""Freezing a strategy."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from lisapp.audit.services import log
from strategies import permissions
from strategies.models import Release, Strategy
from strategies.selectors.facts import strategy_facts


def canonical_hash(content: dict[str, Any]) -> str:
    """Return the SHA-256 of `content` as canonical JSON (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def freeze(*, strategy: Strategy, by: Any, note: str = "") -> Release:
    """Freeze the strategy as it stands. Where nothing has changed since the last release, that one is returned.

    Raises NotAllowed.
    """
    permissions.can_draft(by, strategy).or_raise()
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    content = strategy_facts(strategy).to_dict()
    content_hash = canonical_hash(content)
    last = strategy.releases.order_by("-number").first()
    if last and last.content_hash == content_hash:
        return last
    release = Release(
        strategy=strategy,
        number=(last.number if last else 0) + 1,
        note=note,
        content=content,
        content_hash=content_hash,
        created_by=by,
    )
    release.full_clean()
    release.save()
    log("strategies.release.frozen", target=strategy, by=by, lep=strategy.lep, data={"number": release.number})
    return release

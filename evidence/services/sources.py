"""The source of figures or boundaries that the operator loads."""

from __future__ import annotations

import hashlib

from django.utils.text import slugify

from evidence.models import Source


def source_of(kind: str, *, citation: str, url: str, licence: str, vintage: str, derivation: str = "") -> Source:
    """The source with these words, stored once. Its code tells the kind of data and never changes."""
    words = (citation, url, licence, vintage, derivation)
    digest = hashlib.sha256(repr(words).encode()).hexdigest()[:6]
    source = Source(
        code=f"{kind}-{slugify(citation)[:60].strip('-')}-{digest}",
        citation=citation,
        url=url,
        licence=licence,
        vintage=vintage,
        derivation=derivation,
    )
    known = Source.objects.filter(code=source.code).first()
    if known:
        return known
    source.full_clean()
    source.save()
    return source

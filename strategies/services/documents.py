"""Asking for a strategy's document, and keeping the files that were made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from lisapp.audit.services import log
from lisapp.documents.services import store
from lisapp.jobs import enqueue
from lisapp.places import permissions as lep_permissions
from strategies.models import Document, Release, Strategy
from strategies.selectors.documents import FORMATS
from strategies.services.releases import freeze


@transaction.atomic
def request_document(
    *, strategy: Strategy, by: Any, submission_key: uuid.UUID, release: Release | None = None
) -> Document:
    """Ask for the document of a release, or of the strategy as it stands now, which is frozen first.

    The same `submission_key` gives the same document again. Raises NotAllowed.
    """
    lep_permissions.can_draft(by, strategy.lep).or_raise()
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    existing = Document.objects.filter(strategy=strategy, submission_key=submission_key).first()
    if existing:
        return existing
    release = release or freeze(strategy=strategy, by=by)
    document = Document(strategy=strategy, release=release, submission_key=submission_key, created_by=by)
    document.full_clean()
    document.save()
    document.job = enqueue(
        "strategies.generate_document",
        by=by,
        title=f"Document of {strategy}, version {release.number}",
        lep=strategy.lep,
        dedupe_key=f"document-{document.pk}",
        document_id=str(document.pk),
    )
    document.save(update_fields=["job"])
    log("strategies.document.requested", target=document, by=by, lep=strategy.lep, data={"release": release.number})
    return document


@transaction.atomic
def complete_document(
    *, document: Document, files: Mapping[str, bytes], problems: Mapping[str, str], by: Any = None
) -> Document:
    """Keep the files of a document, by format, and the reasons why formats are missing.

    Once a document is complete, it stays as it is: doing this again changes nothing and leaves no second file.
    """
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.finished_at:
        return held
    for file_format in FORMATS:
        if file_format in files:
            getattr(held, file_format).name = store(held, file_format, files[file_format], folder="documents")
    held.problems = dict(problems)
    held.finished_at = timezone.now()
    held.full_clean()
    held.save()
    log("strategies.document.completed", target=held, by=by, lep=held.strategy.lep, data={"formats": sorted(files)})
    return held

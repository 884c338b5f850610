"""A LEP's own evidence: kept, changed, shared and deleted by those who draft for it."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from evidence import permissions
from evidence.domain.uploads import UnfitFile, check_file, extension_of
from evidence.enums import LOCAL_KINDS, EvidenceKind
from evidence.models import EvidenceItem
from lisapp.audit.formatters import formatter
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log
from lisapp.errors import StaleEdit
from lisapp.places.models import LEP

#: What the people of a LEP write about an item; the rest follows from it.
WRITTEN = (
    "kind",
    "title",
    "policy_area",
    "pillar",
    "intervention_type",
    "outcome",
    "effect_direction",
    "effect_size",
    "effect_interval",
    "maryland_best",
    "newest_year",
    "cost",
    "transferability",
    "finding",
    "caution",
    "source_name",
    "source_url",
    "source_date",
)


@transaction.atomic
def add_item(
    *, lep: LEP, by: Any, file: UploadedFile | None = None, submission_key: uuid.UUID | None = None, **written: Any
) -> EvidenceItem:
    """Keep something that the LEP has learnt, private to it until shared. `written` is any of WRITTEN.

    A repeated `submission_key` returns the item that it made before. Raises NotAllowed, or ValidationError by field.
    """
    permissions.can_add_item(by, lep).or_raise()
    key = submission_key or uuid.uuid4()
    if existing := EvidenceItem.objects.filter(submission_key=key, lep=lep).first():
        return existing
    item = EvidenceItem(lep=lep, created_by=by, updated_by=by, submission_key=key)
    item.slug = f"{slugify(written.get('title', ''))[:50]}-{secrets.token_hex(4)}".lstrip("-")
    changes = _changes(item, written, file)
    name = _store(file)
    try:
        with transaction.atomic():
            item.file, item.file_name = name, changes["file_name"]
            item.save(force_insert=True)
    except IntegrityError:  # the same form arrived twice at once
        _forget(name)
        return EvidenceItem.objects.get(submission_key=key, lep=lep)
    log("evidence.item.added", target=item, by=by, lep=lep, data={"kind": item.kind, "file": item.file_name})
    return item


@transaction.atomic
def edit_item(
    *,
    item: EvidenceItem,
    by: Any,
    expected_version: int,
    file: UploadedFile | None = None,
    remove_file: bool = False,
    **written: Any,
) -> EvidenceItem:
    """Change an item; a new `file` takes the place of the old one. `item` is reloaded.

    Raises NotAllowed, ValidationError by field, or StaleEdit with what stands there now, when somebody saved first.
    """
    permissions.can_edit_item(by, item).or_raise()
    stored = EvidenceItem.objects.select_related("lep", "updated_by").get(pk=item.pk)
    before = {name: getattr(stored, name) for name in WRITTEN}
    old_file = stored.file.name or ""
    changes = _changes(stored, written, file)
    if not file:
        changes["file_name"] = "" if remove_file else stored.file_name
    name = _store(file) or ("" if remove_file else old_file)
    saved = EvidenceItem.objects.filter(pk=item.pk, version=expected_version).update(
        **changes, file=name, version=F("version") + 1, updated_by=by, updated_at=timezone.now()
    )
    item.refresh_from_db()
    if not saved:
        if name != old_file:
            _forget(name)
        raise StaleEdit(
            theirs={field: getattr(item, field) for field in WRITTEN},
            version=item.version,
            by=str(item.updated_by) if item.updated_by else None,
            at=item.updated_at,
        )
    if old_file and name != old_file:
        transaction.on_commit(lambda: _forget(old_file))
    changed = [field for field in WRITTEN if getattr(item, field) != before[field]]
    if name != old_file:
        changed.append("file")
    log(
        "evidence.item.edited",
        target=item,
        by=by,
        lep=item.lep,
        data={"changed": changed, "before": {field: before[field] for field in changed if field in before}},
    )
    return item


@transaction.atomic
def share_item(*, item: EvidenceItem, by: Any) -> None:
    """Let people of other LEPs see an item. Raises NotAllowed."""
    _set_shared(item, by, True)


@transaction.atomic
def unshare_item(*, item: EvidenceItem, by: Any) -> None:
    """Make an item private to its LEP again. Raises NotAllowed."""
    _set_shared(item, by, False)


def _set_shared(item: EvidenceItem, by: Any, shared: bool) -> None:
    permissions.can_edit_item(by, item).or_raise()
    if EvidenceItem.objects.filter(pk=item.pk).exclude(is_shared=shared).update(is_shared=shared):
        log(f"evidence.item.{'shared' if shared else 'unshared'}", target=item, by=by, lep=item.lep)
    item.is_shared = shared


@transaction.atomic
def delete_item(*, item: EvidenceItem, by: Any) -> None:
    """Delete an item and its file. The audit log keeps what it said.

    Raises NotAllowed, or ValidationError where a strategy cites it.
    """
    permissions.can_edit_item(by, item).or_raise()
    lep, file = item.lep, item.file.name or ""
    kept = {name: getattr(item, name) for name in WRITTEN} | {"file": item.file_name}
    entry = {"target": item, "by": by, "lep": lep, "data": kept}
    try:
        with transaction.atomic():
            log("evidence.item.deleted", **entry)
            item.delete()
    except models.ProtectedError as error:
        raise ValidationError(
            "A strategy cites this evidence, so it cannot be deleted. Take it out of the strategy first."
        ) from error
    if file:
        transaction.on_commit(lambda: _forget(file))


@formatter("evidence.item.added")
def _added(entry: LogEntry) -> str:
    return "Evidence added"


@formatter("evidence.item.edited")
def _edited(entry: LogEntry) -> str:
    names = [name.replace("_", " ") for name in entry.data.get("changed", [])]
    return f"Evidence changed: {', '.join(names)}" if names else "Evidence saved without a change"


@formatter("evidence.item.shared")
def _shared(entry: LogEntry) -> str:
    return "Shared with people of other LEPs"


@formatter("evidence.item.unshared")
def _unshared(entry: LogEntry) -> str:
    return "Made private to the LEP again"


@formatter("evidence.item.deleted")
def _deleted(entry: LogEntry) -> str:
    return f"Evidence deleted: “{entry.target_label}”"


def _changes(item: EvidenceItem, written: dict[str, Any], file: UploadedFile | None) -> dict[str, Any]:
    """Write `written` into the item and check the whole; returns the values to store."""
    unknown = set(written) - set(WRITTEN)
    if unknown:
        raise TypeError(f"{', '.join(sorted(unknown))} cannot be written")
    for name, value in written.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    errors: dict[str, list[str]] = {}
    if item.kind not in LOCAL_KINDS:
        errors["kind"] = ["Select what kind of evidence this is"]
    if file:
        try:
            check_file(file.name or "", file.size or 0, file)
        except UnfitFile as error:
            errors["file"] = [str(error)]
    # An evaluation of the LEP's own is one study, from the United Kingdom. Anything else counts none.
    one = 1 if item.kind == EvidenceKind.EVALUATION else None
    derived = {"studies_counted": one, "studies_on_outcome": one if item.outcome else None, "uk_studies": one}
    for name, value in derived.items():
        setattr(item, name, value)
    try:
        item.full_clean(exclude=["file", *errors])
    except ValidationError as error:
        errors = {**error.message_dict, **errors}
    if errors:
        raise ValidationError(errors)
    file_name = (file.name or "")[-150:] if file else ""
    return {name: getattr(item, name) for name in WRITTEN} | derived | {"file_name": file_name}


def _store(file: UploadedFile | None) -> str:
    """Put a checked file into private storage under a name that tells nothing; returns that name."""
    if not file:
        return ""
    item = EvidenceItem()
    name = item.file.field.generate_filename(item, f"{uuid.uuid4()}.{extension_of(file.name or '')}")
    return str(item.file.storage.save(name, file))


def _forget(name: str) -> None:
    """Delete a stored file."""
    if name:
        EvidenceItem().file.storage.delete(name)

"""Data releases: the name and checksum of the figures as they are after a load, an import or a roll back."""

from __future__ import annotations

import hashlib
from typing import Any

from evidence.enums import DatasetState
from evidence.models import DataRelease, Dataset

NO_REFERENCE = "No reference data"


def one_at_a_time() -> None:
    """Wait until no other transaction is changing figures. Call it inside a transaction, before reading them."""
    DataRelease.objects.select_for_update().order_by("pk").first()


def after_load(*, name: str, checksum: str, counts: dict[str, int]) -> bool:
    """Make the release that a load of reference files leads to; False where those files are what is loaded already."""
    latest = DataRelease.objects.first()
    if latest and checksum in {latest.reference_checksum, latest.checksum}:
        return False
    _make(name, checksum, counts)
    return True


def after_datasets() -> DataRelease:
    """Make the release that an import or a roll back leads to."""
    latest = DataRelease.objects.first()
    if latest is None:
        return _make("", "", {})
    return _make(latest.reference_name or latest.name, latest.reference_checksum or latest.checksum, latest.counts)


def _make(reference_name: str, reference_checksum: str, counts: dict[str, Any]) -> DataRelease:
    """The release is named for the datasets that count, and its checksum covers every import and roll back so far.

    So two states never share a checksum, and a plain load of reference data keeps the checksum of its files.
    """
    history = list(
        Dataset.objects.filter(imported_at__isnull=False)
        .order_by("imported_at", "pk")
        .values_list("pk", "sha256", "imported_at", "rolled_back_at")
    )
    imported = Dataset.objects.filter(state=DatasetState.IMPORTED).count()
    checksum = reference_checksum
    if history or DataRelease.objects.filter(checksum=checksum).exists():
        state = repr((reference_checksum, history, DataRelease.objects.count()))
        checksum = hashlib.sha256(state.encode()).hexdigest()
    reference = reference_name or NO_REFERENCE
    datasets = f" + {imported} dataset{'' if imported == 1 else 's'}" if imported else ""
    longest = DataRelease._meta.get_field("name").max_length or 0
    return DataRelease.objects.create(
        name=reference[: longest - len(datasets)] + datasets,
        checksum=checksum,
        reference_name=reference_name,
        reference_checksum=reference_checksum,
        counts={**counts, "datasets": imported} if imported or "datasets" in counts else counts,
    )

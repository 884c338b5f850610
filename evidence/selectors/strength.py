"""Evidence items as the frozen facts that their strength is judged by."""

from __future__ import annotations

from evidence.domain.strength import EvidenceFacts
from evidence.models import EvidenceItem


def facts_of(item: EvidenceItem) -> EvidenceFacts:
    """Return what an item's source states."""
    return EvidenceFacts(
        title=item.title,
        outcome=item.outcome,
        direction=item.effect_direction,
        effect_size=item.effect_size,
        effect_interval=item.effect_interval,
        screened=item.studies_screened,
        counted=item.studies_counted,
        from_level=item.counted_from_level,
        on_outcome=item.studies_on_outcome,
        positive=item.studies_positive,
        mixed=item.studies_mixed,
        none=item.studies_none,
        harmful=item.studies_harmful,
        best_level=item.maryland_best,
        levels=item.maryland_levels,
        uk=item.uk_studies,
        newest_year=item.newest_year,
        source_year=item.source_year,
        study_set=item.study_set,
        cost=item.cost,
        transferability=item.transferability,
        local=item.is_local,
    )

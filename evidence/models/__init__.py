"""What a strategy rests on."""

from evidence.models.evidence_items import EvidenceItem
from evidence.models.figures import DataRelease, Indicator, Observation, Source
from evidence.models.reports import ComparatorReport

__all__ = ["ComparatorReport", "DataRelease", "EvidenceItem", "Indicator", "Observation", "Source"]

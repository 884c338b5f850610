"""What a strategy rests on."""

from evidence.models.datasets import Dataset
from evidence.models.evidence_items import EvidenceItem
from evidence.models.figures import DataRelease, Indicator, Observation, Source
from evidence.models.neighbours import CommutingFlow, Contiguity, PlaceBoundary
from evidence.models.reports import ComparatorReport

__all__ = [
    "CommutingFlow",
    "ComparatorReport",
    "Contiguity",
    "DataRelease",
    "Dataset",
    "EvidenceItem",
    "Indicator",
    "Observation",
    "PlaceBoundary",
    "Source",
]

"""What a strategy rests on."""

from evidence.models.figures import DataRelease, Indicator, Observation, Source
from evidence.models.neighbours import CommutingFlow, Contiguity, PlaceBoundary
from evidence.models.reports import ComparatorReport
from evidence.models.what_works import WhatWorksReview

__all__ = [
    "CommutingFlow",
    "ComparatorReport",
    "Contiguity",
    "DataRelease",
    "Indicator",
    "Observation",
    "PlaceBoundary",
    "Source",
    "WhatWorksReview",
]

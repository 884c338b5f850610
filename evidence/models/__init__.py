"""What a strategy rests on."""

from evidence.models.datasets import Dataset
from evidence.models.figures import DataRelease, Indicator, Observation, Source
from evidence.models.reports import ComparatorReport
from evidence.models.what_works import WhatWorksReview

__all__ = ["ComparatorReport", "DataRelease", "Dataset", "Indicator", "Observation", "Source", "WhatWorksReview"]

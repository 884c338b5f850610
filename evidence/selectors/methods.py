"""The method of a comparison, as stored parameters and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from evidence.domain.comparators import Method, Metric, Standardisation
from evidence.selectors.wording import KINDS, count, listed, per_cent

SCALES = {
    Standardisation.WINSORISED_Z: (
        "Extreme values are drawn in to the 1st and 99th percentile, then each indicator is measured in standard "
        "deviations from the average area."
    ),
    Standardisation.Z: "Each indicator is measured in standard deviations from the average area.",
    Standardisation.RANK_NORMAL: "Each indicator is replaced by its rank, on the scale of a normal distribution.",
    Standardisation.MIN_MAX: "Each indicator is measured from 0, the lowest area, to 1, the highest.",
    Standardisation.ROBUST_Z: (
        "Each indicator is measured from the median area, in units that extreme areas cannot move."
    ),
}
METRICS = {
    Metric.LOCAL: (
        "Distance takes account of how crowded the neighbourhood of each place is, so that an average place is not "
        "everybody's peer."
    ),
    Metric.EUCLIDEAN: "Distance is the plain weighted distance over all indicators.",
    Metric.MAHALANOBIS: "Distance is Mahalanobis distance, which takes out every correlation between indicators.",
}


def parameters_of(method: Method) -> dict[str, Any]:
    """Every choice of a method as JSON-able values."""
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(method).items()}


def method_from(parameters: Mapping[str, Any]) -> Method:
    """The method that `parameters_of` stored. What is not named keeps its recommended value.

    Raises ValueError for a name or a value that is no choice of a method.
    """
    known = {field.name for field in fields(Method)}
    if unknown := sorted(set(parameters) - known):
        raise ValueError(f"No such choice: {', '.join(unknown)}.")
    given = dict(parameters)
    for name, kind in (("standardise", Standardisation), ("metric", Metric)):
        if name in given:
            given[name] = kind(given[name])
    for name in ("leave_out_regions", "leave_out"):
        if name in given:
            given[name] = frozenset(given[name])
    return Method(**given)


def in_words(method: Method, kind: str) -> list[str]:
    """Describe a method in sentences for `kind` of place."""
    words = [
        f"The peers are the {count(method.k, 'area')} nearest to the place among {KINDS[kind]}, by indicators of "
        "structure only. Drivers and outcomes play no part in the choice: matching on them would hide the gap.",
        SCALES[method.standardise],
        METRICS[method.metric],
        "The weights of the indicators were set by hand."
        if method.weights is not None
        else "Each foundation counts the same; within one, indicators that say nearly the same share their weight.",
        f"An area takes part when figures are there for {per_cent(method.needed)} of the weight, and an indicator when "
        f"{per_cent(method.needed)} of the areas have a figure. Nothing missing is filled in.",
        "The place itself, areas that contain it, areas within it and areas that overlap it are never its peers.",
    ]
    if method.leave_out_regions:
        words.append(f"Areas in {listed(sorted(method.leave_out_regions))} are left out.")
    if method.leave_out_same_region:
        words.append("Areas in the place's own region are left out.")
    if method.leave_out:
        words.append(f"{count(len(method.leave_out), 'area is', 'areas are')} left out by choice.")
    words.append(_stability(method))
    words.append(
        "A gap is the place's figure less the median of its peers. Its 95% interval combines the sampling error of the "
        "place, that of the peers and the choice of peers; differences are called clear at a false discovery rate of "
        "5% over all indicators. Without a published interval nothing is called clear."
    )
    words.append(
        "England is the published figure for England or, where marked as derived, one computed from the figures of all "
        "authorities with their weights; never a plain average of areas. Trends are Theil–Sen slopes with Mann and "
        "Kendall's test, over at least five periods on the same boundaries."
    )
    return words


def _stability(method: Method) -> str:
    if not method.resamples:
        return "How stable the choice of peers is was not tested."
    return (
        f"The choice was repeated {method.resamples:,} times with other indicators, other weights and figures moved by "
        f"their sampling error. Core peers were chosen in at least {per_cent(method.core_at)} of the repeats."
    )

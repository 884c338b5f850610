"""The choices that shape a list of peers, and the alternatives that one could defend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .distance import Metric
from .missing import NEEDED
from .standardise import Standardisation


@dataclass(frozen=True)
class Method:
    """Every choice that shapes a list of peers. The defaults are the ones that the project recommends.

    `weights` (indicator code → weight) replaces the balanced weights. `resamples` of 0 skips the stability
    check. `concentration` is how closely resampled pillar weights keep to the weights used. `core_at` is
    the share of resamples that must choose a peer for it to be a core peer. The same `seed` gives the same
    report.
    """

    standardise: Standardisation = Standardisation.WINSORISED_Z
    ddof: int = 0
    metric: Metric = Metric.LOCAL
    k: int = 15
    scale_k: int = 15
    weights: Mapping[str, float] | None = None
    needed: float = NEEDED
    leave_out_regions: frozenset[str] = frozenset()
    leave_out_same_region: bool = False
    leave_out: frozenset[str] = frozenset()
    resamples: int = 1000
    concentration: float = 10.0
    core_at: float = 0.8
    seed: int = 2018

    def __post_init__(self) -> None:
        if self.k < 1 or self.scale_k < 1 or self.resamples < 0:
            raise ValueError("The number of peers must be at least 1 and of resamples at least 0.")
        if not 0 < self.needed <= 1 or self.concentration <= 0:
            raise ValueError("The share needed must lie between 0 and 1, and the concentration above 0.")


ONS_STYLE = Method(standardise=Standardisation.Z, metric=Metric.EUCLIDEAN, k=20)


def defensible(method: Method) -> dict[str, Method]:
    """Other methods that one could defend, by name, without resampling.

    Where one of them turns the sign of a gap, the gap is flagged.
    """
    once = replace(method, resamples=0)
    return {
        "20 nearest by plain distance": replace(once, standardise=Standardisation.Z, metric=Metric.EUCLIDEAN, k=20),
        "10 nearest": replace(once, k=10),
        "ranks instead of values": replace(once, standardise=Standardisation.RANK_NORMAL),
        "robust scale": replace(once, standardise=Standardisation.ROBUST_Z),
    }

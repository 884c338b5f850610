"""How much faster are trends of many series at once than SciPy in a loop?

    python -m tests.benchmarks.trends

Prints the seconds of both in the same run, and their ratio. SciPy's loop is timed on a sample and scaled up, to save
the minutes that the whole would take for three tables; slopes, intervals, tau and p are compared on the sample.
The process fails when they differ or the ratio is below what is promised.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import kendalltau, theilslopes

from evidence.domain.comparators.trends import Trends, trends

SERIES, PERIODS, SAMPLE, ROUNDS = 60_000, 10, 3_000, 5
PROMISED = 50.0
CLOSE = 1e-12


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that the work took, and what it returned."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def differences(found: Trends, slopes: list[Any], tests: list[Any]) -> dict[str, float]:
    """The largest difference from SciPy on the sample, by number."""
    ours = {"slope": found.slope, "low": found.low, "high": found.high, "tau": found.tau, "p": found.p}
    theirs = {
        "slope": [one.slope for one in slopes],
        "low": [one.low_slope for one in slopes],
        "high": [one.high_slope for one in slopes],
        "tau": [one.statistic for one in tests],
        "p": [one.pvalue for one in tests],
    }
    return {name: float(np.abs(ours[name][:SAMPLE] - theirs[name]).max()) for name in ours}


def measure(name: str, table: np.ndarray) -> bool:
    """Time one kind of table, print what came of it, and return whether all is as promised."""
    times = np.arange(2014, 2014 + PERIODS, dtype=np.float64)
    runs = [timed(lambda: trends(times, table)) for _ in range(ROUNDS)]
    ours, found = float(np.median([seconds for seconds, _ in runs])), runs[-1][1]
    known = [~np.isnan(values) for values in table[:SAMPLE]]
    rows = list(zip(table[:SAMPLE], known, strict=True))
    slow, slopes = timed(lambda: [theilslopes(values[k], times[k], alpha=0.95) for values, k in rows])
    slower, tests = timed(lambda: [kendalltau(times[k], values[k]) for values, k in rows])
    slow, slower = slow * SERIES / SAMPLE, slower * SERIES / SAMPLE
    worst = differences(found, slopes, tests)
    print(f"{name}: {SERIES:,} series of {PERIODS} periods")
    print(f"  trends(): slopes, intervals, tau and p    {ours:8.3f} s (median of {ROUNDS})")
    print(f"  scipy.stats.theilslopes in a loop         {slow:8.1f} s (from {SAMPLE:,})  ratio {slow / ours:6.0f}")
    print(f"  and scipy.stats.kendalltau as well        {slow + slower:8.1f} s (from {SAMPLE:,})", end="")
    print(f"  ratio {(slow + slower) / ours:6.0f}")
    print("  largest difference: " + ", ".join(f"{number} {size:.1e}" for number, size in worst.items()))
    return slow / ours >= PROMISED and max(worst.values()) <= CLOSE


def main() -> int:
    """Exit status 0 when every table is as quick and as close as promised."""
    rng = np.random.default_rng(20261124)
    smooth = rng.normal(size=(SERIES, PERIODS)).cumsum(axis=1)
    gaps = np.where(rng.random(smooth.shape) < 0.1, np.nan, smooth)
    gaps[np.isnan(gaps).sum(axis=1) > PERIODS - 5] = smooth[0]
    tied = rng.integers(0, 20, size=smooth.shape).astype(np.float64)
    tied[(tied == tied[:, :1]).all(axis=1), 0] += 1
    tables = {"Complete": smooth, "A tenth of the figures missing": gaps, "Many ties": tied}
    good = [measure(name, table) for name, table in tables.items()]
    print("As promised." if all(good) else f"NOT as promised: {PROMISED:.0f} times as fast, within {CLOSE:g}.")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

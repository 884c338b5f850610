"""How long the comparator engine takes beside scikit-learn, with the answers compared.

    python -m tests.benchmarks.comparators
    python -m tests.benchmarks.comparators --resamples 200

They take turns, and the best of several rounds counts, in seconds on the clock: run it on an idle machine.
scikit-learn runs with as many threads as it likes and on one, and the quicker counts; ours runs on one for (a) and on
two for (b). (a) The table of the 15 nearest of every area by plain distance, against NearestNeighbors with the quicker
of its brute and automatic choice. (b) The same under every resampled set of weights, against a loop of NearestNeighbors
over the weighted figures. (c) Everything that the command computes, with inclusion and ranks, has no counterpart there
and is timed alone. Prints one JSON object; ends with status 1 when an answer differs.

The figures are drawn from a fixed seed: unrelated ones, where every list of neighbours changes with the weights, and
ones with a few common factors, as real indicators have. Where the collected data are there, the authorities are used
as well: --data names their folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.neighbors import NearestNeighbors
from threadpoolctl import threadpool_limits

from evidence.domain.comparators import Method, Metric, Panel, PanelArea, PanelIndicator, find_all_peers
from evidence.domain.comparators.neighbours import neighbour_table, resampled_neighbours
from evidence.domain.comparators.stability import resample_weights
from evidence.domain.comparators.standardise import fit

AREAS, INDICATORS, PEERS = 330, 50, 15
THREADS = 2
ROUNDS = 5
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def main() -> int:
    """Run everything. Returns 0 when all answers are the same, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of collected data")
    options = parser.parse_args()
    rng = np.random.default_rng(2018)
    factors = rng.normal(size=(AREAS, 6)) @ rng.normal(size=(6, INDICATORS))
    figures = {
        "unrelated figures": rng.normal(size=(AREAS, INDICATORS)),
        "figures with common factors": factors + rng.normal(size=(AREAS, INDICATORS)),
    }
    authorities = authority_figures(options.data / "la_indicators.csv")
    if authorities is not None:
        figures["English authorities"] = authorities
    with threadpool_limits(limits=1):
        results: dict[str, Any] = {name: measure(table, options.resamples) for name, table in figures.items()}
    results["most memory, MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    if authorities is None:
        results["English authorities"] = f"not measured: there is no {options.data / 'la_indicators.csv'}"
    print(json.dumps(results, indent=2))
    return 0 if all(row["same"] for row in results.values() if isinstance(row, dict)) else 1


def measure(figures: np.ndarray, resamples: int) -> dict[str, Any]:
    """The times for one table without gaps, (areas, indicators)."""
    z = fit(figures).apply(figures)
    n, p = z.shape
    pillars = [str(j % 6) for j in range(p)]
    weights = resample_weights(np.random.default_rng(1), np.full(p, 1 / p), pillars, resamples, 10.0)

    def loop(algorithm: str, tables: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        return [
            NearestNeighbors(n_neighbors=PEERS, algorithm=algorithm).fit(z * np.sqrt(row)).kneighbors()
            for row in tables
        ]

    one = np.full((1, p), 1 / p)
    table = compete(
        {
            "brute": lambda: loop("brute", one),
            "auto": lambda: loop("auto", one),
            "ours": lambda: neighbour_table(z, one[0], PEERS),
        },
        repeats=10,
    )
    many = compete(
        {
            "auto": lambda: loop("auto", weights),
            "auto, threads": lambda: threaded(lambda: loop("auto", weights)),
            "one thread": lambda: resampled_neighbours(z, weights, PEERS),
            "ours": lambda: resampled_neighbours(z, weights, PEERS, threads=THREADS),
        },
        repeats=1,
    )
    loops = min(many["auto"], many["auto, threads"])
    distances, positions = loop("brute", one)[0]
    at, d = neighbour_table(z, one[0], PEERS)
    same_table = np.array_equal(at, positions) and bool(np.abs(d - distances).max() < 1e-9)
    theirs = np.sort([found for _, found in loop("auto", weights)], axis=2)
    ours = resampled_neighbours(z, weights, PEERS, threads=THREADS)
    panel = Panel(
        tuple(PanelArea(f"A{i:03d}") for i in range(n)),
        tuple(PanelIndicator(f"s{j:02d}", pillar=pillars[j]) for j in range(p)),
        figures,
    )
    everything = {}
    for metric in Metric:
        start = time.perf_counter()
        find_all_peers(panel, Method(metric=metric, resamples=resamples))
        everything[metric.value] = round(time.perf_counter() - start, 2)
    quicker = min(table["brute"], table["auto"])
    return {
        "areas": n,
        "indicators": p,
        "resamples": resamples,
        "same": same_table and np.array_equal(ours, theirs),
        "a: scikit-learn, ms": round(1000 * quicker, 2),
        "a: ours, ms": round(1000 * table["ours"], 2),
        "a: ours / scikit-learn": round(table["ours"] / quicker, 2),
        "b: scikit-learn, s": round(loops, 3),
        "b: ours, s": round(many["ours"], 3),
        "b: ours on one thread, s": round(many["one thread"], 3),
        "b: scikit-learn / ours": round(loops / many["ours"], 2),
        "c: peers, inclusion and ranks of all, s": everything,
    }


def threaded(run: Callable[[], Any]) -> Any:
    """Run with as many threads as the libraries like."""
    with threadpool_limits(limits=os.cpu_count()):
        return run()


def compete(contenders: dict[str, Callable[[], Any]], *, repeats: int) -> dict[str, float]:
    """Seconds of the best round of each; they take turns, so that a busy machine troubles all of them."""
    best: dict[str, float] = defaultdict(lambda: float("inf"))
    for _ in range(ROUNDS):
        for name, run in contenders.items():
            start = time.perf_counter()
            for _ in range(repeats):
                run()
            best[name] = min(best[name], (time.perf_counter() - start) / repeats)
    return dict(best)


def authority_figures(path: Path) -> np.ndarray | None:
    """The newest figures of the English authorities, for the indicators and areas without gaps; None without file."""
    if not path.exists():
        return None
    newest: dict[tuple[str, str], tuple[str, float]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file):
            code = line.get("area_code") or line.get("la_code") or line["code"]
            if not code.startswith(("E06", "E07", "E08", "E09")):
                continue
            key = (code, line["indicator"])
            if key not in newest or line["period"] > newest[key][0]:
                newest[key] = (line["period"], float(line["value"]))
    areas, names = sorted({a for a, _ in newest}), sorted({i for _, i in newest})
    figures = np.array([[newest.get((a, i), ("", np.nan))[1] for i in names] for a in areas])
    figures = figures[:, (~np.isnan(figures)).mean(axis=0) > 0.9]
    return figures[~np.isnan(figures).any(axis=1)]


if __name__ == "__main__":
    raise SystemExit(main())

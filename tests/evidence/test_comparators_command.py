"""The command `comparators`: what it prints, and what it refuses."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence.domain.comparators import Method, Metric, find_peers
from evidence.models import Observation
from evidence.selectors.panels import panel_data
from tests.evidence.report_world import row

ROOT = Path(__file__).resolve().parent.parent.parent
CODES = [f"A{n:02d}" for n in range(24)]


def table(figures=None, *, codes=CODES, columns=("x", "y", "z")):
    figures = np.random.default_rng(3).normal(size=(len(codes), len(columns))) if figures is None else figures
    lines = [",".join(["area", *columns])]
    for code, line in zip(codes, figures, strict=True):
        lines.append(",".join([code, *("" if np.isnan(figure) else repr(float(figure)) for figure in line)]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def file(tmp_path):
    def write(text=None, name="areas.csv"):
        path = tmp_path / name
        path.write_text(table() if text is None else text, encoding="utf-8")
        return path

    return write


def run(*arguments, **options):
    out = StringIO()
    call_command("comparators", *map(str, arguments), stdout=out, **options)
    return json.loads(out.getvalue())


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    return refused.value


def test_every_place_gets_its_peers_with_distance_shares_and_no_stability_unless_asked(file):
    result = run(file(), "--peers", 4)
    assert list(result) == ["places", "method", "excluded"]
    assert list(result["places"]) == CODES
    peers = result["places"]["A05"]["peers"]
    assert len(peers) == 4
    assert {"code", "distance", "shares", "inclusion", "median_rank"} <= set(peers[0])
    assert peers[0]["inclusion"] is None
    assert peers[0]["median_rank"] is None
    assert all(sum(peer["shares"].values()) == pytest.approx(1) for peer in peers)
    assert result["excluded"] == []


def test_the_method_holds_every_choice_the_weights_the_moments_and_the_files_checksum(file):
    method = run(file(), "--standardise", "z", "--ddof", 1, "--distance", "euclidean", "--seed", 7)["method"]
    assert (method["standardise"], method["ddof"], method["distance"], method["seed"]) == ("z", 1, "euclidean", 7)
    assert (method["peers"], method["resamples"], method["weights"]) == (15, 0, "decorrelated")
    assert sum(method["weights_used"].values()) == pytest.approx(1)
    column = np.random.default_rng(3).normal(size=(24, 3))[:, 0]
    assert method["moments"]["x"] == {
        "centre": pytest.approx(column.mean()),
        "spread": pytest.approx(column.std(ddof=1)),
    }
    assert len(method["data"]["sha256"]) == 64


def test_plain_distance_with_equal_weights_is_the_root_of_the_mean_squared_difference(file):
    text = "area,x,y\nA,0,0\nB,1,1\nC,3,0\nD,9,9\n"
    result = run(file(text), "--standardise", "min-max", "--distance", "euclidean", "--weights", "equal")
    found = {peer["code"]: peer["distance"] for peer in result["places"]["A"]["peers"]}
    assert found == pytest.approx({"B": 1 / 9, "C": (((3 / 9) ** 2) / 2) ** 0.5, "D": 1.0})


def test_weights_from_a_file_decide_and_an_indicator_that_is_not_named_has_no_say(file):
    weights = file("indicator,weight\nx,3\nz,1\n", "weights.csv")
    result = run(file(), "--weights", weights)
    assert result["method"]["weights_used"] == {"x": 0.75, "y": 0, "z": 0.25}
    assert all(peer["shares"]["y"] == 0 for peer in result["places"]["A00"]["peers"])


def test_one_place_gets_what_it_gets_among_all(file):
    path = file()
    everyone = run(path, "--resamples", 30, "--peers", 5)
    alone = run(path, "--resamples", 30, "--peers", 5, "--place", "A07")
    assert alone["places"] == {"A07": everyone["places"]["A07"]}
    assert 0 < alone["places"]["A07"]["peers"][0]["inclusion"] <= 1


def test_the_engines_own_name_and_the_commands_mean_the_same_distance(file):
    path = file()
    assert run(path)["method"]["distance"] == "local-scaled"
    assert run(path)["method"]["scale_k"] == 15
    assert run(path, "--distance", "mahalanobis")["places"]["A00"]["peers"]


def test_what_takes_no_part_is_listed_with_its_reason(file):
    figures = np.random.default_rng(5).normal(size=(24, 5))
    figures[2, :2] = np.nan
    figures[:, 4] = 7
    figures[:9, 3] = np.nan
    path = file(table(figures, columns=("a", "b", "c", "gappy", "flat")))
    result = run(path, "--place", "A02")
    assert result["places"] == {"A02": {"peers": []}}
    reasons = {row.get("code") or row.get("indicator"): row["reason"] for row in result["excluded"]}
    assert "of the weight has a figure" in reasons["A02"]
    everyone = run(path)
    reasons = {row.get("code") or row.get("indicator"): row["reason"] for row in everyone["excluded"]}
    assert set(reasons) == {"A02", "gappy", "flat"}
    assert "do not vary" in reasons["flat"]
    assert "fewer than 80%" in reasons["gappy"]
    assert everyone["places"]["A02"] == {"peers": []}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("area,x\nA,1\nB,many\n", "row 3, column “x”: “many” is not a number"),
        ("area,x\nA,1\nB,inf\n", "row 3, column “x”: “inf” is not a finite number"),
        ("area,x\nA,1\nB,1e300\n", "row 3, column “x”: “1e300” is too large to compare"),
        ("area,x\nA,1\nB,2\nA,3\n", "row 4, column “area”: “A” is there twice: row 2 has it too"),
        ("area,x\nA,1\n,2\n", "row 3, column “area”: is empty"),
        ("area,x,x\nA,1,2\n", "row 1, column “x”: is there twice"),
        ("area\nA\n", "row 1: has no column beside the area codes"),
        ("area,x\nA,5\nB,5\nC,5\nD,5\n", "no indicator of structure"),
        ("area,x\n", "has no rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place_of_the_fault(file, text, said):
    error = refusal(file(text))
    assert error.returncode == 2
    assert "areas.csv" in str(error)
    assert said in str(error)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("indicator,weight\nx,1\nw,2\n", "row 3, column “indicator”: “w” is not an indicator"),
        ("indicator,weight\nx,-1\n", "row 2, column “weight”: “-1” is negative"),
        ("indicator,weight\nx,nan\n", "row 2, column “weight”: “nan” is not a finite number"),
        ("indicator,weight\nx,1\nx,1\n", "row 3, column “indicator”: “x” is there twice"),
        ("indicator,weight\nx,0\n", "gives no indicator a weight above zero"),
        ("indicator\nx\n", "column “weight”: is missing"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_likewise(file, weights, said):
    error = refusal(file(), "--weights", file(weights, "weights.csv"))
    assert error.returncode == 2
    assert "weights.csv" in str(error)
    assert said in str(error)


def test_an_unknown_place_no_data_or_two_kinds_of_data_are_refused(file, tmp_path):
    path = file()
    assert "no area “Q”" in str(refusal(path, "--place", "Q"))
    assert refusal(path, "--place", "Q").returncode == 2
    assert refusal().returncode == 2
    assert refusal(path, "--dataset", "reference").returncode == 2
    assert refusal(tmp_path / "nowhere.csv").returncode == 2
    assert refusal(path, "--output", tmp_path / "no" / "folder.json").returncode == 2


def test_the_shell_sees_status_2_and_the_reason_on_standard_error(file):
    command = [sys.executable, "manage.py", "comparators", str(file("area,x\nA,1\nB,many\n"))]
    bad = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert "row 3, column “x”" in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    "options", [("--peers", 0), ("--resamples", -1), ("--seed", "x"), ("--ddof", 2), ("--distance", "taxicab")]
)
def test_options_out_of_range_are_refused(file, options):
    with pytest.raises(CommandError, match=options[0]):
        run(file(), *options)


def test_the_reference_data_give_each_place_the_peers_of_its_report(world):
    result = run("--dataset", "reference", "--peers", 4, "--resamples", 20)
    assert len(result["places"]) == 12
    codes = [indicator.code for indicator in world.structural]
    for area in world.areas[:3]:
        expected = find_peers(panel_data(area, codes).panel, area.code, Method(k=4, resamples=20))
        shown = result["places"][area.code]["peers"]
        assert [(p["code"], p["distance"], p["inclusion"]) for p in shown] == [
            (p.code, p.distance, p.inclusion) for p in expected.peers
        ]
    assert set(result["method"]["weights_used"]) == set(codes), "outcomes do not choose"
    assert result["method"]["data"]["dataset"] == world.release.name


def test_a_place_without_the_newest_figure_is_compared_on_its_own_newest_period(world):
    source = Observation.objects.first().source
    first = world.structural[0]
    late = [row(first, area, "2024", at, source) for at, area in enumerate(world.areas) if area != world.place]
    Observation.objects.bulk_create(late)
    everyone = run("--dataset", "reference", "--peers", 4)
    alone = run("--dataset", "reference", "--peers", 4, "--place", world.place.code)
    assert everyone["places"][world.place.code] == alone["places"][world.place.code]
    panels = {tuple(panel["places"]): panel["periods"][first.code] for panel in everyone["method"]["panels"]}
    assert panels[(world.place.code,)].startswith("2023")
    assert sorted(period[:4] for period in panels.values()) == ["2023", "2024"]


@pytest.mark.django_db
def test_without_reference_data_or_with_an_unknown_code_the_command_says_so():
    assert "load_reference" in str(refusal("--dataset", "reference"))


def test_an_unknown_code_of_the_reference_data_is_refused(world):
    error = refusal("--dataset", "reference", "--place", "X99")
    assert error.returncode == 2
    assert "“X99”" in str(error)


def test_metrics_keep_the_names_that_stored_reports_use():
    assert [metric.value for metric in Metric] == ["local", "euclidean", "mahalanobis"]

"""The command that says of each series in a file whether it is rising or falling."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from scipy.stats import kendalltau, theilslopes

HEADER = "area,indicator,period,value"


def write(folder, lines, header=HEADER):
    path = folder / "series.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def run(path, *options):
    screen = StringIO()
    call_command("trends", str(path), *options, stdout=screen)
    return json.loads(screen.getvalue())


def refusal(path, *options):
    with pytest.raises(CommandError) as caught:
        run(path, *options)
    assert caught.value.returncode == 2
    return str(caught.value)


def series(values, area="A", indicator="pay", first=2015):
    return [f"{area},{indicator},{first + n},{value}" for n, value in enumerate(values)]


def test_every_series_gets_its_trend_in_order_of_area_and_indicator(tmp_path):
    lines = series([5, 4, 3, 2, 1, 0], "B") + series([1, 2, 4, 5, 7, 9]) + series([1, 5, 2, 6, 1, 5], indicator="jobs")
    found = run(write(tmp_path, lines))
    assert [(row["area"], row["indicator"], row["state"]) for row in found] == [
        ("A", "jobs", "no clear change"),
        ("A", "pay", "rising"),
        ("B", "pay", "falling"),
    ]
    slope, _, low, high = theilslopes([1, 2, 4, 5, 7, 9], alpha=0.95)
    tau, p = kendalltau(range(6), [1, 2, 4, 5, 7, 9])
    assert [found[1][name] for name in ("slope", "slope_lower", "slope_upper")] == pytest.approx([slope, low, high])
    assert [found[1][name] for name in ("tau", "p")] == pytest.approx([tau, p], abs=1e-9)


def test_too_few_periods_have_no_numbers_and_a_reason(tmp_path):
    (found,) = run(write(tmp_path, series([1, 2, 3, 4]) + ["A,pay,2019,"]))
    assert found["state"] == "cannot be calculated"
    assert [found[name] for name in ("slope", "slope_lower", "slope_upper", "tau", "p")] == [None] * 5
    assert found["reason"] == "5 periods are needed and there are 4"


@pytest.mark.parametrize(
    "periods",
    [
        ["2019/20", "2020/21", "2021/22", "2022/23", "2023/24"],
        ["2011-2013", "2012-2014", "2013-2015", "2014-2016", "2015-2017"],
        ["2019-04", "2020-04", "2021-04", "2022-04", "2023-04"],
    ],
)
def test_periods_of_every_kind_become_years(tmp_path, periods):
    (found,) = run(write(tmp_path, [f"A,pay,{period},{2 * n}" for n, period in enumerate(periods)]))
    assert found["slope"] == pytest.approx(2)


def test_months_are_parts_of_a_year(tmp_path):
    (found,) = run(write(tmp_path, [f"A,pay,2019-0{month},{month}" for month in range(1, 7)]))
    assert found["slope"] == pytest.approx(12)


def test_limits_are_checked_and_decide_nothing(tmp_path):
    lines = series([1, 2, 3, 4, 5, 6])
    wide = [f"{line},-100,100" for line in lines[:-1]] + [f"{lines[-1]},,"]
    without = run(write(tmp_path, lines))
    assert run(write(tmp_path, wide, f"{HEADER},lower,upper")) == without
    assert without[0]["state"] == "rising"


def test_the_level_can_be_chosen(tmp_path):
    path = write(tmp_path, series([1, 2, 3, 5, 4, 6]))
    assert run(path)[0]["state"] == "rising"
    assert run(path, "--alpha", "0.01")[0]["state"] == "no clear change"
    assert "--alpha" in refusal(path, "--alpha", "0.7")
    assert "--alpha" in refusal(path, "--alpha", "nan")


def test_it_writes_to_a_file(tmp_path):
    target = tmp_path / "out.json"
    call_command("trends", str(write(tmp_path, series([1, 2, 3, 4, 5]))), "--output", str(target))
    assert json.loads(target.read_text())[0]["state"] == "rising"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A,pay,last year,1", "row 3, column “period”: “last year” is not a period such as 2019, 2022/23"),
        ("A,pay,2019/21,1", "row 3, column “period”"),
        ("A,pay,2019-13,1", "row 3, column “period”"),
        ("A,pay,2019,1", "row 3, column “period”: this series has the same time in row 2"),
        ("A,pay,2019-12,1", "row 3, column “period”: this series has the same time in row 2"),
        ("A,pay,2020,many", "row 3, column “value”: “many” is not a number"),
        (",pay,2020,1", "row 3, column “area”: is empty"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(tmp_path, line, said):
    path = write(tmp_path, ["A,pay,2019,1", line])
    assert f"{path}, {said}" in refusal(path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A,pay,2019,1,3,2", "row 2, column “lower”: the lower limit 3 is above the upper limit 2"),
        ("A,pay,2019,9,1,2", "row 2, column “value”: 9 is not between its limits 1 and 2"),
        ("A,pay,2019,,1,2", "row 2, column “value”: is empty, although its limits are given"),
        ("A,pay,2019,1,1,", "row 2, column “upper”: is empty, although the other limit is given"),
    ],
)
def test_limits_that_cannot_be_are_refused(tmp_path, line, said):
    assert said in refusal(write(tmp_path, [line], f"{HEADER},lower,upper"))


def test_one_column_of_limits_is_refused(tmp_path):
    message = refusal(write(tmp_path, ["A,pay,2019,1,0"], f"{HEADER},lower"))
    assert "row 1, column “upper”: is missing, although there is a column “lower”" in message

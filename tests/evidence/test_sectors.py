"""What a place's economy is made of: published examples, identities, the command and the selector."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.domain.sectors import MissingIndustry, sector_mix, shift_share
from evidence.models import Indicator
from evidence.selectors import sectors as selector
from tests.factories.evidence import IndicatorFactory, ObservationFactory, SourceFactory
from tests.factories.kernel import PlaceFactory

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("farms", "shops", "mills", "banks")
BEFORE = dict(zip(NAMES, (500, 100, 200, 200), strict=True))
AFTER = dict(zip(NAMES, (1000, 100, 250, 280), strict=True))
NATION_BEFORE = dict(zip(NAMES, (10_000, 20_000, 40_000, 30_000), strict=True))
NATION_AFTER = dict(zip(NAMES, (11_000, 24_000, 52_000, 42_000), strict=True))

jobs = st.lists(st.integers(0, 10_000), min_size=2, max_size=12).filter(any)


def by_name(values):
    return {f"industry {n}": value for n, value in enumerate(values)}


def test_a_textbook_region_has_the_published_quotients_and_parts():
    """Krumme, University of Washington, Geography 350, "Shift & Share Table" (faculty.washington.edu/krumme/350).

    The region's shares are 50, 10, 20 and 20%, the nation's 10, 20, 40 and 30%, which grew by 10, 20, 30 and 40% and so
    by 29% overall. Published: quotients of 5, 0.5, 0.5 and 0.667; growth 630 = 290 national − 80 composition + 420
    differential; composition −95, −9, 2 and 22, and differential 450, −20, −10 and 0.
    """
    mix = sector_mix(BEFORE, NATION_BEFORE)
    assert list(mix.location_quotients.values()) == pytest.approx([5, 0.5, 0.5, 2 / 3])
    found = shift_share(BEFORE, AFTER, NATION_BEFORE, NATION_AFTER)
    assert (found.national, found.mix, found.regional, found.change) == pytest.approx((290, -80, 420, 630))
    assert [e.mix for e in found.industries.values()] == pytest.approx([-95, -9, 2, 22])
    assert [e.regional for e in found.industries.values()] == pytest.approx([450, -20, -10, 0], abs=1e-9)


def test_krugmans_index_is_two_for_places_with_nothing_in_common():
    """Farhauer and Kröll (2013), Standorttheorien, as in the R package REAT (krugman.spec): 20, 10, 70 and 60, 40."""
    assert sector_mix(by_name([20, 10, 70, 0, 0]), by_name([0, 0, 0, 60, 40])).krugman == pytest.approx(2)


def test_concentration_of_four_shares_is_the_published_one():
    """US Department of Justice, "Herfindahl–Hirschman Index": shares of 30, 30, 20 and 20% give 2,600.

    That is in squared per cent. Normalised over four, (0.26 − 0.25) / 0.75.
    """
    mix = sector_mix(by_name([30, 30, 20, 20]), by_name([1, 1, 1, 1]))
    assert mix.hhi == pytest.approx(0.26)
    assert mix.hhi_normalised == pytest.approx(0.01 / 0.75)


def test_eight_shares_too():
    """Investopedia, "Herfindahl–Hirschman Index": 10, 9, 12, 15, 12, 11, 15 and 16% give 1,296."""
    shares = by_name([10, 9, 12, 15, 12, 11, 15, 16])
    assert sector_mix(shares, shares).hhi == pytest.approx(0.1296)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 9_999)] * 2, *[st.integers(1, 10**6)] * 2), min_size=1, max_size=10))
def test_the_parts_of_a_change_add_up_to_it(rows):
    found = shift_share(*(by_name(column) for column in zip(*rows, strict=True)))
    for effects in (found, *found.industries.values()):
        assert effects.national + effects.mix + effects.regional == pytest.approx(effects.change, rel=1e-9, abs=1e-6)
    for part in ("national", "mix", "regional", "change"):
        total = sum(getattr(effects, part) for effects in found.industries.values())
        assert getattr(found, part) == pytest.approx(total, rel=1e-9, abs=1e-6)


@settings(deadline=None)
@given(jobs, st.data())
def test_quotients_weighted_by_the_reference_average_to_one(area, data):
    whole = data.draw(st.lists(st.integers(1, 10_000), min_size=len(area), max_size=len(area)))
    quotients = sector_mix(by_name(area), by_name(whole)).location_quotients.values()
    assert sum(q * share / sum(whole) for q, share in zip(quotients, whole, strict=True)) == pytest.approx(1)


@settings(deadline=None)
@given(jobs)
def test_indices_stay_within_their_bounds(area):
    mix = sector_mix(by_name(area), by_name([1] * len(area)))
    assert 1 / len(area) - 1e-12 <= mix.hhi <= 1 + 1e-12
    assert 0 <= mix.hhi_normalised <= 1 + 1e-12
    assert 0 <= mix.krugman <= 2


@settings(deadline=None)
@given(jobs, st.floats(1e-3, 1e6), st.data())
def test_the_unit_does_not_matter(area, unit, data):
    whole = data.draw(st.lists(st.integers(1, 10_000), min_size=len(area), max_size=len(area)))
    one = sector_mix(by_name(area), by_name(whole))
    other = sector_mix(by_name([unit * x for x in area]), by_name([unit * x for x in whole]))
    assert list(one.location_quotients.values()) == pytest.approx(list(other.location_quotients.values()))
    assert (one.krugman, one.hhi) == pytest.approx((other.krugman, other.hhi))


def test_an_area_like_the_reference_is_not_specialised():
    mix = sector_mix(BEFORE, {name: 7 * value for name, value in BEFORE.items()})
    assert set(mix.location_quotients.values()) == {1.0}
    assert mix.krugman == pytest.approx(0)
    assert mix.reference_includes_area


def test_a_quotient_without_a_reference_cannot_be_calculated():
    mix = sector_mix({"a": 1, "b": 1}, {"a": 5, "b": 0})
    assert mix.location_quotients == {"a": 0.5, "b": None}


def test_an_area_without_jobs_has_a_reason_in_place_of_numbers():
    mix = sector_mix({"a": 0, "b": 0}, {"a": 5, "b": 5})
    assert (mix.krugman, mix.hhi, mix.hhi_normalised, mix.location_quotients["a"]) == (None,) * 4
    assert mix.reason == "the area's figures add up to 0"
    assert sector_mix({"a": 1}, {"a": 0}).reason == "the reference's figures add up to 0"


def test_one_industry_has_no_normalised_concentration():
    assert sector_mix({"a": 1}, {"a": 9}).hhi_normalised is None


def test_an_industry_new_to_the_reference_leaves_the_total_unknown():
    found = shift_share({"a": 10, "b": 0}, {"a": 12, "b": 3}, {"a": 100, "b": 0}, {"a": 110, "b": 9})
    assert (found.national, found.mix, found.regional, found.change) == (None, None, None, 5)
    assert found.reason == "the reference has nothing at the start in: b"
    assert found.industries["b"].mix is None
    assert found.industries["b"].change == 3
    assert found.industries["b"].reason
    assert found.industries["a"].regional == pytest.approx(1)


def test_an_industry_new_to_the_area_counts_as_regional():
    found = shift_share({"a": 10, "b": 0}, {"a": 10, "b": 3}, {"a": 100, "b": 50}, {"a": 100, "b": 50})
    assert found.industries["b"].regional == 3


def test_a_missing_industry_is_named_with_its_side():
    with pytest.raises(MissingIndustry, match=r"the reference at the end has no figure for “b”; give 0"):
        shift_share({"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1}, {"a": 1})
    with pytest.raises(MissingIndustry, match="the area has no figure for “b”"):
        sector_mix({"a": 1}, {"a": 1, "b": 1})


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf"), 1e200])
def test_figures_that_cannot_be_are_refused(bad):
    with pytest.raises(ValueError, match="figure"):
        sector_mix({"a": bad}, {"a": 1})


def test_nothing_at_all_is_refused():
    with pytest.raises(ValueError, match="There are no industries"):
        sector_mix({}, {})


def test_a_result_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        sector_mix({"a": 1}, {"a": 1}).krugman = 2


# The command


def write(folder, text, header="area,industry,period,value"):
    path = folder / "input.csv"
    path.write_text(f"{header}\n{text}", encoding="utf-8")
    return path


def the_example(*years):
    lines = []
    for year, own, whole in zip(years, (BEFORE, AFTER), (NATION_BEFORE, NATION_AFTER), strict=False):
        lines += [f"R,{name},{year},{value}" for name, value in own.items()]
        lines += [f"N,{name},{year},{value}" for name, value in whole.items()]
    return "\n".join(lines)


def run(path, *options):
    screen = StringIO()
    call_command("sector_mix", str(path), "--area", "R", "--reference", "N", *options, stdout=screen)
    return json.loads(screen.getvalue())


def refusal(path, *options):
    with pytest.raises(CommandError) as caught:
        run(path, *options)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_the_command_prints_the_textbook_example(tmp_path):
    found = run(write(tmp_path, the_example(1985, 1995)))
    assert found["location_quotients"]["farms"] == pytest.approx((1000 / 1630) / (11 / 129))
    change = found["shift_share"]
    assert [change[part] for part in ("national", "mix", "regional", "change")] == pytest.approx([290, -80, 420, 630])
    assert change["industries"]["farms"]["mix"] == pytest.approx(-95)
    assert found["reference_includes_area"] is True
    assert found["periods"] == {"from": "1985", "to": "1995"}
    assert {"krugman", "hhi", "hhi_normalised", "method"} <= set(found)


def test_with_one_period_there_is_no_change(tmp_path):
    found = run(write(tmp_path, the_example(1985)))
    assert found["shift_share"] is None
    assert found["krugman"] == pytest.approx(0.8)


def test_the_periods_can_be_chosen_and_sort_as_numbers_when_all_are(tmp_path):
    path = write(tmp_path, the_example(9, 10) + "\n" + the_example(11))
    assert run(path, "--from", "9", "--to", "10")["shift_share"]["change"] == 630
    assert run(path)["periods"] == {"from": "9", "to": "11"}
    assert run(path)["shift_share"]["change"] == 0
    text = write(tmp_path, the_example("9", "10b"))
    assert run(text)["periods"] == {"from": "10b", "to": "9"}


def test_it_writes_to_a_file(tmp_path):
    target = tmp_path / "out.json"
    call_command(
        "sector_mix", str(write(tmp_path, the_example(1985))), "--area=R", "--reference=N", f"--output={target}"
    )
    assert json.loads(target.read_text())["area"] == "R"
    assert "cannot be written" in refusal(write(tmp_path, the_example(1985)), "--output", str(tmp_path / "no" / "x"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("R,shops,1985,100", "R,shops,1985,-5"), "row 3, column “value”: “-5” is negative"),
        (
            ("R,shops,1985,100", "R,farms,1985,5"),
            "row 3, column “industry”: repeats area, industry and period of row 2",
        ),
        (("R,shops,1985,100", "R,shops,1985,many"), "row 3, column “value”: “many” is not a number"),
        (("R,shops,1985,100", "R,shops,1985,inf"), "row 3, column “value”: “inf” is not a finite number"),
        (("R,shops,1985,100", "R,shops,1985,"), "row 3, column “value”: is empty"),
        (("R,shops,1985,100", "R,shops,1985,1e300"), "column “value”: The figures add up to more than"),
        (("R,shops,1985,100\n", ""), "row 6, column “industry”: “shops” is missing for the area “R” in 1985"),
        (("N,mills,1995,52000", "N,forges,1995,1"), "“mills” is missing for the area “N” in 1995; give it the value 0"),
        (("N,", "E,"), "column “area”: no row is of the area “N”"),
        (("R,", "E,"), "column “area”: no row is of the area “R”"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path, change, said):
    path = write(tmp_path, the_example(1985, 1995).replace(*change))
    message = refusal(path)
    assert message.startswith(str(path))
    assert said in message


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "1985"), "Give both --from and --to, or neither."),
        (("--to", "1985"), "Give both --from and --to, or neither."),
        (("--from", "1995", "--to", "1985"), "--from 1995 is not before --to 1985."),
        (("--from", "1995", "--to", "1995"), "is not before"),
        (
            ("--from", "1985", "--to", "2001"),
            "column “period”: no row of “R” or “N” is of 2001 (--to); there are 1985, 1995",
        ),
    ],
)
def test_bad_periods_are_refused(tmp_path, options, said):
    assert said in refusal(write(tmp_path, the_example(1985, 1995)), *options)


def test_the_exit_status_of_a_bad_file_is_two(tmp_path):
    path = write(tmp_path, "R,farms,1985,-1")
    command = [sys.executable, "manage.py", "sector_mix", str(path), "--area", "R", "--reference", "N"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{path}, row 2, column “value”: “-1” is negative" in done.stderr
    assert done.stdout == ""


# The selector


def load(place, values, period="2020", vintage="LEP 2021", source=None, codes=None):
    for code, value in zip(codes or selector.INDUSTRIES, values, strict=True):
        ObservationFactory(
            indicator=Indicator.objects.filter(code=code).first() or IndicatorFactory(code=code),
            place=place,
            period=period,
            period_order=int(f"{period}09"),
            value=value,
            source=source or SourceFactory(),
            geography_vintage=vintage,
        )


@pytest.fixture
def places(db):
    return PlaceFactory(name="Exampleshire"), PlaceFactory(country=True)


def load_both(places, period, first, vintage="LEP 2021"):
    source = (
        SourceFactory(citation="Business Register") if period == "2020" else SourceFactory(citation="Older register")
    )
    load(places[0], [first] + [10] * 17, period, vintage, source)
    load(places[1], [200] + [100] * 17, period, "England", source)


def test_a_place_is_described_against_england(places, django_assert_num_queries):
    load_both(places, "2015", first=10)
    load_both(places, "2020", first=40)
    with django_assert_num_queries(1):
        view = selector.sector_mix(places[0])
    assert (view.first_period, view.period, view.boundaries, view.reason) == ("2015", "2020", "LEP 2021", "")
    assert (view.jobs, view.england_jobs, view.change) == (210, 1900, 30)
    farming = view.industries[0]
    assert farming.label == "Agriculture, forestry and fishing"
    assert farming.location_quotient == pytest.approx((40 / 210) / (200 / 1900))
    assert (farming.national, farming.mix, farming.regional, farming.change) == (0, 0, 30, 30)
    assert [source.citation for source in view.sources] == ["Business Register", "Older register"]
    assert "England includes the place." in view.notes
    assert json.loads(json.dumps(view.as_json()))["industries"][0]["jobs"] == 40


def test_only_periods_on_the_newest_boundaries_are_compared(places):
    load_both(places, "2014", first=10, vintage="LEP 2017")
    load_both(places, "2016", first=20)
    load_both(places, "2020", first=40)
    assert selector.sector_mix(places[0]).first_period == "2016"


def test_with_one_period_the_change_has_a_reason(places):
    load_both(places, "2014", first=10, vintage="LEP 2017")
    load_both(places, "2020", first=40)
    view = selector.sector_mix(places[0])
    assert (view.first_period, view.change, view.industries[0].change) == ("", None, None)
    assert view.change_reason == "There is only one period on these boundaries."
    assert view.krugman is not None


def test_a_period_that_lacks_an_industry_is_not_used(places):
    load_both(places, "2019", first=40)
    load(places[0], [5], "2020", codes=["jobs_retail"])
    assert selector.sector_mix(places[0]).period == "2019"


def test_without_jobs_by_industry_there_is_a_reason(places):
    load(places[1], [1] * 18)
    view = selector.sector_mix(places[0])
    assert view.reason == "The reference data have no jobs by industry for Exampleshire."
    assert view.industries == ()
    load(places[0], [5], "2020", codes=["jobs_retail"])
    assert "both have a figure for every industry" in selector.sector_mix(places[0]).reason

"""Commuting figures that the operator loads: refused with reasons or stored whole, summed to LEP areas, and shown."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evidence.models import CommutingFlow
from evidence.selectors.neighbours import spillover_partners
from lisapp.audit.models import LogEntry
from lisapp.places.models import PlaceMembership
from tests.factories.kernel import PlaceFactory

pytestmark = pytest.mark.django_db
HEADER = "origin,destination,period,commuters\n"


@pytest.fixture
def leps():
    """Two LEP areas; the first has two authorities, the second one, and a fourth authority belongs to both."""
    first, second = PlaceFactory(code="E37000001", name="First"), PlaceFactory(code="E37000002", name="Second")
    members = {"E06000001": [first], "E06000002": [first], "E06000003": [second], "E06000004": [first, second]}
    for code, parents in members.items():
        part = PlaceFactory(local_authority=True, code=code)
        for parent in parents:
            PlaceMembership.objects.create(parent=parent, child=part, vintage="LAD22")
    return first, second


@pytest.fixture
def load(tmp_path, capsys):
    """A function that loads rows and returns what the command printed."""

    def _load(rows, **more):
        path = tmp_path / "flows.csv"
        path.write_text(HEADER + rows, encoding="utf-8")
        options = {
            "source": "ONS Census 2021, table",
            "licence": "OGL",
            "vintage": "2022",
            "url": "https://ons.gov.uk/",
        }
        call_command("load_commuting", str(path), **(options | more))
        return capsys.readouterr().out

    return _load


def stored():
    return {
        (flow.origin.code, flow.destination.code): flow.commuters
        for flow in CommutingFlow.objects.select_related("origin", "destination")
    }


def test_flows_of_authorities_are_summed_to_their_lep_areas(leps, load):
    out = load("E06000001,E06000003,2021,30\nE06000002,E06000003,2021,20\nE06000001,E06000001,2021,100\n")
    assert stored()["E37000001", "E37000002"] == 50
    assert stored()["E37000001", "E37000001"] == 100
    assert "3 flows loaded, 2 between LEP areas summed" in out
    summed = CommutingFlow.objects.get(origin__code="E37000001", destination__code="E37000002")
    assert summed.source.derivation.startswith("Sum of the flows")
    assert not CommutingFlow.objects.get(origin__code="E06000002").source.is_derived


def test_an_authority_of_two_areas_counts_in_both(leps, load):
    load("E06000004,E06000003,2021,10\n")
    assert stored()["E37000001", "E37000002"] == 10
    assert stored()["E37000002", "E37000002"] == 10


def test_a_flow_that_the_file_gives_for_the_areas_themselves_is_not_summed(leps, load):
    load("E06000001,E06000003,2021,30\nE37000001,E37000002,2021,33\n")
    assert stored()["E37000001", "E37000002"] == 33


def test_loading_a_period_again_replaces_it_and_leaves_other_periods(leps, load):
    load("E06000001,E06000003,2011,5\n")
    load("E06000001,E06000003,2021,30\n")
    out = load("E06000001,E06000003,2021,31\n")
    assert "2 earlier flows replaced" in out
    periods = CommutingFlow.objects.filter(origin__code="E06000001").values_list("period", "commuters")
    assert sorted(periods) == [("2011", 5), ("2021", 31)]
    assert LogEntry.objects.filter(event="evidence.commuting.loaded").count() == 3


def test_ends_outside_england_are_left_out_and_counted(leps, load):
    assert "1 rows outside England left out" in load("E06000001,W06000001,2021,7\nE06000001,E06000002,2021,1\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("E06000001,E06000099,2021,5", "row 3, column “destination”: there is no place with the code “E06000099”"),
        ("E06000001,E06000003,2021,few", "row 3, column “commuters”: “few” is not a number"),
        ("E06000001,E06000003,2021,1.5", "“1.5” is not a whole number of people"),
        ("E06000001,E06000003,2021,-1", "“-1” is not a whole number of people"),
        ("E06000001,E06000003,,5", "row 3, column “period”: is empty"),
        ("E06000001,E06000002,2021,5", "the flow of row 2 again"),
    ],
)
def test_one_wrong_row_changes_nothing_and_is_named(leps, load, row, reason):
    with pytest.raises(CommandError) as refused:
        load(f"E06000001,E06000002,2021,1\n{row}\n")
    assert refused.value.returncode == 2
    assert reason in str(refused.value)
    assert not CommutingFlow.objects.exists()


def test_a_file_without_a_column_or_without_flows_in_england_is_refused(leps, load, tmp_path):
    with pytest.raises(CommandError, match="no flow within England"):
        load("W06000001,W06000001,2021,5\n")
    bad = tmp_path / "bad.csv"
    bad.write_text("origin,destination,commuters\na,b,1\n", encoding="utf-8")
    with pytest.raises(CommandError, match="column “period”: is missing"):
        call_command("load_commuting", str(bad), source="x", licence="x", vintage="x")


def test_an_address_that_is_none_is_refused(leps, load):
    with pytest.raises(CommandError, match="valid URL"):
        load("E06000001,E06000003,2021,30\n", url="not an address")


class TestAsSpilloverPartners:
    def test_both_ways_with_shares_period_and_source(self, leps, load):
        first, second = leps
        load("E37000001,E37000001,2021,60\nE37000001,E37000002,2021,40\nE37000002,E37000001,2021,15\n")
        found = spillover_partners(first)["commuting"]
        assert found["partners"] == [
            {
                "code": "E37000002",
                "name": "Second",
                "out": 40,
                "out_share": pytest.approx(0.4),
                "into": 15,
                "into_share": pytest.approx(0.2),
            }
        ]
        assert (found["residents"], found["jobs"], found["period"]) == (100, 75, "2021")
        assert found["source"]["citation"] == "ONS Census 2021, table"
        json.dumps(found)
        assert spillover_partners(second)["commuting"]["partners"][0]["into_share"] == 1.0

    def test_the_newest_period_counts_and_authorities_have_authorities(self, leps, load):
        load("E06000001,E06000003,2011,5\nE06000001,E06000002,2021,30\n")
        origin = CommutingFlow.objects.get(commuters=5, origin__code="E06000001").origin
        found = spillover_partners(origin)["commuting"]
        assert [(row["code"], row["out"]) for row in found["partners"]] == [("E06000002", 30)]

    def test_ten_are_named_and_the_others_counted(self, leps, load, django_assert_max_num_queries):
        others = [PlaceFactory(local_authority=True, code=f"E07{n:06d}") for n in range(12)]
        load("".join(f"E06000001,{other.code},2021,{n + 1}\n" for n, other in enumerate(others)))
        place = CommutingFlow.objects.filter(origin__code="E06000001").first().origin
        with django_assert_max_num_queries(6):
            found = spillover_partners(place)["commuting"]
        assert [row["out"] for row in found["partners"]] == list(range(12, 2, -1))
        assert found["others"] == 2

    def test_a_place_without_flows_is_told_so(self, leps, load):
        load("E06000001,E06000003,2021,30\n")
        elsewhere = PlaceFactory(name="Elsewhere")
        reason = spillover_partners(elsewhere)["commuting"]["reason"]
        assert reason == "The commuting figures that are loaded have none for Elsewhere."

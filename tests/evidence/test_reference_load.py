"""Loading the reference data: differences only, refusals with reasons, all or nothing, nothing overwritten."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from evidence.imports.reference_files import (
    SERIES,
    BadReference,
    CodeRow,
    Figure,
    IndicatorRow,
    MembershipRow,
    PlaceRow,
    ReviewRow,
    SourceRow,
    write,
)
from evidence.models import DataRelease, EvidenceItem, Indicator, Observation, Source
from evidence.services.datasets import roll_back
from evidence.services.reference import load_reference
from lisapp.audit.models import LogEntry
from lisapp.places.models import LEP, Place, PlaceCode, PlaceMembership
from tests.factories.evidence import DatasetFactory, IndicatorFactory, SourceFactory
from tests.factories.kernel import UserFactory

pytestmark = pytest.mark.django_db


def place(code, kind, **extra):
    row = PlaceRow(code, f"Place {code}", kind, "North West", None, None, None, None, None)
    return replace(row, **extra)


def small():
    """The rows of a small folder: an LEP of two authorities, two indicators, two sources, four figures."""
    return {
        "places.json": [
            place("L1", "lep", name="Example LEP", longitude=-2.0, latitude=53.0, area_km2=100.0),
            place("A1", "local_authority"),
            place("A2", "local_authority", valid_to="2023-03-31"),
        ],
        "memberships.json": [
            MembershipRow("L1", "A1", "primary", "LAD22", None, None),
            MembershipRow("L1", "A2", "overlap", "LAD22", None, "2023-03-31"),
        ],
        "neighbours.json": [],
        "codes.json": [],
        "indicators.json": [
            IndicatorRow("pay", "Pay", "people", "£", 0, "outcome", "better", "Middle pay.", ""),
            IndicatorRow("size", "Residents", "places", "people", 0, "structural", "neutral", "Everyone.", "Rounded."),
        ],
        "sources.json": [
            SourceRow("census", "ONS census", "https://example.org/c", "OGL", "2021", False, ""),
            SourceRow("sums", "ONS census", "https://example.org/c", "OGL", "2021", True, "Added up."),
        ],
        "what_works.json": [
            ReviewRow(
                slug="advice",
                kind="review",
                title="Advice",
                policy_area="business-advice",
                pillar="people",
                intervention_type="advice",
                outcome="Employment",
                studies_screened=9,
                studies_counted=3,
                studies_on_outcome=2,
                studies_positive=1,
                finding="Mixed.",
                source_name="WWG",
                source_url="https://e.org/",
                source_date="2016",
            )
        ],
    }


def figures():
    return [
        Figure("size", "A1", "2021", 202103, 1000, None, None, "census", "Boundaries of the ONS code"),
        Figure("size", "A2", "2021", 202103, 500.5, None, None, "census", "Boundaries of the ONS code"),
        Figure("size", "L1", "2021", 202103, 1500.5, None, None, "sums", "LEP 2021"),
        Figure("pay", "A1", "April 2025", 202504, 600, 580.5, 620, "census", "Boundaries of the ONS code"),
    ]


@pytest.fixture
def folder(tmp_path):
    """A function that writes the small folder, or a changed one, and returns it."""

    def _folder(tables=None, rows=None, name="Small"):
        target = tmp_path / "reference"
        write(
            target,
            name=name,
            attribution="x",
            tables=tables or small(),
            figures=figures() if rows is None else rows,
        )
        return target

    return _folder


def counts_of(report, kind):
    counts = report.kinds[kind]
    return counts.created, counts.updated, counts.unchanged, counts.removed, counts.refused


def test_a_first_load_stores_everything(folder):
    report = load_reference(path=folder())
    assert counts_of(report, "figures") == (4, 0, 0, 0, 0)
    assert counts_of(report, "places") == (3, 0, 0, 0, 0)
    pay = Observation.objects.select_related("indicator", "place", "source").get(indicator__code="pay")
    assert (pay.value, pay.lower, pay.upper, pay.period, pay.period_order) == (600, 580.5, 620, "April 2025", 202504)
    assert pay.source.code == "census"
    total = Observation.objects.get(place__code="L1")
    assert total.source.is_derived
    assert total.geography_vintage == "LEP 2021"
    assert str(Place.objects.get(code="A2").valid_to) == "2023-03-31"
    assert PlaceMembership.objects.filter(parent__code="L1").count() == 2
    assert EvidenceItem.objects.get().studies_positive == 1


def test_every_lep_area_gets_a_body_that_can_own_a_strategy(folder):
    load_reference(path=folder())
    body = LEP.objects.get()
    assert (body.slug, body.name) == ("example-lep", "Example LEP")
    assert [p.code for p in body.places.all()] == ["L1"]
    LEP.objects.update(name="Example LEP and partners")
    report = load_reference(path=folder())
    assert counts_of(report, "leps") == (0, 0, 1, 0, 0)
    assert LEP.objects.get().name == "Example LEP and partners", "people may rename a body"


def test_a_second_load_changes_nothing(folder):
    load_reference(path=folder())
    keys = list(Observation.objects.order_by("pk").values_list("pk", flat=True))
    report = load_reference(path=folder())
    assert report.changed == 0
    assert not report.new_release
    assert counts_of(report, "figures") == (0, 0, 4, 0, 0)
    assert list(Observation.objects.order_by("pk").values_list("pk", flat=True)) == keys
    assert DataRelease.objects.count() == 1
    assert LogEntry.objects.filter(event="evidence.reference.loaded").count() == 1, "nothing happened, nothing logged"


def test_only_differences_are_written_and_what_is_gone_is_removed(folder):
    load_reference(path=folder())
    before = set(Observation.objects.values_list("pk", flat=True))
    changed = figures()
    changed[0] = changed[0]._replace(value=1001)
    report = load_reference(path=folder(rows=[*changed[:1], *changed[2:]]))
    assert counts_of(report, "figures") == (0, 1, 2, 1, 0)
    moved = Observation.objects.get(indicator__code="size", place__code="A1")
    assert moved.value == 1001
    after = set(Observation.objects.values_list("pk", flat=True))
    assert after - before == {moved.pk}, "the others keep their keys"
    assert len(after) == 3
    assert set(Observation.every_version.values_list("pk", flat=True)) == before | after, "nothing was deleted"
    old = Observation.every_version.get(superseded_by=moved)
    assert (old.value, old.superseded_at is None) == (1000, False)
    gone = Observation.every_version.get(place__code="A2")
    assert (gone.superseded_by, gone.superseded_at is None) == (None, False)
    assert DataRelease.objects.count() == 2
    assert DataRelease.objects.latest().counts["figures"] == 3


def test_changed_words_are_updated_and_dropped_rows_go_while_places_stay(folder):
    load_reference(path=folder())
    tables = small()
    tables["indicators.json"] = [replace(tables["indicators.json"][1], label="People")]
    tables["sources.json"] = tables["sources.json"][:1]
    tables["places.json"] = tables["places.json"][:2]
    tables["memberships.json"] = tables["memberships.json"][:1]
    tables["what_works.json"] = []
    report = load_reference(path=folder(tables, figures()[:1]))
    assert counts_of(report, "indicators") == (0, 1, 0, 1, 0)
    assert counts_of(report, "memberships") == (0, 0, 1, 1, 0)
    assert counts_of(report, "sources") == (0, 0, 1, 0, 0), "a figure that stood once still needs its source"
    assert counts_of(report, "reviews") == (0, 0, 0, 1, 0)
    assert Indicator.objects.get().label == "People"
    assert Place.objects.filter(code="A2").exists(), "a strategy may point at it"
    assert Observation.objects.count() == 1


def test_a_figure_that_nobody_publishes_any_more_and_its_return(folder):
    load_reference(path=folder())
    load_reference(path=folder(rows=figures()[1:], name="Without"))
    assert not Observation.objects.filter(indicator__code="size", place__code="A1").exists()
    report = load_reference(path=folder())
    assert counts_of(report, "figures") == (1, 0, 3, 0, 0)
    assert Observation.every_version.filter(indicator__code="size", place__code="A1").count() == 2
    assert [release.name for release in DataRelease.objects.all()] == ["Small", "Without", "Small"]


def of_dataset(value, *, over=None):
    """A figure of a dataset for the residents of A1, on top of another where one is given."""
    size, a1 = Indicator.objects.get(code="size"), Place.objects.get(code="A1")
    if over:
        Observation.every_version.filter(pk=over.pk).update(superseded_at=timezone.now())
    made = Observation.every_version.create(
        indicator=size,
        place=a1,
        period="2021",
        period_order=202103,
        value=value,
        source=SourceFactory(),
        dataset=DatasetFactory(imported=True),
    )
    if over:
        Observation.every_version.filter(pk=over.pk).update(superseded_by=made)
    return made


def residents():
    return Observation.objects.get(indicator__code="size", place__code="A1").value


def test_a_figure_from_a_dataset_stands_over_the_reference_data_until_it_is_rolled_back(folder):
    load_reference(path=folder())
    analyst = UserFactory(administrator=True)
    first = of_dataset(1100, over=Observation.objects.get(indicator__code="size", place__code="A1"))
    second = of_dataset(1200, over=first)
    report = load_reference(path=folder())
    assert (report.changed, residents()) == (0, 1200), "the same folder again changes nothing"
    newer = [figures()[0]._replace(value=1300), *figures()[1:]]
    report = load_reference(path=folder(rows=newer, name="Newer"))
    assert (counts_of(report, "figures"), residents()) == ((0, 1, 3, 0, 0), 1200)
    assert load_reference(path=folder(rows=newer, name="Newer")).changed == 0
    roll_back(dataset=first.dataset, reason="Wrong", by=analyst)
    assert residents() == 1200
    roll_back(dataset=second.dataset, reason="Wrong", by=analyst)
    assert residents() == 1300, "the newest reference figure, not the one that was superseded first"


def test_a_reference_figure_that_comes_after_a_dataset_waits_below_it(folder):
    load_reference(path=folder(rows=figures()[1:]))
    made = of_dataset(1100)
    report = load_reference(path=folder())
    assert (counts_of(report, "figures"), residents()) == ((1, 0, 3, 0, 0), 1100)
    load_reference(path=folder(rows=figures()[1:]))
    assert residents() == 1100, "and may go again"
    load_reference(path=folder())
    roll_back(dataset=made.dataset, reason="Wrong", by=UserFactory(administrator=True))
    assert residents() == 1000


def test_indicators_and_sources_of_datasets_stay_when_the_folder_does_not_have_them(folder):
    load_reference(path=folder())
    own = IndicatorFactory(code="own", added_by=UserFactory())
    made = of_dataset(1100, over=Observation.objects.get(indicator__code="size", place__code="A1"))
    waiting = DatasetFactory()
    tables = small()
    tables["indicators.json"] = tables["indicators.json"][:1]
    load_reference(path=folder(tables, figures()[3:]))
    assert set(Indicator.objects.values_list("code", flat=True)) == {"pay", "size", own.code}
    assert residents() == 1100
    assert Source.objects.filter(pk__in=[made.source_id, waiting.source_id]).count() == 2


def test_codes_of_other_years_lead_to_the_present_area(folder):
    tables = small()
    tables["codes.json"] = [
        CodeRow("L0", "Example", "lep", "2017", "L1", "LEP 2017", None, None),
        CodeRow("L9", "Gone", "lep", "2017", "", "LEP 2017", None, None),
        CodeRow("L8", "Lost", "lep", "2017", "Z9", "LEP 2017", None, None),
    ]
    report = load_reference(path=folder(tables))
    assert counts_of(report, "codes") == (2, 0, 0, 0, 1)
    assert PlaceCode.objects.get(code="L0").place.code == "L1"
    assert PlaceCode.objects.get(code="L9").place is None


def test_a_figure_out_of_the_possible_range_is_refused(folder):
    tables = small()
    tables["indicators.json"][0] = replace(tables["indicators.json"][0], lowest=0.0, highest=700.0)
    dear = figures()[3]._replace(value=701, lower=None, upper=None)
    report = load_reference(path=folder(tables, [dear]))
    assert [r.reason for r in report.refusals] == ["701 is above 700, the highest that “Pay” can be"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"indicator": "nonsense"}, "unknown indicator nonsense"),
        ({"place": "Z9"}, "unknown area Z9"),
        ({"source": "hearsay"}, "unknown source hearsay"),
        ({"value": "a lot"}, "the value, 'a lot', is not a number"),
        ({"value": None}, "the value, None, is not a number"),
        ({"value": True}, "the value, True, is not a number"),
        ({"value": float("nan")}, "the value, nan, is not a number"),
        ({"lower": "low", "upper": 1}, "the lower limit, 'low', is not a number"),
        ({"lower": 2000, "upper": 1000}, "the lower limit is above the upper limit"),
        ({"period": ""}, "the period is blank or too long"),
        ({"period": "x" * 21}, "the period is blank or too long"),
        ({"order": 202113}, "the end of the period, 202113, is not a year and month"),
        ({"order": "2021"}, "the end of the period, '2021', is not a year and month"),
    ],
)
def test_a_figure_that_cannot_be_right_is_refused_and_the_others_are_loaded(folder, change, reason):
    bad = figures()[1]._replace(**change)
    report = load_reference(path=folder(rows=[figures()[0], bad]))
    assert [refusal.reason for refusal in report.refusals] == [reason]
    assert counts_of(report, "figures") == (1, 0, 0, 0, 1)
    assert Observation.objects.count() == 1


def test_a_repeated_figure_is_refused(folder):
    again = figures()[0]._replace(value=7, source="sums")
    report = load_reference(path=folder(rows=[figures()[0], again]))
    assert [refusal.reason for refusal in report.refusals] == ["duplicate"]
    assert Observation.objects.get().value == 1000


def test_a_stored_figure_survives_the_refusal_of_its_successor(folder):
    load_reference(path=folder())
    rows = figures()
    rows[0] = rows[0]._replace(value="spoilt")
    report = load_reference(path=folder(rows=rows))
    assert counts_of(report, "figures") == (0, 0, 3, 0, 1)
    assert Observation.objects.get(indicator__code="size", place__code="A1").value == 1000


def test_rows_of_the_small_tables_are_refused_by_the_models_own_rules(folder):
    tables = small()
    tables["places.json"].append(place("X1", "village"))
    tables["places.json"].append(place("X2", "region", valid_from="31 March"))
    tables["indicators.json"].append(replace(tables["indicators.json"][0], code="odd", role="villain"))
    tables["indicators.json"].append(replace(tables["indicators.json"][0], label="Pay again"))
    tables["memberships.json"].append(MembershipRow("L1", "Z9", "primary", "LAD22", None, None))
    report = load_reference(path=folder(tables))
    reasons = {(refusal.kind, refusal.row): refusal.reason for refusal in report.refusals}
    assert "kind: Value 'village' is not a valid choice." in reasons["places", "X1"]
    assert "valid_from" in reasons["places", "X2"]
    assert "role" in reasons["indicators", "odd"]
    assert reasons["indicators", "pay"] == "duplicate"
    assert reasons["memberships", "Z9 in L1"] == "unknown area Z9"
    assert Observation.objects.count() == 4


def test_a_refused_area_keeps_what_is_stored_about_it(folder):
    load_reference(path=folder())
    tables = small()
    tables["places.json"][1] = replace(tables["places.json"][1], kind="village")
    report = load_reference(path=folder(tables))
    assert {refusal.reason for refusal in report.refusals if refusal.kind == "figures"} == {"unknown area A1"}
    assert Place.objects.get(code="A1").kind == "local_authority"
    assert Observation.objects.filter(place__code="A1").count() == 2


def test_a_damaged_folder_changes_nothing(folder):
    load_reference(path=folder())
    target = folder(rows=[])
    (target / SERIES).write_bytes(b"damaged")
    with pytest.raises(BadReference):
        load_reference(path=target)
    assert Observation.objects.count() == 4
    assert DataRelease.objects.count() == 1


def test_an_error_half_way_leaves_nothing_behind(folder, monkeypatch):
    from evidence.services import reference

    def fail(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(reference, "_figures", fail)
    with pytest.raises(RuntimeError):
        load_reference(path=folder())
    assert not Place.objects.exists()
    assert not Source.objects.exists()


def test_the_command_prints_what_happened(folder):
    bad = figures()[1]._replace(value="a lot")
    out = StringIO()
    call_command("load_reference", path=folder(rows=[*figures()[:1], bad]), stdout=out)
    assert "Small (new)" in out.getvalue()
    assert "Refused: figures, size A2 2021: the value, 'a lot', is not a number" in out.getvalue()


def test_the_command_can_report_in_json(folder):
    out = StringIO()
    call_command("load_reference", path=folder(), json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert report["kinds"]["figures"]["created"] == 4
    assert report["refusals"] == []


def test_the_command_says_that_nothing_was_loaded(folder):
    target = folder()
    (target / "manifest.json").unlink()
    with pytest.raises(CommandError, match=r"Nothing was loaded\. manifest\.json cannot be read"):
        call_command("load_reference", path=target)

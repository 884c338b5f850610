"""Bringing figures in: nothing overwritten, nothing half-loaded, and every roll back leaves what stood before."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from evidence.enums import DatasetState
from evidence.models import DataRelease, Dataset, Indicator, Observation, Source
from evidence.services import datasets
from lisapp.audit.models import LogEntry
from lisapp.errors import InvalidTransition, NotAllowed
from lisapp.places.codes import resolve
from tests.evidence.dataset_files import ABOUT, HEADER, build, csv_file, imported, uploaded, workbook
from tests.factories.evidence import IndicatorFactory
from tests.factories.kernel import PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db
NEW = "E37000061,employment-rate,2024,71.2,70,72.5"
CORRECTION = "E37000044,employment-rate,2024,76.1,,"


@pytest.fixture
def world(monkeypatch):
    """Jobs are written but not sent: a test does their work itself."""
    monkeypatch.setattr("lisapp.jobs.services.send", lambda job_id: None)
    return build()


def current(world, place=None):
    """The values that stand for the rate, by period."""
    rows = Observation.objects.filter(indicator=world.rate, place=place or world.coast)
    return dict(rows.values_list("period", "value"))


def reasons(dataset):
    return [refused["reason"] for refused in dataset.findings["refusals"]]


class TestChecking:
    def test_the_preview_counts_what_is_new_the_same_superseding_and_suppressed(self, world):
        same = "E37000044,Employment rate,2024,75,,"
        found = uploaded(world, csv_file(same, NEW, "E37000044,employment-rate,2023,[c],,"))
        assert found.state == DatasetState.READY
        assert {key: found.counts[key] for key in ("new", "same", "superseding", "suppressed", "refused")} == {
            "new": 1,
            "same": 1,
            "superseding": 0,
            "suppressed": 1,
            "refused": 0,
        }
        assert Observation.every_version.count() == 1, "nothing is stored by a check"
        first = found.findings["rows"][1]
        assert (first["place"], first["value"], first["lower"], first["row"]) == (
            "Hull and East Yorkshire",
            71.2,
            70.0,
            3,
        )

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("E37000061,employment-rate,2024,140,,", "140 is above 100, the highest that “Employment rate” can be"),
            ("E37000061,employment-rate,2024,-1,,", "-1 is below 0, the lowest that “Employment rate” can be"),
            ("E37000061,employment-rate,2024,much,,", "“much” is not a number"),
            ("E37000061,employment-rate,2024,,,", "is empty: write a mark such as “..” for a figure that is not shown"),
            ("E37000061,employment-rate,2024,70,75,80", "the value is not between its limits"),
            (
                "E37000061,employment-rate,then,70,,",
                "“then” is not a period: write it like 2024, 2023/24 or April 2024",
            ),
            ("E99999999,employment-rate,2024,70,,", "“E99999999” is not known"),
            ("E37000018,employment-rate,2024,70,,", "“E37000018” is an area of 2017 for which no present area stands"),
            (",employment-rate,2024,70,,", "there is no area"),
        ],
    )
    def test_a_row_that_cannot_be_right_is_refused_with_its_place_and_reason(self, world, line, reason):
        found = uploaded(world, csv_file(NEW.replace("2024", "2023"), line))
        assert found.state == DatasetState.REFUSED
        assert reasons(found) == [reason]
        assert (found.findings["refusals"][0]["row"], found.counts["figures"]) == (3, 1)
        assert reason.encode() in found.refusals.read()
        with pytest.raises(InvalidTransition):
            datasets.request_import(dataset=found, by=world.analyst)

    def test_a_row_with_several_faults_names_them_all(self, world):
        found = uploaded(world, csv_file("E9,employment-rate,then,140,,"))
        assert reasons(found)[0].count(";") == 2

    def test_a_repeated_row_is_refused_also_under_another_code_of_the_same_place(self, world):
        found = uploaded(world, csv_file(NEW, NEW, CORRECTION, CORRECTION.replace("E37000044", "E37000004")))
        assert reasons(found) == [
            "Hull and East Yorkshire has this figure for 2024 already, in row 2",
            "Coast to Capital has this figure for 2024 already, in row 4",
        ]

    def test_an_unknown_measure_needs_a_choice_and_the_choice_is_kept(self, world):
        found = uploaded(world, csv_file(NEW.replace("employment-rate", "Rate of work")))
        assert (found.state, found.findings["needs"]) == (
            DatasetState.NEEDS_CHOICES,
            ["which indicator the measure is"],
        )
        mapping = {"measures": {"Rate of work": "employment-rate"}}
        chosen = datasets.choose(dataset=found, mapping=mapping, by=world.analyst)
        assert chosen.state == DatasetState.CHECKING
        assert datasets.check_dataset(dataset=chosen).state == DatasetState.READY
        with pytest.raises(ValidationError):
            datasets.choose(dataset=found, mapping={"measures": 3}, by=world.analyst)

    def test_a_file_that_says_nothing_new_or_nothing_at_all_is_refused_as_a_whole(self, world):
        found = uploaded(world, csv_file("E37000044,employment-rate,2024,75,,"))
        assert found.findings["whole"] == "Its one figure is stored already, with the same value."
        found = uploaded(world, csv_file("E37000044,employment-rate,2024,..,,"))
        assert found.findings["whole"].startswith("Every figure of the file is suppressed")
        found = uploaded(world, workbook([["Notes"], ["Nothing here"]]))
        assert found.findings["whole"] == "No figures were found in the file."

    def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_of_it_is_kept(self, world):
        with pytest.raises(ValidationError, match="an Excel workbook by its content"):
            uploaded(world, workbook([["Area", "2020"]], name="figures.csv"))
        assert not Dataset.objects.exists()
        assert not Source.objects.filter(code__startswith="dataset-").exists()

    def test_a_file_beyond_the_limit_is_refused(self, world, settings):
        settings.UPLOAD_MAX_BYTES = 100
        with pytest.raises(ValidationError, match="is the most"):
            uploaded(world, csv_file(*[NEW] * 10))

    def test_only_analysts_and_administrators_bring_figures_in(self, world):
        with pytest.raises(NotAllowed):
            datasets.upload_dataset(file=csv_file(NEW), by=UserFactory(), **ABOUT)
        assert datasets.upload_dataset(file=csv_file(NEW), by=UserFactory(administrator=True), **ABOUT).pk

    def test_the_same_form_twice_makes_one_dataset(self, world):
        key = "00000000-0000-4000-8000-000000000001"
        made = [
            datasets.upload_dataset(file=csv_file(NEW), by=world.analyst, submission_key=key, **ABOUT).pk
            for _ in range(2)
        ]
        assert made[0] == made[1]


class TestPlaces:
    def test_a_code_of_another_list_leads_to_the_present_area_and_keeps_its_boundaries(self, world):
        imported(world, csv_file("E37000004,employment-rate,2016,70,,"))
        stored = Observation.objects.get(period="2016")
        assert (stored.place, stored.geography_vintage) == (world.coast, "LEP 2017")
        assert resolve("E37000004") == world.coast
        assert resolve("E37000018") is None

    def test_the_boundaries_are_those_of_the_newest_list_that_has_all_areas_of_the_period(self, world):
        imported(world, csv_file(NEW, CORRECTION), reason="A newer edition")
        assert set(Observation.objects.values_list("geography_vintage", flat=True)) == {"LEP 2021"}

    def test_the_list_can_be_chosen_and_must_have_the_area(self, world):
        found = uploaded(world, csv_file(NEW, "E37000004,employment-rate,2016,70,,"))
        found = datasets.choose(dataset=found, mapping={"boundaries": "2014"}, by=world.analyst)
        found = datasets.check_dataset(dataset=found)
        assert reasons(found) == ["“E37000061” is not in the list of LEP areas of 2014"]
        assert found.findings["rows"][0]["boundaries"] == "LEP 2014"

    def test_areas_of_different_lists_in_one_period_are_pointed_out(self, world):
        found = uploaded(world, csv_file(NEW, "E37000004,employment-rate,2024,70,,"))
        assert found.findings["notes"][0].startswith("LEP areas of different lists")

    def test_a_name_is_known_by_any_spelling_and_ambiguous_ones_are_refused(self, world):
        PlaceFactory(local_authority=True, name="Coast to Capital")
        rows = [
            ["variable", "Employment rate"],
            ["Area", "2020"],
            ["lep:hull & east riding", 70],
            ["Coast to Capital", 71],
            ["ladu:Hull and East Riding", 72],
            ["moon:Hull", 73],
        ]
        found = uploaded(world, workbook(rows))
        assert found.findings["rows"][0]["place"] == "Hull and East Yorkshire"
        assert reasons(found)[0].startswith("“Coast to Capital” is the name of more than one kind of place")
        assert reasons(found)[1] == "“Hull and East Riding” is not known as a local authority"
        assert reasons(found)[2].startswith("“moon:” is not a prefix that is known")

    def test_a_row_whose_code_and_name_are_of_different_places_is_refused(self, world):
        lines = ["E37000061,Coast to Capital,70", "E37000044,Coast 2 Capital,70", "E37000061,lep:Hull & East Riding,70"]
        found = uploaded(world, csv_file(*lines, header="Area code,Area name,Value"))
        mapping = {"measures": {"": "employment-rate"}, "period": "2023"}
        found = datasets.check_dataset(dataset=datasets.choose(dataset=found, mapping=mapping, by=world.analyst))
        assert reasons(found) == ["“E37000061” is Hull and East Yorkshire, and the row says Coast to Capital"]
        assert found.counts["figures"] == 2


class TestImporting:
    def test_figures_are_stored_with_their_dataset_and_source(self, world):
        done = imported(world, csv_file(NEW))
        stored = Observation.objects.get(place=world.hull)
        assert (stored.value, stored.lower, stored.upper, stored.period_order) == (71.2, 70.0, 72.5, 202412)
        assert (stored.dataset, stored.source) == (done, done.source)
        assert (done.state, done.source.citation) == (DatasetState.IMPORTED, ABOUT["citation"])
        assert len(done.sha256) == 64
        assert done.uploaded_by == world.analyst
        entry = LogEntry.objects.get(event="evidence.dataset.imported")
        assert (entry.by, entry.data["new"]) == (world.analyst, 1)

    def test_a_figure_that_stands_is_superseded_only_with_a_reason_and_never_overwritten(self, world):
        found = uploaded(world, csv_file(CORRECTION))
        with pytest.raises(ValidationError, match="Say why 1 figure that stands should be superseded"):
            datasets.request_import(dataset=found, by=world.analyst)
        asked = datasets.request_import(dataset=found, by=world.analyst, reason="The publisher corrected it")
        done = datasets.run_import(dataset=asked)
        assert current(world) == {"2024": 76.1}
        old = Observation.every_version.get(value=75)
        assert (old.superseded_by.value, old.superseded_at is None) == (76.1, False)
        assert done.correction_reason == "The publisher corrected it"

    def test_the_import_runs_once_however_often_its_job_does(self, world):
        done = imported(world, csv_file(NEW))
        datasets.run_import(dataset=done)
        assert Observation.objects.filter(dataset=done).count() == 1
        assert DataRelease.objects.count() == 2

    def test_what_changed_between_check_and_import_is_noticed(self, world):
        first = uploaded(world, csv_file(NEW))
        asked = datasets.request_import(dataset=first, by=world.analyst)
        imported(world, csv_file(NEW.replace("71.2", "71.5")))
        with pytest.raises(datasets.Refused, match="Say why 1 figure that stands"):
            datasets.run_import(dataset=asked)
        asked.refresh_from_db()
        assert (asked.state, asked.counts["superseding"]) == (DatasetState.READY, 1)
        assert current(world, world.hull) == {"2024": 71.5}

    def test_a_fault_half_way_leaves_nothing_behind(self, world, monkeypatch):
        asked = datasets.request_import(
            dataset=uploaded(world, csv_file(NEW, CORRECTION)), by=world.analyst, reason="Newer"
        )

        def fail():
            raise RuntimeError("power cut")

        monkeypatch.setattr("evidence.services.releases.after_datasets", fail)
        with pytest.raises(RuntimeError):
            datasets.run_import(dataset=asked)
        assert current(world) == {"2024": 75}
        assert Observation.every_version.count() == 1
        asked.refresh_from_db()
        assert asked.state == DatasetState.IMPORTING
        assert asked.is_stopped is False, "its job may be tried again"

    def test_a_stored_file_that_was_changed_is_not_imported(self, world):
        asked = datasets.request_import(dataset=uploaded(world, csv_file(NEW)), by=world.analyst)
        with open(asked.file.path, "ab") as file:
            file.write(b"\nE37000061,employment-rate,2023,5,,")
        with pytest.raises(datasets.Refused, match="its checksum differs"):
            datasets.run_import(dataset=asked)

    def test_reports_name_the_figures_by_the_datasets_in_them(self, world):
        done = imported(world, csv_file(NEW))
        assert DataRelease.objects.first().name == "Reference data + 1 dataset"
        imported(world, csv_file(NEW.replace("2024", "2023")))
        assert DataRelease.objects.first().name == "Reference data + 2 datasets"
        datasets.roll_back(dataset=done, reason="Wrong table", by=world.analyst)
        assert DataRelease.objects.first().name == "Reference data + 1 dataset"
        assert DataRelease.objects.values("checksum").distinct().count() == 4


class TestRollingBack:
    def test_what_was_superseded_stands_again_and_what_was_new_is_gone(self, world):
        done = imported(world, csv_file(NEW, CORRECTION), reason="Corrected")
        back = datasets.roll_back(dataset=done, reason="It was the wrong table", by=world.analyst)
        assert (back.state, back.rolled_back_by) == (DatasetState.ROLLED_BACK, world.analyst)
        assert current(world) == {"2024": 75}
        assert current(world, world.hull) == {}
        assert Observation.every_version.filter(dataset=done).count() == 2, "they stay as a record"
        entry = LogEntry.objects.get(event="evidence.dataset.rolled_back")
        assert (entry.data["reason"], entry.data["current_again"]) == ("It was the wrong table", 1)

    def test_of_two_datasets_the_older_is_rolled_back_first(self, world):
        older = imported(world, csv_file(CORRECTION), reason="First")
        newer = imported(world, csv_file(CORRECTION.replace("76.1", "76.2")), reason="Second")
        datasets.roll_back(dataset=older, reason="Wrong", by=world.analyst)
        assert current(world) == {"2024": 76.2}, "something newer superseded it"
        datasets.roll_back(dataset=newer, reason="Wrong too", by=world.analyst)
        assert current(world) == {"2024": 75}, "not the one that was rolled back before"

    def test_of_two_datasets_the_newer_is_rolled_back_first(self, world):
        older = imported(world, csv_file(CORRECTION), reason="First")
        newer = imported(world, csv_file(CORRECTION.replace("76.1", "76.2")), reason="Second")
        datasets.roll_back(dataset=newer, reason="Wrong", by=world.analyst)
        assert current(world) == {"2024": 76.1}
        datasets.roll_back(dataset=older, reason="Wrong too", by=world.analyst)
        assert current(world) == {"2024": 75}

    def test_it_needs_a_reason_an_analyst_and_an_import(self, world):
        done = imported(world, csv_file(NEW))
        with pytest.raises(ValidationError, match="Say why"):
            datasets.roll_back(dataset=done, reason=" ", by=world.analyst)
        with pytest.raises(NotAllowed):
            datasets.roll_back(dataset=done, reason="Wrong", by=UserFactory())
        datasets.roll_back(dataset=done, reason="Wrong", by=world.analyst)
        with pytest.raises(InvalidTransition):
            datasets.roll_back(dataset=done, reason="Again", by=world.analyst)
        assert imported(world, csv_file(NEW)).state == DatasetState.IMPORTED, "the file can be brought in again"


def test_an_indicator_with_figures_from_a_dataset_can_be_one_that_was_added(world):
    IndicatorFactory(code="walks", label="Walks", unit="%", added_by=world.analyst)
    imported(world, csv_file("E37000061,walks,2024,5,,"))
    assert Indicator.objects.get(code="walks").observations.get().value == 5


def test_every_heading_of_the_example_is_understood():
    from evidence.imports.tidy import role_of

    assert [role_of(heading) for heading in HEADER.split(",")] == [
        "code",
        "indicator",
        "period",
        "value",
        "lower",
        "upper",
    ]

"""The pages and the command by which figures are brought in."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from evidence.models import Dataset, Indicator, Observation, Source
from evidence.permissions import ANALYSTS, can_load_data
from lisapp.jobs.models import Job
from lisapp.jobs.services import run
from tests.evidence.dataset_files import ABOUT, HEADER, build, csv_file, imported, uploaded
from tests.factories.evidence import DatasetFactory, IndicatorFactory
from tests.factories.kernel import UserFactory

pytestmark = pytest.mark.django_db
NEW = "E37000061,employment-rate,2024,71.2,70,72.5"
CORRECTION = "E37000044,employment-rate,2024,76.1,,"


@pytest.fixture
def world(monkeypatch):
    """Jobs are written but not sent: a test runs its job itself."""
    monkeypatch.setattr("lisapp.jobs.services.send", lambda job_id: None)
    return build()


@pytest.fixture
def page(client, world):
    """The browser of the analyst."""
    client.force_login(world.analyst, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def work():
    """Do the newest job; returns it as it ended."""
    job = Job.objects.order_by("-created_at").first()
    run(job.pk)
    job.refresh_from_db()
    return job


def text(response):
    return response.content.decode()


def upload(page, file, **about):
    return page.post(reverse("evidence:dataset_new"), {**ABOUT, "file": file, **about})


def test_from_upload_to_import_to_roll_back(page, world):
    answer = upload(page, csv_file(NEW, CORRECTION))
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url(), "the page of its progress"
    dataset = Dataset.objects.get()
    assert work().result["url"] == dataset.get_absolute_url()
    shown = text(page.get(dataset.get_absolute_url()))
    assert "Import these 2 figures" in shown
    assert "Why should 1 figure that stands be superseded?" in shown
    assert "71.2%" in shown
    answer = page.post(reverse("evidence:dataset_import", args=[dataset.pk]), {"reason": ""})
    assert "Enter why these figures should be superseded" in text(answer)
    answer = page.post(reverse("evidence:dataset_import", args=[dataset.pk]), {"reason": "A newer edition"})
    assert work().state == "succeeded"
    shown = text(page.get(dataset.get_absolute_url()))
    assert "Roll back this dataset" in shown
    assert "A newer edition" in shown
    assert Observation.objects.filter(dataset=dataset).count() == 2
    back = reverse("evidence:dataset_roll_back", args=[dataset.pk])
    assert "Enter" in text(page.post(back, {"reason": ""}))
    page.post(back, {"reason": "It was last year’s table"})
    assert not Observation.objects.filter(dataset=dataset).exists()
    assert "It was last year’s table" in text(page.get(dataset.get_absolute_url()))


def test_a_file_of_200_megabytes_is_refused_while_it_arrives_and_what_was_typed_stays(page, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 1000
    kept = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.MemoryFileUploadHandler.receive_data_chunk",
        lambda self, data, start: kept.append(len(data)),
    )
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryUploadedFile.__init__", lambda *args: kept.append("a file on disk")
    )
    answer = upload(page, SimpleUploadedFile("large.csv", b"0,1\n" * 500_000))
    assert "The file is 2 MB and 0 MB is the most" in text(answer)
    assert ABOUT["citation"] in text(answer)
    assert kept == []
    assert not Dataset.objects.exists()


def test_a_file_that_grows_beyond_the_limit_is_refused_whatever_its_length_said(page, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    answer = upload(page, SimpleUploadedFile("large.csv", b"0,1\n" * 300))
    assert "is the most" in text(answer)


def test_a_renamed_spreadsheet_is_refused_beside_the_field(page):
    answer = upload(page, SimpleUploadedFile("figures.xlsx", f"{HEADER}\n{NEW}\n".encode()))
    assert "By its content it is text" in text(answer)
    assert 'href="#id_file"' in text(answer)
    assert not Source.objects.filter(code__startswith="dataset-").exists()


def test_refused_rows_are_shown_and_can_all_be_downloaded(page, world):
    dataset = uploaded(world, csv_file(*[f"E9,employment-rate,20{year},1,," for year in range(10, 70)]))
    shown = text(page.get(dataset.get_absolute_url()))
    assert "60 figures, the first 50 of them here" in shown
    assert "“E9” is not known" in shown
    assert "Import these" not in shown
    got = b"".join(page.get(reverse("evidence:dataset_refusals", args=[dataset.pk])).streaming_content).decode()
    assert len(got.strip().splitlines()) == 61
    got = b"".join(page.get(reverse("evidence:dataset_file", args=[dataset.pk])).streaming_content).decode()
    assert got.startswith(HEADER)


def test_the_analyst_says_which_column_and_measure_is_what(page, world):
    lines = ["Hull and East Riding,Working,70"]
    dataset = uploaded(world, csv_file(*lines, header="where,what,how much"))
    shown = text(page.get(dataset.get_absolute_url()))
    assert "which column holds the value" in shown
    columns = {"column_name": "where", "column_indicator": "what", "column_value": "how much"}
    given = {"shape": "tidy", **columns, "period": "soon"}
    assert "“soon” is not a period" in text(page.post(dataset.get_absolute_url(), given))
    page.post(dataset.get_absolute_url(), {**given, "period": "2024"})
    work()
    assert "Indicator for “Working”" in text(page.get(dataset.get_absolute_url()))
    page.post(dataset.get_absolute_url(), {**given, "period": "2024", "measure_0": "employment-rate"})
    work()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.findings["rows"][0]["place"]) == ("ready", "Hull and East Yorkshire")


def test_a_dataset_that_is_imported_cannot_be_changed_or_imported_again(page, world):
    dataset = imported(world, csv_file(NEW))
    for address in (dataset.get_absolute_url(), reverse("evidence:dataset_import", args=[dataset.pk])):
        assert page.post(address, {"shape": "nomis"}).url == dataset.get_absolute_url()
    dataset.refresh_from_db()
    assert (dataset.state, dataset.mapping) == ("imported", {})


def test_an_import_that_its_job_refuses_says_why(page, world):
    dataset = uploaded(world, csv_file(NEW))
    page.post(reverse("evidence:dataset_import", args=[dataset.pk]))
    waiting = Job.objects.order_by("-created_at").first()
    imported(world, csv_file(NEW.replace("71.2", "71.5")))
    run(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.message.startswith("Nothing was imported. Say why 1 figure that stands")


def test_the_list_is_paged_and_takes_as_many_queries_for_thirty_as_for_five(page, django_assert_num_queries):
    DatasetFactory.create_batch(5)
    address = reverse("evidence:dataset_list")
    page.get(address)
    with django_assert_num_queries(5):
        page.get(address)
    DatasetFactory.create_batch(25)
    with django_assert_num_queries(5):
        shown = text(page.get(address))
    assert "Dataset" in shown
    assert "page=2" in shown


def test_the_page_of_a_dataset_takes_a_fixed_number_of_queries(page, world, django_assert_num_queries):
    dataset = uploaded(world, csv_file(NEW, *[f"E9,employment-rate,20{year},1,," for year in range(10, 70)]))
    IndicatorFactory.create_batch(10)
    with django_assert_num_queries(6):
        page.get(dataset.get_absolute_url())


def test_others_are_told_why_they_cannot_load_data(client, world):
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("evidence:dataset_new"))
    assert answer.status_code == 403
    assert "Only analysts can load data" in text(answer)
    assert "Load data" not in text(client.get(reverse("evidence:indicator_list")))


def test_an_administrator_makes_somebody_an_analyst(client):
    person = UserFactory()
    client.force_login(UserFactory(administrator=True), backend="allauth.account.auth_backends.AuthenticationBackend")
    group = Group.objects.get(name=ANALYSTS)  # made by a migration
    given = {"email": person.email, "full_name": person.full_name, "is_active": "on", "groups": [group.pk]}
    client.post(reverse("admin:accounts_user_change", args=[person.pk]), given)
    assert can_load_data(person).allowed


def test_an_analyst_adds_an_indicator(page, world):
    assert "Load data" in text(page.get(reverse("evidence:indicator_list")))
    given = {
        "label": "Walks to work",
        "code": "walks",
        "definition": "Residents who walk to work.",
        "pillar": "places",
        "role": "driver",
        "higher_is": "better",
        "unit": "%",
        "decimals": "1",
        "lowest": "0",
        "highest": "100",
    }
    address = reverse("evidence:indicator_new")
    assert "must be above the lowest" in text(page.post(address, {**given, "highest": "-1"}))
    assert "already exists" in text(page.post(address, {**given, "code": "employment-rate"}))
    assert "choose another code" in text(page.post(address, {**given, "code": "new"}))
    page.post(address, given)
    made = Indicator.objects.get(code="walks")
    assert (made.highest, made.added_by) == (100, world.analyst)


OPTIONS = {
    "title": "Rate",
    "source": "ONS",
    "licence": "OGL",
    "vintage": "May 2026",
}


def command(path, **options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_dataset", path, stdout=out, stderr=err, **OPTIONS, **options)
    except CommandError as error:
        return error.returncode, str(error), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def stored(folder: Path, *lines: str, name: str = "figures.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([HEADER, *lines]))
    return path


def test_the_command_imports_all_or_nothing(world, tmp_path):
    code, said, errors = command(stored(tmp_path, NEW, "E9,employment-rate,2024,140,,"))
    assert code == 2
    assert said == "Nothing was imported. 1 figure cannot be imported, so none was."
    assert "row 3, column Value: “E9” is not known; 140 is above 100" in errors
    assert not Dataset.objects.exists()
    path = stored(tmp_path, NEW)
    assert command(path, dry_run=True)[1].startswith("Would import 1 figure: 1 new")
    assert not Dataset.objects.exists()
    code, said, _ = command(path, json=True)
    assert (code, json.loads(said)["counts"]["new"]) == (0, 1)
    assert Observation.objects.get(place=world.hull).dataset.uploaded_by is None
    assert command(path)[1] == "Nothing was imported. Its one figure is stored already, with the same value."


def test_the_command_wants_a_reason_to_supersede(world, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    path = stored(tmp_path, CORRECTION)
    assert "--reason" in command(path, dry_run=True)[2]
    assert command(path)[0] == 2
    assert not Dataset.objects.exists()
    assert not Source.objects.filter(code__startswith="dataset-").exists()
    assert not list(Path(settings.MEDIA_ROOT).glob("datasets/*/file")), "not even the file stays"
    assert command(path, reason="A newer edition")[0] == 0


def test_the_command_takes_a_mapping_and_names_what_is_missing(world, tmp_path):
    path = stored(tmp_path, NEW.replace("employment-rate", "Working"))
    code, said, errors = command(path)
    assert (code, said) == (2, "Nothing was imported. Nobody said which indicator the measure is.")
    assert "no indicator for the measure “Working”" in errors
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"measures": {"Working": "employment-rate"}}))
    assert command(path, mapping=mapping, shape="tidy")[0] == 0
    mapping.write_text("[]")
    assert command(path, mapping=mapping)[:2] == (
        2,
        "The mapping cannot be used: The mapping is not an object with keys and values.",
    )


def test_the_command_refuses_a_file_of_200_megabytes_without_reading_it(world, tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # a sparse file
    monkeypatch.setattr("evidence.selectors.datasets.examine", None)
    assert command(path)[:2] == (
        2,
        "Nothing was imported. The file is 200 MB and 50 MB is the most. "
        "Leave out the places and years that you do not need, or split it.",
    )
    assert command(tmp_path / "nowhere.csv")[0] == 2

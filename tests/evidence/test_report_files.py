"""A comparator report to take away: Word, PDF and spreadsheet, the same content in each, the same bytes each time."""

from __future__ import annotations

import io

import docx
import page
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from evidence.exports.report_document import document_of
from evidence.exports.report_workbook import render_xlsx
from evidence.models import ComparatorReport
from evidence.services import reports
from lisapp.documents.pdf import PdfUnavailable, render_pdf
from lisapp.documents.word import render_docx
from lisapp.jobs import services as jobs
from tests.evidence.report_world import finished
from tests.factories.kernel import LEPFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(world) -> ComparatorReport:
    return finished(world)


def with_files(report: ComparatorReport) -> ComparatorReport:
    jobs.run(report.files_job_id)
    report.refresh_from_db()
    return report


def test_finishing_a_report_asks_for_its_files_and_they_can_be_downloaded(report, world, sign_in):
    with_files(report)
    client = sign_in(world.officer)
    for file_format, start in (("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
        response = client.get(reverse("evidence:report_file", args=[report.pk, file_format]))
        assert response.status_code == 200
        assert b"".join(response.streaming_content).startswith(start)
        assert f".{file_format}" in response["Content-Disposition"]


def test_where_the_server_cannot_make_a_pdf_the_other_files_are_there_and_the_page_says_why(
    report, world, sign_in, monkeypatch
):
    def unavailable(document):
        raise PdfUnavailable("Libraries are missing on the server.")

    monkeypatch.setattr("evidence.tasks.render_pdf", unavailable)
    with_files(report)
    assert report.docx
    assert not report.pdf
    client = sign_in(world.officer)
    assert "Libraries are missing on the server." in client.get(report.get_absolute_url()).content.decode()
    missing = client.get(reverse("evidence:report_file", args=[report.pk, "pdf"]))
    assert missing.status_code == 404
    assert "Libraries are missing on the server." in missing.content.decode()


def test_files_can_be_made_again(report, world, sign_in):
    with_files(report)
    before = report.docx.name
    response = sign_in(world.officer).post(reverse("evidence:report_files_again", args=[report.pk]))
    report.refresh_from_db()
    assert response.url == report.files_job.get_absolute_url()
    with_files(report)
    assert report.docx.name == before


def test_the_same_report_gives_the_same_bytes(report):
    assert render_xlsx(report) == render_xlsx(report)
    assert render_docx(document_of(report)) == render_docx(document_of(report))


def test_the_pdf_passes_every_rule_of_pdf_ua_1(report):
    checked = page.validate_pdf_bytes(render_pdf(document_of(report)), profile="ua1")
    assert [f"{failure.rule_id}: {failure.message}" for failure in checked.failures] == []


def test_word_and_spreadsheet_say_what_the_page_says(report, world, sign_in):
    page = sign_in(world.officer).get(report.get_absolute_url()).content.decode()
    word = docx.Document(io.BytesIO(render_docx(document_of(report))))
    in_word = " ".join(node.text or "" for node in word.element.body.iter() if node.tag.endswith("}t"))
    book = load_workbook(io.BytesIO(render_xlsx(report)), read_only=True)
    in_book = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    for part in report.result["summary"]:
        for sentence in part["sentences"]:
            assert sentence in page
            assert sentence in in_word
            assert sentence in in_book
    for row in report.result["figures"]:
        assert row["label"] in in_word
        assert row["source"] in in_book
    assert report.data_release.checksum in in_word
    assert report.data_release.checksum in in_book


def test_the_spreadsheet_holds_the_figures_unrounded_with_their_sources(report):
    book = load_workbook(io.BytesIO(render_xlsx(report)), read_only=True)
    header, *rows = book["Figures"].iter_rows(values_only=True)
    pay = dict(zip(header, next(row for row in rows if row[0] == "pay"), strict=True))
    expected = next(row for row in report.result["figures"] if row["indicator"] == "pay")
    assert pay["Place"] == expected["value"]
    assert pay["Peers, median"] == expected["peers_median"]
    assert pay["What can be said"] == expected["state"]
    assert pay["Licence"] == expected["licence"]
    shares = list(book["Peers"].iter_rows(values_only=True))
    assert len(shares) == 1 + len(report.result["peers"])


def test_a_text_that_looks_like_a_formula_is_not_run_by_the_spreadsheet(report):
    report.result["peers"][0]["name"] = "=HYPERLINK(1)"
    book = load_workbook(io.BytesIO(render_xlsx(report)))
    cell = next(cell for row in book["Peers"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert cell.value == "'=HYPERLINK(1)"
    assert cell.data_type == "s"


def test_each_drawing_has_a_file_of_its_figures(report, world, sign_in):
    client = sign_in(world.officer)
    page = client.get(report.get_absolute_url()).content.decode()
    links = {part.split('"')[0] for part in page.split('href="') if "/charts/" in part}
    assert links
    assert page.count('class="lis-figure"') == len(links)
    for link in links:
        response = client.get(link)
        assert response.status_code == 200
        assert b"".join(response.streaming_content).count(b"\r\n") > 1


class TestTheBatch:
    def test_only_an_administrator_can_ask_for_it(self, world, sign_in):
        assert sign_in(world.officer).post(reverse("evidence:report_all")).status_code == 403

    def test_every_lep_gets_its_report_and_a_worker_that_takes_over_makes_none_twice(self, world, sign_in):
        LEPFactory(name="Otherside", place=world.areas[1])
        administrator = UserFactory(is_superuser=True)
        response = sign_in(administrator).post(reverse("evidence:report_all"))
        job = jobs.Job.objects.get(name=reports.BATCH_TASK)
        assert response.url == job.get_absolute_url()
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == "succeeded", job.message
        made = ComparatorReport.objects.order_by("lep__name")
        assert [report.lep.name for report in made] == ["Exampleshire", "Otherside"]
        assert all(report.is_ready for report in made)
        page = sign_in(administrator).get(job.result["url"]).content.decode()
        assert all(report.get_absolute_url() in page for report in made)
        jobs.Job.objects.filter(pk=job.pk).update(state="queued")
        jobs.run(job.pk)
        assert ComparatorReport.objects.count() == 2

"""Officers read what people said, count it and take it away."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from consultations.models import Response
from consultations.selectors.responses import summary_of
from lisapp.design.spreadsheets import guarded
from lisapp.places.enums import Role
from tests.consultations.conftest import ANSWERS, Respondent, open_now
from tests.factories.kernel import MembershipFactory

pytestmark = pytest.mark.django_db
BUSINESS = {"respondent_type": "business", "organisation": "Acme", "name": "Ada", "email": "ada@example.org"}


def url(name, made, *more):
    return reverse(f"consultations:{name}", args=[made.slug, *more])


def respond(made, answers=ANSWERS, about=None):
    person = Respondent(made)
    person.answer_all(answers, about)
    person.send()
    return Response.objects.order_by("pk").last()


def text_of(response):
    return response.content.decode()


@pytest.fixture
def viewer(consultation, sign_in):
    return sign_in(MembershipFactory(lep=consultation.strategy.lep, role=Role.VIEWER).user)


def test_a_viewer_reads_the_list_and_each_response(consultation, viewer):
    stored = respond(consultation, about=BUSINESS)
    page = text_of(viewer.get(url("responses", consultation)))
    assert "1 response" in page
    assert stored.reference in page
    assert "Acme" in page
    page = text_of(viewer.get(url("response", consultation, stored.reference)))
    for expected in ("Buses in the evening", "Do you agree?", "Ada", "ada@example.org", stored.content_hash):
        assert expected in page


def test_a_response_is_found_by_its_reference_however_it_is_typed(consultation, viewer):
    wanted, other = respond(consultation), respond(consultation)
    page = text_of(
        viewer.get(url("responses", consultation), {"reference": wanted.reference.lower().replace("-", " ")})
    )
    assert wanted.reference in page
    assert other.reference not in page
    assert "No response has the reference nothing" in text_of(
        viewer.get(url("responses", consultation), {"reference": "nothing"})
    )


def test_answers_are_counted_for_every_question(consultation):
    respond(consultation, {"q1": "Agree", "q2": ["Buses", "Land"], "q3": "More buses"})
    respond(consultation, {"q1": "Agree", "q2": ["Buses"], "q3": "Trains"}, BUSINESS)
    respond(consultation, {"q1": "Disagree", "q2": [], "q3": "Nothing"})
    summary = summary_of(consultation)
    counts = [{bar.label: bar.value for bar in chart.bars if bar.value} for chart in summary.charts]
    assert summary.total == 3
    assert counts == [
        {"A resident": 2, "A business": 1},
        {"Agree": 2, "Disagree": 1},
        {"Buses": 2, "Land": 1},
    ]
    assert summary.charts[1].description == "Chosen most: Agree, 2 of 3."
    assert summary.charts[2].source == "2 responses to this consultation"
    assert [(question.key, count) for question, count in summary.texts] == [("q3", 3)]


def test_nobody_has_answered_yet(consultation, viewer):
    page = viewer.get(url("responses", consultation))
    assert "None yet" in text_of(page)
    assert summary_of(consultation).charts[0].description == "Nobody has answered yet."


def test_the_list_and_a_response_take_as_many_queries_for_many_as_for_one(consultation, viewer):
    def queries(name, *more):
        with CaptureQueriesContext(connection) as captured:
            assert viewer.get(url(name, consultation, *more)).status_code == 200
        return len(captured)

    first = respond(consultation)
    viewer.get(url("responses", consultation))
    before = queries("responses"), queries("response", first.reference)
    for _ in range(8):
        respond(consultation, about=BUSINESS)
    assert (queries("responses"), queries("response", first.reference)) == before


def test_the_list_is_shown_50_at_a_time(consultation, viewer):
    definition = consultation.definition
    Response.objects.bulk_create(
        Response(
            consultation=consultation,
            reference=f"AAAA-{number:04}",
            receipt_token=f"token-{number}",
            submission_key=f"00000000-0000-4000-8000-{number:012}",
            respondent_type="resident",
            definition=definition,
            content_hash="0" * 64,
        )
        for number in range(51)
    )
    page = viewer.get(url("responses", consultation))
    assert len(page.context["page"].object_list) == 50
    assert len(viewer.get(url("responses", consultation), {"page": 2}).context["page"].object_list) == 1


def test_a_response_is_not_found_under_another_consultation(consultation, viewer):
    stored = respond(open_now(consultation.strategy, title="Another"))
    assert viewer.get(url("response", consultation, stored.reference)).status_code == 404


def test_another_lep_reads_no_response(consultation, sign_in):
    stored = respond(consultation)
    stranger = sign_in(MembershipFactory(role=Role.LEAD).user)
    assert stranger.get(url("response", consultation, stored.reference)).status_code == 404
    assert stranger.get(url("responses_csv", consultation)).status_code == 404


@pytest.mark.parametrize("name", ["responses", "responses_csv"])
def test_the_public_reads_no_response(consultation, client, name):
    response = client.get(url(name, consultation))
    assert response.status_code == 302
    assert "login" in response.url


def rows(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_to_take_away_has_every_answer_and_no_email_address(consultation, viewer):
    stored = respond(consultation, about=BUSINESS)
    respond(consultation, {"q1": "Disagree", "q2": [], "q3": "Line one\nline two"})
    response = viewer.get(url("responses_csv", consultation))
    assert response.streaming
    assert response["Content-Disposition"] == f'attachment; filename="{consultation.slug}-responses.csv"'
    second, first = rows(response)
    assert first["Reference"] == stored.reference
    assert first["Respondent type"] == "A business"
    assert first["Which matter most?"] == "Buses; Land"
    assert second["What is missing?"] == "Line one\nline two"
    assert "ada@example.org" not in f"{first}{second}"


def test_the_table_takes_as_many_queries_for_many_responses_as_for_one(consultation, viewer):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            rows(viewer.get(url("responses_csv", consultation)))
        return len(captured)

    respond(consultation)
    before = queries()
    for _ in range(5):
        respond(consultation)
    assert queries() == before


FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "  @SUM(A1)",
    '"=1+1',
    "'=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "\u200b=1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_like_a_formula(text):
    cell = guarded(text)
    assert cell == f"'{text}"
    sheet = Workbook().active
    assert sheet.cell(1, 1, cell).data_type == "s"


@pytest.mark.parametrize("text", ["Buses", "", "5 = five", "A-1", "it's", "“Quoted”"])
def test_ordinary_text_is_left_alone(text):
    assert guarded(text) == text


def test_formulas_and_markup_in_every_field_are_harmless_for_officers(sign_in):
    made = open_now(questions=[{"type": "short_text", "text": "=1+1 <b>bold</b>?"}])
    about = {"respondent_type": "business", "organisation": "=HYPERLINK(1)", "name": "<script>alert(1)</script>"}
    stored = respond(made, {"q1": "@SUM(A1) <img src=x onerror=alert(1)>"}, about)
    client = sign_in(made.created_by)
    for page in (url("responses", made), url("response", made, stored.reference), url("manage", made)):
        html = text_of(client.get(page))
        assert "<script>alert(1)" not in html
        assert "<img src=x" not in html
        assert "<b>bold" not in html
    text = b"".join(client.get(url("responses_csv", made)).streaming_content).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_signs_of_a_machine_are_shown_to_the_officer(consultation, viewer):
    person = Respondent(consultation)
    person.answer_all()
    person.send(website="https://spam.example")
    stored = Response.objects.get()
    page = text_of(viewer.get(url("response", consultation, stored.reference)))
    assert "A box that people do not see was filled in" in page

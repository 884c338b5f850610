"""The open, read-only API of consultations."""

from __future__ import annotations

import pytest
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.routers import DefaultRouter

from consultations.api.views import register
from tests.consultations.conftest import Respondent, open_now, prepare

router = DefaultRouter()
register(router)
urlpatterns = [
    path("api/", include(router.urls)),
    path("", include("lisapp.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_anyone_reads_a_published_consultation_and_its_questions(client, consultation):
    found = client.get("/api/consultations/").json()["results"]
    assert [each["slug"] for each in found] == [consultation.slug]
    one = client.get(f"/api/consultations/{consultation.slug}/").json()
    assert one["state"] == "open"
    assert one["organisation"] == consultation.strategy.lep.name
    assert one["page"] == f"http://testserver{consultation.get_absolute_url()}"
    assert [question["key"] for question in one["questions"]] == ["q1", "q2", "q3"]
    assert one["questions"][0]["choices"][0] == "Strongly agree"
    assert one["questions"][1]["choices"] == ["Buses", "Training", "Land"]
    assert one["questions"][2]["max_words"] == 5


def test_what_is_being_prepared_is_not_there(client):
    made = prepare()
    assert client.get("/api/consultations/").json()["results"] == []
    assert client.get(f"/api/consultations/{made.slug}/").status_code == 404


def test_responses_and_people_are_never_given_out(client, consultation):
    person = Respondent(consultation)
    person.answer_all(about={"respondent_type": "resident", "name": "Ada Byron", "email": "ada@example.org"})
    person.send()
    body = client.get(f"/api/consultations/{consultation.slug}/").content.decode()
    assert "Ada Byron" not in body
    assert "ada@example.org" not in body
    assert "Buses in the evening" not in body
    assert consultation.created_by.email not in body


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, sign_in, consultation, method):
    sign_in(consultation.created_by)
    assert getattr(client, method)(f"/api/consultations/{consultation.slug}/").status_code in (403, 405)


def test_the_list_takes_as_many_queries_for_many_as_for_one(client, consultation, django_assert_num_queries):
    for number in range(4):
        open_now(consultation.strategy, title=f"Another {number}")
    with django_assert_num_queries(2):
        assert client.get("/api/consultations/").json()["count"] == 5


def test_the_schema_is_valid_and_complete():
    GENERATOR_STATS.reset()
    schema = SchemaGenerator(patterns=urlpatterns[:1]).get_schema(request=None, public=True)
    validate_schema(schema)
    assert "/api/consultations/{slug}/" in schema["paths"]
    assert not GENERATOR_STATS

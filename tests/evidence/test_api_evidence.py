"""The open, read-only API of places, indicators, values and reviews."""

from __future__ import annotations

import pytest
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.routers import DefaultRouter
from rest_framework.throttling import AnonRateThrottle

from evidence.api.views import OpenData, register
from tests.factories.evidence import EvidenceItemFactory, IndicatorFactory, ObservationFactory, SourceFactory
from tests.factories.kernel import PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

router = DefaultRouter()
register(router)
urlpatterns = [path("api/", include(router.urls))]


def test_anyone_reads_places_by_kind_and_code(client):
    place = PlaceFactory(name="Exampleshire")
    PlaceFactory(local_authority=True)
    found = client.get("/api/places/", {"kind": "lep"}).json()
    assert [row["code"] for row in found["results"]] == [place.code]
    assert client.get(f"/api/places/{place.code}/").json()["name"] == "Exampleshire"


def test_anyone_reads_indicators_by_foundation(client):
    IndicatorFactory(code="pay", outcome=True)
    IndicatorFactory(code="age")
    found = client.get("/api/indicators/", {"pillar": "places"}).json()
    assert [row["code"] for row in found["results"]] == ["age"]
    assert client.get("/api/indicators/pay/").json()["role"] == "outcome"


def test_values_come_with_source_period_and_interval(client):
    observation = ObservationFactory(with_interval=True, source=SourceFactory(derived=True))
    row = client.get("/api/observations/").json()["results"][0]
    assert row["indicator"] == observation.indicator.code
    assert row["place"] == observation.place.code
    assert (row["period"], row["lower"], row["upper"]) == ("2023", 48.0, 52.0)
    assert row["source"]["derivation"] == "Sum of authorities"


@pytest.mark.parametrize("name", ["indicator", "place", "period"])
def test_values_are_filtered(client, name):
    wanted = ObservationFactory(period="2022/23")
    ObservationFactory()
    value = {"indicator": wanted.indicator.code, "place": wanted.place.code, "period": "2022/23"}[name]
    found = client.get("/api/observations/", {name: value}).json()
    assert found["count"] == 1
    assert found["results"][0]["indicator"] == wanted.indicator.code


def test_fifty_values_take_as_many_queries_as_five(client, django_assert_num_queries):
    ObservationFactory.create_batch(5)
    with django_assert_num_queries(2):
        client.get("/api/observations/")
    ObservationFactory.create_batch(45)
    with django_assert_num_queries(2):
        assert len(client.get("/api/observations/").json()["results"]) == 50


def test_reviews_give_counts(client):
    EvidenceItemFactory(slug="apprenticeships")
    row = client.get("/api/what-works/apprenticeships/").json()
    assert (row["studies_positive"], row["studies_on_outcome"]) == (7, 9)
    assert (row["kind"], row["uk_studies"], row["cost"]) == ("review", None, "")
    found = client.get("/api/what-works/", {"kind": "study"}).json()
    assert found["count"] == 0


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", ["places", "indicators", "observations", "what-works"])
def test_nobody_writes(client, method, name):
    response = getattr(client, method)(f"/api/{name}/", {}, content_type="application/json")
    assert response.status_code in (403, 405)


def test_readers_are_slowed_down_past_the_limit(client, monkeypatch):
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    codes = [client.get("/api/places/").status_code for _ in range(3)]
    cache.clear()
    assert codes == [200, 200, 429]
    assert AnonRateThrottle in OpenData.throttle_classes


def test_the_schema_is_valid_and_without_warnings():
    GENERATOR_STATS.reset()
    schema = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
    validate_schema(schema)
    assert not GENERATOR_STATS
    assert {"/api/places/", "/api/observations/{id}/"} <= set(schema["paths"])

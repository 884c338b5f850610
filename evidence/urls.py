"""Addresses of the evidence pages."""

from django.urls import path

from evidence.views import catalogue, places, reports

app_name = "evidence"
urlpatterns = [
    path("evidence/indicators/", catalogue.indicator_list, name="indicator_list"),
    path("evidence/indicators/<slug:code>/", catalogue.indicator, name="indicator"),
    path("evidence/indicators/<slug:code>/figures.csv", catalogue.indicator_csv, name="indicator_csv"),
    path("evidence/what-works/", catalogue.what_works, name="what_works"),
    path("evidence/places/", places.place_list, name="place_list"),
    path("evidence/places/<slug:code>/", places.place, name="place"),
    path("evidence/places/<slug:code>/figures.csv", places.place_csv, name="place_csv"),
    path("evidence/places/<slug:code>/map.csv", places.place_map_csv, name="place_map_csv"),
    path("leps/<slug:lep>/reports/", reports.report_list, name="report_list"),
    path("leps/<slug:lep>/reports/new/", reports.report_new, name="report_new"),
    path("reports/<uuid:pk>/", reports.report, name="report"),
    path("reports/<uuid:pk>/figures.csv", reports.report_csv, name="report_csv"),
]

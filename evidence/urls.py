"""Addresses of the evidence pages."""

from django.urls import path

from evidence.views import catalogue, datasets, reports

app_name = "evidence"
urlpatterns = [
    path("evidence/indicators/", catalogue.indicator_list, name="indicator_list"),
    path("evidence/indicators/new/", datasets.indicator_new, name="indicator_new"),
    path("evidence/indicators/<slug:code>/", catalogue.indicator, name="indicator"),
    path("evidence/indicators/<slug:code>/figures.csv", catalogue.indicator_csv, name="indicator_csv"),
    path("evidence/what-works/", catalogue.what_works, name="what_works"),
    path("evidence/datasets/", datasets.dataset_list, name="dataset_list"),
    path("evidence/datasets/new/", datasets.dataset_new, name="dataset_new"),
    path("evidence/datasets/<uuid:pk>/", datasets.dataset, name="dataset"),
    path("evidence/datasets/<uuid:pk>/import/", datasets.dataset_import, name="dataset_import"),
    path("evidence/datasets/<uuid:pk>/roll-back/", datasets.dataset_roll_back, name="dataset_roll_back"),
    path("evidence/datasets/<uuid:pk>/refused.csv", datasets.dataset_refusals, name="dataset_refusals"),
    path("evidence/datasets/<uuid:pk>/file/", datasets.dataset_file, name="dataset_file"),
    path("leps/<slug:lep>/reports/", reports.report_list, name="report_list"),
    path("leps/<slug:lep>/reports/new/", reports.report_new, name="report_new"),
    path("reports/<uuid:pk>/", reports.report, name="report"),
    path("reports/<uuid:pk>/figures.csv", reports.report_csv, name="report_csv"),
]

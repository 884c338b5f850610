"""Addresses of the evidence pages."""

from django.urls import path

from evidence.views import catalogue, comparisons, datasets, evidence_items, local_evidence, places, reports

app_name = "evidence"
urlpatterns = [
    path("evidence/indicators/", catalogue.indicator_list, name="indicator_list"),
    path("evidence/indicators/new/", datasets.indicator_new, name="indicator_new"),
    path("evidence/indicators/<slug:code>/", catalogue.indicator, name="indicator"),
    path("evidence/indicators/<slug:code>/figures.csv", catalogue.indicator_csv, name="indicator_csv"),
    path("evidence/places/", places.place_list, name="place_list"),
    path("evidence/places/<slug:code>/", places.place, name="place"),
    path("evidence/places/<slug:code>/figures.csv", places.place_csv, name="place_csv"),
    path("evidence/places/<slug:code>/map.csv", places.place_map_csv, name="place_map_csv"),
    path("evidence/what-works/", evidence_items.item_list, name="what_works"),
    path("evidence/what-works/evidence.csv", evidence_items.item_list_csv, name="what_works_csv"),
    path("evidence/what-works/map/", evidence_items.gap_map, name="gap_map"),
    path("evidence/what-works/map/map.csv", evidence_items.gap_map_csv, name="gap_map_csv"),
    path("evidence/search/", evidence_items.search_page, name="search"),
    path("evidence/items/<slug:slug>/", evidence_items.item, name="item"),
    path("evidence/items/<slug:slug>/evidence.csv", evidence_items.item_csv, name="item_csv"),
    path("evidence/items/<slug:slug>/file/", evidence_items.item_file, name="item_file"),
    path("evidence/items/<slug:slug>/edit/", local_evidence.local_edit, name="local_edit"),
    path("evidence/items/<slug:slug>/share/", local_evidence.local_share, name="local_share"),
    path("evidence/items/<slug:slug>/unshare/", local_evidence.local_unshare, name="local_unshare"),
    path("evidence/items/<slug:slug>/delete/", local_evidence.local_delete, name="local_delete"),
    path("leps/<slug:lep>/evidence/", local_evidence.local_list, name="local_list"),
    path("leps/<slug:lep>/evidence/new/", local_evidence.local_new, name="local_new"),
    path("evidence/datasets/", datasets.dataset_list, name="dataset_list"),
    path("evidence/datasets/new/", datasets.dataset_new, name="dataset_new"),
    path("evidence/datasets/<uuid:pk>/", datasets.dataset, name="dataset"),
    path("evidence/datasets/<uuid:pk>/import/", datasets.dataset_import, name="dataset_import"),
    path("evidence/datasets/<uuid:pk>/roll-back/", datasets.dataset_roll_back, name="dataset_roll_back"),
    path("evidence/datasets/<uuid:pk>/refused.csv", datasets.dataset_refusals, name="dataset_refusals"),
    path("evidence/datasets/<uuid:pk>/file/", datasets.dataset_file, name="dataset_file"),
    path("leps/<slug:lep>/reports/", reports.report_list, name="report_list"),
    path("leps/<slug:lep>/reports/new/", reports.report_new, name="report_new"),
    path("evidence/compare/", comparisons.compare, name="compare"),
    path("evidence/reports/all/", reports.report_all, name="report_all"),
    path("reports/<uuid:pk>/", reports.report, name="report"),
    path("reports/<uuid:pk>/peers/", reports.report_peers, name="report_peers"),
    path("reports/<uuid:pk>/files/", reports.report_files_again, name="report_files_again"),
    path("reports/<uuid:pk>/files/<str:format>/", reports.report_file, name="report_file"),
    path("reports/<uuid:pk>/charts/<slug:key>.csv", reports.report_chart_csv, name="report_chart_csv"),
    path("reports/<uuid:pk>/figures.csv", reports.report_csv, name="report_csv"),
]

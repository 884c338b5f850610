"""Addresses of the strategies pages."""

from strategies.views import chain, citations, documents, lep, principles, sections, strategy, thread

app_name = "strategies"
urlpatterns = [
    *lep.urlpatterns,
    *strategy.urlpatterns,
    *citations.urlpatterns,
    *thread.urlpatterns,
    *chain.urlpatterns,
    *sections.urlpatterns,
    *documents.urlpatterns,
    *principles.urlpatterns,
]

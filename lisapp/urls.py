"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from lisapp import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("lisapp.api_urls")),
    path("", include("lisapp.health.urls")),
    path("", include("lisapp.jobs.urls")),
    path("", include("evidence.urls")),
    path("", include("strategies.urls")),
    path("", include("consultations.urls")),
]
if settings.DESIGN_GALLERY:
    urlpatterns.append(path("design/", include("lisapp.design.urls")))

handler400 = "lisapp.views.bad_request"
handler403 = "lisapp.views.permission_denied"
handler404 = "lisapp.views.page_not_found"
handler500 = "lisapp.views.server_error"

"""The admin site: reviewers judge here, administrators look after the data."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode


class LisAdminSite(admin.AdminSite):
    """Signs people in through the ordinary page, so that MFA and lock-out hold here too."""

    site_header = "Local Industrial Strategy workbench: reviews and administration"
    site_title = "Reviews and administration"
    index_title = "Reviews and administration"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_staff", False)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            from lisapp.errors import NotAllowed

            raise NotAllowed("Only reviewers and administrators can open this part.")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.GET.get('next', '/admin/')})}")

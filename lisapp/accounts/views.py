"""Pages about signing in that django-allauth does not have."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def locked_out(request: HttpRequest, credentials: dict | None = None, *args: object, **kwargs: object) -> HttpResponse:
    """Say that sign-in is paused after too many wrong tries, and what to do."""
    return render(request, "account/locked_out.html", status=429)

"""Pages that belong to no app: the start page, statements, and errors."""

from __future__ import annotations

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations.models import Consultation
from lisapp.places.models import LEP

logger = structlog.get_logger(__name__)


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The start page: what this is; for those signed in, where their work is."""
    if not request.user.is_authenticated:
        open_consultations = Consultation.objects.open_now().select_related("strategy__lep")[:5]
        return render(request, "home.html", {"open_consultations": open_consultations})
    leps = list(LEP.objects.visible_to(request.user).filter(memberships__user=request.user).distinct())
    return render(request, "home_signed_in.html", {"leps": leps})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why and for how long."""
    return render(request, "privacy.html")


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say why, in the words of the permission that refused."""
    return render(request, "403.html", {"reason": str(exception or "")}, status=403)


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing at this address for this person."""
    return render(request, "404.html", status=404)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be understood."""
    return render(request, "400.html", status=400)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Say sorry without a trace; the log has the details."""
    return render(request, "500.html", status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its security token: nothing was saved, and going back keeps what was typed."""
    logger.warning("csrf_failure", reason=reason, path=request.path)
    return render(request, "csrf_failure.html", status=403)

"""The progress page: refreshes by itself without JavaScript, and quietly with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lisapp.errors import InvalidTransition
from lisapp.jobs import permissions, services
from lisapp.jobs.models import Job


def _visible(request: HttpRequest, pk: uuid.UUID) -> Job:
    jobs: Any = Job.objects.visible_to(request.user)
    return get_object_or_404(jobs.select_related("lep", "requested_by"), pk=pk)


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """The work that this person or their LEPs asked for, newest first."""
    jobs = Job.objects.visible_to(request.user).select_related("requested_by", "lep")
    return render(request, "jobs/list.html", {"page": Paginator(jobs, 25).get_page(request.GET.get("page"))})


@never_cache
@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far one job is, and what came of it."""
    job = _visible(request, pk)
    return render(request, "jobs/detail.html", {"job": job, "may_control": permissions.can_control(request.user, job)})


@never_cache
@require_GET
def status(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """The same as JSON, for the page's own polling."""
    job = _visible(request, pk)
    return JsonResponse(
        {
            "state": job.state,
            "state_label": job.get_state_display(),
            "active": job.is_active,
            "percent": job.percent,
            "message": job.message,
            "url": job.result.get("url", ""),
        }
    )


@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop a job."""
    job = _visible(request, pk)
    try:
        services.cancel(job=job, by=request.user)
    except InvalidTransition as error:
        messages.info(request, str(error))
    return redirect(job)


@require_POST
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Try a job again."""
    job = _visible(request, pk)
    try:
        job = services.retry(job=job, by=request.user)
    except InvalidTransition as error:
        messages.info(request, str(error))
    return redirect(job)

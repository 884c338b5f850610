"""What people said, for the officers."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from consultations.domain.receipt import read_reference
from consultations.selectors.public import receipt_of
from consultations.selectors.responses import csv_rows, responses_of, signs_of, summary_of
from consultations.views.reach import visible_consultation


@require_safe
def response_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Counts for each question with choices, and the responses, newest first."""
    consultation = visible_consultation(request, slug)
    wanted = request.GET.get("reference", "").strip()
    responses = responses_of(consultation)
    if wanted:
        responses = responses.filter(reference=read_reference(wanted))
    context = {
        "consultation": consultation,
        "strategy": consultation.strategy,
        "current": "consultation",
        "summary": summary_of(consultation),
        "page": Paginator(responses, 50).get_page(request.GET.get("page")),
        "wanted": wanted,
    }
    return render(request, "consultations/officers/responses.html", context)


@require_safe
def response(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """One response, with the questions as they were asked."""
    consultation = visible_consultation(request, slug)
    found = get_object_or_404(consultation.responses, reference=reference)
    context = {
        "consultation": consultation,
        "strategy": consultation.strategy,
        "current": "consultation",
        "receipt": receipt_of(found),
        "response": found,
        "signs": signs_of(found),
    }
    return render(request, "consultations/officers/response.html", context)


@require_safe
def responses_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All responses as a table to take away."""
    consultation = visible_consultation(request, slug)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-responses.csv"'}
    return StreamingHttpResponse(csv_rows(consultation), content_type="text/csv; charset=utf-8", headers=headers)

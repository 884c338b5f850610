"""What anybody may read without an account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultations.domain.definition import Definition
from consultations.domain.route import Route
from consultations.models import Consultation, Response
from consultations.selectors.frozen import frozen_draft
from consultations.selectors.public import public_lists, published, receipt_of, state_of
from consultations.views.cookies import own_draft


@login_not_required
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """The consultations that are open, to come and closed."""
    return render(request, "consultations/public_list.html", {"lists": public_lists()})


@login_not_required
@never_cache
@require_safe
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """What a consultation is about, until when, and what happens with the answers."""
    consultation = get_object_or_404(published(), slug=slug)
    route = Route(Definition.from_dict(consultation.definition))
    draft = own_draft(request, consultation)
    context = {
        "consultation": consultation,
        "state": state_of(consultation),
        "questions": len(route.definition),
        "first": route.first,
        "draft": draft,
        "resume": route.resume(draft.answers, draft.about) if draft else "",
    }
    return render(request, "consultations/public.html", context)


@login_not_required
@require_safe
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen draft of the strategy. Before publication, for the people of the LEP only."""
    related = Consultation.objects.select_related("strategy__lep", "release").defer("definition")
    consultation = related.public().filter(slug=slug).first()
    if consultation is None:
        consultation = get_object_or_404(related.visible_to(request.user), slug=slug)
    try:
        page = frozen_draft(consultation.release.content)
    except ValueError as error:
        raise Http404(str(error)) from error
    return render(request, "consultations/draft.html", {"consultation": consultation, "draft": page})


@login_not_required
@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """A respondent's receipt. Whoever has the link may read it."""
    response = get_object_or_404(Response.objects.select_related("consultation__strategy__lep"), receipt_token=token)
    context = {
        "receipt": receipt_of(response),
        "consultation": response.consultation,
        "link": request.build_absolute_uri(),
    }
    return render(request, "consultations/receipt.html", context)

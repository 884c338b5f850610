"""Officers' pages: the ten principles, the claims, and the request for a review."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from lisapp.accounts.typed import typed
from lisapp.errors import InvalidTransition, StaleEdit
from strategies import permissions
from strategies.enums import OPEN_REVIEW_STATUSES
from strategies.forms.principles import ClaimForm, ReviewRequestForm
from strategies.models import Principle, Review, Strategy
from strategies.selectors.principles import principle_views
from strategies.services import reviews
from strategies.views.reach import visible_strategy


def _open_review(strategy: Strategy) -> Review | None:
    reviews = strategy.reviews.filter(status__in=OPEN_REVIEW_STATUSES)
    return reviews.select_related("release", "reviewer", "requested_by").first()


@require_safe
def principles(request: HttpRequest, slug: str) -> HttpResponse:
    """Each principle with what the checks found, what is claimed, and what reviewers judged."""
    strategy = visible_strategy(request, slug)
    completed = strategy.reviews.exclude(status__in=OPEN_REVIEW_STATUSES).select_related("release", "reviewer")
    context = {
        "strategy": strategy,
        "current": "principles",
        "views": principle_views(strategy),
        "open_review": _open_review(strategy),
        "last_review": completed.order_by("-completed_at").first(),
        "may_edit": permissions.can_draft(request.user, strategy),
        "may_send": permissions.can_send_for_review(request.user, strategy),
        "saved": request.GET.get("saved", ""),
    }
    return render(request, "strategies/principles/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claim_edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write what the strategy does about a principle; where a colleague saved first, show both texts."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    principle = get_object_or_404(strategy.framework.principles.prefetch_related("criteria"), number=number)
    form = _claim_form(request, strategy, principle)
    theirs = None
    if request.method == "POST" and form.is_valid():
        text, version = form.cleaned_data["text"], form.cleaned_data["version"]
        try:
            reviews.save_claim(
                strategy=strategy, principle=principle, text=text, by=request.user, expected_version=version
            )
            messages.success(request, f"Your claim on principle {number} has been saved.")
            return redirect(f"{reverse('strategies:principles', args=[slug])}?saved={number}#principle-{number}")
        except StaleEdit as stale:
            theirs = stale
            form.move_to(stale.version)
    context = {"strategy": strategy, "current": "principles", "principle": principle, "form": form, "theirs": theirs}
    return render(request, "strategies/principles/claim.html", context, status=409 if theirs else 200)


def _claim_form(request: HttpRequest, strategy: Strategy, principle: Principle) -> ClaimForm:
    claim = strategy.claims.filter(principle=principle).first()
    initial = {"text": claim.text if claim else "", "version": claim.version if claim else 0}
    form = ClaimForm(typed(request), initial=initial)
    form.cancel_url = f"{reverse('strategies:principles', args=[strategy.slug])}#principle-{principle.number}"
    form.keep_draft = f"claim-{strategy.pk}-{principle.number}"
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def review_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm that the strategy as it stands is frozen and goes to the reviewers."""
    strategy = visible_strategy(request, slug)
    permissions.can_send_for_review(request.user, strategy).or_raise()
    form = ReviewRequestForm(typed(request))
    form.cancel_url = reverse("strategies:principles", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            review = reviews.request_review(strategy=strategy, by=request.user, **form.cleaned_data)
            messages.success(request, f"Version {review.release.number} is now with the reviewers.")
        except InvalidTransition as refusal:
            messages.error(request, str(refusal))
        return redirect(form.cancel_url)
    context = {
        "strategy": strategy,
        "current": "principles",
        "form": form,
        "open_review": _open_review(strategy),
        "views": principle_views(strategy),
    }
    return render(request, "strategies/principles/request.html", context)


urlpatterns: list[URLPattern] = [
    path("strategies/<slug:slug>/principles/", principles, name="principles"),
    path("strategies/<slug:slug>/principles/<int:number>/claim/", claim_edit, name="claim_edit"),
    path("strategies/<slug:slug>/review/", review_request, name="review_request"),
]

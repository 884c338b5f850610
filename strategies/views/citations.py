"""The evidence that a strategy cites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from evidence.models import ComparatorReport
from evidence.permissions import can_view_item
from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from strategies import permissions
from strategies.forms.citations import (
    CitationKindForm,
    FigureForm,
    LocalSourceForm,
    RenewForm,
    ReportForm,
    WhatWorksForm,
)
from strategies.models import Citation, Strategy
from strategies.selectors.citations import RESTING, rests_on
from strategies.selectors.workspace import workspace
from strategies.services import citations
from strategies.views.reach import visible_strategy

FORMS: dict[str, tuple[type[Any], Callable[..., Any], str]] = {
    "figure": (FigureForm, citations.cite_figure, "Cite a figure"),
    "report": (ReportForm, citations.cite_report, "Cite a comparator report"),
    "what_works": (WhatWorksForm, citations.cite_what_works, "Cite an evidence item"),
    "local": (LocalSourceForm, citations.cite_local_source, "Cite a source of your own"),
}


@require_safe
def citation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that the strategy cites, what newer data say of it, and what rests on it."""
    strategy = visible_strategy(request, slug)
    facts = {each.id: each for each in workspace(strategy).facts.citations}
    cited = strategy.citations.select_related("strategy").prefetch_related(*RESTING)
    page = Paginator(cited, 30).get_page(request.GET.get("page"))
    reports = ComparatorReport.objects.filter(lep=strategy.lep_id, place=strategy.place_id).select_related("place")
    context = {
        "strategy": strategy,
        "current": "evidence",
        "page": page,
        "rows": [(each, facts[each.pk], rests_on(each)) for each in page.object_list],
        "reports": reports[:5],
        "superseded": sum(1 for each in facts.values() if each.newer),
        "may_draft": permissions.can_draft(request.user, strategy),
    }
    return render(request, "strategies/citations/list.html", context)


@require_safe
def citation_choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the kind of evidence to cite."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    form = CitationKindForm(request.GET or None)
    if request.GET and form.is_valid():
        return redirect("strategies:citation_new", slug, form.cleaned_data["kind"])
    form.helper.form_method = "get"
    context = {"strategy": strategy, "current": "evidence", "form": form, "heading": "Add evidence"}
    return render(request, "strategies/citations/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def citation_new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Cite one thing."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    if kind not in FORMS:
        raise Http404
    form_class, cite, heading = FORMS[kind]
    reports = list(_reports(strategy))
    extra: dict[str, Any] = {"report": _chosen_report(request, reports)} if kind == "figure" else {}
    extra |= {"user": request.user} if kind == "what_works" else {}
    form = form_class(typed(request), strategy=strategy, **extra)
    form.cancel_url = reverse("strategies:citation_list", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            made = cite(strategy=strategy, by=request.user, **form.arguments())
            messages.success(
                request,
                f"Added to the evidence as {made.mark}. Tick it where a diagnosis or an intervention rests on it, or "
                "write the mark into a section’s text.",
            )
            return redirect(form.cancel_url)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"strategy": strategy, "current": "evidence", "form": form, "heading": heading, "kind": kind}
    context |= {"reports": reports, "chosen": extra.get("report")}
    return render(request, "strategies/citations/form.html", context)


def _reports(strategy: Strategy) -> Any:
    return ComparatorReport.objects.ready().filter(lep=strategy.lep_id).select_related("place")[:20]


def _chosen_report(request: HttpRequest, reports: list[ComparatorReport]) -> ComparatorReport | None:
    """The report that the address names ("none" for published figures alone), else the newest."""
    wanted = request.GET.get("report", "")
    if wanted == "none" or not reports:
        return None
    return next((report for report in reports if str(report.pk) == wanted), reports[0])


def _citation(strategy: Strategy, pk: int) -> Citation:
    found = strategy.citations.select_related(
        "strategy__lep", "indicator", "review__lep", "report__data_release", "replaces"
    )
    citation: Citation = get_object_or_404(found.select_related("created_by").prefetch_related(*RESTING), pk=pk)
    return citation


def _has_changed(citation: Citation) -> bool:
    """Whether the cited evidence item says something else now."""
    copied, review = citation.review_copy, citation.review
    return bool(copied and review and copied["version"] != review.version)


@require_safe
def citation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One piece of evidence with everything known about its source, what newer data say, and what rests on it."""
    strategy = visible_strategy(request, slug)
    found = _citation(strategy, pk)
    context = {
        "strategy": strategy,
        "current": "evidence",
        "citation": found,
        "facts": workspace(strategy).facts.citation(pk),
        "rests_on": rests_on(found),
        "replaced_by": found.replaced_by.select_related("strategy"),
        "item_changed": bool(
            found.review and found.review_copy and found.review_copy["version"] != found.review.version
        ),
        "may_read_item": bool(found.review and can_view_item(request.user, found.review)),
        "may_draft": permissions.can_draft(request.user, strategy),
    }
    return render(request, "strategies/citations/citation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def citation_renew(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Cite the newer figure, and say what should rest on it from now on."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    found = _citation(strategy, pk)
    form = RenewForm(typed(request), citation=found)
    form.cancel_url = found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            made = citations.cite_newer_figure(citation=found, by=request.user, **form.arguments())
            messages.success(request, f"The newer figure is cited as {made.mark}. The earlier one stays in the list.")
            return redirect(made)
        except ValidationError as error:
            form.add_error(None, error)
        except StaleEdit:
            form.add_error(None, "A colleague saved one of these while you were looking. Nothing was moved: try again.")
    context = {"strategy": strategy, "current": "evidence", "citation": found, "form": form}
    return render(
        request, "strategies/citations/renew.html", {**context, "facts": workspace(strategy).facts.citation(pk)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def citation_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask first, with what rests on it, then take a citation out. One that a text marks stays."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    found = _citation(strategy, pk)
    if request.method == "POST":
        try:
            citations.remove_citation(citation=found, by=request.user)
            messages.success(request, "The evidence has been removed. The history keeps what it was.")
            return redirect("strategies:citation_list", slug)
        except ValidationError:
            found = _citation(strategy, pk)  # a text that marks it was saved meanwhile: the page says which
    context = {"strategy": strategy, "current": "evidence", "citation": found, "rests_on": rests_on(found)}
    return render(request, "strategies/citations/delete.html", context)


urlpatterns = [
    path("strategies/<slug:slug>/evidence/", citation_list, name="citation_list"),
    path("strategies/<slug:slug>/evidence/new/", citation_choose, name="citation_choose"),
    path("strategies/<slug:slug>/evidence/new/<str:kind>/", citation_new, name="citation_new"),
    path("strategies/<slug:slug>/evidence/<int:pk>/", citation, name="citation"),
    path("strategies/<slug:slug>/evidence/<int:pk>/newer/", citation_renew, name="citation_renew"),
    path("strategies/<slug:slug>/evidence/<int:pk>/delete/", citation_delete, name="citation_delete"),
]

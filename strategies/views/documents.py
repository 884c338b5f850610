"""Versions of a strategy, and the documents made from them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lisapp.accounts.typed import typed
from lisapp.documents.files import download, downloads, file_response
from lisapp.documents.html import context_of
from lisapp.places import permissions as lep_permissions
from strategies import permissions
from strategies.exports.strategy_document import document_of
from strategies.forms.documents import DocumentForm, ReleaseForm
from strategies.models import Document, Strategy
from strategies.selectors.documents import FORMATS, documents_of, file_name
from strategies.services.documents import request_document
from strategies.services.releases import freeze
from strategies.views.reach import visible_strategy

WORKSPACE, OUTSIDE = "strategies/workspace.html", "strategies/documents/outside.html"
CURRENT = "documents"


def _document(request: HttpRequest, slug: str, pk: uuid.UUID) -> Document:
    visible: Any = Document.objects.visible_to(request.user)
    related = visible.select_related("strategy__lep", "release", "job", "created_by")
    document: Document = get_object_or_404(related, strategy__slug=slug, pk=pk)
    return document


def _page(request: HttpRequest, strategy: Strategy, **context: Any) -> dict[str, Any]:
    """What every page here needs. Someone from outside the LEP gets no links that lead nowhere for them."""
    member = bool(permissions.can_view(request.user, strategy))
    layout = WORKSPACE if member else OUTSIDE
    return {"strategy": strategy, "current": CURRENT, "layout": layout, "member": member, **context}


@require_safe
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """The versions of a strategy, newest first."""
    strategy = visible_strategy(request, slug)
    found = strategy.releases.select_related("created_by").order_by("-number")
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    may_draft = permissions.can_draft(request.user, strategy)
    context = _page(request, strategy, page=page, may_draft=may_draft)
    return render(request, "strategies/documents/releases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze the strategy as it stands, with a note on what the version is for."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    form = ReleaseForm(typed(request))
    form.cancel_url = reverse("strategies:releases", args=[slug])
    if request.method == "POST" and form.is_valid():
        last = strategy.releases.order_by("-number").first()
        release = freeze(strategy=strategy, by=request.user, note=form.cleaned_data["note"])
        if last and last.pk == release.pk:
            messages.info(request, f"Nothing has changed since version {release.number}, so no new version was made.")
        else:
            messages.success(request, f"Version {release.number} is frozen.")
        return redirect("strategies:release", slug, release.number)
    return render(request, "strategies/documents/release_new.html", _page(request, strategy, form=form))


@require_safe
def release(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version, as it will read in the document."""
    strategy = visible_strategy(request, slug)
    release = get_object_or_404(strategy.releases.select_related("created_by"), number=number)
    try:
        content = context_of(document_of(release), depth=1)
    except ValueError as error:
        raise Http404(str(error)) from error
    context = _page(request, strategy, release=release, **content)
    context["may_make"] = lep_permissions.can_draft(request.user, strategy.lep)
    context["submission_key"] = uuid.uuid4()
    return render(request, "strategies/documents/release.html", context)


@require_safe
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The documents of a strategy, newest first."""
    strategy = visible_strategy(request, slug)
    page = Paginator(documents_of(strategy, request.user), 25).get_page(request.GET.get("page"))
    may_make = lep_permissions.can_draft(request.user, strategy.lep)
    return render(request, "strategies/documents/list.html", _page(request, strategy, page=page, may_make=may_make))


@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the document of a version, or of the strategy as it stands now."""
    strategy = visible_strategy(request, slug)
    lep_permissions.can_draft(request.user, strategy.lep).or_raise()
    may_freeze = permissions.can_draft(request.user, strategy)
    form = DocumentForm(typed(request), strategy=strategy, may_freeze=bool(may_freeze))
    form.cancel_url = reverse("strategies:document_list", args=[slug])
    if request.method == "POST" and form.is_valid():
        document = request_document(
            strategy=strategy,
            by=request.user,
            submission_key=form.cleaned_data["submission_key"] or uuid.uuid4(),
            release=form.release(),
        )
        return redirect(document)
    context = _page(request, strategy, form=form, may_freeze=may_freeze)
    return render(request, "strategies/documents/new.html", context)


@never_cache
@require_safe
def document(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """One document: how far it is, its files, and what could not be made."""
    document = _document(request, slug, pk)
    context = _page(request, document.strategy, document=document, downloads=downloads(document, FORMATS))
    return render(request, "strategies/documents/document.html", context)


@require_safe
def document_file(request: HttpRequest, slug: str, pk: uuid.UUID, format: str) -> HttpResponseBase:
    """A file of a document."""
    document = _document(request, slug, pk)
    if format not in FORMATS:
        raise Http404("Documents have no such format.")
    found = download(document, format)
    if found.problem:
        context = _page(request, document.strategy, document=document, download=found)
        return render(request, "strategies/documents/missing.html", context, status=404)
    return file_response(document, format, file_name(document))


urlpatterns = [
    path("strategies/<slug:slug>/versions/", releases, name="releases"),
    path("strategies/<slug:slug>/versions/new/", release_new, name="release_new"),
    path("strategies/<slug:slug>/versions/<int:number>/", release, name="release"),
    path("strategies/<slug:slug>/documents/", document_list, name="document_list"),
    path("strategies/<slug:slug>/documents/new/", document_new, name="document_new"),
    path("strategies/<slug:slug>/documents/<uuid:pk>/", document, name="document"),
    path("strategies/<slug:slug>/documents/<uuid:pk>/<str:format>/", document_file, name="document_file"),
]

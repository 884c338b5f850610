"""What works: the evidence to look through, its map, one item; and search over it and the indicators."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.response import FileResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evidence import permissions
from evidence.domain.uploads import content_type_of
from evidence.enums import PillarCode
from evidence.exports import csv_files
from evidence.forms.evidence_items import EvidenceFilterForm, GapMapForm, SearchForm
from evidence.models import EvidenceItem
from evidence.selectors import what_works
from evidence.selectors.search import search
from evidence.views.reports import csv_response

PER_PAGE = 20


def visible_item(request: HttpRequest, slug: str) -> EvidenceItem:
    """An item that the person may see; for anybody else there is none."""
    items: Any = EvidenceItem.objects.visible_to(request.user)
    item: EvidenceItem = get_object_or_404(items.select_related("lep", "updated_by", "created_by"), slug=slug)
    return item


def _filters(request: HttpRequest, form: type[GapMapForm]) -> GapMapForm:
    return form(request.GET if request.GET else None, outcomes=what_works.outcomes(request.user))


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """Evidence items by words and filters, with their four facts in short."""
    form = _filters(request, EvidenceFilterForm)
    found = what_works.items(request.user, **form.wanted())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "findings": what_works.findings(page.object_list),
        "states": what_works.STATES,
        "narrowed": bool(form.wanted()),
        "query": request.GET.urlencode(),
    }
    return render(request, "evidence/items.html", context)


@require_safe
def item_list_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The items that the filters find, as a file."""
    form = _filters(request, EvidenceFilterForm)
    found = what_works.items(request.user, **form.wanted())
    return csv_response(csv_files.item_lines(found), "evidence")


@require_safe
def gap_map(request: HttpRequest) -> HttpResponse:
    """Where there is evidence and where there is none: foundations by kinds of intervention."""
    form = _filters(request, GapMapForm)
    found = what_works.items(request.user, **form.wanted())
    context = {
        "form": form,
        "map": what_works.gap_map(found),
        "pillars": PillarCode.choices,
        "empty_words": what_works.NO_ITEM,
        "says_nothing": what_works.SAYS_NOTHING,
        "query": request.GET.urlencode(),
    }
    return render(request, "evidence/gap_map.html", context)


@require_safe
def gap_map_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The map as a file, one cell a line."""
    found = what_works.items(request.user, **_filters(request, GapMapForm).wanted())
    return csv_response(csv_files.gap_map_lines(what_works.gap_map(found)), "evidence-map")


@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One item: its four facts, its counts, where it comes from."""
    found = visible_item(request, slug)
    finding = what_works.Finding(found)
    context = {
        "item": found,
        "finding": finding,
        "chart": what_works.counts_chart(finding),
        "may_edit": permissions.can_edit_item(request.user, found) if found.is_local else None,
        "member": bool(found.lep and permissions.can_add_item(request.user, found.lep)),
        "meaning": what_works.MEANINGS.get(finding.state) if finding.state else "",
    }
    return render(request, "evidence/item.html", context)


@require_safe
def item_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """One item as a file."""
    found = visible_item(request, slug)
    return csv_response(csv_files.item_lines([found]), found.slug)


@require_safe
def item_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send the file of a local item, to be saved and not to be kept by any cache."""
    found = visible_item(request, slug)
    if not found.file:
        raise Http404("This evidence has no file.")
    if not found.file.storage.exists(found.file.name):
        return render(request, "evidence/local_file_missing.html", {"item": found}, status=404)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type=content_type_of(found.file_name),
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Evidence items and indicators that hold the words."""
    form = SearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    page = Paginator(search(request.user, query), PER_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    return render(request, "evidence/search.html", {"form": form, "query": query, "page": page})

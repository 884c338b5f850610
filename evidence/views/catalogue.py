"""Published figures, to look through."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from evidence import permissions
from evidence.exports import csv_files
from evidence.forms.catalogue import IndicatorFilterForm, IndicatorPlaceForm
from evidence.models import Indicator
from evidence.selectors import catalogue
from evidence.selectors.panels import ENGLAND
from evidence.views.reports import csv_response
from lisapp.places.enums import PlaceKind

PER_PAGE = 25
VALUES_PER_PAGE = 50


@require_GET
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Indicators by foundation, words and kind of place."""
    form = IndicatorFilterForm(request.GET if request.GET else None)
    page = Paginator(catalogue.indicators(**form.wanted()), PER_PAGE).get_page(request.GET.get("page"))
    covered = catalogue.coverage(page.object_list)
    rows = [(indicator, covered.get(indicator.pk)) for indicator in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "may_load": permissions.can_load_data(request.user)}
    return render(request, "evidence/indicator_list.html", context)


@require_GET
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """What an indicator means, its values and where they come from."""
    found = get_object_or_404(Indicator, code=code)
    kinds = catalogue.kinds_with_figures(found)
    kind = next((kind for kind in kinds if kind == request.GET.get("kind")), kinds[0] if kinds else PlaceKind.LEP)
    places = catalogue.places_with_figures(found).order_by("kind", "name")
    wanted = request.GET.get("place") or ENGLAND
    place = places.filter(code=wanted).first() or places.filter(code=ENGLAND).first() or places.first()
    page = Paginator(catalogue.latest_values(found, kind), VALUES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "indicator": found,
        "kinds": kinds,
        "kind": kind,
        "place": place,
        "place_form": IndicatorPlaceForm(
            initial={"place": place.code if place else ""}, places=places.exclude(code=ENGLAND)
        ),
        "chart": catalogue.over_time(found, place) if place else None,
        "page": page,
        "rows": catalogue.written(found, page.object_list),
        "sources": catalogue.sources(found),
    }
    return render(request, "evidence/indicator.html", context)


@require_GET
def indicator_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Every value of an indicator as a file."""
    found = get_object_or_404(Indicator, code=code)
    return csv_response(csv_files.indicator_lines(found), found.code)

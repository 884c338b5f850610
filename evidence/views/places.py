"""Pages on places. They are public: everything on them is published elsewhere."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from evidence.exports import csv_files
from evidence.forms.places import MapForm, PlaceFilterForm
from evidence.selectors import places
from evidence.selectors.neighbours import in_per_cent, spillover_partners
from evidence.selectors.place_map import place_map
from evidence.selectors.report_sections import sections
from evidence.selectors.sectors import sector_mix
from evidence.views.reports import csv_response
from lisapp.places.models import Place

PER_PAGE = 50


@login_not_required
@require_GET
def place_list(request: HttpRequest) -> HttpResponse:
    """LEP areas and authorities by name, code, kind and region."""
    form = PlaceFilterForm(request.GET if request.GET else None, regions=places.regions())
    page = Paginator(places.places(**form.wanted()), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(place, places.is_former(place)) for place in page.object_list]
    return render(request, "evidence/place_list.html", {"form": form, "page": page, "rows": rows})


def _listed(code: str) -> Place:
    return get_object_or_404(Place, code=code, kind__in=places.LISTED)


@login_not_required
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """What the figures say about a place, what it is like, and what lies around it."""
    found = _listed(code)
    around, partners = places.related(found), spillover_partners(found)
    context: dict[str, Any] = {
        "place": found,
        "related": around,
        "former": places.is_former(found),
        "foundations": places.foundations(found),
        "sectors": sections({"sectors": sector_mix(found).as_json()})[0],
        "partners": partners,
        "commuters": [
            (row, in_per_cent(row["out_share"]), in_per_cent(row["into_share"]))
            for row in partners["commuting"]["partners"]
        ],
        "written": places.written_about(found, around.wholes, request.user),
        "leps": places.leps_that_can_ask(found, around.wholes, request.user),
    }
    if not context["former"]:
        context |= _beside_others(request, found, context)
    return render(request, "evidence/place.html", context)


def _beside_others(request: HttpRequest, found: Place, context: dict[str, Any]) -> dict[str, Any]:
    """Peers and map, for an area that stands."""
    peers = places.peers_of(found)
    shown = [headline.indicator for foundation in context["foundations"] for headline in foundation.headlines]
    form = MapForm(request.GET or None, indicators=shown)
    chart = _map(found, context["partners"], peers, form)
    return {"peers": peers, "map_form": form, "map": chart, "map_csv": _map_address(found, form)}


def _map(found: Place, partners: dict[str, Any], peers: places.PeerList, form: MapForm) -> Any:
    return place_map(
        found,
        peers=[row.code for row in peers.rows],
        neighbours=[row["code"] for row in partners["contiguity"]["partners"]],
        indicator=form.chosen(),
    )


def _map_address(found: Place, form: MapForm) -> str:
    chosen = form.chosen()
    address = reverse("evidence:place_map_csv", args=[found.code])
    return f"{address}?map={chosen.code}" if chosen else address


@login_not_required
@require_GET
def place_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Every figure of a place as a file."""
    found = _listed(code)
    return csv_response(csv_files.place_lines(found), f"{slugify(found.name)}-{found.code}")


@login_not_required
@require_GET
def place_map_csv(request: HttpRequest, code: str) -> HttpResponse:
    """What the map of a place shows, as a file."""
    found = _listed(code)
    shown = [row.indicator for foundation in places.foundations(found) for row in foundation.headlines]
    form = MapForm(request.GET or None, indicators=shown)
    chart = None if places.is_former(found) else _map(found, spillover_partners(found), places.peers_of(found), form)
    if chart is None:
        raise Http404("There is no map of this place.")
    response = HttpResponse(chart.csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="map-{slugify(found.name)}.csv"'
    return response

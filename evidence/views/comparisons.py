"""A comparison that anyone can run again from an address that holds every choice."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from rest_framework.throttling import SimpleRateThrottle

from evidence.models import ComparatorReport, DataRelease
from evidence.selectors.comparisons import cached_result, compare_place, keep_result
from evidence.selectors.permalinks import CHECKSUM, parameters_from
from evidence.views.reports import chart_csv, shown_report
from lisapp.places.models import Place

Answer = tuple[dict[str, Any], int]


class ComparisonThrottle(SimpleRateThrottle):
    """How many comparisons one address may have worked out; those worked out before cost nothing."""

    scope = "comparisons"
    rate = "60/hour"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


@login_not_required
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show the comparison that the address describes, worked out from the data that is loaded now."""
    release = DataRelease.objects.first()
    place = Place.objects.filter(code=request.GET.get("place", "")).first()
    query = request.GET.copy()
    chart = query.pop("chart", [""])[-1]
    if release is None or place is None:
        return _refused(request, "The address names no place that is known here.", 404)
    try:
        parameters = parameters_from(query)
        result, status = _result(request, place, parameters, release)
    except ValueError as error:
        return _refused(request, str(error), 400)
    if status != 200:
        return _refused(request, result["message"], status)
    report = ComparatorReport(place=place, parameters=parameters, data_release=release, result=result)
    report.title = f"How {place} compares"
    context = shown_report(report)
    if chart:
        return chart_csv(context["shown"], chart)
    named = query.get("data", "")
    context |= {
        "report": report,
        "release": release,
        "other_data": bool(named) and not release.checksum.startswith(named[:CHECKSUM]),
        "named": DataRelease.objects.filter(checksum__startswith=named[:CHECKSUM]).first() if named else None,
        "chart_start": f"{request.path}?{query.urlencode()}&chart=",
        "chart_end": "",
    }
    return render(request, "evidence/compare.html", context)


def _result(request: HttpRequest, place: Place, parameters: dict[str, Any], release: DataRelease) -> Answer:
    """The result with 200, or a message with the status that says why there is none."""
    if (kept := cached_result(place, parameters, release)) is not None:
        return kept, 200
    if not ComparisonThrottle().allow_request(request, None):  # type: ignore[arg-type]  # it reads only the address
        return {"message": "Many comparisons were asked for from here. Try again in an hour."}, 429
    found = compare_place(place, parameters)
    if found.why_not is not None:
        return {"message": f"{place} cannot be compared: {found.why_not.reason}."}, 422
    keep_result(place, parameters, release, found.result)
    return found.result, 200


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "evidence/compare_refused.html", {"message": message}, status=status)

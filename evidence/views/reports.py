"""Comparator reports of a LEP."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evidence import permissions
from evidence.exports import csv_files
from evidence.forms.reports import METHOD_FIELDS, AllReportsForm, PeersForm, PlaceForm, ReportForm
from evidence.models import ComparatorReport
from evidence.selectors.panels import areas_like, available, reportable_places
from evidence.selectors.permalinks import permalink
from evidence.selectors.report_page import ReportPage, again, parameter_words, report_page, weight_words
from evidence.selectors.wording import KINDS
from evidence.services import reports
from lisapp.accounts.typed import typed
from lisapp.design.spreadsheets import BYTE_ORDER_MARK
from lisapp.documents.files import download, downloads, file_response
from lisapp.places.models import LEP

PER_PAGE = 25


def _lep(request: HttpRequest, slug: str) -> LEP:
    leps: Any = LEP.objects.visible_to(request.user)
    return get_object_or_404(leps, slug=slug)


@require_GET
def report_list(request: HttpRequest, lep: str) -> HttpResponse:
    """The reports of a LEP, newest first."""
    owner = _lep(request, lep)
    found = owner.comparator_reports.select_related("place", "created_by", "job", "data_release").defer("result")
    context = {
        "lep": owner,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "may_request": permissions.can_request_report(request.user, owner),
    }
    return render(request, "evidence/report_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, lep: str) -> HttpResponse:
    """Ask which place, then what to compare it on."""
    owner = _lep(request, lep)
    permissions.can_request_report(request.user, owner).or_raise()
    data = typed(request)
    given = data if data is not None else request.GET
    places = reportable_places(owner.places.all()).order_by("-kind", "name")
    place = places.filter(code=given.get("place", "")).first()
    if place is None:
        chooser = PlaceForm(given if "place" in given else None, places=places)
        return render(request, "evidence/report_place.html", {"lep": owner, "form": chooser})
    form = ReportForm(
        data,
        place=place,
        available=available(place),
        regions=areas_like(place).exclude(region="").order_by("region").values_list("region", flat=True).distinct(),
        initial=_prefilled(request.GET),
    )
    if request.method == "POST" and form.is_valid() and (asked := _requested(owner, form, request.user)):
        return redirect(asked.job or asked)
    return render(
        request, "evidence/report_new.html", {"lep": owner, "place": place, "form": form, "others": KINDS[place.kind]}
    )


def _prefilled(query: QueryDict) -> dict[str, Any]:
    """What a link filled in: indicators, and choices of the method."""
    lists = {name: query.getlist(name) for name in ("indicators", "leave_out_regions") if name in query}
    return {name: query[name] for name in METHOD_FIELDS if name in query} | lists


def _requested(lep: LEP, form: ReportForm, by: Any) -> ComparatorReport | None:
    """The report that the form asks for; None, with the reasons on the form, where it cannot be asked for."""
    asked = form.cleaned_data
    try:
        return reports.request_report(
            lep=lep,
            place=form.place,
            by=by,
            indicators=asked["indicators"],
            method=asked["method"],
            submission_key=asked["submission_key"],
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None


def _report(request: HttpRequest, pk: uuid.UUID) -> ComparatorReport:
    found: Any = ComparatorReport.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("lep", "place", "job", "data_release", "created_by"), pk=pk)


def _finished(request: HttpRequest, pk: uuid.UUID) -> ComparatorReport:
    found = _report(request, pk)
    if not found.is_ready:
        raise Http404("The report has no figures yet.")
    return found


@require_GET
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The report; while it is being made, the progress of the work; where it cannot be made, why."""
    found = _report(request, pk)
    context: dict[str, Any] = {
        "report": found,
        "lep": found.lep,
        "may_request": permissions.can_request_report(request.user, found.lep),
        "new_url": reverse("evidence:report_new", args=[found.lep.slug]),
    }
    if found.is_ready:
        context |= shown_report(found) | {
            "downloads": downloads(found, reports.FORMATS),
            "permalink": request.build_absolute_uri(permalink(found)),
            "csv_url": reverse("evidence:report_csv", args=[found.pk]),
            "chart_start": f"{found.get_absolute_url()}charts/",
            "chart_end": ".csv",
        }
        return render(request, "evidence/report.html", context)
    if found.job and found.job.is_active:
        return redirect(found.job)
    context |= {"refused": found.result.get("refused"), "suggestions": _suggestions(found)}
    return render(request, "evidence/report_unfinished.html", context)


def shown_report(report: ComparatorReport) -> dict[str, Any]:
    """What the parts of a report's page need."""
    shown = report_page(report)
    return {"shown": shown, "parameters": parameter_words(shown.method), "weights": weight_words(shown.method)}


def _suggestions(report: ComparatorReport) -> list[dict[str, str]]:
    """What could be compared instead, each as a link to the form filled in."""
    form = reverse("evidence:report_new", args=[report.lep.slug])
    links = []
    for offer in report.result.get("refused", {}).get("suggestions", []):
        changes = {"place": offer["place"]} | ({"indicators": offer["indicators"]} if "indicators" in offer else {})
        query = again(report, **changes)
        if "indicators" not in offer:
            del query["indicators"]  # the form then begins with the ones it recommends for that place
        links.append({"label": offer["label"], "href": f"{form}?{urlencode(query, doseq=True)}"})
    return links


@require_http_methods(["GET", "HEAD", "POST"])
def report_peers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Accept the peers of a report, or choose others for a new one; either way with the reason."""
    found = _finished(request, pk)
    permissions.can_request_report(request.user, found.lep).or_raise()
    gone = [row["code"] for row in found.result.get("excluded", [])]
    areas = areas_like(found.place).exclude(pk=found.place.pk).exclude(code__in=gone).order_by("name")
    form = PeersForm(typed(request), report=found, areas=areas)
    if request.method == "POST" and form.is_valid() and (done := _decided(found, form, request.user)):
        return redirect(done)
    return render(request, "evidence/report_peers.html", {"report": found, "lep": found.lep, "form": form})


def _decided(report: ComparatorReport, form: PeersForm, by: Any) -> Any:
    """The page to go on to; None, with the reasons on the form, where the decision cannot be recorded."""
    asked = form.cleaned_data
    try:
        if asked["decision"] == "accept":
            return reports.accept_peers(report=report, by=by, reason=asked["reason"])
        again = reports.request_report(
            lep=report.lep,
            place=report.place,
            by=by,
            indicators=report.parameters["indicators"],
            method=report.parameters["method"],
            submission_key=asked["submission_key"],
            peers=asked["peers"],
            peers_reason=asked["reason"],
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    return again.job or again


@require_GET
def report_file(request: HttpRequest, pk: uuid.UUID, format: str) -> HttpResponseBase:
    """A file of a report."""
    found = _finished(request, pk)
    if format not in reports.FORMATS:
        raise Http404("Reports have no such format.")
    file = download(found, format)
    if file.problem:
        context = {"report": found, "lep": found.lep, "file": file}
        return render(request, "evidence/report_file_missing.html", context, status=404)
    return file_response(found, format, _file_name(found))


@require_GET
def report_chart_csv(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """The figures of one drawing of a report."""
    return chart_csv(report_page(_finished(request, pk)), key)


def chart_csv(shown: ReportPage, key: str) -> HttpResponse:
    """The figures of the drawing with this key, as a file."""
    chart = next((chart for chart in shown.charts() if chart.key() == key), None)
    if chart is None:
        raise Http404("There is no such drawing.")
    return csv_response(iter([BYTE_ORDER_MARK, chart.csv()]), slugify(chart.title)[:80])


@require_POST
def report_files_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make the files of a report again, where they could not be made or are gone."""
    found = _finished(request, pk)
    return redirect(reports.request_files(report=found, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def report_all(request: HttpRequest) -> HttpResponse:
    """Ask for the reports of every LEP at once, and find those that were made."""
    permissions.can_request_all_reports(request.user).or_raise()
    form = AllReportsForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(reports.request_all_reports(by=request.user))
        except ValidationError as error:
            form.add_error(None, error.messages)
    ready = ComparatorReport.objects.ready().select_related("lep", "data_release").defer("result")
    page = Paginator(ready.order_by("-finished_at", "lep__name"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/report_all.html", {"form": form, "page": page})


@require_GET
def report_csv(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """The figures of a finished report as a file."""
    found = _finished(request, pk)
    return csv_response(csv_files.report_lines(found), _file_name(found))


def _file_name(report: ComparatorReport) -> str:
    return f"{slugify(report.title)}-{report.finished_at:%Y-%m-%d}"


def csv_response(lines: Any, name: str) -> StreamingHttpResponse:
    """A CSV file to download as `name`.csv."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response

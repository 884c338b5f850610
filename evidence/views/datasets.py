"""Bringing figures in: upload, check, choose, import, roll back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence import permissions
from evidence.enums import DatasetState
from evidence.forms.datasets import ImportForm, IndicatorForm, MappingForm, RollBackForm, UploadForm
from evidence.models import Dataset, Indicator
from evidence.selectors import datasets as selectors
from evidence.selectors.wording import amount, span
from evidence.services import datasets, indicators
from lisapp.accounts.typed import typed
from lisapp.errors import InvalidTransition
from lisapp.uploads import too_large

PER_PAGE = 25


def _dataset(request: HttpRequest, pk: uuid.UUID) -> Dataset:
    permissions.can_load_data(request.user).or_raise()
    found = Dataset.objects.select_related("source", "job", "uploaded_by", "rolled_back_by")
    dataset: Dataset = get_object_or_404(found, pk=pk)
    return dataset


@require_safe
def dataset_list(request: HttpRequest) -> HttpResponse:
    """The datasets, newest first."""
    permissions.can_load_data(request.user).or_raise()
    page = Paginator(selectors.datasets(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "evidence/dataset_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def dataset_new(request: HttpRequest) -> HttpResponse:
    """Upload a file and say where it comes from."""
    permissions.can_load_data(request.user).or_raise()
    form = UploadForm(typed(request), request.FILES or None, passed_over=too_large(request))
    form.cancel_url = reverse("evidence:dataset_list")
    if request.method == "POST" and form.is_valid():
        try:
            made = datasets.upload_dataset(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(made.job or made)
    return render(request, "evidence/dataset_new.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dataset(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is in a file, and what can be done with it. A POST changes how it is read."""
    found = _dataset(request, pk)
    form = _mapping_form(found, typed(request))
    if request.method == "POST":
        if form is None:
            messages.info(request, "This dataset cannot be changed any more.")
            return redirect(found)
        if form.is_valid() and (done := _tried(request, form, datasets.choose, dataset=found, mapping=form.chosen())):
            return redirect(done.job or done)
    return _page(request, found, mapping_form=form)


@require_POST
def dataset_import(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start the import of a dataset that is ready."""
    found = _dataset(request, pk)
    form = _import_form(found, request.POST)
    if form is None:
        messages.info(request, f"This dataset is {found.get_state_display().lower()}, so it cannot be imported.")
        return redirect(found)
    if form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        if done := _tried(request, form, datasets.request_import, dataset=found, reason=reason):
            return redirect(done.job or done)
    return _page(request, found, import_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def dataset_roll_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an imported dataset out of the figures again, after saying why."""
    found = _dataset(request, pk)
    if found.state != DatasetState.IMPORTED:
        messages.info(request, f"This dataset is {found.get_state_display().lower()}, so it cannot be rolled back.")
        return redirect(found)
    form = RollBackForm(typed(request))
    form.submit_label, form.cancel_url = "Roll back the dataset", found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if _tried(request, form, datasets.roll_back, dataset=found, reason=reason):
            messages.success(request, "The dataset is rolled back. What it superseded stands again.")
            return redirect(found)
    return render(request, "evidence/dataset_roll_back.html", {"dataset": found, "form": form})


@require_safe
def dataset_refusals(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """Every refused row as a CSV file."""
    found = _dataset(request, pk)
    if not found.refusals:
        raise Http404("No row was refused.")
    return FileResponse(found.refusals.open("rb"), as_attachment=True, filename=f"refused-{found.pk}.csv")


@require_safe
def dataset_file(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """The file as it was uploaded."""
    found = _dataset(request, pk)
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: HttpRequest) -> HttpResponse:
    """Add an indicator that is not there yet."""
    permissions.can_load_data(request.user).or_raise()
    form = IndicatorForm(typed(request))
    form.cancel_url = reverse("evidence:indicator_list")
    valid = request.method == "POST" and form.is_valid()
    if valid and (made := _tried(request, form, indicators.add_indicator, **form.cleaned_data)):
        messages.success(request, f"“{made}” is added. Figures can be brought in for it now.")
        return redirect(made)
    return render(request, "evidence/dataset_indicator.html", {"form": form})


def _tried(request: HttpRequest, form: Any, service: Any, **given: Any) -> Any:
    """What the service made; None, with the reasons on the form, where it refuses."""
    try:
        return service(by=request.user, **given)
    except ValidationError as error:
        form.add_error(None, error)
    except InvalidTransition as error:
        form.add_error(None, str(error))
    return None


def _mapping_form(found: Dataset, data: Any) -> MappingForm | None:
    """The form of choices, where the file could be opened and nothing of it is imported."""
    if not found.is_open or "kind" not in found.findings:
        return None
    listed = list(Indicator.objects.order_by("label"))
    return MappingForm(data, findings=found.findings, mapping=found.mapping, indicators=listed)


def _import_form(found: Dataset, data: Any = None) -> ImportForm | None:
    if found.state != DatasetState.READY:
        return None
    action = reverse("evidence:dataset_import", args=[found.pk])
    return ImportForm(data, counts=found.counts, action=action, reason=found.correction_reason)


def _page(
    request: HttpRequest,
    found: Dataset,
    *,
    mapping_form: MappingForm | None = None,
    import_form: ImportForm | None = None,
) -> HttpResponse:
    rows = [
        {
            **row,
            "value": amount(row["value"], row["unit"], row["decimals"]),
            "interval": span(row["lower"], row["upper"], row["unit"], row["decimals"]),
        }
        for row in found.findings.get("rows", [])
    ]
    context = {
        "dataset": found,
        "found": found.findings,
        "counts": found.counts,
        "rows": rows,
        "mapping_form": mapping_form or _mapping_form(found, None),
        "import_form": import_form or _import_form(found),
        "show_choices": found.state != DatasetState.READY or bool(mapping_form and mapping_form.errors),
        "own_job": bool(found.job and (request.user.is_superuser or found.job.requested_by_id == request.user.pk)),
    }
    context["failed"] = next(
        (form for form in (mapping_form, import_form) if form is not None and form.is_bound and form.errors), None
    )
    return render(request, "evidence/dataset.html", context)

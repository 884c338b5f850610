"""A LEP's own evidence: its list, and the pages of those who keep it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evidence import permissions
from evidence.forms.evidence_items import Difference, LocalItemForm
from evidence.models import EvidenceItem
from evidence.selectors.what_works import findings
from evidence.services import evidence_items
from evidence.views.evidence_items import visible_item
from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from lisapp.places.models import LEP

PER_PAGE = 20


def _lep(request: HttpRequest, slug: str) -> LEP:
    leps: Any = LEP.objects.visible_to(request.user)
    return get_object_or_404(leps, slug=slug)


def _editable(request: HttpRequest, slug: str) -> EvidenceItem:
    """A local item to be changed; reference items have no such page."""
    item = visible_item(request, slug)
    if not item.is_local:
        raise Http404("Reference evidence is not changed here.")
    permissions.can_edit_item(request.user, item).or_raise()
    return item


@require_safe
def local_list(request: HttpRequest, lep: str) -> HttpResponse:
    """What the LEP has learnt of its own, newest first."""
    owner = _lep(request, lep)
    found = owner.evidence_items.select_related("lep", "updated_by").order_by("-created_at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    may_add = permissions.can_add_item(request.user, owner)
    context = {"lep": owner, "page": page, "findings": findings(page.object_list), "may_add": may_add}
    return render(request, "evidence/local_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def local_new(request: HttpRequest, lep: str) -> HttpResponse:
    """Add something."""
    owner = _lep(request, lep)
    permissions.can_add_item(request.user, owner).or_raise()
    form = LocalItemForm(typed(request), request.FILES or None, instance=EvidenceItem(lep=owner))
    form.dress(submit="Add evidence", cancel_url=reverse("evidence:local_list", args=[owner.slug]))
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data.get("submission_key")
            item = evidence_items.add_item(lep=owner, by=request.user, submission_key=key, **form.content())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"“{item}” is added. Only people of {owner} see it until it is shared.")
            return redirect(item)
    return render(request, "evidence/local_form.html", {"lep": owner, "form": form, "heading": "Add local evidence"})


@require_http_methods(["GET", "HEAD", "POST"])
def local_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change it; where a colleague saved first, show theirs beside what was typed."""
    item = _editable(request, slug)
    form = LocalItemForm(typed(request), request.FILES or None, instance=visible_item(request, slug))
    form.dress(submit="Save", cancel_url=item.get_absolute_url())
    stale: StaleEdit | None = None
    differences: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, item, form)
        except StaleEdit as error:
            stale, differences = error, form.explain(error)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved.")
            return redirect(item)
    context = {"lep": item.lep, "item": item, "form": form, "heading": "Change local evidence"}
    context |= {"stale": stale, "differences": differences}
    return render(request, "evidence/local_form.html", context, status=409 if stale else 200)


def _save(request: HttpRequest, item: EvidenceItem, form: LocalItemForm) -> None:
    evidence_items.edit_item(
        item=item,
        by=request.user,
        expected_version=form.cleaned_data["version"] or 0,
        remove_file=form.cleaned_data.get("remove_file", False),
        **form.content(),
    )


@require_POST
def local_share(request: HttpRequest, slug: str) -> HttpResponse:
    """Let people of other LEPs see it."""
    item = _editable(request, slug)
    evidence_items.share_item(item=item, by=request.user)
    messages.success(request, "Everyone who has signed in can see this now.")
    return redirect(item)


@require_POST
def local_unshare(request: HttpRequest, slug: str) -> HttpResponse:
    """Make it private to the LEP again."""
    item = _editable(request, slug)
    evidence_items.unshare_item(item=item, by=request.user)
    messages.success(request, f"Only people of {item.lep} can see this now.")
    return redirect(item)


@require_http_methods(["GET", "HEAD", "POST"])
def local_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then delete it; not while a strategy cites it."""
    item = _editable(request, slug)
    refusal = ""
    if request.method == "POST":
        try:
            evidence_items.delete_item(item=item, by=request.user)
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            messages.success(request, f"“{item.title}” is deleted.")
            return redirect("evidence:local_list", item.lep.slug if item.lep else "")
    return render(
        request, "evidence/local_delete.html", {"item": item, "refusal": refusal}, status=409 if refusal else 200
    )

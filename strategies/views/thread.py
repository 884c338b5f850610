"""Writing diagnoses, objectives and interventions: one shape for the three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from strategies import permissions
from strategies.forms.thread import DiagnosisForm, InterventionForm, ObjectiveForm, ThreadForm
from strategies.models import Diagnosis, Intervention, Objective, Pillar, Strategy
from strategies.selectors.workspace import four_questions, workspace
from strategies.services import thread
from strategies.views.reach import visible_strategy


@dataclass(frozen=True)
class Kind:
    """A kind of thread item: its words, its form and its services."""

    name: str
    model: type[Any]
    form: type[ThreadForm]
    create: Callable[..., Any]
    edit: Callable[..., Any]
    intro: str


KINDS = {
    "diagnosis": Kind(
        "diagnosis",
        Diagnosis,
        DiagnosisForm,
        thread.create_diagnosis,
        thread.edit_diagnosis,
        "Say what the evidence shows is wrong, and why it does not mend itself, before you say what to do.",
    ),
    "objective": Kind(
        "objective",
        Objective,
        ObjectiveForm,
        thread.create_objective,
        thread.edit_objective,
        "Say what should change, and why that raises productivity. Few and ranked: three for a pillar at most.",
    ),
    "intervention": Kind(
        "intervention",
        Intervention,
        InterventionForm,
        thread.create_intervention,
        thread.edit_intervention,
        "Say what will be done, for which objective, on which evidence, and how you will know whether it worked.",
    ),
}


def item_new(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Write a new diagnosis, objective or intervention."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    of = KINDS[kind]
    initial: dict[str, Any] = {**request.GET.dict(), "objectives": request.GET.getlist("objectives")}
    if "pillar" in initial:
        initial["pillar"] = strategy.framework.pillars.filter(code=initial["pillar"]).first()
    elif wanted := [pk for pk in initial["objectives"] if pk.isdecimal()]:
        first = strategy.objectives.filter(pk__in=wanted).select_related("pillar").first()
        initial["pillar"] = first.pillar if first else None
    form = of.form(typed(request), strategy=strategy, instance=of.model(strategy=strategy), initial=initial)
    _dress(form, strategy, f"{kind}-new")
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data.get("submission_key")
            item = of.create(strategy=strategy, by=request.user, submission_key=key, **form.content())
            return _saved(request, strategy, item, form)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"strategy": strategy, "form": form, "heading": f"New {kind}", "kind": of, **_around(form)}
    return render(request, "strategies/thread/form.html", context)


def item_edit(request: HttpRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """Change one; where a colleague saved first, show base, theirs and mine."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    of = KINDS[kind]
    item = get_object_or_404(of.model.objects.filter(strategy=strategy).select_related("updated_by"), pk=pk)
    form = of.form(typed(request), strategy=strategy, instance=item)
    _dress(form, strategy, f"{kind}-{pk}")
    stale, differences = None, []
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            stored = of.model.objects.select_related("strategy__lep").get(pk=pk)
            of.edit(**{kind: stored}, by=request.user, expected_version=version, **form.content())
            return _saved(request, strategy, stored, form)
        except StaleEdit as error:
            stale, differences = error, form.explain(error)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"strategy": strategy, "form": form, "heading": f"Edit {kind}", "kind": of, **_around(form)}
    context |= {"item": item, "stale": stale, "differences": differences, **_claim(strategy, kind, pk)}
    return render(request, "strategies/thread/form.html", context, status=409 if stale else 200)


def _claim(strategy: Strategy, kind: str, pk: int) -> dict[str, Any]:
    """The stored diagnosis or intervention as a claim, for the flags on its evidence."""
    facts = workspace(strategy).facts
    claims: tuple[Any, ...] = {"diagnosis": facts.diagnoses, "intervention": facts.interventions}.get(kind, ())
    return {"facts": facts, "claim": next((each for each in claims if each.id == pk), None)}


@require_http_methods(["GET", "HEAD", "POST"])
def item_delete(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Ask first, then delete."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    of = KINDS[kind]
    item = get_object_or_404(of.model, pk=pk, strategy=strategy)
    back = _pillar_url(strategy, item)
    if request.method == "POST":
        thread.delete_item(item=item, by=request.user)
        messages.success(request, f"The {kind} has been deleted. The history keeps what it said.")
        return redirect(back)
    context = {"strategy": strategy, "current": "", "item": item, "kind": of, "back": back}
    return render(request, "strategies/thread/delete.html", context)


@require_POST
def objective_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move an objective one place up or down under its pillar."""
    strategy = visible_strategy(request, slug)
    objective = get_object_or_404(Objective.objects.select_related("strategy__lep", "pillar"), pk=pk, strategy=strategy)
    thread.move_objective(objective=objective, up=request.POST.get("direction") == "up", by=request.user)
    return redirect(f"{_pillar_url(strategy, objective)}#objective-{pk}")


def _dress(form: ThreadForm, strategy: Strategy, key: str) -> None:
    form.cancel_url = strategy.get_absolute_url()
    form.keep_draft = f"{strategy.pk}-{key}"


def _around(form: ThreadForm) -> dict[str, Any]:
    """The pillar that the form is about, with its four questions, and as the side navigation names it."""
    pillar = form.initial.get("pillar")
    if not isinstance(pillar, Pillar):
        pillar = _pillar_of(form.instance)
    if pillar is None:
        return {"current": ""}
    return {"current": f"pillar-{pillar.code}", "pillar": pillar, "questions": four_questions(pillar)}


def _pillar_of(item: Any) -> Pillar | None:
    """The pillar of a diagnosis or objective; for an intervention that of its first objective."""
    if isinstance(item, Intervention):
        first = item.objectives.select_related("pillar").first() if item.pk else None
        return first.pillar if first else None
    return item.pillar if item.pillar_id else None


def _pillar_url(strategy: Strategy, item: Any) -> str:
    """The page of the item's pillar."""
    pillar = _pillar_of(item)
    if pillar is None:
        return strategy.get_absolute_url()
    return reverse("strategies:pillar", args=[strategy.slug, pillar.code])


def _saved(request: HttpRequest, strategy: Strategy, item: Any, form: ThreadForm) -> HttpResponse:
    name = item._meta.verbose_name
    messages.success(request, f"The {name} has been saved.", extra_tags=f"draft:{form.keep_draft}")
    return redirect(f"{_pillar_url(strategy, item)}#{name}-{item.pk}")


def _paths(kind: str, plural: str) -> list[Any]:
    methods = require_http_methods(["GET", "HEAD", "POST"])
    base = f"strategies/<slug:slug>/{plural}"
    return [
        path(f"{base}/new/", methods(item_new), {"kind": kind}, name=f"{kind}_new"),
        path(f"{base}/<int:pk>/", methods(item_edit), {"kind": kind}, name=f"{kind}_edit"),
        path(f"{base}/<int:pk>/delete/", item_delete, {"kind": kind}, name=f"{kind}_delete"),
    ]


urlpatterns = [
    *_paths("diagnosis", "diagnoses"),
    *_paths("objective", "objectives"),
    *_paths("intervention", "interventions"),
    path("strategies/<slug:slug>/objectives/<int:pk>/move/", objective_move, name="objective_move"),
]

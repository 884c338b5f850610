"""A strategy's overview, its pillars, and its title."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from strategies import permissions
from strategies.forms.strategies import StrategyEditForm
from strategies.models import Strategy
from strategies.selectors.workspace import chain_diagram, four_questions, workspace
from strategies.services.strategies import edit_strategy
from strategies.views.reach import visible_strategy


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The next step, the thread as a chain, and how far each pillar is."""
    strategy = visible_strategy(request, slug)
    space = workspace(strategy)
    context = {
        "strategy": strategy,
        "current": "overview",
        "may_draft": permissions.can_draft(request.user, strategy),
        "diagram": chain_diagram(strategy, space.chain, "The thread of the strategy") if space.chain.nodes else None,
        "gap_rows": space.gap_rows()[:6],
        "gap_count": len(space.chain.gaps),
    }
    return render(request, "strategies/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, horizon and vision."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    form = StrategyEditForm(typed(request), instance=Strategy.objects.get(pk=strategy.pk))
    form.cancel_url = strategy.get_absolute_url()
    differences = stale = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_strategy(strategy=strategy, by=request.user, expected_version=version, **form.content())
            messages.success(request, "Saved.")
            return redirect(strategy)
        except StaleEdit as error:
            stale, differences = error, form.explain(error)
        except ValidationError as error:
            form.add_error(None, error)
    shown = visible_strategy(request, slug)
    context = {"strategy": shown, "current": "overview", "form": form, "stale": stale, "differences": differences}
    context |= {"heading": "Title, horizon and vision"}
    return render(request, "strategies/thread/form.html", context, status=409 if stale else 200)


@require_safe
def pillar(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One pillar: its four questions, its part of the thread, and its gaps."""
    strategy = visible_strategy(request, slug)
    found = get_object_or_404(strategy.framework.pillars, code=code)
    space = workspace(strategy)
    part = space.chain.of_pillar(code)
    facts = space.facts
    objectives = [o for o in facts.objectives if o.pillar == code]
    own = {o.id for o in objectives}
    context = {
        "strategy": strategy,
        "current": f"pillar-{code}",
        "pillar": found,
        "facts": facts,
        "questions": four_questions(found),
        "diagnoses": [d for d in facts.diagnoses if d.pillar == code],
        "objectives": objectives,
        "interventions": [i for i in facts.interventions if own & set(i.objectives)],
        "diagram": chain_diagram(strategy, part, f"The thread under {found.title}") if part.nodes else None,
        "gap_rows": space.gap_rows(code),
        "may_draft": permissions.can_draft(request.user, strategy),
        "section_url": reverse("strategies:section_list", args=[slug]),
    }
    return render(request, "strategies/pillar.html", context)


urlpatterns = [
    path("strategies/<slug:slug>/", overview, name="strategy"),
    path("strategies/<slug:slug>/edit/", strategy_edit, name="strategy_edit"),
    path("strategies/<slug:slug>/pillars/<slug:code>/", pillar, name="pillar"),
]

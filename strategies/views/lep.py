"""The LEP's dashboard, and starting a strategy."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from evidence.models import ComparatorReport
from lisapp.accounts.typed import typed
from lisapp.audit.models import LogEntry
from lisapp.places import permissions as lep_permissions
from strategies.forms.strategies import StrategyForm
from strategies.selectors.activity import latest_activity, with_counts
from strategies.services.strategies import create_strategy
from strategies.views.reach import visible_lep


@require_safe
def lep_dashboard(request: HttpRequest, lep: str) -> HttpResponse:
    """What a LEP is working on, and where to go on."""
    found = visible_lep(request, lep)
    context = {
        "lep": found,
        "places": found.places.all(),
        "may_draft": lep_permissions.can_draft(request.user, found),
        "strategies": with_counts(found.strategies.select_related("framework", "place"))[:20],
        "reports": ComparatorReport.objects.filter(lep=found).select_related("place", "data_release")[:5],
        "activity": latest_activity(LogEntry.objects.filter(lep=found)),
    }
    return render(request, "strategies/lep/dashboard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def strategy_new(request: HttpRequest, lep: str) -> HttpResponse:
    """Start a strategy under a framework."""
    found = visible_lep(request, lep)
    lep_permissions.can_draft(request.user, found).or_raise()
    form = StrategyForm(typed(request), lep=found)
    form.cancel_url = reverse("strategies:lep_dashboard", args=[found.slug])
    if request.method == "POST" and form.is_valid():
        try:
            strategy = create_strategy(lep=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The strategy has been started. Its sections are ready to be written.")
            return redirect(strategy)
    return render(request, "strategies/lep/strategy_new.html", {"lep": found, "form": form})


urlpatterns = [
    path("leps/<slug:lep>/", lep_dashboard, name="lep_dashboard"),
    path("leps/<slug:lep>/strategies/new/", strategy_new, name="strategy_new"),
]

"""The chain: drawn, as a table, and to take away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from strategies.selectors.workspace import chain_diagram, workspace
from strategies.views.reach import visible_strategy


@require_safe
def chain(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole chain, pillar by pillar, and every gap with the page that mends it."""
    strategy = visible_strategy(request, slug)
    space = workspace(strategy)
    parts = [(pillar, space.chain.of_pillar(pillar.code)) for pillar in space.facts.pillars]
    diagrams = [
        chain_diagram(strategy, part, f"The thread under {pillar.title}") for pillar, part in parts if part.nodes
    ]
    loose = [node for node in space.chain.nodes if not node.pillars and node.gap is None]
    context = {
        "strategy": strategy,
        "current": "chain",
        "diagrams": diagrams,
        "loose": loose,
        "gap_rows": space.gap_rows(),
    }
    return render(request, "strategies/chain/chain.html", context)


@require_safe
def chain_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole chain as one drawing."""
    strategy = visible_strategy(request, slug)
    diagram = chain_diagram(strategy, workspace(strategy).chain, f"{strategy.title}: the thread", linked=False)
    return _download(diagram.svg(), "image/svg+xml", f"{slug}-chain.svg")


@require_safe
def chain_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole chain as a table."""
    strategy = visible_strategy(request, slug)
    diagram = chain_diagram(strategy, workspace(strategy).chain, f"{strategy.title}: the thread", linked=False)
    return _download(diagram.csv(), "text/csv; charset=utf-8", f"{slug}-chain.csv")


def _download(content: str, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)


urlpatterns = [
    path("strategies/<slug:slug>/chain/", chain, name="chain"),
    path("strategies/<slug:slug>/chain.svg", chain_svg, name="chain_svg"),
    path("strategies/<slug:slug>/chain.csv", chain_csv, name="chain_csv"),
]

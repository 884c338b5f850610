"""The written sections: their state, writing one, and what was written before."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from strategies import permissions
from strategies.domain.diff import word_diff
from strategies.forms.sections import CompareForm, SectionForm
from strategies.models import Section, Strategy
from strategies.selectors.citations import fact_line
from strategies.selectors.workspace import four_questions, workspace
from strategies.services.sections import cited_in, restore_revision, save_section
from strategies.views.reach import visible_strategy


def _section(strategy: Strategy, key: str) -> Section:
    found = strategy.sections.select_related("template__pillar", "updated_by", "strategy__lep")
    section: Section = get_object_or_404(found, template__key=key)
    return section


@require_safe
def section_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every section with how far it is."""
    strategy = visible_strategy(request, slug)
    facts = workspace(strategy).facts
    claims = {each.key: each for each in facts.sections}
    sections = strategy.sections.select_related("template__pillar", "updated_by").order_by("template__order")
    context = {
        "strategy": strategy,
        "current": "sections",
        "facts": facts,
        "sections": [(section, claims[section.template.key]) for section in sections],
        "may_draft": permissions.can_draft(request.user, strategy),
    }
    return render(request, "strategies/sections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def section_edit(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Write a section; see it as readers will; where a colleague saved first, see base, theirs and mine."""
    strategy = visible_strategy(request, slug)
    permissions.can_draft(request.user, strategy).or_raise()
    section = _section(strategy, key)
    form = SectionForm(typed(request), initial={"body": section.body, "version": section.version})
    draft_key = f"section-{section.pk}"
    form.dress(cancel_url=reverse("strategies:section_list", args=[slug]), draft_key=draft_key)
    context = {"strategy": strategy, "current": "sections", "section": section, "form": form}
    context |= _help(strategy, section)
    status = 200
    if request.method == "POST" and form.is_valid():
        body, version = form.cleaned_data["body"], form.cleaned_data["version"]
        try:
            if "preview" not in request.POST:
                note = form.cleaned_data["note"]
                saved = save_section(section=section, body=body, note=note, by=request.user, expected_version=version)
                words = "The section has been saved." if saved else "Nothing had changed, so nothing was saved."
                messages.success(request, words, extra_tags=f"draft:{draft_key}")
                return redirect("strategies:section_list", slug)
            context["preview"] = body
            cited_in(strategy, body)
        except ValidationError as error:
            form.add_error(None, error)
        except StaleEdit as stale:
            form.move_to(stale.version)
            context |= {"stale": stale} | _three_ways(section, version, stale, body)
            status = 409
    return render(request, "strategies/sections/edit.html", context, status=status)


def _help(strategy: Strategy, section: Section) -> dict[str, object]:
    """What stands beside the form: the pillar's four questions, and the evidence to cite, its own thread's first."""
    space, pillar = workspace(strategy), section.template.pillar
    cited = space.chain.of_pillar(pillar.code).cited() if pillar else None
    every = [(each, fact_line(each), cited is None or each.id in cited) for each in space.facts.citations]
    return {
        "questions": four_questions(pillar) if pillar else [],
        "evidence": [(each, line) for each, line, own in every if own],
        "other_evidence": [(each, line) for each, line, own in every if not own],
        "facts": space.facts,
        "claim": next(each for each in space.facts.sections if each.key == section.template.key),
    }


def _three_ways(section: Section, base_version: int, stale: StaleEdit, mine: str) -> dict[str, object]:
    """The text that the person started from, and how theirs and mine differ from it."""
    started = section.revisions.filter(number=base_version).first()
    base, theirs = started.body if started else "", stale.theirs["body"]
    return {"base": base, "their_changes": word_diff(base, theirs), "my_changes": word_diff(base, mine)}


@require_http_methods(["GET", "HEAD", "POST"])
def section_history(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Every text that was saved, and what changed between two of them; an earlier one can be restored."""
    strategy = visible_strategy(request, slug)
    section = _section(strategy, key)
    if request.method == "POST":
        return _restore(request, section)
    revisions = list(section.revisions.select_related("by").defer("body"))  # only the two compared are read
    by_number = {revision.number: revision for revision in revisions}
    newest = revisions[0].number if revisions else 1
    latest = {"from": newest - 1, "to": newest}
    form = CompareForm({**latest, **request.GET.dict()}, revisions=revisions)
    chosen = form.cleaned_data if form.is_valid() else latest
    old, new = by_number.get(chosen["from"]), by_number.get(chosen["to"])
    context = {
        "strategy": strategy,
        "current": "sections",
        "section": section,
        "page": Paginator(revisions, 25).get_page(request.GET.get("page")),
        "form": form,
        "old": old,
        "new": new,
        "facts": workspace(strategy).facts,
        "changes": word_diff(old.body if old else "", new.body) if new else [],
        "may_draft": permissions.can_draft(request.user, strategy),
    }
    return render(request, "strategies/sections/history.html", context)


def _restore(request: HttpRequest, section: Section) -> HttpResponse:
    number = request.POST.get("revision", "")
    revision = get_object_or_404(section.revisions, number=int(number) if number.isdecimal() else 0)
    revision.section = section
    seen = request.POST.get("seen", "")
    try:
        restore_revision(
            revision=revision, by=request.user, expected_version=int(seen) if seen.isdecimal() else section.version
        )
        messages.success(request, f"Revision {revision.number} is the text again, as a new revision.")
    except StaleEdit:
        messages.error(request, "A colleague saved this section just now. Look at the newest revision, then restore.")
    except ValidationError as error:
        messages.error(request, f"Revision {revision.number} cannot be restored as it is. {' '.join(error.messages)}")
    return redirect("strategies:section_history", section.strategy.slug, section.template.key)


urlpatterns = [
    path("strategies/<slug:slug>/sections/", section_list, name="section_list"),
    path("strategies/<slug:slug>/sections/<slug:key>/", section_edit, name="section_edit"),
    path("strategies/<slug:slug>/sections/<slug:key>/history/", section_history, name="section_history"),
]

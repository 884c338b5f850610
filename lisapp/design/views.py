"""The component gallery, for people who build pages. Mounted in development and tests only."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lisapp.design.gallery_forms import EveryControlForm, GroupedForm, OneQuestionForm

FILLED = {
    "title": "Raise the share of residents with a level 3 qualification",
    "reference": "SKILLS-2",
    "email": "officer@example.org",
    "website": "https://www.example.org/evidence",
    "cost": "2500000",
    "share": "12.5",
    "summary": "Employers report vacancies that they cannot fill, and travel-to-work evidence shows people leaving to train.",
    "details": "Three colleges and the adult education budget.",
    "place": "E37000034",
    "horizon": "medium",
    "published": "yes",
    "themes": ["people", "places"],
    "agreed": "on",
    "starts-day": "1",
    "starts-month": "April",
    "starts-year": "2027",
}
FAULTY = {
    "title": "x" * 120,
    "email": "not an address",
    "cost": "a lot",
    "summary": "word " * 70,
    "starts-day": "30",
    "starts-month": "2",
    "starts-year": "2026",
}


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component: `?form=empty|filled|error|one|group`, or without it the rest."""
    forms = {
        "empty": lambda: EveryControlForm(),
        "filled": lambda: EveryControlForm(FILLED),
        "error": lambda: EveryControlForm(FAULTY),
        "one": lambda: OneQuestionForm({} if "submitted" in request.GET else None),
        "group": lambda: GroupedForm(),
    }
    name = request.GET.get("form", "")
    if name in forms:
        return render(request, "components/gallery_form.html", {"form": forms[name](), "state": name})
    page = Paginator(range(1, 96), 10).get_page(request.GET.get("page"))
    return render(request, "components/gallery.html", {"page": page, "states": forms})

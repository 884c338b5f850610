"""The component gallery, for people who build pages. Mounted in development and tests only."""

import datetime

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lisapp.design.gallery_charts import all_charts
from lisapp.design.gallery_forms import EveryControlForm, GroupedForm, OneQuestionForm
from lisapp.design.templatetags.gds import TAG_COLOURS

MARKDOWN = """# The productivity gap

Output per hour is **8 per cent** below that of comparable places, and the gap *grows*. Three things stand out:

- fewer residents hold a level 3 qualification
- vacancies in technical jobs stay open for [longer](https://www.example.org/)
- young people leave to train

### What partners said

> We can get the machines. We cannot get the people to run them.

| Year | Vacancies |
| --- | --- |
| 2023 | 1,210 |
| 2024 | 1,480 |
"""

FILLED = {
    "title": "Raise the share of residents with a level 3 qualification",
    "reference": "SKILLS-2",
    "email": "officer@example.org",
    "website": "https://www.example.org/evidence",
    "cost": "2500000",
    "share": "12.5",
    "summary": "Employers report vacancies that they cannot fill, and people leave the area to train.",
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
    context = {
        "states": forms,
        "page": Paginator(range(1, 96), 10).get_page(request.GET.get("page")),
        "colours": sorted(TAG_COLOURS),
        "today": datetime.date(2026, 11, 24),
        "gap": -4.25,
        "markdown_text": MARKDOWN,
        "charts": all_charts(),
    }
    return render(request, "components/gallery.html", context)

"""Answering, page by page, without an account and without JavaScript.

What is typed is kept in the database after every page. A time that has run out, a draft that is gone and a second click
each have a page of their own, and every one still shows what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.domain.answers import clean
from consultations.domain.definition import Definition
from consultations.domain.route import ABOUT, CHECK, Route
from consultations.enums import RespondentType
from consultations.errors import Incomplete, NoDraft, NotOpen
from consultations.forms.answering import ABOUT_FIELDS, SAVE_FOR_LATER, AboutForm, QuestionForm, SubmitForm
from consultations.models import Consultation, ResponseDraft
from consultations.selectors.public import OPEN, answered, published, state_of
from consultations.services.drafts import begin_draft, save_draft_about, save_draft_answer
from consultations.services.responses import submit
from consultations.views.cookies import (
    draft_token,
    own_draft,
    recent_receipt,
    remember_draft,
    remember_receipt,
)

TO_CHECK = "check"


def _form(route: Route, step: str, draft: ResponseDraft | None, request: HttpRequest) -> Any:
    """The form of a step: what was posted, else what the draft keeps."""
    data = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = {"to_check": request.GET.get("return") == TO_CHECK}
    if step == ABOUT:
        return AboutForm(data, initial={**initial, **(draft.about if draft else {})})
    initial["answer"] = draft.answers.get(step) if draft else None
    return QuestionForm(route.definition.question(step), data, initial=initial)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """One question, or the page about who is answering."""
    consultation = get_object_or_404(published(), slug=slug)
    route = Route(Definition.from_dict(consultation.definition))
    if step not in route:
        raise Http404("There is no such question.")
    draft = own_draft(request, consultation)
    if state_of(consultation) != OPEN:
        return _not_open(request, consultation, draft, step)
    form = _form(route, step, draft, request)
    if request.method == "POST":
        try:
            kept = _keep(request, consultation, step, form, draft)
        except NotOpen:
            return _not_open(request, consultation, draft, step)
        if kept:
            return remember_draft(redirect(_next(request, route, step, slug)), slug, kept)
    back = CHECK if request.GET.get("return") == TO_CHECK else route.before(step)
    context = {
        "consultation": consultation,
        "form": form,
        "progress": route.progress(step),
        "about": step == ABOUT,
        "back": _address(slug, back) if back else consultation.get_absolute_url(),
    }
    return render(request, "consultations/answer.html", context)


def _keep(
    request: HttpRequest, consultation: Consultation, step: str, form: Any, draft: ResponseDraft | None
) -> ResponseDraft | None:
    """Keep what a form holds; None where it has errors. Raises NotOpen.

    Someone who leaves for later need not have answered: an empty form is then no error.
    """
    token = draft.token if draft else None
    if form.is_valid():
        if step == ABOUT:
            return save_draft_about(consultation=consultation, token=token, about=form.about)
        return save_draft_answer(consultation=consultation, token=token, key=step, answer=form.answer)
    typed = [value for name in form.fields if name != "to_check" for value in request.POST.getlist(name) if value]
    if _leaves(request) and not typed:
        return begin_draft(consultation=consultation, token=token)
    return None


def _leaves(request: HttpRequest) -> bool:
    return request.POST.get("action") == SAVE_FOR_LATER


def _next(request: HttpRequest, route: Route, step: str, slug: str) -> str:
    """The address after a step that has been kept."""
    if _leaves(request):
        return reverse("consultations:save", args=[slug])
    return _address(slug, CHECK if request.POST.get("to_check") == "True" else route.after(step))


def _address(slug: str, step: str) -> str:
    if step == CHECK:
        return reverse("consultations:check", args=[slug])
    return reverse("consultations:answer", args=[slug, step])


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was answered, to check, change and send."""
    if request.method != "POST":
        return _check_page(request, slug)
    try:
        return _send(request, slug)
    except Incomplete as incomplete:
        return _check_page(request, slug, incomplete.problems)
    except (NotOpen, NoDraft):
        return _check_page(request, slug)  # it says that it has closed, or shows what there is to check now


def _check_page(request: HttpRequest, slug: str, found: Mapping[str, str] | None = None) -> HttpResponse:
    """Show the answers; `found` is what keeps them from being sent."""
    consultation = get_object_or_404(published(), slug=slug)
    draft = own_draft(request, consultation)
    if state_of(consultation) != OPEN:
        return _not_open(request, consultation, draft)
    if draft is None:
        return _no_draft(request, consultation)
    definition = Definition.from_dict(consultation.definition)
    context = {
        "consultation": consultation,
        "draft": draft,
        "answers": answered(definition, draft.answers),
        "about": _about(draft),
        "errors": [_error(consultation, definition, step, message) for step, message in (found or {}).items()],
        "back": _address(slug, ABOUT),
    }
    return render(request, "consultations/check.html", context)


def _about(draft: ResponseDraft) -> list[tuple[str, str]]:
    """Who is answering, as labels and texts."""
    form, about = AboutForm(), draft.about
    texts = {**about, "may_publish_name": "Yes" if about.get("may_publish_name") else "No"}
    texts["respondent_type"] = dict(RespondentType.choices).get(about.get("respondent_type", ""), "")
    labels = {
        **{name: field.label for name, field in form.fields.items()},
        "may_publish_name": "May we publish the name?",
    }
    return [(str(labels[name]), str(texts.get(name, ""))) for name in ABOUT_FIELDS]


def _send(request: HttpRequest, slug: str) -> HttpResponse:
    """Submit, and lead to the receipt. Raises what `submit` raises, NoDraft for a form without its key."""
    form = SubmitForm(request.POST)
    if not form.is_valid():
        raise NoDraft
    response = submit(
        slug=slug,
        token=draft_token(request, slug),
        submission_key=form.cleaned_data["submission_key"],
        receipt_url=lambda token: request.build_absolute_uri(reverse("consultations:receipt", args=[token])),
        trap=form.cleaned_data["website"],
    )
    token = response.receipt_token
    return remember_receipt(redirect("consultations:receipt", token), slug, token)


def _error(consultation: Consultation, definition: Definition, step: str, message: str) -> dict[str, str]:
    """One line of the error summary: what to do, at which question."""
    where = "About you" if step == ABOUT else f"Question {[q.key for q in definition].index(step) + 1}"
    address = f"{_address(consultation.slug, step)}?return={TO_CHECK}"
    return {"text": f"{where}: {message[0].lower()}{message[1:]}", "href": address}


def _no_draft(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    """Nothing is kept for this browser: it was sent a moment ago, or it began elsewhere."""
    token = recent_receipt(request, consultation.slug)
    if token:
        return redirect("consultations:receipt", token)
    route = Route(Definition.from_dict(consultation.definition))
    context = {"consultation": consultation, "first": route.first}
    return render(request, "consultations/no_draft.html", context)


def _not_open(
    request: HttpRequest, consultation: Consultation, draft: ResponseDraft | None, step: str = ""
) -> HttpResponse:
    """Say that it opens later or has closed, and show what was typed so that it can be copied."""
    definition = Definition.from_dict(consultation.definition)
    answers = dict(draft.answers) if draft else {}
    posted = request.method == "POST"
    if posted and step and step != ABOUT:
        answers[step] = clean(definition.question(step), request.POST.getlist("answer"))
    context = {
        "consultation": consultation,
        "state": state_of(consultation),
        "answers": [each for each in answered(definition, answers) if each.answer],
        "refused": posted,
    }
    return render(request, "consultations/not_open.html", context, status=409 if posted else 200)


@login_not_required
@never_cache
@require_safe
def save(request: HttpRequest, slug: str) -> HttpResponse:
    """A link with which someone can go on later, on any device."""
    consultation = get_object_or_404(published(), slug=slug)
    draft = own_draft(request, consultation)
    if draft is None:
        return _no_draft(request, consultation)
    route = Route(Definition.from_dict(consultation.definition))
    context = {
        "consultation": consultation,
        "link": request.build_absolute_uri(reverse("consultations:resume", args=[slug, draft.token])),
        "following": _address(slug, route.resume(draft.answers, draft.about)),
    }
    return render(request, "consultations/save.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Where the link leads: what is kept under it, and a button to go on.

    The cookie is set by the button, not by the link, so that nobody is led into another person's draft unseen.
    """
    consultation = get_object_or_404(published(), slug=slug)
    draft = ResponseDraft.objects.filter(token=token, consultation=consultation).first()
    if draft is None:
        return _no_draft(request, consultation)
    if state_of(consultation) != OPEN:
        return _not_open(request, consultation, draft)
    route = Route(Definition.from_dict(consultation.definition))
    if request.method == "POST":
        place = _address(slug, route.resume(draft.answers, draft.about))
        return remember_draft(redirect(place), slug, draft)
    count = sum(1 for each in answered(route.definition, draft.answers) if each.answer)
    context = {"consultation": consultation, "draft": draft, "count": count, "total": len(route.definition)}
    return render(request, "consultations/resume.html", context)

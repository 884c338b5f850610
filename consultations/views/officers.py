"""Where a consultation is prepared and opened."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import permissions
from consultations.domain.readiness import is_ready
from consultations.errors import NotReady
from consultations.forms.answering import AboutForm, QuestionForm
from consultations.forms.officers import ConsultationForm, QuestionEditForm
from consultations.models import Consultation, Question
from consultations.selectors.preparation import definition_of, question_definition, readiness
from consultations.services import consultations as service
from consultations.services import questions
from consultations.views.reach import visible_consultation
from lisapp.accounts.typed import typed
from lisapp.errors import StaleEdit
from strategies.views.reach import visible_strategy


def _context(consultation: Consultation, **more: Any) -> dict[str, Any]:
    return {
        "consultation": consultation,
        "strategy": consultation.strategy,
        "current": "consultation",
        **more,
    }


@require_safe
def consultation_list(request: HttpRequest, strategy: str) -> HttpResponse:
    """The strategy's consultations."""
    found = visible_strategy(request, strategy)
    consultations = found.consultations.annotate(response_count=Count("responses")).select_related("release")
    context = {
        "strategy": found,
        "current": "consultation",
        "consultations": consultations,
        "may_create": permissions.can_create(request.user, found),
    }
    return render(request, "consultations/officers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, strategy: str) -> HttpResponse:
    """Start a consultation: the strategy is frozen for it."""
    found = visible_strategy(request, strategy)
    permissions.can_create(request.user, found).or_raise()
    form = ConsultationForm(typed(request), organisation=found.lep.name)
    form.cancel_url = reverse("consultations:list", args=[found.slug])
    form.keep_draft = f"consultation-new-{found.pk}"
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["submission_key"] or uuid.uuid4()
        try:
            made = service.create_consultation(strategy=found, by=request.user, submission_key=key, **form.content())
            messages.success(request, "Saved. Now add the questions.", extra_tags=f"draft:consultation-new-{found.pk}")
            return redirect("consultations:manage", made.slug)
        except ValidationError as error:
            form.add_error(None, error)
    return _form_page(
        request, {"strategy": found, "current": "consultation", "form": form, "heading": "New consultation"}
    )


@require_safe
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    """Its questions, the checklist, and the way to the responses."""
    consultation = visible_consultation(request, slug)
    checks = readiness(consultation)
    context = _context(
        consultation,
        questions=list(consultation.questions.all()),
        definition=definition_of(consultation),
        checks=checks,
        ready=is_ready(checks),
        response_count=consultation.responses.count(),
        may_edit=permissions.can_edit(request.user, consultation),
        may_publish=permissions.can_publish(request.user, consultation),
    )
    return render(request, "consultations/officers/manage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Title, summary, dates, contact and privacy notice."""
    consultation = visible_consultation(request, slug)
    permissions.can_edit(request.user, consultation).or_raise()
    form = ConsultationForm(typed(request), consultation=consultation)
    form.submit_label, form.cancel_url = "Save", reverse("consultations:manage", args=[slug])
    theirs = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            service.edit_consultation(
                consultation=consultation, by=request.user, expected_version=version, **form.content()
            )
            messages.success(request, "Saved.")
            return redirect("consultations:manage", slug)
        except StaleEdit as error:
            theirs = form.differences(error.theirs, error.version)
        except ValidationError as error:
            form.add_error(None, error)
    return _form_page(request, _context(consultation, form=form, heading="Details"), theirs)


def _form_page(
    request: HttpRequest, context: dict[str, Any], theirs: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """Show a form; `theirs` is what a colleague saved meanwhile, None where nobody did."""
    context |= {"theirs": theirs, "stale": theirs is not None}
    return render(request, "consultations/officers/form.html", context, status=409 if context["stale"] else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a question."""
    consultation = visible_consultation(request, slug)
    permissions.can_edit(request.user, consultation).or_raise()
    initial = {"key": questions.next_key(list(consultation.questions.all()))}
    form = QuestionEditForm(typed(request), initial=initial)
    form.cancel_url = reverse("consultations:manage", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["key"] or initial["key"]
            questions.add_question(consultation=consultation, by=request.user, key=key, **form.content())
            messages.success(request, "The question has been added.")
            return redirect("consultations:manage", slug)
        except ValidationError as error:
            form.add_error(None, error)
    return _form_page(request, _context(consultation, form=form, heading="New question"))


@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a question."""
    consultation = visible_consultation(request, slug)
    permissions.can_edit(request.user, consultation).or_raise()
    question = _question(consultation, pk)
    stored, theirs = question_definition(question), None
    form = QuestionEditForm.of(stored, typed(request))
    form.cancel_url = reverse("consultations:manage", args=[slug])
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            questions.edit_question(question=question, by=request.user, seen=seen, **form.content())
            messages.success(request, "The question has been saved.")
            return redirect("consultations:manage", slug)
        except StaleEdit as error:
            theirs = form.differences(error.theirs)
        except ValidationError as error:
            form.add_error(None, error)
    context = _context(consultation, form=form, heading="Edit question")
    context["delete_url"] = reverse("consultations:question_delete", args=[slug, pk])
    return _form_page(request, context, theirs)


@require_POST
def question_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move a question up or down."""
    question = _question(visible_consultation(request, slug), pk)
    direction = questions.UP if request.POST.get("direction") == "up" else questions.DOWN
    questions.move_question(question=question, by=request.user, direction=direction)
    return redirect("consultations:manage", slug)


@require_POST
def question_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete a question."""
    questions.delete_question(question=_question(visible_consultation(request, slug), pk), by=request.user)
    messages.success(request, "The question has been deleted.")
    return redirect("consultations:manage", slug)


def _question(consultation: Consultation, pk: int) -> Question:
    related = Question.objects.select_related("consultation")
    question: Question = get_object_or_404(related, pk=pk, consultation=consultation)
    return question


@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every question as the public will see it. Nothing can be sent from here."""
    consultation = visible_consultation(request, slug)
    forms = [QuestionForm(question, prefix=question.key, heading=False) for question in definition_of(consultation)]
    context = _context(consultation, forms=[*forms, AboutForm(prefix="about")])
    return render(request, "consultations/officers/preview.html", context)


@require_POST
def renew_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze the strategy as it stands now for this consultation."""
    service.use_latest_draft(consultation=visible_consultation(request, slug), by=request.user)
    messages.success(request, "People will read the strategy as it stands now.")
    return redirect("consultations:manage", slug)


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Open it to the public."""
    consultation = visible_consultation(request, slug)
    try:
        service.publish(consultation=consultation, by=request.user)
        messages.success(request, "It is published. The questions and the draft are frozen.")
    except NotReady:
        messages.error(request, "It cannot be published yet. The checklist says what is missing.")
    return redirect("consultations:manage", slug)

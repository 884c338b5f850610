"""The admin: reviewers' queue and reviews, and the frameworks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format

from lisapp.accounts.typed import typed
from lisapp.audit.admin import AuditedAdmin
from lisapp.errors import InvalidTransition, StaleEdit
from strategies import permissions
from strategies.enums import OPEN_REVIEW_STATUSES, ReviewStatus
from strategies.forms.principles import JudgementForm, SummaryForm
from strategies.models import (
    CheckDefinition,
    Criterion,
    Document,
    Framework,
    Pillar,
    Principle,
    Review,
    SectionTemplate,
    Stage,
)
from strategies.selectors.principles import ReviewRow, frozen_facts, frozen_thread, review_rows
from strategies.services import reviews


@dataclass
class JudgedRow:
    """A principle on the review page with its form, where this person may judge it."""

    row: ReviewRow
    form: JudgementForm | None = None
    theirs: StaleEdit | None = None


class WhoseFilter(admin.SimpleListFilter):
    """Reviews that nobody has taken, and one's own."""

    title = "reviewer"
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("nobody", "Nobody yet"), ("mine", "Me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        if self.value() == "nobody":
            return queryset.filter(reviewer=None)
        return queryset.filter(reviewer_id=request.user.pk) if self.value() == "mine" else queryset


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """The reviewers' queue. A review's page holds the frozen version, the findings, the claims and the judgements.

    Everything that changes goes through strategies.services.reviews; the admin's own form is never used.
    """

    actions = None
    list_display = ("title", "lep", "version", "requested", "due_in_words", "status", "reviewer_name", "progress")
    list_display_links = ("title",)
    list_filter = (
        "status",
        ("strategy__lep", admin.RelatedOnlyFieldListFilter),
        WhoseFilter,
    )
    search_fields = ("strategy__title", "strategy__lep__name", "reviewer__full_name")
    ordering = (F("completed_at").desc(nulls_first=True), F("due").asc(nulls_last=True), "requested_at")
    list_per_page = 50

    # Who

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    # The queue

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return (
            Review.objects.visible_to(request.user)
            .select_related("strategy__lep", "strategy__framework", "release", "reviewer", "requested_by")
            .defer("release__content")
            .annotate(
                judged=Count("judgements", distinct=True),
                principles=Count("strategy__framework__principles", distinct=True),
            )
            .order_by(*self.ordering)
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Reviews", **(extra_context or {})})

    @admin.display(description="Strategy", ordering="strategy__title")
    def title(self, review: Review) -> str:
        return review.strategy.title

    @admin.display(description="LEP", ordering="strategy__lep__name")
    def lep(self, review: Review) -> str:
        return review.strategy.lep.name

    @admin.display(description="Version", ordering="release__number")
    def version(self, review: Review) -> int:
        return review.release.number

    @admin.display(description="Requested", ordering="requested_at")
    def requested(self, review: Review) -> str:
        return date_format(timezone.localtime(review.requested_at), "j F Y")

    @admin.display(description="Due", ordering="due")
    def due_in_words(self, review: Review) -> str:
        """The date, and in words that it has passed."""
        if review.due is None:
            return "No date"
        day = date_format(review.due, "j F Y")
        return f"Overdue: {day}" if _is_overdue(review) else day

    @admin.display(description="Reviewer", ordering="reviewer__full_name")
    def reviewer_name(self, review: Review) -> str:
        return str(review.reviewer) if review.reviewer else "Nobody yet"

    @admin.display(description="Judged")
    def progress(self, review: Any) -> str:
        """How many of the principles are judged."""
        return f"{review.judged} of {review.principles}"

    # One review

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.version_view)
        return [path("<int:pk>/version/", view, name="strategies_review_version"), *super().get_urls()]

    def _review(self, request: HttpRequest, pk: str | int) -> Review:
        visible = Review.objects.visible_to(request.user).select_related(
            "strategy__lep", "strategy__framework", "release", "reviewer", "requested_by"
        )
        review: Review = get_object_or_404(visible, pk=pk)
        return review

    def _page(self, request: HttpRequest, template: str, review: Review, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "review": review}
        return TemplateResponse(request, template, {**shared, **context})

    def version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The frozen version, to read: reviewers do not belong to the LEP and do not see its workspace."""
        review = self._review(request, pk)
        facts = frozen_facts(review)
        documents = Document.objects.visible_to(request.user).filter(release=review.release, finished_at__isnull=False)
        context = {"title": str(review.release), "facts": facts, "thread": frozen_thread(facts)}
        context["document"] = documents.first()
        return self._page(request, "admin/strategies/review/version.html", review, **context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The review page. Each form on it posts to the page itself and says what it does."""
        review = self._review(request, object_id)
        data = typed(request)
        page = _ReviewPage(review, request, data)
        if request.method == "POST" and page.act():
            return HttpResponseRedirect(page.next_url)
        return self._page(
            request,
            "admin/strategies/review/change_form.html",
            review,
            title=f"Review of {review.strategy}",
            is_overdue=_is_overdue(review),
            **page.context(),
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The review page holds its history."""
        return HttpResponseRedirect(f"{reverse('admin:strategies_review_change', args=[object_id])}#history")


def _is_overdue(review: Review) -> bool:
    return bool(review.due and review.due < timezone.localdate() and review.status in OPEN_REVIEW_STATUSES)


class _ReviewPage:
    """One request to a review page: its forms, and which of them was sent."""

    def __init__(self, review: Review, request: HttpRequest, data: Any) -> None:
        self.review, self.request, self.data = review, request, data
        self.url = reverse("admin:strategies_review_change", args=[review.pk])
        self.next_url = self.url
        self.may_judge = permissions.can_judge(request.user, review)
        in_progress = review.status == ReviewStatus.IN_PROGRESS
        self.is_mine = bool(self.may_judge) and in_progress and review.reviewer_id == request.user.pk
        self.may_hand_back = bool(self.may_judge) and in_progress and (self.is_mine or request.user.is_superuser)
        sent = data.get("judge", "") if data else ""
        self.rows = [self._row(row, sent) for row in review_rows(review, frozen_facts(review))]
        finishing = data is not None and "complete" in data
        self.summary = SummaryForm(data if finishing else None) if self.is_mine or finishing else None

    def _row(self, row: ReviewRow, sent: str) -> JudgedRow:
        number, judgement = row.principle.number, row.judgement
        is_sent = sent == str(number)
        if not (self.is_mine or is_sent):
            return JudgedRow(row)
        initial: dict[str, Any] = {"version": 0}
        if judgement:
            initial = {"verdict": judgement.verdict, "reason": judgement.reason, "version": judgement.version}
        return JudgedRow(row, JudgementForm(self.data if is_sent else None, prefix=f"p{number}", initial=initial))

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        return {
            "rows": self.rows,
            "summary_form": self.summary,
            "may_judge": self.may_judge,
            "is_mine": self.is_mine,
            "may_take": bool(self.may_judge) and self.review.status == ReviewStatus.REQUESTED,
            "may_hand_back": self.may_hand_back,
            "judged": sum(1 for each in self.rows if each.row.judgement),
            "saved": self.request.GET.get("saved", ""),
            "error_rows": [each for each in self.rows if each.theirs or (each.form and each.form.errors)],
        }

    def act(self) -> bool:
        """Do what was asked. Returns whether it was done, so that the page can be left."""
        if "judge" in self.data:
            return self._judge()
        if "complete" in self.data:
            return self._complete()
        try:
            if "take" in self.data:
                reviews.assign(review=self.review, by=self.request.user)
                messages.success(self.request, "You have taken this review.")
            elif "hand_back" in self.data:
                reviews.hand_back(review=self.review, by=self.request.user)
                messages.success(self.request, "The review is back in the queue.")
        except InvalidTransition as refusal:
            messages.error(self.request, str(refusal))
        return True

    def _judge(self) -> bool:
        self.may_judge.or_raise()
        judged = next((each for each in self.rows if str(each.row.principle.number) == self.data["judge"]), None)
        if judged is None or judged.form is None or not judged.form.is_valid():
            return False
        number = judged.row.principle.number
        try:
            reviews.judge(
                review=self.review,
                principle=judged.row.principle,
                verdict=judged.form.cleaned_data["verdict"],
                reason=judged.form.cleaned_data["reason"],
                by=self.request.user,
                expected_version=judged.form.cleaned_data["version"],
            )
        except StaleEdit as stale:
            judged.theirs = stale
            judged.form.move_to(stale.version)
            return False
        except InvalidTransition as refusal:
            judged.form.add_error(None, str(refusal))
            return False
        messages.success(self.request, f"Your judgement on principle {number} has been saved.")
        self.next_url = f"{self.url}?saved={number}#principle-{number}"
        return True

    def _complete(self) -> bool:
        self.may_judge.or_raise()
        if self.summary is None or not self.summary.is_valid():
            return False
        try:
            reviews.complete(review=self.review, summary=self.summary.cleaned_data["summary"], by=self.request.user)
        except InvalidTransition as refusal:
            self.summary.add_error(None, str(refusal))
            return False
        messages.success(self.request, "The review is complete. The officers can read it now.")
        self.next_url = f"{self.url}?saved=summary"
        return True


# Frameworks


class StageInline(admin.StackedInline):
    """The steps on the way to an agreed strategy."""

    model = Stage
    extra = 0


class CriterionInline(admin.StackedInline):
    """What a reviewer looks for."""

    model = Criterion
    extra = 0


class CheckDefinitionInline(admin.StackedInline):
    """The checks that belong to a principle. Those that the software does not make are left to the reviewer."""

    model = CheckDefinition
    extra = 0


@admin.register(Framework)
class FrameworkAdmin(AuditedAdmin):
    """What a strategy must hold and be judged by."""

    list_display = ("name", "year", "version", "is_current")
    inlines = (StageInline,)


@admin.register(Principle)
class PrincipleAdmin(AuditedAdmin):
    """Titles and their wording status, what is judged, and the criteria."""

    list_display = ("__str__", "framework", "wording_status")
    list_filter = ("framework", "wording_status")
    list_select_related = ("framework",)
    search_fields = ("title", "summary")
    inlines = (CriterionInline, CheckDefinitionInline)


@admin.register(Pillar)
class PillarAdmin(AuditedAdmin):
    """The foundations, with the prompts that structure the work on each."""

    list_display = ("title", "framework", "order")
    list_filter = ("framework",)
    list_select_related = ("framework",)


@admin.register(SectionTemplate)
class SectionTemplateAdmin(AuditedAdmin):
    """The sections of strategies under a framework, with guidance for whoever writes them."""

    list_display = ("title", "framework", "order", "required")
    list_filter = ("framework",)
    list_select_related = ("framework", "pillar")

"""The respondent's cookies: which draft is theirs, and which receipt they have just been given.

Both are signed, kept from scripts, and sent to the pages of one consultation only.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from consultations.models import Consultation, ResponseDraft

DRAFT, RECEIPT = "draft", "receipt"
DRAFT_SECONDS = 60 * 24 * 3600
#: Long enough for a second click, the back button or a reload; short enough for a computer in a library.
RECEIPT_SECONDS = 15 * 60


def _read(request: HttpRequest, slug: str, name: str, max_age: int) -> str | None:
    return request.get_signed_cookie(name, default=None, salt=_salt(slug, name), max_age=max_age)


def _salt(slug: str, name: str) -> str:
    return f"consultations.{name}.{slug}"


def _write(response: HttpResponse, slug: str, name: str, value: str, max_age: int) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=_salt(slug, name),
        max_age=max_age,
        path=reverse("consultations:public", args=[slug]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def draft_token(request: HttpRequest, slug: str) -> str | None:
    """Return the token in the draft cookie of the consultation at `slug`, None where there is none that we signed."""
    return _read(request, slug, DRAFT, DRAFT_SECONDS)


def own_draft(request: HttpRequest, consultation: Consultation) -> ResponseDraft | None:
    """Return the draft that the cookie names (1 query, none without a cookie)."""
    token = draft_token(request, consultation.slug)
    if not token:
        return None
    return ResponseDraft.objects.filter(token=token, consultation=consultation).first()


def remember_draft(response: HttpResponse, slug: str, draft: ResponseDraft) -> HttpResponse:
    """Give the browser the draft's token."""
    _write(response, slug, DRAFT, draft.token, DRAFT_SECONDS)
    return response


def recent_receipt(request: HttpRequest, slug: str) -> str | None:
    """Return the token of the receipt given a short while ago in this browser."""
    return _read(request, slug, RECEIPT, RECEIPT_SECONDS)


def remember_receipt(response: HttpResponse, slug: str, token: str) -> HttpResponse:
    """Give the browser the receipt's token.

    The draft's cookie stays: it names nothing any more, or another response that was begun meanwhile.
    """
    _write(response, slug, RECEIPT, token, RECEIPT_SECONDS)
    return response

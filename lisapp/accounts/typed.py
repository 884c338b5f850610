"""What someone typed is never lost because their session ran out.

A form sent after the session has expired is kept in the new, anonymous session; after sign-in the same page shows it
again, with a message that says what happened. Files cannot be kept and the message says so.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.timezone import now

SESSION_KEY = "typed_before_sign_in"
MAX_CHARACTERS = 1_000_000


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Every page needs sign-in unless marked; a form sent without one is kept first."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseBase:
        if request.method == "POST" and "csrfmiddlewaretoken" in request.POST:
            typed_data = request.POST.copy()
            typed_data.pop("csrfmiddlewaretoken")
            encoded = typed_data.urlencode()
            if len(encoded) <= MAX_CHARACTERS:
                request.session[SESSION_KEY] = {
                    "path": request.path,
                    "data": encoded,
                    "at": now().isoformat(),
                }
                messages.warning(
                    request,
                    "You were signed out before this was saved. Sign in, and what you typed will be back on the page.",
                )
        return super().handle_no_permission(request, view_func)  # type: ignore[no-any-return]


def typed(request: HttpRequest) -> QueryDict | None:
    """Return the form data for this page: what was posted, else what was kept from before a sign-in, else None.

    What was kept is given once. A form built with it is bound, so its fields show the text; only a POST may save it.
    """
    if request.method == "POST":
        return request.POST
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    messages.warning(
        request,
        "You were signed out before this was saved. What you typed is below. Check it, then save. "
        "If you had chosen a file, choose it again.",
    )
    return QueryDict(kept["data"])

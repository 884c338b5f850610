"""Sending a receipt by e-mail, once."""

from __future__ import annotations

from django.db import transaction

from consultations.models import Response
from consultations.notifications import send_receipt
from lisapp.audit.models import LogEntry
from lisapp.audit.services import log

SENT = "consultations.receipt.sent"


@transaction.atomic
def send_receipt_once(*, response_id: int, receipt_url: str) -> bool:
    """Send the receipt unless the log says that it has gone. Returns whether it was sent now.

    The row is locked meanwhile, so that two workers never both send. Raises Response.DoesNotExist, or what the mail
    server's client raises.
    """
    related = Response.objects.select_related("consultation__strategy__lep")
    response = related.select_for_update(of=("self",)).get(pk=response_id)
    if LogEntry.objects.about(response).filter(event=SENT).exists():
        return False
    send_receipt(response, receipt_url)
    log(SENT, target=response, lep=response.consultation.strategy.lep)
    return True

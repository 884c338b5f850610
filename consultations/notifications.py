"""Mail to respondents."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from consultations.models import Response


def send_receipt(response: Response, receipt_url: str) -> None:
    """Send a respondent the reference and the link of the receipt. Raises what the mail server's client raises."""
    context = {"response": response, "consultation": response.consultation, "receipt_url": receipt_url}
    EmailMessage(
        subject=f"We have your response: {response.reference}",
        body=render_to_string("emails/consultation_receipt.txt", context),
        to=[response.email],
        reply_to=[response.consultation.contact_email],
    ).send()

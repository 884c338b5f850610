"""Work in the background."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from consultations.services.receipts import send_receipt_once
from lisapp.jobs import JobContext, JobRefused, task


@task("consultations.send_receipt")
def send_receipt(job: JobContext, *, response_id: int, receipt_url: str) -> dict[str, Any]:
    """Send a respondent the receipt. Running it again sends nothing twice."""
    try:
        send_receipt_once(response_id=response_id, receipt_url=receipt_url)
    except (SMTPException, OSError) as error:
        raise JobRefused(f"The mail server did not take the receipt: {error}. Try again when it is back.") from error
    return {}

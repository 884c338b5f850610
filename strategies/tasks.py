"""Long work of this app."""

from __future__ import annotations

from typing import Any

from lisapp.documents.pdf import PdfUnavailable, render_pdf
from lisapp.documents.word import render_docx
from lisapp.jobs import JobContext, JobRefused, task
from strategies.exports.strategy_document import document_of
from strategies.models import Document
from strategies.services.documents import complete_document


@task("strategies.generate_document")
def generate_document(job: JobContext, *, document_id: str) -> dict[str, Any]:
    """Make the Word and PDF files of a document. A second run finds it complete and does nothing."""
    try:
        document = Document.objects.select_related("release", "strategy").get(pk=document_id)
    except Document.DoesNotExist:
        raise JobRefused("This document was removed, so there is nothing to make.") from None
    if document.finished_at is None:
        job.progress(10, f"Reading version {document.release.number}")
        try:
            content = document_of(document.release)
        except ValueError as error:
            raise JobRefused(str(error)) from error
        job.progress(30, "Writing the Word document")
        files, problems = {"docx": render_docx(content)}, {}
        job.progress(60, "Writing the PDF")
        try:
            files["pdf"] = render_pdf(content)
        except PdfUnavailable as reason:
            problems["pdf"] = str(reason)
        job.progress(95, "Storing the files")
        complete_document(document=document, files=files, problems=problems, by=job.requested_by)
    return {"url": document.get_absolute_url(), "label": "Download the document"}

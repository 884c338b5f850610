"""The files of a generated document: which formats there are, how large each is, or why one is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse

LABELS = {"docx": "Word document (DOCX)", "pdf": "PDF", "xlsx": "Spreadsheet (XLSX)"}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GONE = "The file is no longer in storage. Make the document again: what it was made from is still there."
NOT_MADE = "This format was not made."
NOT_READY = "The document is not finished yet."


@dataclass(frozen=True)
class Download:
    """A file of a document: its size in bytes, or why it is not there."""

    format: str
    label: str
    size: int = 0
    problem: str = ""


def download(document: Any, file_format: str) -> Download:
    """Return one format of a document, a row with a file field for each format, `problems` and `finished_at`."""
    label, held = LABELS[file_format], getattr(document, file_format)
    if not held:
        reason = document.problems.get(file_format) or (NOT_MADE if document.finished_at else NOT_READY)
        return Download(file_format, label, problem=reason)
    try:
        return Download(file_format, label, size=held.size)
    except FileNotFoundError:
        return Download(file_format, label, problem=GONE)


def downloads(document: Any, formats: Sequence[str]) -> list[Download]:
    """Return these formats of a document."""
    return [download(document, file_format) for file_format in formats]


def file_response(document: Any, file_format: str, name: str) -> FileResponse:
    """Send a file of a document, to be saved as `name` and not to be kept by any cache."""
    response = FileResponse(
        getattr(document, file_format).open("rb"),
        as_attachment=True,
        filename=f"{name}.{file_format}",
        content_type=CONTENT_TYPES[file_format],
    )
    response["Cache-Control"] = "private, no-store"
    return response

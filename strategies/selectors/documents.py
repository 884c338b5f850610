"""What the pages about documents show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from strategies.models import Document

LABELS = {"docx": "Word document (DOCX)", "pdf": "PDF"}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
GONE = "The file is no longer in storage. Make the document again: the version is still there."
NOT_MADE = "This format was not made."
NOT_READY = "The document is not finished yet."


@dataclass(frozen=True)
class Download:
    """A file of a document: its size in bytes, or why it is not there."""

    format: str
    label: str
    size: int = 0
    problem: str = ""


def download(document: Document, file_format: str) -> Download:
    """Return one format of a document. Raises KeyError for a format that documents never have."""
    label, held = LABELS[file_format], getattr(document, file_format)
    if not held:
        reason = document.problems.get(file_format) or (NOT_MADE if document.finished_at else NOT_READY)
        return Download(file_format, label, problem=reason)
    try:
        return Download(file_format, label, size=held.size)
    except FileNotFoundError:
        return Download(file_format, label, problem=GONE)


def downloads(document: Document) -> list[Download]:
    """Return every format of a document."""
    return [download(document, file_format) for file_format in LABELS]


def file_name(document: Document, file_format: str) -> str:
    """Return the name under which a browser saves the file, in ASCII."""
    return f"{document.strategy.slug}-version-{document.release.number}.{file_format}"


def documents_of(strategy: Any, user: Any) -> Any:
    """Return the documents of a strategy that `user` may see, newest first."""
    documents: Any = Document.objects.visible_to(user)
    return documents.filter(strategy=strategy).select_related("release", "job", "created_by")

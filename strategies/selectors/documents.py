"""What the pages about documents show."""

from __future__ import annotations

from typing import Any

from strategies.models import Document

FORMATS = ("docx", "pdf")


def file_name(document: Document) -> str:
    """Return the name under which a browser saves a file of the document, in ASCII and without its ending."""
    return f"{document.strategy.slug}-version-{document.release.number}"


def documents_of(strategy: Any, user: Any) -> Any:
    """Return the documents of a strategy that `user` may see, newest first."""
    documents: Any = Document.objects.visible_to(user)
    return documents.filter(strategy=strategy).select_related("release", "job", "created_by")

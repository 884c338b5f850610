"""A document as HTML: the body that the on-screen page and the PDF share."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lisapp.documents.document import Contents, Document, Heading, Table, walk


def context_of(document: Document, depth: int | None = None) -> dict[str, Any]:
    """Return what templates/documents/body.html needs to show `document`.

    `depth` says how deep the contents go, where that is not as deep as the document itself asks for.
    """
    depth = depth or next((block.depth for block in walk(document.blocks) if isinstance(block, Contents)), 2)
    headings = [heading for heading in document.headings(depth) if heading.anchor]
    if document.notes:
        headings.append(Heading(1, "Notes", "notes"))
    widths = {width for block in walk(document.blocks) if isinstance(block, Table) for width in block.widths}
    return {"document": document, "contents": headings, "widths": sorted(widths)}


def render_page(document: Document) -> SafeString:
    """Return a whole HTML page with its print styles, as the PDF is made from it."""
    return render_to_string("documents/page.html", context_of(document))

"""A document as PDF, tagged after PDF/UA-1 so that it can be read aloud and reflowed."""

from __future__ import annotations

import hashlib
from typing import Any

from lisapp.documents.document import Document
from lisapp.documents.html import render_page

MISSING = (
    "The PDF could not be made because libraries are missing on the server. Ask whoever runs it to install the Debian "
    "packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0. The Word document holds the same text."
)


class PdfUnavailable(Exception):
    """The server lacks what a PDF needs. The message is for the person who asked."""


def _weasyprint() -> Any:
    """Import WeasyPrint only when a PDF is made: it fails at import where Pango is not installed."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PdfUnavailable(MISSING) from error
    return weasyprint


def render_pdf(document: Document) -> bytes:
    """Return the document as a PDF/UA-1 file. Raises PdfUnavailable where the server lacks the libraries."""
    return html_to_pdf(render_page(document))


def html_to_pdf(html: str) -> bytes:
    """Return an HTML page as a PDF/UA-1 file. Nothing is loaded from anywhere but the page itself."""
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=html, url_fetcher=weasyprint.urls.URLFetcher(allowed_protocols=("data",)))
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=_scope_headers))


def _scope_headers(_: Any, pdf: Any) -> None:
    """Say of every table header cell whether it heads its column or its row, which WeasyPrint leaves out."""
    by_reference = {element.reference: element for element in pdf.objects if hasattr(element, "get")}
    for element in by_reference.values():
        if element.get("S") == "/TH":
            group = by_reference[by_reference[element["P"]]["P"]]
            element["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"

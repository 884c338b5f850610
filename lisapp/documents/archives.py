"""Office files are ZIP archives that note when they were written: here they are made to say the same each time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

FIRST_OF_ZIP = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def with_stable_bytes(content: bytes, *, modified: datetime | None = None) -> bytes:
    """Return the archive with fixed times, so that the same document gives the same bytes.

    `modified` replaces the moment of writing that the library put among the document's properties.
    """
    stable = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, FIRST_OF_ZIP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            data = source.read(name)
            if name == CORE and modified:
                data = _MODIFIED.sub(rf"\g<1>{modified:%Y-%m-%dT%H:%M:%SZ}\g<2>".encode(), data)
            target.writestr(entry, data)
    return stable.getvalue()

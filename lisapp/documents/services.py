"""Keeping the files of generated documents in private storage."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile


def store(document: Any, file_format: str, content: bytes, *, folder: str) -> str:
    """Store a file under a name that is the document's own, so that what a killed worker left is replaced.

    Returns the name, for the document's file field of that format.
    """
    storage = getattr(document, file_format).storage
    name = f"{folder}/{document.created_at:%Y/%m}/{document.pk}.{file_format}"
    if storage.exists(name):
        storage.delete(name)
    return str(storage.save(name, ContentFile(content)))

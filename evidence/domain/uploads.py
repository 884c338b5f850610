"""What kind of file somebody sent, told by its bytes and not only by its name. Pure Python: no Django."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

MOST_BYTES = 10 * 1024 * 1024
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
}
KINDS_IN_WORDS = "PDF, Word (DOCX), Excel (XLSX), CSV, PNG, JPEG or text (TXT)"
#: Control characters that no text has: everything below the space but tab, line ends and page breaks.
NOT_IN_TEXT = frozenset(range(32)) - {9, 10, 12, 13}


class UnfitFile(ValueError):
    """A file that is not taken. The message says why, in plain English."""


def extension_of(name: str) -> str:
    """Return the extension of a file name in small letters, without its dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def content_type_of(name: str) -> str:
    """Return the content type to send a stored file with; a plain download for an unknown extension."""
    return CONTENT_TYPES.get(extension_of(name), "application/octet-stream")


def check_file(name: str, size: int, content: Any) -> str:
    """Return the extension of an acceptable file; `content` is a binary file, left at its beginning.

    Raises UnfitFile where it is empty, too large, of a kind that is not taken, or not what its name says.
    """
    extension = extension_of(name)
    if extension not in CONTENT_TYPES:
        raise UnfitFile(f"The file must be {KINDS_IN_WORDS}")
    if size == 0:
        raise UnfitFile("The file is empty")
    if size > MOST_BYTES:
        raise UnfitFile(f"The file must be {MOST_BYTES // 1024 // 1024} MB or smaller")
    content.seek(0)
    fits = _FITS[extension](content)
    content.seek(0)
    if not fits:
        raise UnfitFile(f"The file’s name ends in .{extension}, but what is in it is something else")
    return extension


def _begins(*starts: bytes) -> Callable[[Any], bool]:
    def fits(content: Any) -> bool:
        return content.read(16).startswith(starts)

    return fits


def _office(folder: str) -> Callable[[Any], bool]:
    """An Office file is a ZIP with a list of its content types and the folder of its program; none with macros."""

    def fits(content: Any) -> bool:
        try:
            with zipfile.ZipFile(content) as archive:
                names = archive.namelist()
        except zipfile.BadZipFile:
            return False
        has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names) and not has_macros

    return fits


def _is_text(content: Any) -> bool:
    """Text in UTF-8, UTF-16 with its mark, or one byte a character, as Excel still writes CSV."""
    data = content.read()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    return not data.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG")) and NOT_IN_TEXT.isdisjoint(data)


_FITS: dict[str, Callable[[Any], bool]] = {
    "pdf": _begins(b"%PDF-"),
    "docx": _office("word/"),
    "xlsx": _office("xl/"),
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "jpg": _begins(b"\xff\xd8\xff"),
    "jpeg": _begins(b"\xff\xd8\xff"),
    "csv": _is_text,
    "txt": _is_text,
}

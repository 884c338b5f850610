"""Opening a file that somebody handed over: what it is by its bytes, and whether it is safe to read.

A file is judged before it is read: its size, then the first bytes, then, for a workbook, the directory of the zip
archive that it is. Rows are then read one at a time, so memory does not grow with the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import Uncomputed

CHUNK = 1 << 16
STRETCH = 1 << 20  # bytes of a sheet looked at together, before it is parsed
SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password: save it as .xlsx without a password"),
    (b"%PDF", "a PDF: ask the publisher for the figures as CSV or XLSX"),
    (b"\x1f\x8b", "a gzip archive: unpack it and upload the file inside"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it and upload the file inside"),
    (b"Rar!", "a RAR archive: unpack it and upload the file inside"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\xff\xfe", "text in UTF-16: save it as “CSV UTF-8”"),
    (b"\xfe\xff", "text in UTF-16: save it as “CSV UTF-8”"),
)
MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"{", b"[{")
UTF_8_MARK = b"\xef\xbb\xbf"
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


class BadUpload(ValueError):
    """A file that is refused as a whole. The message is the reason, in plain English."""


@dataclass(frozen=True)
class Limits:
    """How large a file may be, in bytes and in what it unpacks to."""

    bytes: int = 50_000_000
    unpacked: int = 150_000_000
    shared_text: int = 60_000_000  # the texts of all cells, which are read into memory
    other_part: int = 10_000_000  # styles and the like, which are read into memory too
    ratio: int = 100  # times that a part of more than a megabyte may grow
    parts: int = 2_000
    sheets: int = 60
    rows: int = 500_000
    columns: int = 500
    text: int = 10_000  # characters in a cell
    figures: int = 250_000


@dataclass(frozen=True)
class Sheet:
    """One table of a file: its name (blank in a CSV file), and its rows with their numbers."""

    name: str
    rows: Iterator[tuple[int, Sequence[Any]]]


@dataclass(frozen=True)
class Upload:
    """A file that can be read. `encoding` and `delimiter` are words for people, blank for a workbook."""

    path: Path
    kind: str  # csv or xlsx
    limits: Limits
    encoding: str = ""
    delimiter: str = ""
    codec: str = "utf-8-sig"

    def sheets(self) -> Iterator[Sheet]:
        """The tables one after the other. Raises BadUpload, also while rows are read."""
        return self._workbook() if self.kind == "xlsx" else self._text()

    def _text(self) -> Iterator[Sheet]:
        yield Sheet("", _csv_rows(self))

    def _workbook(self) -> Iterator[Sheet]:
        has_formulas = _has_formulas(self.path)
        with ExitStack() as opened:
            book = self._opened(opened, values=True)
            formulas = self._opened(opened, values=False) if has_formulas else None
            if len(book.sheetnames) > self.limits.sheets:
                raise BadUpload(
                    f"The workbook has {len(book.sheetnames)} sheets and {self.limits.sheets} is the most: "
                    "keep those with figures."
                )
            for name in book.sheetnames:
                sheet = book[name]
                if hasattr(sheet, "reset_dimensions"):  # not a sheet that is a chart
                    yield Sheet(name, _sheet_rows(sheet, formulas[name] if formulas else None, self.limits))

    def _opened(self, opened: ExitStack, *, values: bool) -> Any:
        """The workbook, closed with `opened`: the values of its cells, or the formulas that are written there."""
        import openpyxl  # slow to import, and few requests read a workbook

        file = opened.enter_context(self.path.open("rb"))  # by name, openpyxl would judge the file by its ending
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        except Exception as error:
            # openpyxl raises whatever its parts raise (KeyError, ValueError, zipfile and XML errors).
            raise BadUpload(f"The workbook is damaged and cannot be opened ({type(error).__name__}).") from error
        opened.callback(book.close)
        return book


def open_upload(path: Path, name: str, limits: Limits | None = None) -> Upload:
    """Judge a file that was called `name`. Raises BadUpload with the reason why it is refused."""
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.bytes:
        raise BadUpload(too_large(size, limits.bytes))
    if not size:
        raise BadUpload("The file is empty.")
    with path.open("rb") as file:
        head = file.read(4096)
    suffix = Path(name).suffix.casefold()
    if head.startswith(b"PK"):
        kind = _archive(path, limits)
        if suffix != ".xlsx":
            raise BadUpload(f"“{name}” is an Excel workbook by its content. Give it the ending .xlsx if that is right.")
        return Upload(path, kind, limits)
    for signature, what in SIGNATURES:
        if head.startswith(signature):
            raise BadUpload(f"“{name}” is not a CSV or XLSX file. By its content it is {what}.")
    if suffix in {".xlsx", ".xls", ".xlsm", ".ods"}:
        raise BadUpload(
            f"“{name}” is not a workbook. By its content it is text: give it the ending .csv if that is right."
        )
    if head.lstrip(UTF_8_MARK + b" \r\n\t").lower().startswith(MARKUP):
        raise BadUpload(
            f"“{name}” is a web page or other markup by its content, not a table. Download the data itself."
        )
    if suffix not in {".csv", ".txt", ".tsv"}:
        raise BadUpload(f"“{name}” does not end in .csv or .xlsx.")
    codec, encoding = _encoding(path)
    return Upload(path, "csv", limits, encoding, DELIMITERS[_delimiter(path, codec)], codec)


def too_large(size: int, most: int) -> str:
    """Why a file of this size is refused."""
    return (
        f"The file is {size / 1e6:,.0f} MB and {most / 1e6:,.0f} MB is the most. "
        "Leave out the places and years that you do not need, or split it."
    )


def _archive(path: Path, limits: Limits) -> str:
    """Judge a zip archive by its directory, without unpacking anything of it, and its parts by their first bytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > limits.parts:
                raise BadUpload(f"The file holds {len(parts):,} parts and a workbook has {limits.parts:,} at most.")
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise BadUpload(
                    "The file is a zip archive, not an Excel workbook: unpack it and upload the file inside "
                    "(save an OpenDocument spreadsheet as .xlsx)."
                )
            if any(part.casefold().endswith("vbaproject.bin") for part in names):
                raise BadUpload("The workbook holds macros. Save it as .xlsx, which has none.")
            if any(part.flag_bits & 1 for part in parts):
                raise BadUpload("The file has a password. Save it without one.")
            total = sum(part.file_size for part in parts)
            if total > limits.unpacked:
                raise BadUpload(
                    f"The workbook would unpack to {total / 1e6:,.0f} MB; {limits.unpacked / 1e6:,.0f} MB is the most."
                )
            for part in parts:
                _part(archive, part, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise BadUpload(f"The workbook is damaged and cannot be opened ({error}).") from error
    return "xlsx"


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    if part.file_size > 1_000_000 and part.file_size > limits.ratio * max(part.compress_size, 1):
        raise BadUpload(
            f"A part of the workbook grows {part.file_size // max(part.compress_size, 1):,} times when it is unpacked, "
            "which no table of figures does."
        )
    if part.filename.endswith((".xml", ".rels")) and not part.filename.startswith("xl/worksheets/"):
        most = limits.shared_text if part.filename == "xl/sharedStrings.xml" else limits.other_part
        if part.file_size > most:
            raise BadUpload(f"The part {part.filename} of the workbook is larger than {most / 1e6:,.0f} MB.")
    if part.filename.endswith((".xml", ".rels")):
        with archive.open(part) as file:
            if b"<!DOCTYPE" in file.read(2048).upper():
                raise BadUpload("The workbook defines entities of its own, which no spreadsheet program writes.")


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula. They are read twice then: once for values, once to see which have none.

    Raises BadUpload for a cell that would fill memory: a stretch of a sheet without any markup.
    """
    found = False
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/"):
                continue
            with archive.open(part) as file:
                tail = b""
                while chunk := file.read(STRETCH):
                    if len(chunk) == STRETCH and b"<" not in chunk:
                        raise BadUpload(f"A cell of the workbook holds more than {STRETCH:,} characters.")
                    found = found or b"<f>" in tail + chunk or b"<f " in tail + chunk
                    tail = chunk[-2:]
    return found


def _sheet_rows(sheet: Any, formulas: Any, limits: Limits) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
    beside: Iterator[Any] = iter(())
    if formulas is not None:
        formulas.reset_dimensions()
        beside = formulas.iter_rows(values_only=True)
    try:
        for at, row in enumerate(sheet.iter_rows(), start=1):
            if at > limits.rows:
                raise BadUpload(f"Sheet “{sheet.title}” has more than {limits.rows:,} rows.")
            if len(row) > limits.columns:
                raise BadUpload(f"Row {at:,} of sheet “{sheet.title}” has more than {limits.columns} columns.")
            written = next(beside, ())
            yield at, [_cell(cell, written[i] if i < len(written) else None) for i, cell in enumerate(row)]
    except BadUpload:
        raise
    except Exception as error:
        # As above: a damaged sheet makes openpyxl raise what its parts raise, also in the middle.
        raise BadUpload(f"Sheet “{sheet.title}” is damaged and cannot be read ({type(error).__name__}).") from error


def _cell(cell: Any, written: Any) -> Any:
    """A value as it is shown: 0.753 formatted as a percentage is 75.3."""
    value = cell.value
    if value is None:
        return Uncomputed() if isinstance(written, str) and written.startswith("=") else None
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or ""):
        return float(f"{value * 100:.10g}")
    return value


def _encoding(path: Path) -> tuple[str, str]:
    """The codec of a text file, and what to call it. Only a file that is not UTF-8 is taken for Windows text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        marked = file.read(3) == UTF_8_MARK
        file.seek(0)
        try:
            while chunk := file.read(CHUNK):
                if b"\0" in chunk:
                    raise BadUpload("The file is not text: it holds zero bytes. Save it as “CSV UTF-8”.")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            _windows(path)
            return "cp1252", "Windows (cp1252), because it is not UTF-8"
    return "utf-8-sig", "UTF-8 with a byte order mark" if marked else "UTF-8"


def _windows(path: Path) -> None:
    with path.open(encoding="cp1252") as file:
        try:
            while chunk := file.read(CHUNK):
                if "\0" in chunk:
                    raise BadUpload("The file is not text: it holds zero bytes. Save it as “CSV UTF-8”.")
        except UnicodeDecodeError as error:
            raise BadUpload("The text is neither UTF-8 nor Windows (cp1252). Save it as “CSV UTF-8”.") from error


def _delimiter(path: Path, codec: str) -> str:
    """Comma, semicolon or tab: the one that splits the first lines into most fields, evenly."""
    with path.open(encoding=codec, newline="") as file:
        head = file.read(CHUNK).splitlines()[:50]

    def merit(delimiter: str) -> int:
        try:
            return sum(len(row) - 1 for row in csv.reader(io.StringIO("\n".join(head)), delimiter=delimiter))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=merit)


def _csv_rows(upload: Upload) -> Iterator[tuple[int, Sequence[Any]]]:
    limits = upload.limits
    delimiter = next(mark for mark, word in DELIMITERS.items() if word == upload.delimiter)
    with upload.path.open(encoding=upload.codec, newline="") as file:
        lines = csv.reader(file, delimiter=delimiter, strict=True)
        before, count = 0, 0
        try:
            for row in lines:
                number, before, count = before + 1, lines.line_num, count + 1
                if count > limits.rows:
                    raise BadUpload(f"The file has more than {limits.rows:,} rows.")
                if len(row) > limits.columns:
                    raise BadUpload(f"Row {number:,} has more than {limits.columns} columns.")
                if any(len(cell) > limits.text for cell in row):
                    raise BadUpload(f"Row {number:,} has a cell of more than {limits.text:,} characters.")
                yield number, row
        except csv.Error as error:
            raise BadUpload(f"Row {before + 1:,} cannot be read as CSV ({error}).") from error

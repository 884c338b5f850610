"""Reading a CSV file that an analyst hands over: every fault is reported with its file, row, column and reason."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 200_000_000
LONGEST_FIELD = 10_000
Fields = dict[str, str]


class BadTable(ValueError):
    """A file that cannot be used. `row` counts lines from 1, the header's; it and `column` are empty for the whole."""

    def __init__(self, file: Path | str, reason: str, *, row: int | None = None, column: str = "") -> None:
        self.file, self.row, self.column, self.reason = str(file), row, column, reason
        where = [self.file]
        if row is not None:
            where.append(f"row {row}")
        if column:
            where.append(f"column “{column}”")
        super().__init__(f"{', '.join(where)}: {reason}")


@dataclass(frozen=True)
class Row:
    """One line of a file: its number and its fields by column, without surrounding spaces."""

    file: Path
    number: int
    fields: Fields

    def text(self, column: str) -> str:
        """A field that must not be empty. Raises BadTable."""
        if not self.fields[column]:
            raise self.bad(column, "is empty")
        return self.fields[column]

    def number_in(self, column: str) -> float:
        """A field that must be a finite number. Raises BadTable."""
        value = self.number_or_none(column)
        if value is None:
            raise self.bad(column, "is empty")
        return value

    def number_or_none(self, column: str) -> float | None:
        """A finite number, or None for an empty field. Raises BadTable."""
        text = self.fields[column]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.bad(column, f"“{text}” is not a number") from None
        if not math.isfinite(value):
            raise self.bad(column, f"“{text}” is not a finite number")
        return value

    def bad(self, column: str, reason: str) -> BadTable:
        """The fault of one field."""
        return BadTable(self.file, reason, row=self.number, column=column)


@dataclass(frozen=True)
class Table:
    """A CSV file: its columns in order, and its rows one by one."""

    file: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, required: Sequence[str] = ()) -> Table:
    """Read a UTF-8 CSV file (with or without a byte order mark) whose first line names the columns.

    Blank lines are passed over. Raises BadTable when the file cannot be read, is not UTF-8, is too large, has no rows,
    repeats or lacks a column, or has a line of another length.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadTable(path, f"is larger than {LARGEST_BYTES // 1_000_000} MB")
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            header = _header(path, next(lines, None), required)
            rows = tuple(_rows(path, lines, header))
    except OSError as error:
        raise BadTable(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadTable(path, "is not a CSV file in UTF-8") from error
    except csv.Error as error:
        raise BadTable(path, f"is not a CSV file: {error}") from error
    if not rows:
        raise BadTable(path, "has no rows under its header")
    return Table(path, header, rows)


def _header(path: Path, line: list[str] | None, required: Sequence[str]) -> tuple[str, ...]:
    if line is None:
        raise BadTable(path, "is empty")
    header = tuple(name.strip() for name in line)
    for at, name in enumerate(header):
        if not name:
            raise BadTable(path, f"column {at + 1} has no name", row=1)
        if name in header[:at]:
            raise BadTable(path, "is there twice", row=1, column=name)
    for name in required:
        if name not in header:
            raise BadTable(path, "is missing", row=1, column=name)
    return header


def _rows(path: Path, lines: Iterator[list[str]], header: tuple[str, ...]) -> Iterator[Row]:
    for line in lines:
        number = lines.line_num  # type: ignore[attr-defined]  # the iterator is a csv.reader
        if not any(field.strip() for field in line):
            continue
        if len(line) != len(header):
            raise BadTable(path, f"has {len(line)} fields where the header has {len(header)}", row=number)
        if longest := next((name for name, field in zip(header, line, strict=True) if len(field) > LONGEST_FIELD), ""):
            raise BadTable(path, f"holds more than {LONGEST_FIELD:,} characters", row=number, column=longest)
        yield Row(path, number, {name: field.strip() for name, field in zip(header, line, strict=True)})

"""What a command prints as JSON, or writes to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper


def write_json(content: Any, output: Path | None, screen: OutputWrapper, *, indent: int | None = 1) -> None:
    """Write `content` to the file `output`, or to the screen when there is none. Never writes NaN or Infinity.
    Without `indent` it is one long line, which takes a third of the time.

    Raises CommandError with exit status 2 when the file cannot be written.
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=indent) + "\n"
    if output is None:
        screen.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output}: cannot be written: {error.strerror}", returncode=2) from error

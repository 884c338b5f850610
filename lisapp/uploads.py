"""A limit on uploaded files that holds while they arrive, so that a large one fills neither memory nor disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

SLACK = 1_000_000  # of a request, for the other fields and what separates them
TOO_LARGE = "lisapp.too_large"  # where the request notes it


class LimitedUpload(FileUploadHandler):
    """Passes over a file of more than UPLOAD_MAX_BYTES; the other fields of the form arrive as usual.

    A request that says by its length that it must hold one is not even begun to be stored.
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0
        if self.announced > settings.UPLOAD_MAX_BYTES + SLACK:
            self._pass_over()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self._pass_over()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers that follow make the file."""

    def _pass_over(self) -> None:
        if self.request is not None:
            self.request.META[TOO_LARGE] = max(self.announced, self.received)
        raise SkipFile


def too_large(request: HttpRequest) -> int:
    """How large the request with a file that was passed over is, in bytes; 0 where none was."""
    return int(request.META.get(TOO_LARGE, 0))

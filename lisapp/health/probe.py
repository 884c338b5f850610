"""Asks the site on this machine whether it is ready: exit status 0, else 1. For container health checks.

Standard library only, so that it starts quickly.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def is_ready(port: int, *, timeout: float = 4) -> bool:
    """Return whether the site on `port` says that it is ready, asked as its TLS proxy would ask."""
    headers = {"Host": site_host(), "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/-/ready", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def site_host() -> str:
    """A host name that the site accepts: the first of ALLOWED_HOSTS, or localhost where none is set."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return first if first and first != "*" else "localhost"


if __name__ == "__main__":
    sys.exit(0 if is_ready(int(os.environ.get("PORT", "8000"))) else 1)

"""Asks the site on this machine whether it is ready: exit status 0, else 1. For container health checks.

Standard library only, so that it starts quickly.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request


def is_ready(url: str, host: str) -> bool:
    """Return whether `url` answers 200 to a request for `host` that came through the TLS proxy."""
    request = urllib.request.Request(url, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    port = os.environ.get("PORT", "8000")
    first_host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    sys.exit(0 if is_ready(f"http://127.0.0.1:{port}/-/ready", first_host) else 1)

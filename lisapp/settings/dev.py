"""One laptop: embedded SQLite, a file queue, no secrets needed. Used by `make run`."""

from django.core.management.utils import get_random_secret_key

from .base import *

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def _local_secret_key() -> str:
    """Make this machine's own key once and keep it, so that sign-ins survive a restart."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key(), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


SECRET_KEY = env("SECRET_KEY", default="") or _local_secret_key()
ALLOW_DEMONSTRATION = True

"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lisapp.settings.production")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  load the pages now, not with the first request of each process

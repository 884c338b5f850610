"""App configuration of the composition root."""

from django.apps import AppConfig


class LisappConfig(AppConfig):
    """What knows every app: addresses, the start page and the demonstration content."""

    name = "lisapp"

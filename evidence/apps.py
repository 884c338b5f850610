"""App configuration."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The evidence app."""

    name = "evidence"

"""App configuration."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """The consultations app."""

    name = "consultations"

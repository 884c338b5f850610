"""App configuration."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    """The kernel's health."""

    name = "lisapp.health"
    label = "health"

"""App configuration."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """The strategies app."""

    name = "strategies"

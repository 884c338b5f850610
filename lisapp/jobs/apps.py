"""App configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The kernel's jobs."""

    name = "lisapp.jobs"
    label = "jobs"

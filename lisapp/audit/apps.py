"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The kernel's audit."""

    name = "lisapp.audit"
    label = "audit"

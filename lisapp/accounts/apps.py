"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The kernel's accounts."""

    name = "lisapp.accounts"
    label = "accounts"
    verbose_name = "People"

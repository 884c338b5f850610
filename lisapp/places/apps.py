"""App configuration."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """The kernel's places."""

    name = "lisapp.places"
    label = "places"

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Forms, template tags, charts and the look of the service. It knows nothing of the other apps."""

    name = "lisapp.design"
    label = "design"

"""App configuration."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """The strategies app."""

    name = "strategies"

    def ready(self) -> None:
        """Let the pages of evidence say where it is used."""
        from evidence.selectors import uses
        from strategies.selectors import citations

        uses.register(citations.uses)

"""App configuration."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """The strategies app."""

    name = "strategies"

    def ready(self) -> None:
        """Let the pages of evidence and places say where they are used."""
        from evidence.selectors import uses

        uses.register("strategies.selectors.citations.uses")
        uses.register_place_provider("strategies.selectors.places.strategies_of")

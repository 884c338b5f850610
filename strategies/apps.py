"""App configuration."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """The strategies app."""

    name = "strategies"

    def ready(self) -> None:
        """Let the pages of evidence and places say where they are used."""
        from evidence.selectors import uses
        from evidence.selectors.places import add_section
        from strategies.selectors import citations
        from strategies.selectors.places import strategies_of

        uses.register(citations.uses)
        add_section(strategies_of)

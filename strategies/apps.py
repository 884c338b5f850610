"""App configuration."""

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    """The strategies app."""

    name = "strategies"

    def ready(self) -> None:
        from evidence.selectors.places import add_section
        from strategies.selectors.places import strategies_of

        add_section(strategies_of)

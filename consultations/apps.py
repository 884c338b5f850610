"""App configuration."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """The consultations app."""

    name = "consultations"

    def ready(self) -> None:
        """Let the pages of places list the public drafts about them."""
        from evidence.selectors import uses

        uses.register_place_provider("consultations.selectors.places.public_drafts_of")

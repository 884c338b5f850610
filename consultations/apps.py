"""App configuration."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """The consultations app."""

    name = "consultations"

    def ready(self) -> None:
        from consultations.selectors.places import public_drafts_of
        from evidence.selectors.places import add_section

        add_section(public_drafts_of)

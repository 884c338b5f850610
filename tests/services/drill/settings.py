"""A site for drills: a laptop's settings and one task more. Where everything lies comes from the environment."""

from lisapp.settings.dev import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.services.drill"]  # noqa: F405

"""App configuration of Django's admin, opened to reviewers as well as administrators."""

from django.contrib.admin import apps


class LisAdminConfig(apps.AdminConfig):
    """The admin on our own site class."""

    default_site = "lisapp.admin_site.LisAdminSite"

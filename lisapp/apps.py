"""App configuration for the composition root."""

from django.contrib.admin.apps import AdminConfig


class LisAdminConfig(AdminConfig):
    """Django's admin, opened to reviewers as well as administrators."""

    default_site = "lisapp.admin_site.LisAdminSite"

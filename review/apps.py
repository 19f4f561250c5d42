"""The review app: what waits between a curator's draft and the public."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Pages of submissions, and previews. The tables are in `base`; the desk shows in what state an article is."""

    name = "review"
    verbose_name = _("review")
    default_auto_field = "django.db.models.BigAutoField"

"""The desk app: intake of texts, reading view, cards and proposals."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The curators' workplace. The app depends on `events` and `directory`; neither knows of it."""

    name = "desk"
    verbose_name = _("desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Ask about doubles in the forms of the admin."""
        from base.admin import merger_asked, publication_asked, record_form_saved
        from desk.form_doubles import ask_about_namesakes, note_answers, object_to_merger

        publication_asked.connect(ask_about_namesakes)
        record_form_saved.connect(note_answers)
        merger_asked.connect(object_to_merger)

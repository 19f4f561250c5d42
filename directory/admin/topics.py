"""Topics: a short list in the editors' own words."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from base.admin import EditorsFactForm, EditorsFactPageForm, NameAdmin, NamedRecordAdmin, NameInline
from directory.models import Topic, TopicName

NAMES_HELP = _(
    "Keep the list short: a topic is worth having when several statements are about it. Name it in English, Thai and "
    "Vietnamese. The words are ours, so no passage is asked for."
)


class TopicNames(NameInline):
    """The names of a topic."""

    model = TopicName
    form = EditorsFactForm


@admin.register(Topic)
class TopicAdmin(NamedRecordAdmin):
    """What statements are about."""

    fieldsets = [(_("Names are below"), {"fields": [], "description": NAMES_HELP})]
    inlines = [TopicNames]


@admin.register(TopicName)
class TopicNameAdmin(NameAdmin):
    """All names of topics."""

    form = EditorsFactPageForm

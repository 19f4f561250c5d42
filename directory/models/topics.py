"""Topics: a short controlled list, named in every language of the interface."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from base.lists.search import trigram_index
from base.records.history import DERIVED, history
from base.records.kinds import Listings
from base.records.names import Name, NamedRecord
from base.records.publishing import Publishable
from base.records.resolution import FormerId
from directory.querysets import AboutManager


class Topic(NamedRecord):
    """What a statement is about, in words of the editors."""

    kind, plural = "topic", "topics"
    sample = "diplomacy"
    listings = Listings(api=70, data=60, fixture=20, search=70, network=50)
    admin_group = "who"
    letter = pgettext_lazy("letter for a topic in a picture", "T")
    counted = ngettext_lazy("%(number)s topic", "%(number)s topics", "total")

    objects: ClassVar[AboutManager[Topic]] = AboutManager()
    history = history(exclude=DERIVED)

    class Meta(NamedRecord.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["sort_key", "slug"]
        indexes = [trigram_index("topic_search")]


class TopicName(Name):
    """The topic's name in one language. It is the editors' word, so no passage is asked for."""

    public_parents = ("topic",)
    rests_on_passages = False

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="names", verbose_name=_("topic"))

    history = history("passages", exclude=("folded",))

    class Meta(Name.Meta):
        verbose_name = _("name of a topic")
        verbose_name_plural = _("names of topics")
        constraints = [
            *Name.Meta.constraints,
            models.UniqueConstraint(
                fields=["topic", "text", "language"],
                name="topic_name_once",
                violation_error_message=_("The topic already has this name."),
            ),
        ]

    def publish_problems(self) -> list[str]:
        """Return what stands in the way; the editors' own word needs no passage."""
        return Publishable.publish_problems(self)


class TopicFormerId(FormerId):
    """A former public id of a topic."""

    record = models.ForeignKey(Topic, models.CASCADE, related_name="former_ids")

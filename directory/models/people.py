"""People and every spelling of their names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from base.lists.search import trigram_index
from base.records.history import DERIVED, history
from base.records.kinds import Listings
from base.records.names import Name, NamedRecord
from base.records.resolution import FormerId
from base.text.validators import validate_wikidata


class Person(NamedRecord):
    """Somebody who is named in a source."""

    kind, plural = "person", "people"
    sample = "tony-bui"
    listings = Listings(api=20, data=30, fixture=40, menu=20, search=10, network=40)
    admin_group = "who"
    counted = ngettext_lazy("%(number)s person", "%(number)s people", "total")
    letter = pgettext_lazy("letter for a person in a picture", "P")

    wikidata = models.CharField(_("Wikidata id"), max_length=20, blank=True, validators=[validate_wikidata])

    history = history(exclude=DERIVED)

    class Meta(NamedRecord.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "slug"]
        indexes = [
            trigram_index("person_search"),
            models.Index(fields=["sort_key", "slug"], name="person_order"),
        ]


class PersonName(Name):
    """One spelling of a person's name."""

    public_parents = ("person",)

    person = models.ForeignKey(Person, models.CASCADE, related_name="names", verbose_name=_("person"))

    history = history("passages", exclude=("folded",))

    class Meta(Name.Meta):
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        constraints = [
            *Name.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "text", "language"],
                name="person_name_once",
                violation_error_message=_("This spelling is already recorded; add the passage there."),
            ),
        ]


class PersonFormerId(FormerId):
    """A former public id of a person."""

    record = models.ForeignKey(Person, models.CASCADE, related_name="former_ids")

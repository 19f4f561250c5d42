"""People and their spellings."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from base.admin import FactInline, NameAdmin, NamedRecordAdmin, NameInline
from directory.models import Affiliation, Person, PersonName

NAMES_HELP = _(
    "Add one row below for every spelling, each with the passage that prints it; the lowest position is shown first. "
    "Two people may share a name: look for the person before adding one, and keep people apart until a source says "
    "that they are the same."
)


class PersonNames(NameInline):
    """The spellings of a person's name."""

    model = PersonName


class Affiliations(FactInline):
    """The positions a person is said to hold."""

    model = Affiliation
    facts = ("role", "organization", "start", "end", "position")


@admin.register(Person)
class PersonAdmin(NamedRecordAdmin):
    """Somebody who is named in a source."""

    looks_for_doubles = True
    fieldsets = [(None, {"fields": ["wikidata"], "description": NAMES_HELP})]
    inlines = [PersonNames, Affiliations]


@admin.register(PersonName)
class PersonNameAdmin(NameAdmin):
    """All spellings of people."""

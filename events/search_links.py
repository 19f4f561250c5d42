"""By whose names a statement is found: of its speaker and their positions, whom it is for, its event, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, or_

from django.db.models import Case, F, IntegerField, Model, QuerySet, Value, When
from django.db.models.functions import Concat, Length, Replace
from django.utils.translation import gettext_lazy as _

from base.lists.search import in_column
from base.lists.search_links import SearchLink, flags, holds_word, names_of, register_search_links, with_any_word
from base.lists.search_words import text_forms
from base.records.provenance import Certainty
from directory.models import Affiliation, Initiative, Organization, Person, Topic

from .models import Event, EventName, Statement

ABOUT, BESIDE, ELSEWHERE = 2, 3, 5  # ranks of links; the speaker has 0, the statement's own words 1


def people_with_position(words: Sequence[str]) -> list[QuerySet[Model, object]]:
    """Return what finds people by a position that was not rejected: by its role, and by the names of the organization."""
    positions = Affiliation.objects.published().exclude(certainty=Certainty.REJECTED)
    organizations = with_any_word(Organization.objects.published(), words)
    at_them = positions.filter(organization__in=organizations.values("pk"))
    return [
        with_any_word(positions, words).values_list("person", *flags(words, holds_word)),
        at_them.values_list("person", *flags(words, lambda word: holds_word(word, "organization__search"))),
    ]


def events_called(words: Sequence[str]) -> list[QuerySet[Model, object]]:
    """Return what finds events of which the words are at least half of a name.

    The title of an event says what it is about, too; nobody means the event by one word of a title of twenty.
    """
    events = with_any_word(Event.objects.published(), words)
    held = {word: in_column(Concat(Value(" "), F("folded"), Value(" ")), text_forms(word)) for word in words}
    letters = [
        Case(When(condition, then=Value(len(word))), default=Value(0), output_field=IntegerField())
        for word, condition in held.items()
    ]
    longest = 2 * sum(map(len, words))
    names = (
        EventName.objects.published(known=("event",))
        .filter(event__in=events.values("pk"))
        .annotate(letters=Length(Replace(F("folded"), Value(" "), Value(""))))
        .filter(letters__lte=longest)
        .filter(reduce(or_, held.values()))
        .annotate(typed=reduce(add, letters))
        .filter(letters__lte=2 * F("typed"))
    )
    return [names.values_list("event", *flags(words, lambda word: held[word]))]


PEOPLE, ORGANIZATIONS = names_of(Person), names_of(Organization)

register_search_links(
    Statement,
    [
        SearchLink("speaker", _("Speaker"), "speaker", PEOPLE, 0),
        SearchLink("speaker_organization", _("Speaker"), "speaker_organization", ORGANIZATIONS, 0),
        SearchLink("topic", _("Topic"), "topics", names_of(Topic), ABOUT),
        SearchLink("initiative", _("About"), "initiatives", names_of(Initiative), ABOUT),
        SearchLink("about_person", _("About"), "about_people", PEOPLE, ABOUT),
        SearchLink("about_organization", _("About"), "about_organizations", ORGANIZATIONS, ABOUT),
        SearchLink("on_behalf_of", _("On behalf of"), "on_behalf_of", ORGANIZATIONS, ABOUT),
        SearchLink("position", _("Position of"), "speaker", people_with_position, BESIDE),
        SearchLink("event", _("Event"), "event", events_called, ELSEWHERE),
    ],
)

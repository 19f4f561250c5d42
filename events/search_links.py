"""By whose names a statement is found: of its speaker and their positions, whom it is for, its event, what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add, or_

from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Length, Replace
from django.utils.translation import gettext_lazy as _

from base.lists.search import in_column
from base.lists.search_links import SearchLink, flags, holds_word, names_of, register_search_links, with_any_word
from base.lists.search_words import text_forms
from base.records.provenance import Certainty
from base.sql.prepared import AnyOf
from base.text.names import fold
from directory.models import Affiliation, Initiative, Organization, Person, Topic

from .models import Event, EventName, Statement

MOST_SHORT_NAMES = 500  # of events that hold one of the words, so many are compared by their short names
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
    """Return what finds events of which the words are at least half of a name or of a short name.

    The title of an event says what it is about, too; nobody means the event by one word of a title of twenty. One query is made
    for the short names.
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
    of_names = names.values_list("event", *flags(words, lambda word: held[word]))
    keys = short_name_keys(words, events)
    if not any(keys.values()):
        return [of_names]
    of_short_names = Event.objects.filter(AnyOf("pk", sorted(set().union(*keys.values()))))
    return [of_names, of_short_names.values_list("pk", *flags(words, lambda word: Q(AnyOf("pk", sorted(keys[word])))))]


def short_name_keys(words: Sequence[str], events: QuerySet[Event]) -> dict[str, set[int]]:
    """Return for each word the keys of those of the events that have it in a short name of which the words are at least half.

    Short names stand folded in the search column alone, among all other names, so they are compared here. One query.
    """
    keys: dict[str, set[int]] = {word: set() for word in words}
    with_short_name = events.exclude(short_name="").order_by("pk").only("status", "slug", "short_name", "translations")
    for event in with_short_name[:MOST_SHORT_NAMES]:
        for text in event.short_names():
            folded = f" {fold(text)} "
            held = [word for word in words if any(form in folded for form in text_forms(word))]
            if len(folded.replace(" ", "")) <= 2 * sum(map(len, held)):
                for word in held:
                    keys[word].add(event.pk)
    return keys


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

"""The card of an event, E: a new event, or who took part in the one of this article, with all people and bodies in the words."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.admin import ChangeRefused, keeping_published_valid, next_position
from base.records.moved_texts import add_missing_translations, take_translations
from base.records.names import NameKind
from base.records.provenance import Certainty
from base.records.publishing import Status
from base.records.translations import TranslatedTexts
from base.text.dates import DateTextField, validate_edtf
from base.text.names import fold
from desk.fields import RecordChoiceField, RecordChoicesField
from desk.selections import Selection
from directory.models import Organization, Passage, Person, PersonName
from events.models import Event, EventName, EventOrganization, Participation
from events.models.events import EventKind
from events.models.links import EventOrganizationRole, ParticipationRole

from .base import CardForm, Guess
from .facts import FactCard, FactCardForm
from .guessing import StatementGuesses
from .named_records import named_in
from .printed_dates import printed_dates
from .translations import texts_in_languages

LONGEST_NAME = 200  # characters of a name that is guessed
OUR_NAME = "The editors' own name for it."  # the note of a name that the selected words do not print
_KINDS = {
    EventKind.WORKSHOP: "workshop, เวิร์กช็อป, อบรม, hội thảo",
    EventKind.CONFERENCE: "conference, summit, congress, meeting, การประชุม, สัมมนา, hội nghị, họp",
    EventKind.FESTIVAL: "festival, เทศกาล, มหกรรม, liên hoan, lễ hội",
    EventKind.CEREMONY: "ceremony, opening, award, พิธี, lễ",
}


class EventCardForm(FactCardForm):
    """The event, when and where it was, and who had to do with it."""

    text_model: ClassVar[type[TranslatedTexts]] = Event
    texts: ClassVar[dict[str, str]] = {"date_note": "date_note", "place": "place", "note": "note"}

    event = RecordChoiceField(
        Event, label=gettext_lazy("Event"), help_text=gettext_lazy("Empty for a new one; then name it below.")
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=500, required=False)
    language = cast(forms.CharField, PersonName._meta.get_field("language").formfield(required=False))
    event_kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=EventKind.choices, required=False)
    date = DateTextField(
        label=gettext_lazy("Date"),
        required=False,
        validators=[validate_edtf],
        help_text=gettext_lazy("2026-05-14, 2026-05, 2026~ (about). Never guess from “recently”."),
    )
    date_note = forms.CharField(label=gettext_lazy("What the source says of the date"), max_length=200, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    people = RecordChoicesField(Person, label=gettext_lazy("Who took part"))
    participation_role = forms.ChoiceField(
        label=gettext_lazy("As"), choices=ParticipationRole.choices, initial=ParticipationRole.ATTENDEE, required=False
    )
    organizations = RecordChoicesField(Organization, label=gettext_lazy("Organizations"))
    organization_role = forms.ChoiceField(
        label=gettext_lazy("Their part"),
        choices=EventOrganizationRole.choices,
        initial=EventOrganizationRole.ORGANIZER,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a new event without a name, and a card that says nothing."""
        data = super().clean()
        given = [data.get(name) for name in ("name", "date", "date_note", "place", "people", "organizations")]
        if data.get("event") is None and not data.get("name") and not {"event", "name"} & self.errors.keys():
            self.add_error("name", _("Name the new event, or choose one that is on record."))
        elif not any(given) and not self.errors:
            self.add_error(
                None, _("Nothing is said of the event yet: add a name, date, place, people or organizations.")
            )
        for name, usual in (
            ("language", self.card.source.language),
            ("event_kind", EventKind.OTHER),
            ("participation_role", ParticipationRole.ATTENDEE),
            ("organization_role", EventOrganizationRole.ORGANIZER),
        ):
            data[name] = data.get(name) or usual
        return data


class EventCard(FactCard):
    """An event and who had to do with it, proven by the selected words."""

    kind = "event"
    letter = "E"
    title = gettext_lazy("Event")
    form_class: ClassVar[type[CardForm]] = EventCardForm
    makes: ClassVar[tuple[type[Model], ...]] = (Passage, Event, EventName, EventOrganization, Participation)

    def guessed(self) -> dict[str, Guess]:
        """Return the event of the article, or the selected words as the name of a new one, and who is named in them."""
        words = self.selection.words
        inside = named_in(self.selection, inside=True)
        guesses = {"language": Guess(self.source.language), "event_kind": self.event_kind()}
        known = [named for named in inside if named.record.kind == "event"]
        event = (
            Guess(known[0].record, _("guessed: “%s”") % known[0].text)
            if known
            else StatementGuesses(self.selection).event()
        )
        if event is not None:
            guesses["event"] = event
        elif not inside and len(words) <= LONGEST_NAME:
            guesses["name"] = Guess(words, _("the selected words"))
        for kind, field in (("person", "people"), ("organization", "organizations")):
            records = [named.record for named in inside if named.record.kind == kind]
            if records:
                guesses[field] = Guess(list(dict.fromkeys(records)), _("named in the selected words"))
        for text in (words, self.selection.paragraph_text if event is None else ""):
            if "date" not in guesses and (dates := printed_dates(text, self.source.language)):
                guesses["date"] = Guess(dates[0].edtf, dates[0].reason)
        return guesses

    def event_kind(self) -> Guess:
        """Return the kind of a new event, by its words."""
        folded = fold(self.selection.words)
        for kind, words in _KINDS.items():
            for word in words.split(", "):
                if fold(word) in folded:
                    return Guess(kind, _("guessed: “%s”") % word)
        return Guess(EventKind.OTHER)

    def refusal_of(self, selection: Selection) -> str:
        """Take any further words: each is one more passage."""
        return ""

    def save(self, form: CardForm) -> Model:
        """Make the event, or complete the one that was chosen, and record who had to do with it."""
        data = form.cleaned_data
        passages = self.passages()
        event: Event | None = data["event"]
        is_new = event is None
        if event is None:
            event = self.new_event(data, passages)
        else:
            self.complete(event, data, passages)
        if data["name"]:
            self.recorded(self.name_of(event, data), passages)
        evidence = {"certainty": data["certainty"], "note": data["note"], **texts_in_languages(data, "note")}
        rows: list[Model] = []
        for person in data["people"]:
            part = Participation(person=person, event=event, role=data["participation_role"], **evidence)
            rows.append(self.recorded(part, passages))
        for body in data["organizations"]:
            link = EventOrganization(organization=body, event=event, role=data["organization_role"], **evidence)
            rows.append(self.recorded(link, passages))
        if not is_new and len(rows) == 1:
            return rows[0]
        event.refresh_from_db()
        return event

    def new_event(self, data: dict[str, Any], passages: list[Passage]) -> Event:
        """Make a draft of an event."""
        self.require_right(Event)
        names = ("event_kind", "date", "date_note", "place", "certainty", "note")
        texts = texts_in_languages(data, *Event.translated_fields)
        event = Event(status=Status.DRAFT, **{name: data[name] for name in names}, **texts)
        event.full_clean(exclude=["slug"])
        return self.saved_with(event, passages)

    def complete(self, event: Event, data: dict[str, Any], passages: list[Passage]) -> None:
        """Fill what is not known of the event yet. Raises ChangeRefused where the card says otherwise than the record."""
        changed: list[str] = []
        typed = Event(**{name: data[name] for name in ("date_note", "place")})
        texts = texts_in_languages(data, "date_note", "place")
        typed.text_language, typed.translations = texts["text_language"], texts["translations"]
        before = event.translations
        event.translations = {language: dict(of_one) for language, of_one in before.items()}
        for name in ("date", "date_note", "place"):
            old, new = getattr(event, name), data[name]
            if not new or new == old:
                continue
            if old:
                label = str(getattr(event._meta.get_field(name), "verbose_name", name))
                values = {"event": event, "field": label, "old": old, "new": new}
                raise ChangeRefused(
                    [
                        _(
                            "“%(event)s” has another %(field)s on record: %(old)s, and you give %(new)s. Leave it empty here, "
                            "or change it in the form of the event."
                        )
                        % values
                    ]
                )
            setattr(event, name, new)
            changed.append(name)
        take_translations(event, typed, changed)
        add_missing_translations(typed, event)
        if changed or event.translations != before:
            self.refuse_if_public(event)
            with keeping_published_valid([event]):
                event._change_reason = self.change_reason
                event.full_clean()
                event.save()
                event.passages.add(*passages)

    def name_of(self, event: Event, data: dict[str, Any]) -> EventName:
        """Return the row of the name: stated if the selected words print it, else the editors' own. Nothing is saved."""
        printed = any(data["name"] in selection.words for selection in self.selections)
        certainty, note = data["certainty"], data["note"]
        if not printed and certainty == Certainty.STATED:
            certainty, note = Certainty.INFERRED, note or OUR_NAME
        known = event.pk is not None and event.names.exists()
        name = EventName(
            event=event,
            text=data["name"],
            language=data["language"],
            kind=NameKind.VARIANT if known else NameKind.OFFICIAL,
            certainty=certainty,
            note=note,
            **(texts_in_languages(data, "note") if note == data["note"] else {}),
        )
        name.position = next_position(name)
        return name

    def sentence(self, row: Model, published: bool) -> str:
        """Return what is said once the card is saved."""
        sentence = super().sentence(row, published)
        links = row.participations.count() + row.organization_links.count() if isinstance(row, Event) else 0
        if not links:
            return sentence
        text = ngettext(
            "%(sentence)s (%(count)s person or organization)",
            "%(sentence)s (%(count)s people and organizations)",
            links,
        )
        return text % {"sentence": sentence, "count": links}

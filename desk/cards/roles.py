"""The card of a role, A: a position that a person holds, or the part that a person took in an event."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from base.admin import next_position
from base.records.translations import TranslatedTexts
from base.text.dates import DateTextField, validate_edtf
from base.text.language_tags import is_same_language
from desk.fields import RecordChoiceField
from desk.reading.known import known_names, proposals_of
from desk.selections import Selection
from directory.models import Affiliation, Organization, Passage, Person
from events.models import Event, Participation
from events.models.links import ParticipationRole

from .base import CardForm, Guess
from .facts import FactCard, FactCardForm
from .guessing import SHOWN, StatementGuesses
from .named_records import NamedInText, named_in
from .translations import texts_in_languages

POSITION, PART = "position", "part"
LINKS = [(POSITION, gettext_lazy("A position")), (PART, gettext_lazy("A part in an event"))]
# What joins a role to the body where it is held, and stands before and behind it.
_JOIN = r"(?:[\s,;:–—-]|\b(?:of|at|for|with|in|the|from|to|and)\b|ของ|ประจำ|แห่ง|\b(?:của|tại|thuộc)\b)"
_JOINS_BEFORE, _JOINS_BEHIND = re.compile(f"^{_JOIN}+", re.IGNORECASE), re.compile(f"{_JOIN}+$", re.IGNORECASE)
_PARTS = {
    ParticipationRole.MODERATOR: ("moderat", "ผู้ดำเนินรายการ", "điều phối", "điều hành"),
    ParticipationRole.PANELLIST: ("panellist", "panelist", "ผู้ร่วมอภิปราย", "ผู้ร่วมเสวนา"),
    ParticipationRole.OPENING_SPEAKER: ("opened the", "opening", "กล่าวเปิด", "khai mạc"),
    ParticipationRole.ATTENDEE: ("attend", "participant", "ผู้เข้าร่วม", "เข้าร่วม", "tham dự"),
    ParticipationRole.SPEAKER: ("speaker", "spoke at", "วิทยากร", "diễn giả", "phát biểu tại"),
}


class RoleCardForm(FactCardForm):
    """Who, as what, where, since when."""

    text_model: ClassVar[type[TranslatedTexts]] = Affiliation
    texts: ClassVar[dict[str, str]] = {"role": "role", "note": "note"}

    link = forms.ChoiceField(label=gettext_lazy("Kind"), choices=LINKS, widget=forms.RadioSelect, required=False)
    person = RecordChoiceField(Person, label=gettext_lazy("Person"), required=True)
    role = forms.CharField(
        label=gettext_lazy("Position"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("In plain words: former governor."),
    )
    organization = RecordChoiceField(Organization, label=pgettext_lazy("a position", "At"))
    since = DateTextField(label=gettext_lazy("from"), required=False, validators=[validate_edtf])
    until = DateTextField(label=gettext_lazy("until"), required=False, validators=[validate_edtf])
    participation_role = forms.ChoiceField(
        label=gettext_lazy("Part"), choices=ParticipationRole.choices, initial=ParticipationRole.SPEAKER, required=False
    )
    event = RecordChoiceField(Event, label=gettext_lazy("Event"))

    def is_part(self) -> bool:
        """Whether a part in an event is chosen."""
        return self["link"].value() == PART

    def needs_more(self) -> bool:
        """Whether the fields that fold out hold something that has to be seen."""
        dates = self.is_bound and any(self[name].errors or self[name].value() for name in ("since", "until"))
        return bool(dates) or super().needs_more()

    def clean(self) -> dict[str, Any]:
        """Refuse a position without its name, and a part without its event."""
        data = super().clean()
        data["link"] = data.get("link") or POSITION
        if data["link"] == POSITION and not data.get("role") and "role" not in self.errors:
            self.add_error("role", _("Name the role; “member” if the source says no more."))
        if data["link"] == PART and not data.get("event") and "event" not in self.errors:
            self.add_error("event", _("Choose the event; if it is not on record, record it first."))
        data["participation_role"] = data.get("participation_role") or ParticipationRole.SPEAKER
        return data


class RoleCard(FactCard):
    """What a source calls somebody, or what somebody did at an event."""

    kind = "role"
    letter = "A"
    title = gettext_lazy("Role")
    form_class: ClassVar[type[CardForm]] = RoleCardForm
    makes: ClassVar[tuple[type[Model], ...]] = (Passage, Affiliation, Participation)

    def guessed(self) -> dict[str, Guess]:
        """Return who it is, what the selected words call the person, and where."""
        selection = self.selection
        inside = named_in(selection, inside=True)
        guesses: dict[str, Guess] = {"link": Guess(POSITION)}
        if part := _part_in(selection.words):
            guesses |= {"link": Guess(PART), "participation_role": Guess(part)}
        if event := StatementGuesses(selection).event():
            guesses["event"] = event
        if (body := _first(inside, "organization")) is not None:
            guesses["organization"] = Guess(body.record, _("guessed: “%s”") % body.text)
        if (person := self._person(inside)) is not None:
            guesses["person"] = person
        return guesses | self._role(inside)

    def _person(self, inside: list[NamedInText]) -> Guess | None:
        """Return the person whom the words are about: named in them, by the rules, or nearest beside them."""
        if (named := _first(inside, "person")) is not None:
            return Guess(named.record, _("guessed: “%s”") % named.text)
        start, end = self.selection.start, self.selection.end
        for proposal in proposals_of(self.source):
            if proposal.kind == "role" and proposal.of and any(a < end and start < b for a, b in proposal.spans):
                for found in known_names().find(proposal.of):
                    record = found.records[0]
                    if record.kind == "person" and (found.start, found.end) == (0, len(proposal.of)):
                        person = Person._base_manager.filter(slug=record.id).first()
                        return Guess(person, _("guessed: “%s”") % proposal.of) if person is not None else None
                return Guess(None, _("“%s” is not on record yet.") % proposal.of[:SHOWN])
        nearest = [named for named in named_in(self.selection, inside=False) if named.record.kind == "person"]
        if not nearest:
            return None
        beside = min(nearest, key=lambda named: named.distance)
        return Guess(beside.record, _("guessed: “%s” stands nearest") % beside.text)

    def _role(self, inside: list[NamedInText]) -> dict[str, Guess]:
        """Return the role: the selected words without the names in them, if they are English."""
        words = self.selection.words
        if not is_same_language(self.source.language, "en"):
            return {"role": Guess("", _("“%s”: put it into English") % words[:SHOWN])}
        for named in sorted(inside, key=lambda each: -each.start):
            words = words[: named.start] + "\n" + words[named.end :]
        parts = [_trimmed(part) for part in words.split("\n")]
        role = max(parts, key=len, default="")
        return {"role": Guess(role[:200], _("the selected words"))} if role else {}

    def save(self, form: CardForm) -> Model:
        """Record the position or the part, or add the passages to the row that says it already."""
        data = form.cleaned_data
        if data["link"] == PART:
            self.require_right(Participation)
            part = Participation(
                person=data["person"],
                event=data["event"],
                role=data["participation_role"],
                certainty=data["certainty"],
                note=data["note"],
                **texts_in_languages(data, "note"),
            )
            return self.recorded(part, self.passages())
        self.require_right(Affiliation)
        names = ("person", "organization", "role", "certainty", "note")
        position = Affiliation(
            **{name: data[name] for name in names},
            **texts_in_languages(data, "role", "note"),
            start=data["since"] or "",
            end=data["until"] or "",
        )
        position.position = next_position(position)
        return self.recorded(position, self.passages())

    def refusal_of(self, selection: Selection) -> str:
        """Take any further words: each is one more passage."""
        return ""


def _first(named: list[NamedInText], kind: str) -> NamedInText | None:
    return next((each for each in named if each.record.kind == kind), None)


def _trimmed(text: str) -> str:
    """Return words without what joins them to a name before or behind."""
    return _JOINS_BEHIND.sub("", _JOINS_BEFORE.sub("", text)).strip()


def _part_in(words: str) -> str:
    """Return the part in an event that words speak of; empty if they speak of none."""
    lowered = words.casefold()
    return next((part.value for part, some in _PARTS.items() if any(word in lowered for word in some)), "")

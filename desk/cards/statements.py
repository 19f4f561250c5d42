"""The cards of what was said: Q for a direct quote, R for reported speech."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.records.curators import curator_name
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from base.records.publishing import Status
from base.records.translations import TranslatedTexts
from base.text.language_names import language_name
from base.text.language_tags import is_same_language
from desk.fields import Label, RecordChoiceField, RecordChoicesField
from desk.selections import Selection
from directory.models import Initiative, Organization, Passage, Person, Source, Topic
from events.models import Event, Statement, Wording
from events.models.statements import Attribution, Nature, StatementKind
from events.quotes import save_quote

from .base import Card, CardForm, Guess
from .guessing import StatementGuesses
from .translations import TranslatedCardForm, texts_in_languages

LONGEST_TEXT = 10_000  # characters of a translation or a paraphrase
# Fields that are columns of a statement as they are.
PLAIN = ("role_at_time", "event", "on_behalf_of", "attribution", "attribution_text", "certainty", "note")
ABOUT = {
    "topic": "topics",
    "initiative": "initiatives",
    "person": "about_people",
    "organization": "about_organizations",
}


class StatementCardForm(TranslatedCardForm):
    """Who said it, as what, where, about what; and a text in each language of the site."""

    text_model: ClassVar[type[TranslatedTexts]] = Statement
    texts: ClassVar[dict[str, str]] = {"speaker": "speaker_label", "role_at_time": "role_at_time", "note": "note"}

    nature: ClassVar[str] = Nature.TRANSLATION  # of the texts that are typed

    speaker = RecordChoiceField(Person, Organization, labels=True, label=gettext_lazy("Speaker"))
    role_at_time = forms.CharField(label=gettext_lazy("As"), max_length=200, required=False)
    event = RecordChoiceField(Event, label=gettext_lazy("At"))
    about = RecordChoicesField(Topic, Initiative, Person, Organization, label=gettext_lazy("About"))
    attribution = forms.ChoiceField(label=gettext_lazy("Attribution"), choices=Attribution.choices)
    attribution_text = forms.CharField(label=gettext_lazy("Attributed as"), max_length=200, required=False)
    on_behalf_of = RecordChoiceField(Organization, label=gettext_lazy("On behalf of"))
    certainty = forms.ChoiceField(label=gettext_lazy("Certainty"), choices=Certainty.choices)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    again = forms.BooleanField(label=gettext_lazy("Record these words once more"), required=False)

    def fields_of_card(self) -> dict[str, forms.Field]:
        """Return a box for the text in each language."""
        nature = Nature(self.nature).label
        return {
            f"text_{code}": forms.CharField(
                label=_("%(language)s, %(nature)s") % {"language": language_name(code), "nature": nature},
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            )
            for code in self.languages()
        }

    def languages(self) -> list[str]:
        """Return the languages in which a text can be typed, by their codes."""
        return [code for code, _name in settings.LANGUAGES if not is_same_language(code, self.card.source.language)]

    def wordings(self) -> list[forms.BoundField]:
        """Return the fields of the texts of the statement, in the order of the languages."""
        return [self[f"text_{code}"] for code in self.languages()]

    def needs_more(self) -> bool:
        """Whether the fields that fold out hold something that has to be seen: an error, a doubt, a note."""
        names = ("certainty", "note", "attribution", "attribution_text", "on_behalf_of", "statement_kind")
        errors = any(name in self.errors for name in names) if self.is_bound else False
        return errors or (self.is_bound and (super().needs_more() or self["certainty"].value() != Certainty.STATED))

    def is_double(self) -> bool:
        """Whether the words were found to be on record, so that the box to save them once more is offered."""
        return self.is_bound and (self.has_error("__all__", "double") or bool(self["again"].value()))

    def typed_texts(self) -> Iterable[tuple[str, str]]:
        """Return the language and the text of each that was typed."""
        return [(code, text) for code in self.languages() if (text := self.cleaned_data.get(f"text_{code}"))]

    def clean(self) -> dict[str, Any]:
        """Refuse a doubt without a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("certainty", Certainty.STATED) != Certainty.STATED and not data.get("note"):
            self.add_error("note", _("Say why this is inferred, disputed or rejected."))
        return data


class ReportedCardForm(StatementCardForm):
    """Reported speech is told in the editors' words: a paraphrase in the language of the source and in those of the site."""

    nature = Nature.PARAPHRASE

    statement_kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.value, kind.label) for kind in (StatementKind.REPORTED, StatementKind.NARRATED)],
    )

    def languages(self) -> list[str]:
        """Return the language of the source first, then the others of the site."""
        language = self.card.source.language
        return [language, *super().languages()]


@dataclass(frozen=True)
class RecordedStatement:
    """A statement that is on record already, to be looked at beside the card: its texts, and who saved it last."""

    statement: Statement
    wordings: list[Wording]
    who: str
    when: datetime.datetime


class StatementCard(Card):
    """What both cards have in common."""

    double: RecordedStatement | None = None  # what has the same words, if the card was refused for it
    form_class: ClassVar[type[CardForm]] = StatementCardForm
    statement_kind: ClassVar[str]
    makes = (Statement, Wording, Passage)

    def guessed(self) -> dict[str, Guess]:
        """Return who speaks, as what, where and about what."""
        return StatementGuesses(self.selection).all()

    def save(self, form: CardForm) -> Model:
        """Make the statement with its passages and wordings."""
        data = form.cleaned_data
        passages = [selection.passage() for selection in self.selections]
        if not data["again"]:
            self.refuse_double(passages, data)
        statement = self.statement_of(data)
        statement._change_reason = self.change_reason
        statement.full_clean(exclude=["slug"])
        statement.skip_history_when_saving = True  # type: ignore[attr-defined]  # the history has one line, with all links
        statement.save()
        for kind, name in ABOUT.items():
            records = [record for record in data["about"] if isinstance(record, NamedRecord) and record.kind == kind]
            if records:
                getattr(statement, name).set(records)
        del statement.skip_history_when_saving  # type: ignore[attr-defined]
        statement.passages.set(passages)
        self.add_wordings(statement, passages, cast(StatementCardForm, form))
        return statement

    def statement_of(self, data: dict[str, Any]) -> Statement:
        """Return the statement that the fields describe. Nothing is saved."""
        speaker = data["speaker"]
        return Statement(
            status=Status.DRAFT,
            statement_kind=data.get("statement_kind") or self.statement_kind,
            speaker=speaker if isinstance(speaker, Person) else None,
            speaker_organization=speaker if isinstance(speaker, Organization) else None,
            speaker_label=speaker.text if isinstance(speaker, Label) else "",
            **{name: data[name] for name in PLAIN},
            **texts_in_languages(data, *Statement.translated_fields),
        )

    def add_wordings(self, statement: Statement, passages: list[Passage], form: StatementCardForm) -> None:
        """Give the statement the texts that were typed."""
        for language, text in form.typed_texts():
            self.add_wording(Wording(statement=statement, language=language, nature=form.nature, text=text))

    def add_wording(self, wording: Wording) -> None:
        """Check and save a wording; readers see it once the statement is public."""
        wording.status = Status.PUBLISHED
        wording._change_reason = self.change_reason
        wording.full_clean()
        wording.save()

    def refuse_double(self, passages: list[Passage], data: dict[str, Any]) -> None:
        """Raise ValidationError if such a statement is on record already. Overridden by kinds of cards."""

    def double_error(self, statement: Statement) -> ValidationError:
        """Return the refusal of a statement that seems to be on record, with the way to save it all the same."""
        self.double = recorded_statement(statement)
        url = reverse("admin:events_statement_change", args=[statement.pk])
        return ValidationError(
            format_html(
                _(
                    'These words are on record already: <a href="{url}" target="_blank" rel="noopener">{statement}</a> '
                    "({status}). If this is another statement, tick the box below and save again."
                ),
                url=url,
                statement=statement.speaker_name or statement.slug,
                status=statement.get_status_display(),
            ),
            code="double",
        )

    def sentence(self, row: Model, published: bool) -> str:
        """Return what is said once the card is saved."""
        name = cast(Statement, row).speaker_name or _("nobody named yet")
        return (_("Published: %s") if published else _("Saved as a draft: %s")) % name


def recorded_statement(statement: Statement) -> RecordedStatement:
    """Return a statement with its texts and who saved it last. Two queries."""
    last = statement.history.select_related("history_user").order_by("-history_date", "-history_id").first()
    who = curator_name(last.history_user if last is not None else None)
    return RecordedStatement(
        statement, list(statement.wordings.all()), who, last.history_date if last is not None else statement.updated_at
    )


class MissingPart(dict[str, object]):
    """A part of a quote that the rules see: what the card is sent if it is added, as JSON in the page."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False)


class QuoteCard(StatementCard):
    """A direct quote: its words are those that are selected, in their language, proven by the passage."""

    kind = "quote"
    letter = "Q"
    title = gettext_lazy("Direct quote")
    statement_kind = StatementKind.DIRECT

    def __init__(self, request: HttpRequest, source: Source, selections: Sequence[Selection]) -> None:
        super().__init__(request, source, sorted(selections, key=lambda selection: selection.start))

    def add_selection(self, data: QueryDict) -> None:
        """Take one more part of the quote. The order of the parts is that of the text."""
        super().add_selection(data)
        self.selections.sort(key=lambda selection: selection.start)

    def refusal_of(self, selection: Selection) -> str:
        """Return why the quote cannot have this part."""
        if any(part.start < selection.end and selection.start < part.end for part in self.selections):
            return _("This part overlaps another one; a quote has its words once.")
        return ""

    def add_wordings(self, statement: Statement, passages: list[Passage], form: StatementCardForm) -> None:
        """Give the statement the words as printed, a part for each selection, and the translations that were typed."""
        printed = Wording(statement=statement, status=Status.PUBLISHED)
        printed._change_reason = self.change_reason
        save_quote(printed, passages)
        super().add_wordings(statement, passages, form)

    def refuse_double(self, passages: list[Passage], data: dict[str, Any]) -> None:
        """Refuse words that are printed in a wording already, alone or as a part."""
        keys = [passage.pk for passage in passages]
        printed = Wording._base_manager.filter(nature=Nature.VERBATIM).exclude(statement__status=Status.WITHDRAWN)
        found = printed.filter(Q(passage__in=keys) | Q(further_passages__in=keys)).select_related("statement").first()
        if found is not None:
            raise self.double_error(found.statement)

    def context(self) -> dict[str, Any]:
        """Return the parts of this quote that the rules see and that are not selected yet."""
        proposal = StatementGuesses(self.selection).proposal
        spans = proposal.spans if proposal is not None and proposal.kind == "quote" else ()
        missing = [
            MissingPart({"start": start, "end": end, "quote": self.source.text[start:end]})
            for start, end in spans
            if not any(part.start < end and start < part.end for part in self.selections)
        ]
        return {"missing_parts": missing}


class ReportedCard(StatementCard):
    """Reported speech: the selected words are the passage, and the texts are the editors' own."""

    kind = "reported"
    letter = "R"
    title = gettext_lazy("Reported speech")
    statement_kind = StatementKind.REPORTED
    form_class = ReportedCardForm

    def refuse_double(self, passages: list[Passage], data: dict[str, Any]) -> None:
        """Refuse what the same speaker says in the same passage."""
        rows = Statement._base_manager.filter(passages=passages[0]).exclude(statement_kind=StatementKind.DIRECT)
        new = self.statement_of(data)
        double = (
            rows.filter(
                speaker=new.speaker, speaker_organization=new.speaker_organization, speaker_label=new.speaker_label
            )
            .exclude(status=Status.WITHDRAWN)
            .first()
        )
        if double is not None:
            raise self.double_error(double)

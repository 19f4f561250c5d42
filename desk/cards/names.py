"""The cards of names: N for anybody and anything that is named, O for a body. The selected words are the name and its passage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin import next_position
from base.records.names import Name, NamedRecord, NameKind
from base.records.provenance import Certainty
from base.records.publishing import Status
from base.text.language_tags import LanguageField
from desk.doubles import NAMED_KINDS, PossibleDouble
from desk.fields import RecordChoiceField, records_of, value_of_record
from desk.form_doubles import remember_different
from desk.name_index import name_model
from desk.selections import Selection
from directory.models import (
    Initiative,
    InitiativeName,
    Organization,
    OrganizationName,
    Passage,
    Person,
    PersonName,
)
from directory.models.organizations import OrganizationKind
from events.models import Event, EventName

from .base import CardForm, Guess
from .facts import FactCard, FactCardForm, check_one_line
from .name_guesses import NameGuesses
from .translations import texts_in_languages

NEW = "new"
LONGEST_NAME = 500  # characters, as the column takes
LANGUAGE_FIELD = cast(LanguageField, PersonName._meta.get_field("language"))


class NameCardForm(FactCardForm):
    """Whose name it is: a record that is called so or nearly so, another one, or a new one of some kind."""

    same = forms.ChoiceField(label=gettext_lazy("Whose name"), widget=forms.RadioSelect, required=False)
    record = RecordChoiceField(
        Person, Organization, Initiative, Event, label=gettext_lazy("Another record"), help_text=""
    )
    not_the_same = forms.MultipleChoiceField(
        label=gettext_lazy("Not the same"), widget=forms.CheckboxSelectMultiple, required=False
    )
    kind_of_record = forms.ChoiceField(label=gettext_lazy("A new"), required=False)
    organization_kind = forms.ChoiceField(
        label=gettext_lazy("Sort of body"),
        choices=OrganizationKind.choices,
        initial=OrganizationKind.OTHER,
        required=False,
    )
    language = cast(forms.CharField, LANGUAGE_FIELD.formfield())
    name_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of name"), choices=NameKind.choices, initial=NameKind.OFFICIAL, required=False
    )

    def fields_of_card(self) -> dict[str, forms.Field]:
        """Offer the records that are called nearly so, and the kinds that a new one may have."""
        card = cast(NameCard, self.card)
        doubles = [(value_of_record(each.record), each) for each in card.doubles]
        choices: list[tuple[str, object]] = [*doubles, (NEW, _("A new record"))]
        cast(forms.ChoiceField, self.fields["same"]).choices = choices
        cast(forms.MultipleChoiceField, self.fields["not_the_same"]).choices = doubles
        kinds = [(kind, NAMED_KINDS[kind].singular_label()) for kind in card.kinds]
        cast(forms.ChoiceField, self.fields["kind_of_record"]).choices = kinds
        return {}

    def alike(self) -> list[tuple[PossibleDouble, str, bool, bool]]:
        """Return the records that are called nearly so: each with its value, and whether it is chosen, or said to be another."""
        chosen, others = self["same"].value(), self["not_the_same"].value() or []
        doubles = cast(NameCard, self.card).doubles
        values = [value_of_record(each.record) for each in doubles]
        return [(each, value, value == chosen, value in others) for each, value in zip(doubles, values, strict=True)]

    def is_new(self) -> bool:
        """Whether a new record is chosen."""
        return self["same"].value() == NEW

    def clean(self) -> dict[str, Any]:
        """Say whose name it is; refuse if that is not said, or two things are."""
        data = super().clean()
        same, record = data.get("same"), data.get("record")
        if same in (data.get("not_the_same") or ()):
            self.add_error("same", _("You say that it is this one, and that it is not. Choose one of the two."))
        if record is None and same not in (None, "", NEW):
            record = next(iter(records_of([str(same)], list(NAMED_KINDS.values()))), None)
            if not isinstance(record, NamedRecord):
                self.add_error(
                    "same", _("This record was withdrawn or deleted meanwhile. Choose another one, or a new one.")
                )
        elif record is None and not same and "same" not in self.errors and "record" not in self.errors:
            self.add_error("same", _("Several go by this name. Say which of them is meant, or that it is a new one."))
        if record is not None and record.kind not in cast(NameCard, self.card).kinds:
            self.add_error("record", _("“%s” is a record of another kind.") % record)
        data["owner"] = record
        data["kind_of_record"] = data.get("kind_of_record") or cast(NameCard, self.card).kinds[0]
        data["name_kind"] = data.get("name_kind") or NameKind.OFFICIAL
        data["organization_kind"] = data.get("organization_kind") or OrganizationKind.OTHER
        return data


class NameCard(FactCard):
    """A spelling of a person, an organization, an initiative or an event; of one on record, or of a new one."""

    kind = "name"
    letter = "N"
    title = gettext_lazy("Name")
    form_class: ClassVar[type[CardForm]] = NameCardForm
    kinds: ClassVar[tuple[str, ...]] = tuple(NAMED_KINDS)
    makes: ClassVar[tuple[type[Model], ...]] = (
        Passage,
        Person,
        PersonName,
        Organization,
        OrganizationName,
        Initiative,
        InitiativeName,
        Event,
        EventName,
    )

    @cached_property
    def name_guesses(self) -> NameGuesses:
        """The guesses for the first selection."""
        return NameGuesses(self.selection, self.kinds)

    @property
    def doubles(self) -> Sequence[PossibleDouble]:
        """The records that are called nearly so."""
        return self.name_guesses.doubles

    def guessed(self) -> dict[str, Guess]:
        """Return whose name it is, of what kind and in which language."""
        return self.name_guesses.all()

    def refusal_of(self, selection: Selection) -> str:
        """Take the same spelling in other places as further passages, and nothing else."""
        if selection.words != self.selection.words:
            return _("A name has one spelling. Save this one, and select the other for a card of its own.")
        return ""

    def save(self, form: CardForm) -> Model:
        """Add the spelling to the record, which may be a new one, or the passages to a spelling that is on record."""
        data = form.cleaned_data
        check_one_line(self.selection.words, LONGEST_NAME)
        owner: NamedRecord | None = data["owner"]
        is_new = owner is None
        record = owner if owner is not None else self.new_record(data)
        name = self.name_of(record, data)
        if not is_new:
            self.require_right(type(name))
            if (spelled := self.same_spelling(record, name)) is not None:
                return self.cited(spelled, self.passages(), name)
        row = self.recorded(name, self.passages())
        keys = [str(value).partition(":")[2] for value in data["not_the_same"] if value.startswith(f"{record.kind}:")]
        remember_different(record, keys, self.request)
        if not is_new:
            return row
        record.refresh_from_db()
        return record

    def new_record(self, data: dict[str, Any]) -> NamedRecord:
        """Make a draft of the kind that was chosen."""
        model = NAMED_KINDS[data["kind_of_record"]]
        self.require_right(model)
        record = model(status=Status.DRAFT)
        if isinstance(record, Organization):
            record.organization_kind = data["organization_kind"]
        record._change_reason = self.change_reason
        record.full_clean(exclude=["slug"])
        record.save()
        if isinstance(record, Event):
            record.passages.set(self.passages())
        return record

    def name_of(self, record: NamedRecord, data: dict[str, Any]) -> Name:
        """Return the row of the spelling. Nothing is saved."""
        model = name_model(type(record))
        name = model(
            **{model.public_parents[0]: record},
            text=self.selection.words,
            language=data["language"],
            kind=data["name_kind"],
            certainty=data["certainty"],
            note=data["note"],
            **texts_in_languages(data, "note"),
        )
        name.position = next_position(name)
        return name

    @staticmethod
    def same_spelling(record: NamedRecord, name: Name) -> Name | None:
        """Return the row of the record that has exactly this text; in the same language if there are several."""
        rows = [row for row in record.names.filter(text=name.text) if row.status != Status.WITHDRAWN]  # type: ignore[attr-defined]
        return min(
            rows, key=lambda row: (row.language != name.language, row.certainty == Certainty.REJECTED), default=None
        )

    def sentence(self, row: Model, published: bool) -> str:
        """Return what is said once the card is saved."""
        if isinstance(row, Name) and row.passages.count() > len(self.selections):
            return _("“%(name)s” is on record; the passage was added. %(owner)s") % {"name": row, "owner": row.owner}
        return super().sentence(row, published)


class OrganizationCard(NameCard):
    """A body: as a name, with one kind to choose from."""

    kind = "organization"
    letter = "O"
    title = gettext_lazy("Organization")
    kinds = ("organization",)
    makes = (Passage, Organization, OrganizationName)

"""What every card is: a form beside the text of a source that makes records of the words selected there.

A card is made for a request, a source and the selections that it is about. `CardView` shows it, checks what comes back and saves
it; a kind of card says which fields it has, what can be guessed, and which rows it makes. To add one: a form, a card, a template
`desk/cards/<kind>.html` that extends `desk/cards/_card.html`, and its class in `CARDS` of `desk/cards/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base.admin import may
from base.records.change_reasons import ChangeReason
from base.records.provenance import Fact
from base.text.form_texts import CheckedTextsForm
from desk.selections import Selection, selections_in
from directory.models import Source

MADE_AT_DESK = ChangeReason(gettext_noop("Made at the desk from ¶%(paragraph)s of %(source)s"))


@dataclass(frozen=True)
class Guess:
    """A first value of a field, and why the card proposes it, as a curator reads it beside the field."""

    value: object  # what the field takes as its initial value
    reason: str = ""


class FormOfCard(forms.Form):
    """A form that knows its card, and may have fields that depend on it."""

    def __init__(self, card: Card, data: QueryDict | None = None, initial: Mapping[str, object] | None = None) -> None:
        self.card = card
        super().__init__(data, initial=dict(initial or {}), auto_id="card-field-%s")
        self.fields.update(self.fields_of_card())

    def fields_of_card(self) -> dict[str, forms.Field]:
        """Return the fields that depend on the card, such as one for each language. Overridden by kinds of cards."""
        return {}


class CardForm(CheckedTextsForm, FormOfCard):
    """The fields of a card. Its texts are checked as those of every form."""

    def reason(self, name: str) -> str:
        """Return why the first value of a field was proposed; empty if it was not, or was changed since."""
        guess = self.card.guesses.get(name)
        return guess.reason if guess is not None and not self.is_bound else ""


class Card:
    """One kind of card. Instances live for one request."""

    do_not_call_in_templates: ClassVar[bool] = True  # a template that is handed the class shall not make a card of it
    kind: ClassVar[str]  # in addresses, and the name of the template
    letter: ClassVar[str]  # the key that opens it
    title: ClassVar[str | Promise]
    form_class: ClassVar[type[CardForm]] = CardForm
    makes: ClassVar[tuple[type[Model], ...]] = ()  # kinds of rows that a curator has to be allowed to add

    def __init__(self, request: HttpRequest, source: Source, selections: Sequence[Selection]) -> None:
        self.request = request
        self.source = source
        self.selections = list(selections)
        self.facts: list[Fact] = []  # that were saved, beside the row that matters

    @property
    def selection(self) -> Selection:
        """The first selection, which the card was opened for."""
        return self.selections[0]

    @property
    def template_name(self) -> str:
        """The template of the card."""
        return f"desk/cards/{self.kind}.html"

    # What is proposed ------------------------------------------------------------------------------------------------------
    @cached_property
    def guesses(self) -> dict[str, Guess]:
        """What can be guessed of the fields, by name."""
        return self.guessed()

    def guessed(self) -> dict[str, Guess]:
        """Return what can be guessed of the fields from the text and from what is on record. Overridden by kinds of cards."""
        return {}

    def form(self, data: QueryDict | None = None) -> CardForm:
        """Return the form: filled with guesses, or bound to what was sent."""
        return self.form_class(self, data, {name: guess.value for name, guess in self.guesses.items()})

    @classmethod
    def opened(cls, request: HttpRequest, source: Source, data: QueryDict) -> Card:
        """Return the card for the selections that an address or a form names. Raises ValidationError if they cannot be taken."""
        return cls(request, source, selections_in(source, data))

    def add_selection(self, data: QueryDict) -> None:
        """Take one more selection. Raises ValidationError with the reason if the card cannot."""
        for selection in selections_in(self.source, data):
            if selection in self.selections:
                raise ValidationError(_("These words are in the card already."), code="again")
            if refusal := self.refusal_of(selection):
                raise ValidationError(refusal, code="part")
            self.selections.append(selection)

    def refusal_of(self, selection: Selection) -> str:
        """Return why the card cannot take one more selection, as a sentence; empty if it takes it."""
        return ""

    # Saving ------------------------------------------------------------------------------------------------------------------
    def save(self, form: CardForm) -> Model:
        """Make the rows, as drafts, and return the one that matters. Runs inside a transaction, with a valid form.

        Raises ValidationError or ChangeRefused with sentences for the curator if that cannot be; then nothing is kept.
        """
        raise NotImplementedError

    def sentence(self, row: Model, published: bool) -> str:
        """Return what is said once the card is saved."""
        return (_("Published: %s") if published else _("Saved as a draft: %s")) % row

    @property
    def change_reason(self) -> str:
        """Why the rows were made, for their histories."""
        place = {"paragraph": self.selection.paragraph, "source": self.source.slug}
        return MADE_AT_DESK(place)

    # Rights ------------------------------------------------------------------------------------------------------------------
    @classmethod
    def is_allowed(cls, request: HttpRequest) -> bool:
        """Return whether the curator may add all that this card makes."""
        return may(request.user, "add", *cls.makes)

    def may_publish(self) -> bool:
        """Return whether the curator may publish all that this card makes."""
        return may(self.request.user, "publish", *self.makes)

    def context(self) -> dict[str, Any]:
        """Return what the template needs beside card and form."""
        return {}

"""Fields of cards that choose records while one types: a person, or whoever speaks, or any number of topics.

What a field sends is `person:12`, the kind and the key of a record, or `label:…` where a group without a record may stand. The text
that stands in the box goes along, so that words that were typed and never chosen are refused instead of lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from base.admin import mark_rows_in_review, status_in_words
from base.records.names import NamedRecord
from base.records.publishing import Status
from base.records.records import Record
from base.text.characters import TextKind
from base.text.form_texts import TextValidator
from base.text.numbers import parse_digits

MOST_CHOSEN = 50  # records in one field
MOST_DIGITS = 18  # of a key that both databases take
LONGEST_LABEL = 200  # characters
LABEL = "label"


@dataclass(frozen=True)
class Label:
    """A group that is no record, by the words for it."""

    text: str

    def __str__(self) -> str:
        return self.text


Choice = NamedRecord | Label


@dataclass(frozen=True)
class ShownChoice:
    """A choice as the box shows it."""

    value: str
    text: str
    note: str = ""


def value_of_record(record: Record) -> str:
    """Return what stands for a record in a form: its kind and its key."""
    return f"{record.kind}:{record.pk}"


def value_of_choice(choice: Choice) -> str:
    """Return what a field sends for a choice."""
    return f"{LABEL}:{choice}" if isinstance(choice, Label) else value_of_record(choice)


def shown(choice: Choice) -> ShownChoice:
    """Return how a choice is shown once it is chosen; what is not public is marked so, and what waits for review."""
    note = ""
    if isinstance(choice, NamedRecord) and choice.status != Status.PUBLISHED:
        note = status_in_words(choice)
    return ShownChoice(value_of_choice(choice), str(choice), note)


class ChoiceBox(forms.Widget):
    """A box to type in, with the records that are chosen; `static/js/desk-choices.js` shows what there is to choose from."""

    template_name = "desk/_choice_box.html"

    def __init__(self, kinds: Sequence[type[NamedRecord]], multiple: bool, labels: bool) -> None:
        super().__init__()
        self.kinds, self.multiple, self.labels = kinds, multiple, labels

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[str]:
        """Return the values that are chosen, and behind them, where something is typed and not chosen, `?` with that text."""
        values = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        chosen = [str(value) for value in values if value]
        typed = str(data.get(f"{name}-text", "")).strip()
        return [*chosen, f"?{typed}"] if typed and (self.multiple or not chosen) else chosen

    def value_omitted_from_data(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> bool:
        """Never count as left out: nothing chosen is nothing sent."""
        return False

    def get_context(self, name: str, value: Any, attrs: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what the template shows: chosen records, text that was typed, and where suggestions come from."""
        context = super().get_context(name, None, dict(attrs) if attrs else None)
        values = value if isinstance(value, list) else [value] if value else []
        texts = [item[1:] for item in values if isinstance(item, str) and item.startswith("?")]
        chosen = [item for item in values if not (isinstance(item, str) and item.startswith("?"))]
        records = [item for item in chosen if not isinstance(item, str)]
        records += records_of([item for item in chosen if isinstance(item, str)], self.kinds, self.labels)
        mark_rows_in_review(record for record in records if not isinstance(record, Label))
        query = [("kind", kind.kind) for kind in self.kinds] + ([("labels", "1")] if self.labels else [])
        context["widget"] |= {
            "chosen": [shown(record) for record in records],
            "typed": "".join(texts[:1]),
            "multiple": self.multiple,
            "suggestions": f"{reverse('admin:desk_suggestions')}?{urlencode(query)}",
        }
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: object = None) -> SafeString:
        """Render with the templates of the site; Django's own renderer of widgets does not know them."""
        return render_to_string(template_name, context)


def check_label(text: str) -> None:
    """Raise ValidationError unless a text can be the label of a group."""
    if not text.strip():
        raise ValidationError(_("Name the group."), code="label")
    MaxLengthValidator(LONGEST_LABEL)(text)
    TextValidator(TextKind.LINE)(text)


def records_of(values: Sequence[str], kinds: Sequence[type[NamedRecord]], labels: bool = False) -> list[Choice]:
    """Return the records, and groups, that these values stand for, in their order; what stands for none is left out.

    Withdrawn records are none to choose. One query a kind.
    """
    keys: dict[str, set[int]] = {}
    for value in values:
        kind, _colon, key = value.partition(":")
        if kind != LABEL and (number := parse_digits(key, MOST_DIGITS)) is not None:
            keys.setdefault(kind, set()).add(number)
    known: dict[str, Choice] = {}
    for model in kinds:
        if wanted := keys.get(model.kind):
            rows = model._base_manager.filter(pk__in=wanted).exclude(status=Status.WITHDRAWN)
            known |= {value_of_choice(row): row for row in rows}
    if labels:
        known |= {value: Label(value[len(LABEL) + 1 :]) for value in values if value.startswith(f"{LABEL}:")}
    return [known[value] for value in dict.fromkeys(values) if value in known]


class RecordChoicesField(forms.Field):
    """Any number of records of some kinds. Its value is a list of records, in the order in which they were chosen."""

    multiple = True

    def __init__(
        self,
        *kinds: type[NamedRecord],
        labels: bool = False,
        required: bool = False,
        label: Any = None,
        help_text: Any = "",
    ) -> None:
        self.kinds, self.labels = kinds, labels
        widget = ChoiceBox(kinds, self.multiple, labels)
        super().__init__(required=required, label=label, help_text=help_text, widget=widget)

    def to_python(self, value: Any) -> list[Choice]:
        """Return what was chosen. Raises ValidationError for words that were typed and not chosen, and for what is no record."""
        values = list(value or [])
        if typed := [item[1:] for item in values if item.startswith("?")]:
            raise ValidationError(
                _("“%s” was typed and not chosen. Choose it from the list; if it is not there, record it first.")
                % typed[0],
                code="typed",
            )
        if len(values) > MOST_CHOSEN:
            raise ValidationError(_("At most %s can be chosen here.") % MOST_CHOSEN, code="many")
        choices = records_of(values, self.kinds, self.labels)
        for choice in choices:
            if isinstance(choice, Label):
                check_label(choice.text)
        if len(choices) != len(set(values)):
            raise ValidationError(
                _("What was chosen is not there any more: somebody has withdrawn or deleted it. Choose again."),
                code="gone",
            )
        return choices


class RecordChoiceField(RecordChoicesField):
    """One record of some kinds, or with `labels` a group that is none. Its value is the record, a `Label`, or None."""

    multiple = False

    def to_python(self, value: Any) -> Any:
        """Return what was chosen, or None."""
        choices = super().to_python(value)
        if len(choices) > 1:
            raise ValidationError(_("Only one can be chosen here."), code="many")
        return choices[0] if choices else None

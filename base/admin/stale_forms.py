"""Two windows on one row: a form that is older than the row is refused, so that nobody overwrites what they have not seen.

Records have a stricter check of their own, by the time of their last change (`RecordForm`); this one is for all other rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from base.admin.translations import TranslatedTextsForm

SEEN = "seen"
THEIRS, MINE = "theirs", "mine"  # whose value is kept
LOOK = "_look"  # the button that shows the form with what was chosen


class HiddenVersion(forms.CharField):
    """The version of a row that a form was opened with. A form is not changed by it alone."""

    widget = forms.HiddenInput

    def has_changed(self, initial: object, data: object) -> bool:
        """Never count as a change."""
        return False


class StaleRowForm(TranslatedTextsForm):
    """Knows what its fields held when it was opened, and is refused if the row was saved since.

    Of each field it can be told whose value is kept: `choice-<name of the field>` is `theirs` for the saved one. Of a row of a
    record, `choice-<prefix>` says it for the whole row.
    """

    seen = HiddenVersion(required=False)
    refused_unchanged: ClassVar[bool] = False  # even a form that would write nothing new, because its buttons do more
    not_compared: ClassVar[tuple[str, ...]] = ()  # fields that are no part of the row, such as the reason of a change
    is_stale = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What a form only shows, it cannot overwrite. Fields that a formset adds come later.
        self.fields_of_row = [name for name, field in self.fields.items() if name != SEEN and not field.disabled]
        if self.instance.pk and SEEN in self.fields:
            digests = " ".join(f"{name}:{digest_of_value(self.saved_value(name))}" for name in self.fields_of_row)
            self.stored_version = self.version_of_fields()
            self.initial[SEEN] = f"{self.stored_version} {digests}"
            if self.is_bound:
                self.data = self._with_choices()

    def saved_value(self, name: str) -> object:
        """Return what a field holds in the database, as a form is filled with it."""
        return self.get_initial_for_field(self.fields[name], name)

    def version_of_fields(self) -> str:
        """Return a digest of what the fields hold in the database. No queries beside those that filling the form takes."""
        values = [(name, comparable(self.saved_value(name))) for name in sorted(self.fields_of_row)]
        return hashlib.sha256(repr(values).encode()).hexdigest()[:16]

    def stale_message(self, seen: str) -> str:
        """Return what to tell a curator whose form was opened with the version `seen`."""
        return message_of_stale_form(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse a form that would put old values in the place of newer ones. Sent once more, it is taken."""
        data = super().clean() or self.cleaned_data
        stored, sent = getattr(self, "stored_version", ""), data.get(SEEN) or ""
        version, _blank, digests = str(sent).partition(" ")
        self.digests_seen = digests
        # As typed: the form may go on to change it.
        self.typed_values = {name: self.typed_value(name) for name in self.fields_of_row}
        if stored and version and version != stored and (self.refused_unchanged or self.has_changed()):
            self.is_stale = True
            self.add_error(None, self.stale_message(version))
            again = cast(QueryDict, self.data).copy()
            again[self.add_prefix(SEEN)] = self.initial[SEEN]
            self.data = again
        if LOOK in self.data and not self.prefix:
            self.add_error(
                None, _("Nothing is saved yet. This is the form with what you chose: look it over and save it.")
            )
        return data

    def typed_value(self, name: str) -> object:
        """Return what was typed into a field: its value, or the text of one that cannot be read."""
        return self.cleaned_data[name] if name in self.cleaned_data else self[name].value()

    def is_changed_since_seen(self, name: str, value: object) -> bool:
        """Return whether this value of a field is another than the one that the form was opened with."""
        return f" {name}:{digest_of_value(value)} " not in f" {self.digests_seen} "

    def _with_choices(self) -> QueryDict:
        """Return what was sent, with the saved values in the fields for which these were chosen."""
        sent = cast(QueryDict, self.data)
        row = bool(self.prefix) and sent.get(name_of_choice(self.prefix or "")) == THEIRS
        names = [
            name for name in self.fields_of_row if row or sent.get(name_of_choice(self.add_prefix(name))) == THEIRS
        ]
        if not names:
            return sent
        sent = sent.copy()
        if row:
            sent.pop(self.add_prefix(DELETION_FIELD_NAME), None)
        for name in names:
            values = _as_sent(self.fields[name], self.saved_value(name))
            sent.setlist(self.add_prefix(name), values)
            if not values:
                del sent[self.add_prefix(name)]
        return sent


def name_of_choice(name: str) -> str:
    """Return under which name a form says whose value of a field is kept, or of a row, by its prefix."""
    return f"choice-{name}"


def digest_of_value(value: object) -> str:
    """Return a short text that is the same for the same value, whether it comes from the database or from a form."""
    return hashlib.sha256(repr(comparable(value)).encode()).hexdigest()[:6]


def comparable(value: object) -> object:
    """Return a value of a form as something that is equal for the same value, saved or typed."""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return sorted(str(comparable(each)) for each in value)
    return "" if value is None else str(value).replace("\r\n", "\n")


def _as_sent(field: forms.Field, value: object) -> list[str]:
    """Return a saved value as a browser sends it back."""
    value = field.prepare_value(value)
    if value is None or value is False:
        return []
    if value is True:
        return ["on"]
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return [str(getattr(each, "pk", each)) for each in value]
    return [str(value)]


def message_of_stale_form(row: Model) -> str:
    """Return what to tell a curator whose form is older than the row: who was quicker, and when. At most one query."""
    history = getattr(row, "history", None)
    latest = (
        history.select_related("history_user").order_by("-history_date", "-history_id").first() if history else None
    )
    text = _(
        "%(who)s changed this%(when)s after you opened it. Nothing was saved, and what you typed is still here. "
        "Choose below whose values are kept."
    )
    when = ""
    if latest is not None:
        when = _(" on %s,") % date_format(timezone.localtime(latest.history_date), "DATETIME_FORMAT")
    return text % {"who": getattr(latest, "history_user", None) or _("Somebody"), "when": when}

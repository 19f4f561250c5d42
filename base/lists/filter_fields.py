"""The form fields of filters: what their values may look like. Public ids, words, numbers, moments, and lists of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from base.records.labels import named_by_slug
from base.text.characters import TextKind, fault_of

if TYPE_CHECKING:
    from base.records.records import Record

QUERY_LENGTH = 200  # characters
MOST_VALUES = 100  # in a list


class RecordField(forms.CharField):
    """Public records, named by their public ids. A former id stands for the record it leads to today."""

    default_error_messages = {"nothing": _("There is no “%(value)s” here.")}

    def __init__(self, models: tuple[type[Record], ...], **kwargs: Any) -> None:
        self.models = models
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> list[Record]:  # type: ignore[override]
        """Return the records of one id: a list of one, or of one of each kind that has this id."""
        return [] if value in self.empty_values else self.clean_list([str(value)])

    def run_validators(self, value: object) -> None:
        """Do nothing: `to_python` has checked all there is to check."""

    def clean_list(self, ids: list[str]) -> list[Record]:
        """Return the records of all these ids. One query, a few more where an id is a former one."""
        asked = {text: self.parts(text) for text in ids}
        records: dict[str, list[Record]] = {text: [] for text in ids}
        for former in (False, True):
            missing = {text for text in ids if not records[text]}
            wanted = {
                model: [text for text in missing if asked[text][0] in ("", model.plural) and asked[text][1]]
                for model in self.models
            }
            slugs = {model: {asked[text][1] for text in texts} for model, texts in wanted.items() if texts}
            by_slug = _by_former_ids(slugs) if former else named_by_slug(slugs)
            for model in slugs:
                for text in wanted[model]:
                    slug = asked[text][1]
                    records[text] += [by_slug[model][slug]] if slug in by_slug[model] else []
        if unknown := [text[:80] for text in ids if not records[text]]:
            params = {"value": "”, “".join(unknown[:10])}
            raise ValidationError(self.error_messages["nothing"], code="nothing", params=params)
        return [record for text in ids for record in records[text]]

    def parts(self, text: str) -> tuple[str, str]:
        """Return (plural, id) of a value. The plural is empty unless the value names one of several kinds, as `people/tony-bui`."""
        plural, slash, slug = text.rpartition("/") if len(self.models) > 1 else ("", "", text)
        # Control characters never reach the database.
        usable = slug.isprintable() and len(slug) <= QUERY_LENGTH and bool(plural) == bool(slash)
        return plural, slug if usable else ""


def _by_former_ids(slugs: Mapping[type[Record], Collection[str]]) -> dict[type[Record], dict[str, Record]]:
    """Return the public records to which these ids lead today, by model and id."""
    return {model: model.objects.by_former_ids(some) for model, some in slugs.items()}


class QueryField(forms.CharField):
    """What somebody typed into a search box."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"max_length": QUERY_LENGTH, "strip": True, **kwargs}
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        """Return the text in one line. Raises ValidationError for other control characters: they are no words, nor nothing."""
        text = re.sub("[\t-\r]", " ", value or "")
        if fault := fault_of(text, TextKind.SOURCE):
            raise ValidationError(str(fault), code="characters")
        return text.strip()


class WholeNumberField(forms.IntegerField):
    """A number in digits alone; Django would read 1.0 and full-width digits as well."""

    def to_python(self, value: str | None) -> int | None:
        """Return the number; None for an empty value."""
        if value not in self.empty_values and not re.fullmatch("[0-9]+", str(value).strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class MomentField(forms.CharField):
    """A moment: a day (its beginning in UTC), or a date-time of RFC 3339, which has a zone."""

    spelling = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2}))?"
    default_error_messages = {"invalid": _("Write a day (2025-03-14) or a time with its zone (2025-03-14T09:30:00Z).")}

    def to_python(self, value: str | None) -> datetime.datetime | None:  # type: ignore[override]
        """Return the moment in UTC; None for an empty value."""
        text = super().to_python(value) or ""
        if not text:
            return None
        try:
            if not re.fullmatch(self.spelling, text):
                raise ValueError(text)
            moment = datetime.datetime.fromisoformat(text.upper())
            return moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class ListField(forms.CharField):
    """Several values with commas between them, each of which the field `one` checks."""

    default_error_messages = {
        "gap": _("Something is missing beside a comma."),
        "many": _("At most %(most)s values are taken at once."),
    }

    def __init__(self, one: forms.Field, **kwargs: Any) -> None:
        self.one = one
        super().__init__(**kwargs)

    @property
    def choices(self) -> Iterable[tuple[str, str]]:
        """The values that are accepted, each with its label; none if they cannot be listed."""
        choices: Iterable[tuple[str, str]] = getattr(self.one, "choices", ())
        return choices

    def to_python(self, value: str | None) -> list[Any]:  # type: ignore[override]
        """Return the values, each once."""
        if value in self.empty_values:
            return []
        parts = list(dict.fromkeys(part.strip() for part in str(value).split(",")))
        if "" in parts:
            raise ValidationError(self.error_messages["gap"], code="gap")
        if len(parts) > MOST_VALUES:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": MOST_VALUES})
        if isinstance(self.one, RecordField):
            return self.one.clean_list(parts)
        return [self.one.clean(part) for part in parts]

    def run_validators(self, value: object) -> None:
        """Do nothing: the field `one` has checked each value."""

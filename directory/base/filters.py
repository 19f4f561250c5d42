"""The one filter system: every list page, API list, feed and export of a kind uses the same FilterSet."""

from __future__ import annotations

import unicodedata
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .records import Gone, Moved
from .search import found

QUERY_LENGTH = 200


class RecordField(forms.ModelChoiceField):
    """A public record, named by its public id. Rendered as text: a select of 20,000 people helps nobody."""

    widget = forms.TextInput
    default_error_messages = {"invalid_choice": _("There is no “%(value)s” here.")}

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "slug")
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Find the public record, also by an id it had before; control characters never reach the database."""
        if value in self.empty_values:
            return None
        text = str(value)
        if text.isprintable() and len(text) <= QUERY_LENGTH:
            records: Any = self.model.objects  # type: ignore[attr-defined]
            try:
                return records.resolve(text)
            except Moved as moved:
                return moved.record
            except (Gone, self.model.DoesNotExist):  # type: ignore[attr-defined]
                pass
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": text[:80]})

    def validate(self, value: Any) -> None:
        """Only the presence matters here; `to_python` did the rest."""
        forms.Field.validate(self, value)


class RecordFilter(django_filters.Filter):
    """Rows that have this record in one of the given relations (foreign keys)."""

    field_class = RecordField

    def __init__(self, model: type[Model], *relations: str, **kwargs: Any) -> None:
        self.relations = relations
        super().__init__(model=model, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Keep the rows that point at the record."""
        if value is None:
            return qs
        condition = Q()
        for relation in self.relations:
            condition |= Q(**{relation: value})
        return qs.filter(condition)


class LinkedFilter(RecordFilter):
    """Rows joined to this record by a public link that was not rejected.

    The links are selected by themselves, never through a join, so that a draft link finds nothing.
    """

    def __init__(self, model: type[Model], link: type[Model], of: str, to: str, **kwargs: Any) -> None:
        self.link, self.of, self.to = link, of, to
        super().__init__(model, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Keep the rows at the other end of a firm link."""
        if value is None:
            return qs
        links = self.link.objects.firm().filter(**{self.to: value})  # type: ignore[attr-defined]
        return qs.filter(pk__in=links.values(self.of))


class QueryField(forms.CharField):
    """What somebody typed into a search box."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"max_length": QUERY_LENGTH, "strip": True, **kwargs}
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """Drop control characters, which no name holds and PostgreSQL refuses."""
        text = super().to_python(value) or ""
        return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).strip()


class QueryFilter(django_filters.Filter):
    """Rows whose folded text holds every word."""

    field_class = QueryField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the rows that match."""
        return found(qs, value) if value else qs


class WholeNumberFilter(django_filters.NumberFilter):
    """Rows with this whole number."""

    field_class = forms.IntegerField


class DayFilter(django_filters.DateFilter):
    """Rows on one side of a day, written YYYY-MM-DD and in no other way."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class BaseFilter(django_filters.FilterSet):
    """What every kind of record can be filtered by."""

    q = QueryFilter(label=_("Search"))

    @property
    def active(self) -> dict[str, Any]:
        """The filters in use that are valid, name -> cleaned value; ordering and empty ones left out."""
        self.form.is_valid()  # what is wrong is left out; the rest is in use all the same
        values = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in values.items() if name != "ordering" and value not in (None, "", [])}


# What a list can be sorted by, upwards and downwards.
ORDERINGS: dict[str, Any] = {
    "name": (_("Name"), _("Name, from the end")),
    "title": (_("Title"), _("Title, from the end")),
    "date": (_("Date, oldest first"), _("Date, newest first")),
    "position": (_("Place in the source"), _("Place in the source, from the end")),
    "updated": (_("Change, oldest first"), _("Change, newest first")),
}


def ordering(**fields: str) -> django_filters.OrderingFilter:
    """Return the ordering filter: public name -> column. Every ordering of a list ends in a unique column."""
    return StableOrdering(fields=[(column, name) for name, column in fields.items()], label=_("Sort"))


class StableOrdering(django_filters.OrderingFilter):
    """Orders by the chosen column, then by id, so that two pages never show the same row."""

    def build_choices(self, fields: Any, labels: Any) -> list[tuple[str, Any]]:
        """Name each order in the reader's language; django-filter would name it once, when the program starts."""
        return [(f"{sign}{name}", ORDERINGS[name][sign == "-"]) for name in fields.values() for sign in ("", "-")]

    def filter(self, qs: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        """Order the rows, empty values last on both databases; without a choice they keep the order of their kind."""
        if not value:
            return qs
        columns = [str(self.get_ordering_value(choice)) for choice in value if choice]
        order = [F(c[1:]).desc(nulls_last=True) if c[0] == "-" else F(c).asc(nulls_last=True) for c in columns]
        return qs.order_by(*order, "pk")

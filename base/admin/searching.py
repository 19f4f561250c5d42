"""What every list and form of the admin shares: search that folds like the site's, and fields that complete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, ManyToManyField, Model, Q, QuerySet
from django.db.models.fields.related import RelatedField
from django.db.models.lookups import In
from django.http import HttpRequest

from base.admin.addresses import is_key
from base.lists.filter_fields import QUERY_LENGTH
from base.lists.search import has_search_condition, search_condition, search_rows
from base.lists.search_words import holds_any, text_forms, words_of
from base.records.publishing import Publishable
from base.records.records import Record
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions, unindexed
from base.sql.prepared import AnyOf

SEARCH_COLUMN = "search"  # every record has it, with an index

RowT = TypeVar("RowT", bound=Publishable)


class WordMatch(NamedTuple):
    """One way in which a row may hold a word, as two conditions."""

    lookup: Q | None  # served by an index; None where too many rows hold the word
    scan: Q  # put to one row after the other


class SoundChoices(AutocompleteMixin):
    """Shows the chosen rows by their keys. A key that is none was refused by the field; here it is left out."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        """Return the chosen rows, as Django's choices are grouped."""
        return super().optgroups(name, [key for key in value if is_key(str(key)) or not key], attr)


class RowSelect(SoundChoices, AutocompleteSelect):
    """A row to choose while one types."""


class RowsSelect(SoundChoices, AutocompleteSelectMultiple):
    """Rows to choose while one types."""


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their keys. A number that no key can be is refused like any other that is no row."""

    def _check_values(self, value: Iterable[object]) -> QuerySet[Model]:
        for key in value:
            if not is_key(str(key)):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(key)[:80]}
                )
        rows: QuerySet[Model] = super()._check_values(value)  # type: ignore[misc]  # the stubs leave it out
        return rows


class RelationFields(BaseModelAdmin):
    """Offers every relation as a field that completes while one types: no select of ten thousand rows, ever."""

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Return all editable relations of the model."""
        relations = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [f.name for f in relations if isinstance(f, ForeignKey | ManyToManyField) and f.editable]

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: object) -> forms.Field | None:
        """Offer to look at, change or add the other row beside it, but not to delete it from here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field of a relation with one row."""
        field = super().formfield_for_foreignkey(
            db_field, request, **{"widget": RowSelect(db_field, self.admin_site), **kwargs}
        )
        return self._labelled(field, db_field)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the field of a relation with many rows."""
        field = super().formfield_for_manytomany(
            db_field, request, **{"widget": RowsSelect(db_field, self.admin_site), "form_class": RowsField, **kwargs}
        )
        return self._labelled(field, db_field)

    def _labelled(self, field: Any, db_field: RelatedField) -> Any:
        """Let a field call the rows that are chosen as it calls those to choose from."""
        label = getattr(self.admin_site._registry.get(db_field.remote_field.model), "choice_label", None)
        if field is not None and label is not None:
            field.label_from_instance = label
        return field

    def get_field_queryset(self, db: str | None, db_field: RelatedField, request: HttpRequest) -> QuerySet[Model]:
        """Return the rows of a relation as their own admin loads them, so that their labels cost no more queries."""
        target = self.admin_site.get_model_admin(db_field.remote_field.model)
        return target.get_queryset(request)


class FoldedSearch(admin.ModelAdmin, Generic[RowT]):
    """Finds rows as the site does: every word somewhere in a folded column, whatever its case, marks and width.

    Where the column is the search column of a record, the rule is that of the site (`base/lists/search.py`): names are found
    with wrong signs too, statements by the names of what they are linked with, and one or two letters of Thai only in the newest
    statements. Where few rows hold a word they are looked up, where many do the list is read in its order.
    """

    model: type[RowT]
    folded_columns: ClassVar[tuple[str, ...]] = ("search",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; Django shows the search box only if there are any."""
        return self.folded_columns

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[RowT], search_term: str
    ) -> tuple[QuerySet[RowT], bool]:
        """Return the rows in which every word occurs, and that none is there twice. Autocomplete asks this too."""
        words = self.words_of(search_term[:QUERY_LENGTH])
        if search_term.strip() and not words:
            return queryset.filter(pk__lt=0), False  # nothing but punctuation
        conditions = [self.lookup_or_scan(word, queryset.db) for word in words]
        return queryset.filter(*choose_conditions(queryset.db, conditions)), False

    def words_of(self, search_term: str) -> Sequence[str]:
        """Return the folded words of what was typed."""
        return words_of(search_term)

    def choice_label(self, obj: RowT) -> str:
        """Return how a row is shown among the choices while one types."""
        return str(obj)

    def lookup_or_scan(self, word: str, using: str) -> LookupOrScan:
        """Return the condition that a row holds this folded word, for few rows and for many."""
        matches = self.word_matches(word)
        scan = reduce(or_, (match.scan for match in matches))
        if any(match.lookup is None for match in matches):
            return LookupOrScan(scan)
        rows = self.model._base_manager.using(using)
        return LookupOrScan(scan, [rows.filter(match.lookup).values_list("pk") for match in matches])

    def word_matches(self, word: str) -> list[WordMatch]:
        """Return the ways in which a row may hold this folded word."""
        return [self._column_match(column, word) for column in self.folded_columns]

    def _column_match(self, column: str, word: str) -> WordMatch:
        path, _separator, name = column.rpartition("__")
        contains = Q(**{f"{column}__contains": word})
        if name != SEARCH_COLUMN:
            return WordMatch(contains, contains)
        searched = self.model._meta.get_field(path).related_model if path else self.model
        model, key = cast("type[Record]", searched), path or "pk"
        records = model._base_manager.all()
        if has_search_condition(model, word):
            (condition,) = choose_conditions(records.db, [search_condition(records, word)])
            if not isinstance(condition, AnyOf):  # many records have the word
                return WordMatch(None, Q(condition) if not path else holds_any(text_forms(word), column))
            keys = records.filter(condition).values("pk")
            return WordMatch(Q(**{f"{key}__in": keys}), Q(In(unindexed(key), keys)))
        keys = search_rows(records, word).order_by().values("pk")
        return WordMatch(Q(**{f"{key}__in": keys}), Q(In(unindexed(key), keys)))

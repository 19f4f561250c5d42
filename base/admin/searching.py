"""What every list and form of the admin shares: search that folds like the site's, and fields that complete."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar, NamedTuple

from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, Model, Q, QuerySet
from django.db.models.lookups import In
from django.http import HttpRequest

from base.lists.search import has_search_condition, search_condition, search_rows
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions, unindexed
from base.sql.prepared import AnyOf
from base.text.names import fold

SEARCHED = "search"  # the column that every record has for it, with an index


class Way(NamedTuple):
    """One way in which a row may hold a word: the condition as it is looked up (None: too many hold it), and as a scan puts it to
    one row after the other.
    """

    lookup: Q | None
    scan: Q


class RelationFields:
    """Offers every relation as a field that completes while one types: no select of ten thousand rows, ever."""

    model: type[Model]
    admin_site: admin.AdminSite

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Return all editable relations of the model."""
        relations = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [f.name for f in relations if isinstance(f, ForeignKey | ManyToManyField) and f.editable]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer to look at, change or add the other row beside it, but not to delete it from here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if hasattr(getattr(field, "widget", None), "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of a relation as their own admin loads them, so that their labels cost no more queries."""
        target = self.admin_site.get_model_admin(db_field.remote_field.model)
        return target.get_queryset(request)


class FoldedSearch(admin.ModelAdmin):
    """Finds rows as the site does: every word somewhere in a folded column, whatever its case, marks and width.

    It is the rule of the site, `search_rows()`: names are found with wrong signs too, and words of one and two letters only in the
    newest statements. Few rows are looked up, many are walked to.
    """

    folded_columns: ClassVar[tuple[str, ...]] = ("search",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; their being there makes Django show the search box."""
        return self.folded_columns

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows in which every word occurs. Autocomplete comes this way too."""
        conditions = [self.lookup_or_scan(word, queryset.db) for word in fold(search_term).split()]
        return queryset.filter(*choose_conditions(queryset.db, conditions)), False

    def choice_label(self, obj: Any) -> str:
        """Return how a row is shown among the choices while one types."""
        return str(obj)

    def lookup_or_scan(self, word: str, using: str) -> LookupOrScan:
        """Return the condition that a row holds this folded word."""
        ways = self.ways(word)
        scan = reduce(or_, (way.scan for way in ways))
        if any(way.lookup is None for way in ways):
            return LookupOrScan(scan)
        rows = self.model._base_manager.using(using)
        return LookupOrScan(scan, [rows.filter(way.lookup).values_list("pk") for way in ways])

    def ways(self, word: str) -> list[Way]:
        """Return in which ways a row may hold this folded word."""
        return [self._in_column(column, word) for column in self.folded_columns]

    def _in_column(self, column: str, word: str) -> Way:
        path, _lookup, name = column.rpartition("__")
        held = Q(**{f"{column}__contains": word})
        if name != SEARCHED:
            return Way(held, held)
        owner: Any = self.model._meta.get_field(path).related_model if path else self.model
        rows, key = owner._base_manager.all(), path or "pk"
        if has_search_condition(owner, word):
            (condition,) = choose_conditions(rows.db, [search_condition(rows, word)])
            many = not isinstance(condition, AnyOf)
            return Way(None, held) if many else Way(Q(**{f"{key}__in": rows.filter(condition).values("pk")}), held)
        keys = search_rows(rows, word).order_by().values("pk")
        return Way(Q(**{f"{key}__in": keys}), Q(In(unindexed(key), keys)))

"""What every list and form of the admin shares: search that folds like the site's, and fields that complete."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, Model, Q, QuerySet
from django.http import HttpRequest

from directory.base.names import fold
from directory.base.search import matching


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
    """Finds rows as the site does: every word somewhere in a folded column, whatever its case, marks and width."""

    folded_columns: ClassVar[tuple[str, ...]] = ("search",)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; their being there makes Django show the search box."""
        return self.folded_columns

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows in which every word occurs. Autocomplete comes this way too."""
        condition = Q()
        for word in fold(search_term).split():
            condition &= self.word_condition(word)
        return queryset.filter(condition), False

    def choice_label(self, obj: Any) -> str:
        """Return how a row is shown among the choices while one types."""
        return str(obj)

    def word_condition(self, word: str) -> Q:
        """Return the condition that this folded word occurs in one of the columns."""
        condition = Q()
        for column in self.folded_columns:
            condition |= matching(word, column)
        return condition

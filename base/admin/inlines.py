"""Inlines: the names, links and descriptions of a record on its page, and never more of them than a page can hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from base.admin.addresses import is_key
from base.admin.forms import CleanedData, FactForm, next_position
from base.admin.inline_rows import without_lost_rows
from base.admin.searching import RelationFields
from base.admin.translations import text_language_of
from base.records.names import NameKind
from base.records.provenance import Certainty
from base.records.publishing import Status

INLINE_ROWS = 50
MOST_ROWS_SENT = (
    200  # in one form, new ones included; Django would read two thousand, which takes it a quarter of a minute
)


class BoundedFormSet(BaseInlineFormSet):
    """Shows the first 50 rows; the panel of related rows leads to the others. What was not shown is not touched."""

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        if data is not None:
            data = without_lost_rows(data, kwargs.get("prefix") or self.get_default_prefix())
        super().__init__(data, **kwargs)

    def get_queryset(self) -> QuerySet[Model]:
        """Return the first rows, or, once the form comes back, the rows that it held."""
        if not hasattr(self, "_bounded_rows"):
            rows = super().get_queryset()
            if self.is_bound:
                pk = self.fk.model._meta.pk.name
                count = min(self.initial_form_count(), self.absolute_max)  # as many forms as Django makes
                posted = [self.data.get(f"{self.prefix}-{i}-{pk}", "") for i in range(count)]
                self._bounded_rows = rows.filter(pk__in=[value for value in posted if is_key(value)])
            else:
                self._bounded_rows = rows[:INLINE_ROWS]
        return self._bounded_rows

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Add the fields of the formset, and name every field: the box that completes a relation has no label of its own."""
        super().add_fields(form, index)
        for field in form.fields.values():
            # Around the field of a relation Django puts a widget of its own, whose attributes are those of another row.
            widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
            widget.attrs.setdefault("aria-label", field.label or "")

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Model:
        """Save a new row; one without a position stands behind the others."""
        if isinstance(form, FactForm) and form.goes_last:
            setattr(form.instance, self.fk.name, self.instance)
            form.instance.position = next_position(form.instance)
        return super().save_new(form, commit=commit)

    def rows_not_in_form(self) -> QuerySet[Model]:
        """Return the rows of this record that the form did not hold."""
        rows = self.fk.model._default_manager.filter(**{self.fk.name: self.instance})
        return rows.exclude(pk__in=[form.instance.pk for form in self.initial_forms])

    def remaining_rows(self) -> list[CleanedData]:
        """Return the cleaned data of every row of the form that is to stay."""
        remaining = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        return [form.cleaned_data for form in remaining if form.instance.pk or form.has_changed()]


class NameFormSet(BoundedFormSet):
    """The names of a record; a published record keeps one that readers may see."""

    def clean(self) -> None:
        """Refuse to take the last name from a published record."""
        super().clean()
        if self.instance.pk is None or self.instance.status != Status.PUBLISHED or any(self.errors):
            return
        visible = [
            row
            for row in self.remaining_rows()
            if row["status"] == Status.PUBLISHED and row["certainty"] != Certainty.REJECTED
        ]
        others = self.rows_not_in_form().filter(status=Status.PUBLISHED).exclude(certainty=Certainty.REJECTED)
        if not visible and not others.exists():
            raise ValidationError(
                _(
                    "A published record keeps at least one published name that is not rejected. Withdraw the record first."
                )
            )


class Inline(RelationFields, admin.StackedInline):
    """Rows of a record as cards, all fields of which fit the page, with a link to each row's own page and history."""

    extra = 0
    max_num = MOST_ROWS_SENT
    show_change_link = True
    formset = BoundedFormSet
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 2, "cols": 30})}}

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: object) -> type[BaseInlineFormSet]:
        """Refuse a form with more rows than anybody fills in, before they are read."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS_SENT, **kwargs})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Load what the labels of the rows need."""
        parents = getattr(self.model, "public_parents", ())
        return super().get_queryset(request).select_related(*parents)


class FactInline(Inline):
    """Cited rows of a record."""

    form: type[forms.ModelForm] = FactForm
    facts: ClassVar[tuple[str, ...]] = ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[tuple[str, ...], ...]:
        """Return the lines of a card: the facts, then their evidence."""
        return (self.facts, ("passages", "certainty", "status", "note", *text_language_of(self.model)), ("seen",))


class NameInline(FactInline):
    """Every spelling of a record's name."""

    formset = NameFormSet
    facts = ("text", "language", "kind", "position")

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        """Explain the kinds where one is chosen."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "kind":
            field.help_text = _(
                "Official: used by the bearer. Variant: another real spelling. Misprint: printed so by mistake, "
                "kept so that it is found."
            )
            field.initial = NameKind.OFFICIAL
        return field

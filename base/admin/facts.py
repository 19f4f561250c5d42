"""Pages of facts, the rows that belong to records: names, links, descriptions."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.admin.fieldsets import CHANGE_FIELDSET, EVIDENCE_HELP, Fieldset
from base.admin.forms import FactForm, FactPageForm, next_position
from base.admin.pages import CurationAdmin
from base.admin.translations import text_language_of
from base.lists.relations import pairs
from base.records.provenance import Certainty, Fact
from base.sql.lookup_or_scan import linked_row_exists

FactT = TypeVar("FactT", bound=Fact)


class EvidenceFilter(admin.SimpleListFilter):
    """Finds facts that nobody can check, because no passage is cited."""

    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Return the one case worth looking for, and its opposite."""
        return [("none", str(_("stated without a passage"))), ("some", str(_("with a passage")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Fact]) -> QuerySet[Fact]:
        """Select by whether a passage is cited."""
        cited = pairs(queryset.model.passages)
        if self.value() == "none":
            # Hardly any: all rows are looked through, which PostgreSQL does best by a join.
            without = ~Exists(cited.rows().filter(**{cited.of: OuterRef("pk")}))
            return queryset.filter(without, certainty=Certainty.STATED)
        return queryset.filter(linked_row_exists(cited.rows(), cited.of)) if self.value() == "some" else queryset


class FactAdmin(CurationAdmin[FactT]):
    """All rows of one kind of fact, whatever record they belong to."""

    form: type[ModelForm] = FactPageForm
    list_display = ["__str__", "certainty", "status"]
    list_filter = ["status", "certainty", EvidenceFilter]
    ordering = ("-pk",)  # the newest first: no index serves the names of the records at both ends
    facts: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactT]:
        """Load the records at both ends with each row."""
        return super().get_queryset(request).select_related(*self.model.public_parents)

    def get_fieldsets(self, request: HttpRequest, obj: FactT | None = None) -> list[Fieldset]:
        """Return the fact, its evidence and the reason of the change."""
        fieldsets: list[Fieldset] = [
            (None, {"fields": [*self.model.public_parents, *self.facts]}),
            (
                _("Evidence"),
                {
                    "fields": ["passages", "certainty", "note", *text_language_of(self.model), "status"],
                    "description": EVIDENCE_HELP,
                },
            ),
        ]
        return [*fieldsets, CHANGE_FIELDSET] if self.may_change(request, obj) else fieldsets

    def save_model(self, request: HttpRequest, obj: FactT, form: ModelForm, change: bool) -> None:
        """Save; a new row without a position stands behind the others of its record."""
        if isinstance(form, FactForm) and form.goes_last:
            form.instance.position = next_position(obj)
        super().save_model(request, obj, form, change)


class NameAdmin(FactAdmin):
    """All names of one kind of record."""

    folded_columns = ("folded",)
    list_display = ["text", "language", "kind", "owner", "certainty", "status"]
    list_filter = ["status", "certainty", "kind", "language", EvidenceFilter]
    facts = ("text", "language", "kind", "position")

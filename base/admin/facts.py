"""Pages of the rows that hang on records: names, links, descriptions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from base.admin.forms import FactPageForm, place_last
from base.admin.pages import CurationAdmin
from base.lists.relations import pairs
from base.records.provenance import Certainty
from base.sql.lookup_or_scan import linked_row_exists

EVIDENCE_HELP = _(
    "Stated: the passage says it in so many words. Inferred: you concluded it; say how in the note. Disputed: passages "
    "contradict each other; keep both rows. Rejected: other passages overrule it; it stays visible, marked as rejected. "
    "When in doubt, say that it is doubtful."
)
CHANGE = (_("This change"), {"fields": ["change_reason"]})


class EvidenceFilter(admin.SimpleListFilter):
    """Finds facts that nobody could check."""

    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the one case worth looking for, and its opposite."""
        return [("none", _("stated without a passage")), ("some", _("with a passage"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Select by whether a passage is cited."""
        cited = pairs(queryset.model.passages)
        if self.value() == "none":
            # Hardly any: all rows are looked through, which PostgreSQL does best by a join.
            without = ~Exists(cited.rows().filter(**{cited.of: OuterRef("pk")}))
            return queryset.filter(without, certainty=Certainty.STATED)
        return queryset.filter(linked_row_exists(cited.rows(), cited.of)) if self.value() == "some" else queryset


class FactAdmin(CurationAdmin):
    """All rows of one kind of fact, whatever record they hang on."""

    form: type[ModelForm] = FactPageForm
    list_display = ["__str__", "certainty", "status"]
    list_filter = ["status", "certainty", EvidenceFilter]
    ordering = ("-pk",)  # the newest first: no index serves the names of the records at both ends
    facts: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Load the rows at both ends with each row."""
        return super().get_queryset(request).select_related(*self.model.public_parents)  # type: ignore[attr-defined]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fact, its evidence and the change."""
        sets: list[Any] = [
            (None, {"fields": [*self.model.public_parents, *self.facts]}),  # type: ignore[attr-defined]
            (
                _("Evidence"),
                {"fields": ["passages", "certainty", "note", "status"], "description": EVIDENCE_HELP},
            ),
        ]
        return [*sets, CHANGE] if self.may_change(request, obj) else sets

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a new row without a position stands behind the others of its record."""
        if form.goes_last:
            place_last(obj)
        super().save_model(request, obj, form, change)


class NameAdmin(FactAdmin):
    """All names of one kind of record."""

    folded_columns = ("folded",)
    list_display = ["text", "language", "kind", "owner", "certainty", "status"]
    list_filter = ["status", "certainty", "kind", "language", EvidenceFilter]
    facts = ("text", "language", "kind", "position")

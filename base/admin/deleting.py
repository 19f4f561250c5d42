"""What deleting rows takes with it, as Django's pages of deletion show it, but counted: never a line for each of 10,000 rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.contrib.admin import AdminSite
from django.db.models import CASCADE, PROTECT, RESTRICT, ManyToManyRel, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.admin.row_groups import FIRST_ROWS, row_links

# Lines, each followed by the list of the lines below it, as the filter `unordered_list` takes them.
NestedLines: TypeAlias = list[Any]


@dataclass
class DeletionSummary:
    """What Django's pages of deletion ask for: lines, numbers by kind, missing permissions, and rows that forbid it."""

    site: AdminSite
    request: HttpRequest
    lines: NestedLines = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    protected: list[str] = field(default_factory=list)

    def add(self, rows: QuerySet[Any], lines: NestedLines, title: str = "", url: str = "") -> None:
        """Add rows that go, and what goes with them, to the end. One query for each relation, and one for its first rows."""
        model, count = rows.model, rows.count()
        if not count:
            return
        label = str(model._meta.verbose_name_plural)
        self.counts[label] = self.counts.get(label, 0) + count
        model_admin = self.site._registry.get(model)
        if model_admin is not None and not model_admin.has_delete_permission(self.request):
            self.forbidden.add(str(model._meta.verbose_name))
        below: NestedLines = self.first_lines(model, rows, count, url)
        lines += [f"{title or capfirst(label)}: {count}", below]
        for relation in model._meta.related_objects:
            self.add_related(relation, rows, below)

    def add_related(self, relation: Any, rows: QuerySet[Any], lines: NestedLines) -> None:
        """Add the rows behind one relation: they go too, or forbid it, or lose a mention."""
        related = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": rows.values("pk")})
        title = f"{capfirst(relation.related_model._meta.verbose_name_plural)}: {relation.field.verbose_name}"
        url = self.list_url(relation.related_model, relation.field.name, rows)
        if isinstance(relation, ManyToManyRel):
            related = relation.related_model._base_manager.filter(pk__in=related.values("pk"))
            if count := related.count():
                text = _("%(rows)s: %(count)s, which no longer mention it") % {"rows": title, "count": count}
                lines += [text, self.first_lines(relation.related_model, related, count, url)]
        elif relation.on_delete is CASCADE:
            self.add(related, lines, title, url)
        elif relation.on_delete in (PROTECT, RESTRICT) and (count := related.count()):
            links = self.first_lines(relation.related_model, related, count, url)
            self.protected += [format_html("{}: {}", title, count), *links]

    def first_lines(self, model: type[Model], rows: QuerySet[Any], count: int, url: str) -> NestedLines:
        """Return links to the first rows, and how many there are besides."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:FIRST_ROWS])
        links = row_links(self.site, self.request, model, keys)
        linked = '<a href="{}">{}</a>'
        lines: NestedLines = [format_html(linked, each.url, each.label) if each.url else each.label for each in links]
        if count > len(keys):
            text = _("and %(number)s more") % {"number": count - len(keys)}
            lines.append(format_html('<a href="{}">{}</a>', url, text) if url else text)
        return lines

    def list_url(self, model: type[Model], column: str, rows: QuerySet[Any]) -> str:
        """Return the address of the list of the rows that refer to one row; empty if they refer to several."""
        keys = list(rows.order_by().values_list("pk", flat=True)[:2])
        if len(keys) != 1 or model not in self.site._registry:
            return ""
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return f"{address}?{column}__id__exact={keys[0]}"


def deletion_summary(
    site: AdminSite, request: HttpRequest, model: type[Model], rows: Iterable[Model]
) -> tuple[NestedLines, dict[str, int], set[str], list[str]]:
    """Return what `ModelAdmin.get_deleted_objects` returns, for rows of a model: lines, counts, forbidden kinds, protected rows."""
    summary = DeletionSummary(site, request)
    chosen = model._base_manager.filter(pk__in=[row.pk for row in rows])
    summary.add(chosen, summary.lines)
    return summary.lines, summary.counts, summary.forbidden, summary.protected

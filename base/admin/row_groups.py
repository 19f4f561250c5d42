"""Rows shown on a page that asks before it acts: counted by kind, the first of them linked, the rest a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from base.records.count_labels import count_label
from base.sql.prepared import AnyOf

ModelT = TypeVar("ModelT", bound=Model)

FIRST_ROWS = 5  # of each kind, while all kinds are shown
ROWS_OF_A_PAGE = 100  # while one kind is shown


@dataclass
class RowLink:
    """A row on such a page. `url` is empty where the curator may not look at it."""

    label: str
    url: str


@dataclass
class RowGroup:
    """Rows of one kind. `more` says that there are more than `count`."""

    label: str
    count: int
    count_label: str = ""  # the number in words, where a sentence has it
    more: bool = False
    rows: list[RowLink] = field(default_factory=list)
    all_url: str = ""  # where the others are listed; empty if there are no others
    key: str = ""

    @property
    def not_shown(self) -> int:
        """How many rows are counted and not among those shown."""
        return self.count - len(self.rows)


def row_links(site: AdminSite, request: HttpRequest, model: type[Model], keys: Iterable[int]) -> list[RowLink]:
    """Return links to the admin pages of these rows. One query; labels are as in the lists of the admin."""
    model_admin = site._registry.get(model)
    rows: QuerySet[Model] = model._base_manager.all() if model_admin is None else model_admin.get_queryset(request)
    found = rows.filter(AnyOf("pk", list(keys))).order_by("pk")
    may_look = model_admin is not None and model_admin.has_view_permission(request)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    label = getattr(model_admin, "choice_label", str)
    return [RowLink(label(row), reverse(name, args=[row.pk]) if may_look else "") for row in found]


def row_groups(
    site: AdminSite,
    request: HttpRequest,
    rows: Mapping[type[ModelT], set[int]],
    *,
    address: str = "",
    part: str = "",
    most_counted: int = 0,
) -> list[RowGroup]:
    """Return a group for each model, with links to its first rows. One query a group.

    `address` is the page that lists one group with `show=` behind it, which names `part` and the model. More rows than
    `most_counted` (if it is given) were not counted.
    """
    groups = []
    for model, keys in rows.items():
        key = f"{part}.{model._meta.label_lower}"
        more = bool(most_counted) and len(keys) > most_counted
        number, label = len(keys) - more, str(capfirst(model._meta.verbose_name_plural))
        group = RowGroup(label, number, count_label(model, number, more=more), more, key=key)
        group.rows = row_links(site, request, model, sorted(keys)[:FIRST_ROWS])
        if address and len(keys) > FIRST_ROWS:
            group.all_url = f"{address}show={key}"
        groups.append(group)
    return groups


def one_group(
    site: AdminSite, request: HttpRequest, parts: Mapping[str, Mapping[type[ModelT], set[int]]], address: str
) -> tuple[RowGroup, int, int] | None:
    """Return the group that the request asks for with `show`, a page of it, its number and how many pages there are.

    None if the request asks for no group, or for one that is not there.
    """
    wanted = request.GET.get("show", "")
    for part, rows in parts.items():
        for model, keys in rows.items():
            if f"{part}.{model._meta.label_lower}" != wanted:
                continue
            pages = -(-len(keys) // ROWS_OF_A_PAGE)
            number = request.GET.get("page", "1")
            page = min(int(number), pages) if number.isdecimal() and len(number) < 9 and int(number) else 1
            start = (page - 1) * ROWS_OF_A_PAGE
            group = RowGroup(str(capfirst(model._meta.verbose_name_plural)), len(keys), key=wanted)
            group.rows = row_links(site, request, model, sorted(keys)[start : start + ROWS_OF_A_PAGE])
            return group, page, pages
    return None


def in_words(groups: Iterable[RowGroup]) -> str:
    """Return the counts of groups as a text: “46 statements, 1 name of a person”."""
    return ", ".join(group.count_label for group in groups)

"""Who changed what, when and why: the history of a model, and how versions are written past `save`."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Collection, Sequence
from typing import Any, cast

from django.db.models import Index, Model, Q, QuerySet
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from base.records.change_reasons import MOST_CHARACTERS
from base.records.change_sets import VersionInChangeSet, open_change_set
from base.sql.prepared import AnyOf

DERIVED = ("search", "sort_key", "labels", "name", "name_language")
BEFORE = datetime.timedelta(seconds=2)  # so that how a row was found is in no second with what is saved then


class VersionsManager(HistoryManager):
    """The manager behind `history` of a row or a model."""

    @classmethod
    @functools.cache
    def from_queryset(cls, queryset_class: type[QuerySet[Any]], class_name: str | None = None) -> Any:
        """Return the class with the methods of this queryset; simple_history asks for it whenever `history` is read."""
        return super().from_queryset(queryset_class, class_name)


class ChangesIndexed(HistoricalRecords):
    """A history whose changes and deletions are found by their time, however much was added at once by an import."""

    def create_historical_record_m2ms(self, history_instance: Any, instance: Model) -> None:
        """Keep the links of a row with its version. One query for each kind of link, and one for those that there are.

        Django's rows of the links are enough: simple_history builds the objects at both ends as well.
        """
        for field in history_instance._history_m2m_fields:
            through, copies = field.remote_field.through, self.m2m_models[field]
            names = [each.attname for each in through._meta.fields]
            links = through._base_manager.filter(**{field.m2m_field_name(): instance.pk}).values(*names)
            copies._base_manager.bulk_create([copies(history=history_instance, **link) for link in links])

    def get_meta_options(self, model: type[Model]) -> dict[str, Any]:
        """Return the options of the model of versions, with an index of all but the first versions of rows."""
        later = Index(
            fields=["history_date", "history_id"],
            condition=~Q(history_type="+"),
            name=f"{model._meta.model_name}_changed",
        )
        options: dict[str, Any] = super().get_meta_options(model)
        return {**options, "indexes": (*options.get("indexes", ()), later)}


def history(*m2m: str, exclude: tuple[str, ...] = ()) -> Any:
    """Return the history of a model: a row for every save, with the passages and other links named in `m2m`."""
    return ChangesIndexed(
        m2m_fields=list(m2m),
        excluded_fields=list(exclude),
        cascade_delete_history=False,
        bases=[VersionInChangeSet],
        history_manager=VersionsManager,
    )


def has_history(model: type[Model]) -> bool:
    """Return whether versions of the rows of this model are kept."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def versions_of(model: type[Model]) -> type[Model]:
    """Return the model of the versions of a model with a history."""
    return cast("type[Model]", cast(Any, model).history.model)


def kept_links(model: type[Model]) -> list[Any]:
    """Return the many-to-many fields of a model whose links its versions keep."""
    return list(cast(Any, versions_of(model))._history_m2m_fields)


def write_versions(
    model: type[Model],
    rows: Sequence[Model],
    reason: str,
    now: datetime.datetime | None = None,
    *,
    as_found: bool = False,
) -> None:
    """Add a version of every row, with its passages and other links, which `bulk_history_create` leaves out.

    With `as_found` they belong to no change set and to nobody: they tell how the rows stood before anything was written of them.
    """
    for row in rows:
        row.__dict__.pop("_change_reason", None)
        if as_found:
            row.__dict__["_history_user"] = (
                None  # where simple_history looks before it asks for the user of the request
            )
    act = None if as_found else open_change_set()
    keeper = cast(Any, model).history
    versions = keeper.bulk_history_create(
        rows,
        update=True,
        default_user=act.user if act else None,
        default_change_reason=reason[:MOST_CHARACTERS],
        default_date=now or timezone.now(),
        custom_historical_attrs={"change_set_id": act.row().pk if act and rows else None},
    )
    version_of = {version.id: version.pk for version in versions}
    for many in kept_links(model):
        through, copies = many.remote_field.through, getattr(keeper.model, many.name).model
        names = [each.attname for each in through._meta.fields]
        owner = through._meta.get_field(many.m2m_field_name()).attname
        links = through._base_manager.filter(AnyOf(many.m2m_field_name(), list(version_of))).values(*names)
        copies._base_manager.bulk_create(copies(history_id=version_of[link[owner]], **link) for link in links)


def keep_first_versions(model: type[Model], keys: Collection[int]) -> None:
    """Write a version of those rows that have none, as they are stored: fixtures are loaded without a history.

    Called before rows are changed or deleted, so that every change can be seen and undone. One query if all have a version.
    """
    if not keys:
        return
    versions = versions_of(model)._base_manager
    known = set(versions.filter(AnyOf("id", list(keys))).values_list("id", flat=True).distinct())
    if missing := [key for key in keys if key not in known]:
        rows = list(model._base_manager.filter(AnyOf("pk", missing)).order_by("pk"))
        write_versions(model, rows, "", timezone.now() - BEFORE, as_found=True)

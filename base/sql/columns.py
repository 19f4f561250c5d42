"""Which columns a database has today: fewer than the models where `migrate` was told to stop before the newest migration."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Columns = set[tuple[str, str]]  # (table, column)

_SQL = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c "
    "WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL TABLE%'",
    "postgresql": "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped",
}


def existing_columns(connection: BaseDatabaseWrapper) -> Columns:
    """Return the columns of all tables, those of virtual tables aside. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL[connection.vendor])
        return set(cursor.fetchall())


def columns_of_apps(models: Iterable[type[Model]]) -> Columns:
    """Return the columns that the apps of these models have in today's code, those of their links included."""
    labels = {model._meta.app_label for model in models}
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.managed and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.column is not None
    }

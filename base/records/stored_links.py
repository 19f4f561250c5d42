"""The links of a many-to-many relation as they are stored, set for many rows at once."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from base.sql.prepared import AnyOf


def store_links(many: Any, wanted: dict[int, set[int]]) -> None:
    """Make these the links of rows, by primary key. Three queries."""
    through = many.remote_field.through
    of, target = many.m2m_field_name(), many.m2m_reverse_field_name()
    links = through._base_manager.filter(AnyOf(of, list(wanted)))
    stored: dict[int, set[int]] = defaultdict(set)
    gone: list[int] = []
    for pk, owner, key in links.values_list("pk", of, target):
        stored[owner].add(key)
        if key not in wanted[owner]:
            gone.append(pk)
    through._base_manager.filter(AnyOf("pk", gone)).delete()
    through._base_manager.bulk_create(
        through(**{f"{of}_id": owner, f"{target}_id": key})
        for owner, keys in wanted.items()
        for key in sorted(keys - stored[owner])
    )

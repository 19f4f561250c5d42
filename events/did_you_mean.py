"""What somebody may have meant whose query finds little or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from base.lists.near_names import near_query
from base.lists.search import search_rows
from base.text.names import fold
from directory.models import Initiative, Organization, Person, Topic

from .models import Event, Statement
from .search import ResultGroup

LITTLE = 2  # statements; with more, nobody is asked
NAMED = (Person, Organization, Initiative, Topic, Event)


def query_meant(query: str, groups: Sequence[ResultGroup]) -> str:
    """Return another query with names on record, if this one finds little and the other finds something; else an empty text.

    At most eight queries; none where enough is found, or a record goes by the name.
    """
    if any(group.model is not Statement or group.total > LITTLE for group in groups):
        return ""
    meant = near_query(query, NAMED)
    if not meant or fold(meant) == fold(query):
        return ""
    kinds = (*NAMED, Statement)
    return meant if any(search_rows(kind.objects.published(), meant).exists() for kind in kinds) else ""

"""Who changed what, when and why: one way to switch it on."""

from typing import Any

from simple_history.models import HistoricalRecords

DERIVED = ("search", "sort_key", "labels", "name", "name_language")


def history(*m2m: str, exclude: tuple[str, ...] = ()) -> Any:
    """Return the history of a model: a row for every save, with the passages and other links named in `m2m`."""
    return HistoricalRecords(m2m_fields=list(m2m), excluded_fields=list(exclude), cascade_delete_history=False)

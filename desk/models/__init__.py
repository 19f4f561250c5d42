"""What the desk remembers beside the records themselves."""

from .different_records import DifferentRecords

__all__ = ["DifferentRecords"]

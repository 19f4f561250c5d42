"""An Atom feed that can always be written, and whose summaries are plain text."""

from __future__ import annotations

from typing import Any

from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from base.text.characters import storable


class StorableAtomFeed(Atom1Feed):
    """An Atom feed whose summaries are text, and in which one text that XML cannot hold does not take the whole feed down.

    Django gives summaries as HTML, so that a reader of feeds would take a "<" in them for a tag (RFC 4287, 3.1.1.1).
    No such text comes in by a form, a file or a fixture; it would stand in a database that was written to otherwise. What XML
    cannot hold is left out.
    """

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write an entry without what XML cannot hold."""
        item = {name: _storable(value) for name, value in item.items()}
        super().add_item_elements(handler, {**item, "description": None})
        if item["description"] is not None:
            handler.addQuickElement("summary", item["description"], {"type": "text"})


def _storable(value: object) -> object:
    """Return a text, or the texts of a list, without what XML cannot hold; any other value as it is."""
    if isinstance(value, str):
        return storable(value)
    return [_storable(part) for part in value] if isinstance(value, list | tuple) else value

"""The format of fixtures: Django's JSON, in which a time comes back as it was written.

Django leaves out what is below a thousandth of a second, and writes a time without a fraction only if it has none at all. So a
time in the first thousandth is written as "12:00:20.000Z", and once it is loaded as "12:00:20Z". Here it is that from the start.

Most rows have no translations, and are written in the site's first language. That is what is loaded where a row says nothing of
it, so it is left out.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.serializers import json
from django.core.serializers.json import Deserializer, DjangoJSONEncoder
from django.db.models import Field, Model

from base.records.translations import TranslatedTexts

__all__ = ["Deserializer", "Serializer"]


class MillisecondEncoder(DjangoJSONEncoder):
    """Writes times in whole thousandths of a second."""

    def default(self, o: Any) -> Any:
        """Return what is written of a value that JSON does not know."""
        if isinstance(o, datetime.datetime):
            o = o.replace(microsecond=o.microsecond // 1000 * 1000)
        return super().default(o)


class Serializer(json.Serializer):
    """Writes rows as JSON; used by dumpdata and dump_fixtures (setting SERIALIZATION_MODULES)."""

    def handle_field(self, obj: Model, field: Field[Any, Any]) -> None:
        """Note the value of a column."""
        left_out = isinstance(obj, TranslatedTexts) and field.name in ("text_language", "translations")
        if not (left_out and getattr(obj, field.name) == field.get_default()):
            super().handle_field(obj, field)

    def serialize(self, queryset: Any, **options: Any) -> Any:
        """Write the rows."""
        return super().serialize(queryset, **{"cls": MillisecondEncoder, **options})

"""Tags of the desk's templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import template
from django.forms import BoundField
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from base.admin import status_in_words
from base.records.records import Record
from desk.cards.base import CardForm
from desk.fields import value_of_record
from desk.selections import Selection

register = template.Library()


@register.inclusion_tag("desk/cards/_field.html")
def card_field(field: BoundField) -> dict[str, object]:
    """Show one field of a card."""
    form = field.form
    return {"field": field, "reason": form.reason(field.name) if isinstance(form, CardForm) else ""}


@register.simple_tag
def places(selections: Sequence[Selection]) -> str:
    """Return the paragraphs of selections: “¶3”, “¶3, ¶5”."""
    return ", ".join(dict.fromkeys(f"¶{selection.paragraph}" for selection in selections))


register.filter("status_in_words", status_in_words)


@register.simple_tag
def form_value(record: Record) -> str:
    """Return what stands for a record in a form."""
    return value_of_record(record)


@register.filter
def with_columns(cells: Sequence[SafeString], headers: Sequence[Mapping[str, object]]) -> list[tuple[SafeString, str]]:
    """Return the cells of a row of an admin list, each with the name of its column."""
    return [(cell, capfirst(strip_tags(str(header["text"])))) for cell, header in zip(cells, headers, strict=False)]


@register.filter(is_safe=True)
def labelled(cell: str, column: str) -> str:
    """Return a cell that Django made, `<td …` or `<th …`, with the name of its column, which a narrow page shows beside it."""
    return f'{cell[:3]} data-label="{escape(column)}"{cell[3:]}' if column else cell

"""What stands in the addresses of the admin: keys of rows, filters and first values, all of which anybody may type by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db.models import Field, IntegerField, Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from base.text.numbers import parse_digits

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

MOST_DIGITS = 18  # of a key that both databases take
KEYS = (
    "object_id",
    "version_id",
    "id",
)  # of the parts of an address; the views of old versions take theirs by position
LOOKUPS = ("exact", "in", "isnull")  # that lists of the admin link to


def is_key(text: str) -> bool:
    """Whether a text can be the primary key of a row: digits, no more than both databases take."""
    return parse_digits(text, MOST_DIGITS) is not None


def with_sound_address(view: View) -> View:
    """Return the view with what Django leaves to the database checked first.

    A key that is none is a 404. A character that no text of ours holds, or selected rows that are none, are a 400.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        keys = [*args, *(kwargs[name] for name in KEYS if name in kwargs)]
        if not all(is_key(unquote(str(key))) for key in keys if key is not None):
            raise Http404(_("There is no row with this number."))
        texts = [text for name, values in request.GET.lists() for text in (name, *values)]
        if any("\0" in str(text) for text in texts):
            raise BadRequest("A parameter holds U+0000.")
        if request.method == "POST" and not all(is_key(str(key)) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("A selected row is no number.")
        return view(request, *args, **kwargs)

    return cast(View, checked)


def is_sound_lookup(model: type[Model], lookup: str, value: object) -> bool:
    """Whether a list of this model can be narrowed by a lookup such as `event__id__exact` with this value or these values."""
    path = lookup.split("__")
    if path[-1] in LOOKUPS:
        path, kind = path[:-1], path[-1]
    else:
        kind = "exact"
    field = _field_at(model, path)
    if field is None:
        return False
    values = [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]
    if kind == "isnull" or not (field.is_relation or isinstance(field, IntegerField)):
        return True
    return all(is_key(part) for one in values for part in (one.split(",") if kind == "in" else [one]))


def _field_at(model: type[Model], path: Iterable[str]) -> Field | None:
    """Return the field at the end of a path such as `event`, `id`; None if there is none."""
    field: Any = None
    try:
        for name in path:
            if field is not None:
                model = field.related_model
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except (FieldDoesNotExist, AttributeError):
        return None
    return field


def sound_initial(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first values of a form, as its address gives them, without relations to what can be no row."""
    relations = {field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation}
    sound = dict(values)
    for name in relations & sound.keys():
        value = sound[name]
        if isinstance(value, (list, tuple)):
            sound[name] = [one for one in value if is_key(str(one))]
        elif not is_key(str(value)):
            del sound[name]
    return sound

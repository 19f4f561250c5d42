"""What shapes and their fields derive from, and what a plan can read.

A shape is a serializer that only declares what is shown of a record: OpenAPI is made from it, and `plan.py` makes documents by
it. REST framework never runs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol, runtime_checkable

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import ForeignKey, Model
from django.db.models.expressions import Combinable
from rest_framework import serializers

from base.documents.rows import Rows

if TYPE_CHECKING:
    from base.documents.plan import FetchPlan, Getter, Tree

# Fields whose value is what the column holds. Subclasses are none: what they make of a value themselves would not be done.
COLUMN_FIELDS: tuple[type[serializers.Field], ...] = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.DateTimeField,
    serializers.IntegerField,
    serializers.ListField,
)


class ShapeError(ImproperlyConfigured):
    """A shape declares what no plan can read. The message names the shape and the field, and says what would be right."""


class UnreadableField(Exception):
    """What is wrong with one field, without the name of its shape."""


class Shape(serializers.Serializer[Any]):
    """What is shown of a row. It only declares: whatever makes a document from an instance or reads one in is refused."""

    refers: ClassVar[bool] = False  # whether it names another record, which `expand` shows in full
    annotations: ClassVar[
        tuple[str, ...]
    ] = ()  # columns that the query which is handed to the plan adds to the model's

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return where the rows of nested lists come from, by source. Of others, the relation of that name is read."""
        return {}

    @staticmethod
    def expressions() -> dict[str, Combinable]:
        """Return what is read for sources that are no columns."""
        return {}

    def to_representation(self, instance: object) -> NoReturn:
        """Refuse to make a document."""
        self._refuse()

    def to_internal_value(self, data: object) -> NoReturn:
        """Refuse to read a document in."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        text = "a shape only declares; documents are made by base/documents/plan.py"
        raise NotImplementedError(f"{type(self).__name__}: {text}.")


@runtime_checkable
class PlannedField(Protocol):
    """A field that says itself how its value is found."""

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the values are found, and have the plan read what they are made of."""


def shape_class(field: object) -> type[Shape]:
    """Return the shape of a nested field. Raises UnreadableField for another serializer."""
    if not isinstance(field, Shape):
        raise UnreadableField(f"{type(field).__name__} is no shape; derive it from Shape (base/documents/base.py)")
    return type(field)


def check_column_field(field: serializers.Field) -> None:
    """Raise UnreadableField for a field whose value is not just what a column holds."""
    if type(field) not in COLUMN_FIELDS:
        names = ", ".join(each.__name__ for each in COLUMN_FIELDS)
        raise UnreadableField(
            f"a {type(field).__name__} cannot be read from rows; use one of {names}, a shape, or a field with a method `getter`"
        )


def is_column(model: type[Model], source: str) -> bool:
    """Whether a source is a column of the model, or of a record that its foreign keys lead to (`event__date`)."""
    *path, last = source.split("__")
    try:
        for name in path:
            key = model._meta.get_field(name)
            if not isinstance(key, ForeignKey):
                return False
            model = key.related_model
        return bool(model._meta.get_field(last).concrete)
    except FieldDoesNotExist:
        return False

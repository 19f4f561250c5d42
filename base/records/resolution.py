"""Which record a public id leads to: its own, that of a former id, or the one that a double was merged into."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self, cast

from django.db import models
from django.db.models import ManyToOneRel, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from base.records.labels import named_by_key
from base.records.publishing import PublishableQuerySet
from base.records.successors import record_with_successors, successors
from base.records.texts import CheckedTexts
from base.text.names import SLUG_LENGTH

if TYPE_CHECKING:
    from base.records.records import Record


# Records at whose address anybody ever found something. A draft that has the former id of another does not hide that one.
EVER_PUBLIC = Q(published_at__isnull=False) | Q(merged_into__isnull=False)


class Gone(Exception):
    """A public address whose record was withdrawn; `reason` says why."""

    def __init__(self, record: Record) -> None:
        super().__init__(str(record.withdrawn_reason))
        self.record = record
        self.reason = record.withdrawn_reason


class Moved(Exception):
    """A public address whose record now answers elsewhere, at `record`."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.slug)
        self.record = record


class RecordQuerySet(PublishableQuerySet):
    """Finds records by their public id, old ones included."""

    def resolve(self, slug: str) -> Any:
        """Return the public record with this public id.

        Raises Moved for a renamed or merged record, Gone for a withdrawn one, DoesNotExist for what was never public.
        Costs one query for a current id and at most three for another. Prefetches of the query are kept.
        """
        if "\0" in slug:  # PostgreSQL refuses even to look for it
            raise self.model.DoesNotExist(slug)
        try:
            return self.published().get(slug=slug)
        except self.model.DoesNotExist:
            self.raise_departed(slug)

    def raise_departed(self, slug: str) -> NoReturn:
        """Raise what `resolve` raises for an id that no public record has: Moved, Gone or DoesNotExist. At most two queries."""
        if "\0" in slug:
            raise self.model.DoesNotExist(slug)
        # Drafts are not even read: what was never public answers like what is not there, by the same queries in the same time.
        chain = record_with_successors(self.model.objects.filter(EVER_PUBLIC, slug=slug))
        if not chain:
            chain = record_with_successors(self.model.objects.filter(former_ids__slug=slug))
        if not chain:
            raise self.model.DoesNotExist(slug)
        last = chain[-1]
        if last.is_public:
            if last.slug == slug:  # it was published since it was looked for: nothing says that it is gone
                raise self.model.DoesNotExist(slug)
            raise Moved(last)
        once_public = [record for record in chain if record.published_at is not None]
        if not once_public:
            raise self.model.DoesNotExist(slug)
        raise Gone(once_public[-1])

    def for_title(self) -> Self:
        """Load what the title of a record is made of: of most kinds nothing but the record."""
        return self

    def by_former_ids(self, slugs: Collection[str]) -> dict[str, Record]:
        """Return the public records to which these ids lead today, by renames and mergers, with what names them.

        A present id of a record leads there too, before a former id of another. At most four queries.
        """
        former_ids = former_ids_of(self.model).filter(slug__in=slugs)
        keys = {
            **dict(former_ids.values_list("slug", "record")),
            **dict(self.model.objects.filter(EVER_PUBLIC, slug__in=slugs).values_list("slug", "pk")),
        }
        today = successors(self.model, set(keys.values()))
        records = named_by_key(self.model, set(today.values()))
        return {slug: records[today[key]] for slug, key in keys.items() if today[key] in records}


class FormerId(CheckedTexts):
    """A public id a record had before; its address redirects for ever."""

    is_content: ClassVar[bool] = True
    slug = models.SlugField(_("former public id"), max_length=SLUG_LENGTH + 12, unique=True)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


def former_ids_of(model: type[Record]) -> QuerySet[Any]:
    """Return the former ids of all records of a kind."""
    relation = cast(ManyToOneRel, model._meta.get_field("former_ids"))  # type: ignore[misc]  # each kind has a table of its own
    return relation.related_model._default_manager.all()

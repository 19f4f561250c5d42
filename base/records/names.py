"""The names of a record: one row for each spelling, and columns of the record that lists and search read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import ClassVar, cast

from django.db import models
from django.db.models import ManyToOneRel, Q
from django.utils.translation import gettext_lazy as _

from base.records.history import versions_of
from base.records.provenance import Certainty, Fact
from base.records.publishing import Status
from base.records.records import Record
from base.sql.prepared import AnyOf
from base.text.language_tags import LanguageField
from base.text.names import fold, slug_from, sort_key
from base.text.search_column import search_column

NAME_COLUMNS = ("labels", "name", "name_language", "sort_key", "search")  # of a record, filled from its names


class NamedRecord(Record):
    """A record known by names in any number of languages; what lists need of them is kept in columns of its own."""

    forgiving_search = True
    needs: ClassVar[tuple[str, ...]] = ("names",)

    name = models.CharField(_("name"), max_length=500, default="", editable=False, serialize=False)
    name_language = models.CharField(max_length=35, default="", editable=False, serialize=False)
    labels = models.JSONField(_("name by language"), default=dict, editable=False, serialize=False)
    sort_key = models.CharField(max_length=200, default="", editable=False, serialize=False)
    search = models.TextField(default="", editable=False, serialize=False)

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name or self.slug

    def name_rows(self) -> list[tuple[str, str]]:
        """Return (text, language) of the public names that are not rejected, best first.

        A record that is not public itself keeps the names that were withdrawn with it, so that curators find it by them.
        """
        return self.names_and_texts()[0]

    def search_texts(self) -> list[str]:
        """Return every text under which the record is found: all its public names, rejected readings too.

        Curators find what is not public by the names that were withdrawn with it as well.
        """
        return self.names_and_texts()[1]

    def names_and_texts(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Return what `name_rows` and `search_texts` return. One query."""
        rows = self.names.order_by("position", "uid")  # type: ignore[attr-defined]
        names = list(rows.values_list("text", "language", "status", "certainty"))
        shown = [Status.PUBLISHED] if self.status == Status.PUBLISHED else [Status.PUBLISHED, Status.WITHDRAWN]
        firm = [(text, language, status) for text, language, status, sure in names if sure != Certainty.REJECTED]
        best: list[tuple[str, str]] = []
        for wanted in shown:
            best = best or [(text, language) for text, language, status in firm if status == wanted]
        return best, [*(text for text, _language, status, _sure in names if status in shown), *self.short_names()]

    def short_names(self) -> list[str]:
        """Return the short names, which are no rows, in every language: the record is found by them, too."""
        return []

    def has_public_name(self) -> bool:
        """Whether readers would see a name that is not rejected, were the record public."""
        rows = self.names.filter(status=Status.PUBLISHED)  # type: ignore[attr-defined]
        return bool(rows.exclude(certainty=Certainty.REJECTED).exists())

    @classmethod
    def search_texts_of(cls, keys: Sequence[int], using: str) -> dict[int, list[str]]:
        """Return what `search_texts` returns, for the records with these keys. One query, two where there are short names."""
        field = cast(ManyToOneRel, cls._meta.get_field("names")).field
        names = field.model._base_manager.using(using).filter(**{f"{field.attname}__in": keys})
        shown = names.filter(
            Q(status=Status.PUBLISHED) | Q(status=Status.WITHDRAWN) & ~Q(**{f"{field.name}__status": Status.PUBLISHED})
        )
        texts: dict[int, list[str]] = defaultdict(list)
        for key, text in shown.order_by("position", "uid").values_list(field.attname, "text"):
            texts[key].append(text)
        if cls.short_field:
            for record in cls._base_manager.using(using).filter(pk__in=keys):
                texts[record.pk] += record.short_names()
        return texts

    def refresh_names(self, *, just_saved: bool = False) -> None:
        """Bring the name columns up to date, and give a record with a stand-in id its real one. One to three queries.

        Of a record that was just saved with all its columns, nothing is written again that has not changed.
        """
        before = {column: getattr(self, column) for column in NAME_COLUMNS}
        names, texts = self.names_and_texts()
        self.fill_name_columns(names, texts)
        columns = [*NAME_COLUMNS]
        if names and self.has_provisional_id and (wanted := slug_from(self.name)):
            stand_in, self.slug = self.slug, self.free_slug(wanted)
            columns.append("slug")
            # So that no history tells of a change that nobody made, and nothing brings the stand-in back.
            versions_of(type(self))._base_manager.filter(id=self.pk, slug=stand_in).update(slug=self.slug)
        now = {column: getattr(self, column) for column in columns}
        if now != before or not just_saved:
            type(self).objects.filter(pk=self.pk).update(**now)
        self.__dict__["_loaded"] = {"status": self.status, "slug": self.slug}

    def refresh_columns(self) -> None:
        """Bring the columns that follow from other rows up to date."""
        self.refresh_names()

    def fill_name_columns(self, names: list[tuple[str, str]], texts: list[str]) -> None:
        """Fill the columns that follow from the names, (text, language) best first, and from all texts it is found by."""
        labels: dict[str, str] = {}
        for text, language in names:
            labels.setdefault(language, text)
        self.labels = labels
        self.name, self.name_language = names[0] if names else ("", "")
        self.sort_key = sort_key(self.name)
        self.search = search_column(texts, romanise=True)

    def publish_problems(self) -> list[str]:
        """Return what stands in the way; a named record needs a name that a reader may see."""
        problems = super().publish_problems()
        if not self.has_public_name():
            problems.append(str(_("It has no name yet.")))
        return problems


class NameKind(models.TextChoices):
    """What a spelling is to the record."""

    OFFICIAL = "official", _("official")
    TRANSLATION = "translation", _("translation")
    TRANSLITERATION = "transliteration", _("transliteration")
    ABBREVIATION = "abbreviation", _("abbreviation")
    VARIANT = "variant", _("variant")
    MISPRINT = "misprint", _("misprint")


class Name(Fact):
    """One spelling of a record's name, and where it is spelled so."""

    text = models.CharField(_("text"), max_length=500)
    language = LanguageField(_("language"), help_text=_("BCP 47: th, vi, en …"))
    kind = models.CharField(_("kind"), max_length=16, choices=NameKind, default=NameKind.OFFICIAL)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Lowest first. The first of a reader's language is the one shown to them."),
    )
    folded = models.CharField(max_length=1000, default="", editable=False, serialize=False, db_index=True)

    class Meta(Fact.Meta):
        abstract = True
        ordering = ["position", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_%(class)s_not_empty",
                violation_error_message=_("A name needs a text."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values),
                name="%(app_label)s_%(class)s_kind_known",
                violation_error_message=_("Choose one of the kinds of name."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def derive(self) -> None:
        """Fill the folded column that search compares with."""
        self.folded = fold(self.text)[:1000]

    @property
    def owner(self) -> NamedRecord:
        """The record that goes by this name."""
        owner: NamedRecord = getattr(self, self.public_parents[0])
        return owner


def refresh_names_of(model: type[NamedRecord], keys: Collection[int]) -> None:
    """Bring the name columns of these records up to date; each keeps its id. Two queries, and one for each that changes.

    Records whose names are no rows, such as sources, are left as they are.
    """
    names_relation = "names"
    if not hasattr(model, names_relation) or not keys:
        return
    relation = cast(ManyToOneRel, model._meta.get_field(names_relation))
    rows = cast("type[Name]", relation.related_model)._base_manager.filter(AnyOf(relation.field.name, list(keys)))
    of_record: dict[int, list[Name]] = defaultdict(list)
    for name in rows.order_by("position", "uid"):
        of_record[getattr(name, relation.field.attname)].append(name)
    for record in model._base_manager.filter(AnyOf("pk", list(keys))):
        before = [getattr(record, column) for column in NAME_COLUMNS]
        names = of_record[record.pk]
        public = [name for name in names if name.status == Status.PUBLISHED]
        firm = [name for name in public if name.certainty != Certainty.REJECTED]
        if record.status != Status.PUBLISHED:  # as `name_rows` and `search_texts` have it
            withdrawn = [name for name in names if name.status == Status.WITHDRAWN]
            firm = firm or [name for name in withdrawn if name.certainty != Certainty.REJECTED]
            public = [name for name in names if name in public or name in withdrawn]
        record.fill_name_columns(
            [(name.text, name.language) for name in firm], [*(name.text for name in public), *record.short_names()]
        )
        if before != [getattr(record, column) for column in NAME_COLUMNS]:
            # One by one: Django's bulk update takes four times as long.
            columns = {column: getattr(record, column) for column in NAME_COLUMNS}
            model._base_manager.filter(pk=record.pk).update(**columns)

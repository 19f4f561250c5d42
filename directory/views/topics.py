"""The pages of topics. Statements belong to an app above this one; the names of reverse relations lead to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import ExtractYear
from django.utils.translation import get_language

from base.changes.cache import cached_for
from base.documents.plan import Document, FetchPlan, plan_of
from base.lists.counting import MOST_COUNTED
from base.lists.paging import linked_rows
from base.pages.documents import page_loader
from base.pages.evidence import Evidence
from base.pages.related import RelatedList
from base.pages.views import RecordDetail, RecordList, site_of
from base.records.publishing import Publishable
from base.records.translations import Translations, in_language
from base.sql.prepared import AnyOf, Row
from base.text.dates import UNDATED
from base.text.translated_text import TranslatedText
from directory import jsonld
from directory.api.serializers import TopicSerializer
from directory.filters import TopicFilter
from directory.models import Organization, Person, Topic
from directory.pages import StatementCountSerializer

MOST_SPEAKERS, MOST_GROUPS, MOST_YEARS = 12, 6, 12
# The parameter of the list of statements by which a kind of speaker is chosen -> how such speakers are read.
SPEAKER_PLANS = {
    "speaker": plan_of(StatementCountSerializer, Person, frozenset(), frozenset()),
    "speaker_organization": plan_of(StatementCountSerializer, Organization, frozenset(), frozenset()),
}


class TopicList(RecordList):
    """The list of topics."""

    model = Topic
    filterset_class = TopicFilter
    template_name = "directory/topic_list.html"
    shape = TopicSerializer
    members = ("id", "url", "name", "name_language")


@dataclass(frozen=True)
class SpeakerCount:
    """Who speaks about a topic, and how often: a record, or a group by its label; with the filter that leads to the statements."""

    uses: int
    filter: str
    value: str
    record: Document | None = None
    label: TranslatedText | None = None


@dataclass(frozen=True)
class TopicCounts:
    """Who speaks about a topic and when, in numbers of statements: people, organizations, groups by their labels, years."""

    speakers: dict[str, list[Row]]
    groups: list[tuple[str, int, str, Translations]]  # a label, its number, its language and its translations
    years: list[tuple[int, int]]


class TopicDetail(RecordDetail):
    """The page of a topic: who speaks about it, how much and when, and the statements."""

    model = Topic
    feed_filter = "topic"
    template_name = "directory/topic_detail.html"
    shape = TopicSerializer
    members = ("id", "url", "name", "name_language", "names")
    related = {"statements": RelatedList(("statements",))}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add who speaks about it and when, the evidence and the structured data."""
        counts = cached_for(self.request, ("topic counts", self.key), self.topic_counts)
        speakers = speaker_counts(counts)
        return super().get_context_data(
            speakers=speakers,
            most_uses=max((one.uses for one in speakers), default=1),
            years=counts.years,
            most_of_a_year=max((number for _year, number in counts.years), default=1),
            evidence=Evidence().add_list(self.beside["statements"], "said"),
            jsonld=jsonld.topic(self.object, site_of(self.request)),
            **kwargs,
        )

    def topic_counts(self) -> TopicCounts:
        """Count the statements about the topic by speaker and by year, as far as pages count. Five queries."""
        relation = self._relation("statements")
        model = cast("type[Publishable]", relation.related_model)
        statements: Any = linked_rows(model, relation.field.name, self.key).queryset
        keys = statements.values("pk")[:MOST_COUNTED]
        counted: QuerySet[Any, Any] = model._base_manager.filter(pk__in=keys).order_by()
        speakers = {
            name: plan.read(most_speaking(plan.model.objects.published(), keys)) for name, plan in SPEAKER_PLANS.items()
        }
        groups = counted.filter(speaker__isnull=True, speaker_organization__isnull=True).values("speaker_label")
        dated = counted.filter(sort_date__gt=UNDATED).values(year=ExtractYear("sort_date"))
        labels = groups.annotate(uses=Count("pk"), first=Min("pk")).order_by("-uses", "speaker_label")[:MOST_GROUPS]
        uses = {row["first"]: row["uses"] for row in labels}
        named = counted.filter(AnyOf("pk", list(uses))).values_list(
            "pk", "speaker_label", "text_language", "translations"
        )
        years = dated.annotate(uses=Count("pk")).order_by("-year")[:MOST_YEARS]
        return TopicCounts(
            speakers,
            [(label, uses[key], language, translations) for key, label, language, translations in named],
            [(row["year"], row["uses"]) for row in years],
        )


def most_speaking(speakers: QuerySet[Any], statements: QuerySet[Any, Any]) -> QuerySet[Any]:
    """Return the records that make most of these statements, with their number as `uses`."""
    speaking = speakers.filter(statements__in=statements).annotate(uses=Count("statements"))
    return speaking.order_by("-uses", "sort_key", "slug")[:MOST_SPEAKERS]


def speaker_counts(counts: TopicCounts) -> list[SpeakerCount]:
    """Return who speaks about a topic, whoever speaks most first."""
    rows: Sequence[tuple[FetchPlan, list[Row]]] = [
        (SPEAKER_PLANS[name], counts.speakers[name]) for name in SPEAKER_PLANS
    ]
    documents = page_loader().together(*rows)
    speakers = [
        SpeakerCount(record["uses"], name, record["id"], record)
        for name, records in zip(SPEAKER_PLANS, documents, strict=True)
        for record in records
    ]
    page = get_language() or "en"
    for label, uses, written_in, translations in sorted(counts.groups, key=itemgetter(0)):
        shown = in_language(label, "speaker_label", written_in, translations, page)
        speakers.append(SpeakerCount(uses, "speaker_label", label, label=shown))
    return sorted(speakers, key=lambda one: -one.uses)

"""Stock Django REST framework over the product's models: ModelSerializer, select_related, prefetch_related, CursorPagination.

Also the settings and the addresses of that project: DJANGO_SETTINGS_MODULE=benchmarks.rivals.stock_settings.
"""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import path
from django_filters import rest_framework as filters
from rest_framework import generics, pagination, serializers

from directory.models import Initiative, Organization, Passage, Person, Source, Topic
from events.models import Event, Statement, Wording


def reference(record: type) -> type[serializers.ModelSerializer]:
    """Return the serializer of a record that another points at."""
    meta = type("Meta", (), {"model": record, "fields": ["id", "url", "name", "name_language"]})
    fields = {
        "id": serializers.CharField(source="slug"),
        "url": serializers.HyperlinkedIdentityField(view_name=record.kind, lookup_field="slug"),  # type: ignore[attr-defined]
        "Meta": meta,
    }
    return type(f"{record.__name__}Reference", (serializers.ModelSerializer,), fields)


PersonReference, OrganizationReference = reference(Person), reference(Organization)
EventReference, SourceReference = reference(Event), reference(Source)


class PassageSerializer(serializers.ModelSerializer):
    """A span of a source."""

    source = SourceReference()
    check = serializers.CharField(source="check_state")

    class Meta:
        model = Passage
        fields = ["uid", "source", "paragraph", "start", "end", "sha256", "check"]


class WordingSerializer(serializers.ModelSerializer):
    """One text."""

    class Meta:
        model = Wording
        fields = ["language", "nature", "text", "proven", "by"]


class StatementSerializer(serializers.ModelSerializer):
    """The same fields as the product's list."""

    id = serializers.CharField(source="slug")
    url = serializers.HyperlinkedIdentityField(view_name="statement", lookup_field="slug")
    page = serializers.HyperlinkedIdentityField(view_name="page", lookup_field="slug")
    kind = serializers.CharField(source="statement_kind")
    speaker = PersonReference()
    speaker_organization = OrganizationReference()
    on_behalf_of = OrganizationReference()
    event = EventReference()
    date = serializers.SerializerMethodField()
    initiatives = reference(Initiative)(many=True)
    topics = reference(Topic)(many=True)
    about_people = PersonReference(many=True)
    about_organizations = OrganizationReference(many=True)
    reading = serializers.SerializerMethodField()
    wordings = WordingSerializer(many=True)
    passages = PassageSerializer(many=True)

    class Meta:
        model = Statement
        fields = [
            "id",
            "url",
            "page",
            "kind",
            "attribution",
            "attribution_text",
            "speaker",
            "speaker_organization",
            "speaker_label",
            "role_at_time",
            "on_behalf_of",
            "event",
            "date",
            "initiatives",
            "topics",
            "about_people",
            "about_organizations",
            "reading",
            "wordings",
            "certainty",
            "note",
            "passages",
            "updated_at",
        ]

    def get_date(self, statement: Statement) -> str:
        """Return its own date or its event's."""
        return statement.date or (statement.event.date if statement.event else "")

    def get_reading(self, statement: Statement) -> dict[str, object] | None:
        """Return the wording to read."""

        def rank(wording: Wording) -> tuple[bool, bool, str]:
            return wording.language != "en", wording.nature == "verbatim", wording.nature

        wording = min(statement.wordings.all(), key=rank, default=None)
        return WordingSerializer(wording).data if wording else None


class Pages(pagination.CursorPagination):
    """As it comes, in the order of the product."""

    page_size = 50
    ordering = ("-sort_date", "position", "id")


class Filters(filters.FilterSet):
    """The one filter that is measured."""

    speaker = filters.CharFilter(field_name="speaker__slug")

    class Meta:
        model = Statement
        fields = ["speaker"]


ABOUT = {"topics": Topic, "initiatives": Initiative, "about_people": Person, "about_organizations": Organization}


class StatementList(generics.ListAPIView):
    """The list."""

    serializer_class = StatementSerializer
    pagination_class = Pages
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = Filters

    def get_queryset(self):
        """Return the public statements, loaded as a careful programmer would."""
        return (
            Statement.objects.published()
            .select_related("speaker", "speaker_organization", "on_behalf_of", "event")
            .prefetch_related(
                Prefetch("wordings", Wording.objects.published()),
                Prefetch("passages", Passage.objects.published().select_related("source").defer("source__text")),
                *(Prefetch(name, record.objects.published()) for name, record in ABOUT.items()),
            )
        )


ADDRESSES = [
    "statements/statement",
    "people/person",
    "organizations/organization",
    "events/event",
    "sources/source",
    "initiatives/initiative",
    "topics/topic",
]
_detail = StatementList.as_view()  # only its address is asked for
urlpatterns = [
    path("api/v1/statements/", StatementList.as_view()),
    path("statements/<slug:slug>/", _detail, name="page"),
    *[
        path(f"api/v1/{plural}/<slug:slug>/", _detail, name=name)
        for plural, name in (address.split("/") for address in ADDRESSES)
    ],
]

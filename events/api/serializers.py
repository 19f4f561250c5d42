"""Shapes of the answers: events and statements."""

from __future__ import annotations

import functools

from django.db.models import Case, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from base.documents.base import Shape
from base.documents.plan import Document, FetchPlan, Getter, Tree, register
from base.documents.rows import EMBEDDED, Rows, number_of
from base.documents.shapes import (
    AddressField,
    CitedSerializer,
    DescriptionSerializer,
    FactSerializer,
    LabelledSerializer,
    NameSerializer,
    RecordRefSerializer,
    RecordSerializer,
)
from base.documents.texts import TranslatedTextMember
from base.records.publishing import PublishableQuerySet
from events.models import Event, Participation, Statement, StatementRelation, Wording
from events.models.events import EventKind
from events.models.links import EventInitiativeRole, EventOrganizationRole, ParticipationRole
from events.models.relations import StatementRelationKind
from events.models.segments import JOINER
from events.models.statements import Attribution, Nature, StatementKind
from events.wordings import wording_to_read

from .segments import SegmentSerializer, SegmentsField


class ParticipantSerializer(FactSerializer):
    """A person's part in an event."""

    person = RecordRefSerializer()
    role = serializers.ChoiceField(ParticipationRole.choices)


class EventOrganizationSerializer(FactSerializer):
    """An organization's part in an event."""

    organization = RecordRefSerializer()
    role = serializers.ChoiceField(EventOrganizationRole.choices)


class EventInitiativeSerializer(FactSerializer):
    """An initiative that an event launched, announced or discussed."""

    initiative = RecordRefSerializer()
    role = serializers.ChoiceField(EventInitiativeRole.choices)


class EventParentSerializer(FactSerializer):
    """The event that this one is part of."""

    event = RecordRefSerializer(source="parent")


class EventPartSerializer(FactSerializer):
    """An event that is part of this one."""

    event = RecordRefSerializer()


class EventSerializer(CitedSerializer, LabelledSerializer):
    """Something that took place. Its own passages establish it, its date and its place."""

    short_name = TranslatedTextMember(help_text="A few words for lists, or empty.")
    kind = serializers.ChoiceField(EventKind.choices, source="event_kind")
    date = serializers.CharField(help_text="EDTF; empty if no source states one.")
    date_earliest = serializers.DateField(allow_null=True, help_text="The first day `date` can mean.")
    date_latest = serializers.DateField(allow_null=True, help_text="The last day `date` can mean.")
    date_note = TranslatedTextMember(help_text="What the source says of the date, if it gives none.")
    place = TranslatedTextMember()
    names = NameSerializer(many=True)
    descriptions = DescriptionSerializer(many=True)
    part_of = EventParentSerializer(many=True, source="parent_links")
    parts = EventPartSerializer(many=True, source="part_links")
    participants = ParticipantSerializer(
        many=True,
        source="participations",
        help_text=f"The first {EMBEDDED}, by role; `participants_url` has all.",
    )
    participants_count = serializers.IntegerField(help_text="How many rows `participants_url` has.")
    participants_url = AddressField("api:{kind}-participants")
    organizations = EventOrganizationSerializer(many=True, source="organization_links")
    initiatives = EventInitiativeSerializer(many=True, source="initiative_links")
    statements_url = AddressField("api:statement-list", "event", help_text="What was said there.")

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the first participants, in the order of a programme."""
        return {"participations": [Rows("event", participations, cut=EMBEDDED)]}

    @staticmethod
    def expressions() -> dict[str, Combinable]:
        """Return the number of participants."""
        return {"participants_count": number_of(Participation.objects.published(("event",)), "event")}


def participations() -> PublishableQuerySet:
    """Return the public participations in public events. Speakers stand before the public."""
    number = Case(*[When(role=role, then=Value(number)) for number, role in enumerate(ParticipationRole.values)])
    rows = Participation.objects.published(("event",)).annotate(programme=number)
    return rows.order_by("programme", "person__sort_key", "uid")


class WordingTextSerializer(Shape):
    """One text of a statement, whole. Only a verbatim one is a quotation."""

    language = serializers.CharField(help_text="BCP 47.")
    nature = serializers.ChoiceField(Nature.choices)
    text = serializers.CharField(help_text=f"The parts of a divided quote with “{JOINER}” between them.")
    proven = serializers.BooleanField(help_text="The passages print exactly these words. Always so if verbatim.")
    by = serializers.CharField(help_text="Who translated or paraphrased; empty: the editors.")


class WordingSerializer(WordingTextSerializer):
    """One text of a statement. Only a verbatim one is a quotation, made of segments."""

    segments = SegmentsField(
        SegmentSerializer, help_text="The parts of a quotation in order, nearly always one; none of other texts."
    )


@extend_schema_field(WordingSerializer)
class ReadingField(serializers.Field):
    """The wording to read, out of all wordings, in this shape."""

    def __init__(self, shape: type[Shape] = WordingSerializer, *, help_text: str = "") -> None:
        self.shape = shape
        super().__init__(source="*", help_text=help_text)

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the wording is chosen: as the pages choose it."""
        many = plan.nested(self.shape, StatementSerializer, "wordings", {}, {})
        plan.parts[str(self.field_name)] = many.plan

        def read(wordings: list[Document], language: str) -> Document | None:
            reading = wording_to_read(wordings, language)
            return {name: reading[name] for name in reading if name in wanted} if reading and wanted else reading

        return lambda rows, at: [read(wordings, at.language or "en") for wordings in at.nested(many, rows)]


class StatementRefSerializer(Shape):
    """Another public statement. With `expand`, all of it."""

    refers = True

    id = serializers.CharField(source="slug", help_text="Public id, permanent.")
    url = AddressField("api:{kind}-detail", help_text="Address of the statement in this API.")


class StatementRelationSerializer(FactSerializer):
    """How a statement stands to another one. It holds in both directions, and stands at both statements."""

    statement = StatementRefSerializer(source="other", help_text="The other statement.")
    kind = serializers.ChoiceField(StatementRelationKind.choices, help_text="What the two are to each other.")


class StatementSerializer(CitedSerializer, RecordSerializer):
    """One claim that a source attributes to a person, an organization or a group."""

    kind = serializers.ChoiceField(StatementKind.choices, source="statement_kind")
    attribution = serializers.ChoiceField(Attribution.choices, help_text="How the source says who spoke.")
    attribution_text = serializers.CharField(help_text="The few words by which it does, or empty.")
    speaker = RecordRefSerializer(allow_null=True, help_text="The person who spoke.")
    speaker_organization = RecordRefSerializer(allow_null=True, help_text="The body that spoke, if no person.")
    speaker_label = TranslatedTextMember(help_text="The group that spoke, in a word; or empty.")
    role_at_time = TranslatedTextMember(help_text="As the source has it, not today's post.")
    on_behalf_of = RecordRefSerializer(allow_null=True)
    event = RecordRefSerializer(allow_null=True)
    date = serializers.CharField(
        source="said_on", help_text="EDTF: its own or its event's; empty if neither is stated."
    )
    initiatives = RecordRefSerializer(many=True, help_text="What it is about.")
    topics = RecordRefSerializer(many=True)
    about_people = RecordRefSerializer(many=True)
    about_organizations = RecordRefSerializer(many=True)
    reading = ReadingField(help_text="The wording to read: in the language of `lang`, else in English, else any.")
    wordings: WordingTextSerializer = WordingSerializer(many=True)
    relations = StatementRelationSerializer(
        many=True, help_text="Other statements that make the same claim or contradict it."
    )

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the public wordings (words as printed, translations, paraphrases), and the relations from either end."""
        return {
            "wordings": [Rows("statement", wordings)],
            "relations": [
                Rows(
                    owner, functools.partial(StatementRelation.objects.published, (owner,)), {"other_id": f"{other}_id"}
                )
                for owner, other in (StatementRelation.either_way, reversed(StatementRelation.either_way))
            ],
        }

    @staticmethod
    def expressions() -> dict[str, Combinable]:
        """Return when it was said, as far as a source states it."""
        return {"said_on": Coalesce(NullIf("date", Value("")), "event__date", Value(""))}


def wordings() -> PublishableQuerySet:
    """Return the public wordings of public statements in the order of their nature."""
    number = Case(*[When(nature=nature, then=Value(number)) for number, nature in enumerate(Nature.values)])
    return Wording.objects.published(("statement",)).order_by(number, "language")


register(Event, EventSerializer)
register(Statement, StatementSerializer)

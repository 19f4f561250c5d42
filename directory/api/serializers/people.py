"""People: their names and positions."""

from rest_framework import serializers

from base.documents.plan import register
from base.documents.shapes import AddressField, FactSerializer, LabelledSerializer, NameSerializer, RecordRefSerializer
from base.documents.texts import TranslatedTextMember
from directory.models import Person


class PositionSerializer(FactSerializer):
    """A position, seen from either end."""

    role = TranslatedTextMember(help_text="In plain words, as the source has it.")
    start = serializers.CharField(help_text="EDTF; empty if not stated.")
    end = serializers.CharField(help_text="EDTF; empty if not stated.")


class AffiliationSerializer(PositionSerializer):
    """A position that a person is said to hold."""

    organization = RecordRefSerializer(
        allow_null=True, help_text="null where the source names a profession and no organization."
    )


class PersonSerializer(LabelledSerializer):
    """Somebody who is named in a source."""

    wikidata = serializers.CharField(help_text="Wikidata id, or empty.")
    names = NameSerializer(many=True)
    affiliations = AffiliationSerializer(many=True)
    statements_url = AddressField("api:statement-list", "speaker", help_text="What this person said.")
    events_url = AddressField("api:event-list", "participant", help_text="Events this person took part in.")


register(Person, PersonSerializer)

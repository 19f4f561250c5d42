"""Topics: a short controlled list."""

from base.documents.plan import register
from base.documents.shapes import AddressField, LabelledSerializer, NameSerializer
from directory.models import Topic


class TopicSerializer(LabelledSerializer):
    """What a statement is about, in words of the editors."""

    names = NameSerializer(many=True)
    statements_url = AddressField("api:statement-list", "topic")


register(Topic, TopicSerializer)

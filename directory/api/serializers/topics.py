"""Topics: a short controlled list."""

from directory.base.api.documents import register
from directory.base.api.serializers import AddressField, LabelledSerializer, NameSerializer
from directory.models import Topic


class TopicSerializer(LabelledSerializer):
    """What a statement is about, in words of the editors."""

    names = NameSerializer(many=True)
    statements_url = AddressField("api:statement-list", "topic")


register(Topic, TopicSerializer)

"""The pages of topics."""

from base.pages.related import RelatedList
from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.api.serializers import TopicSerializer
from directory.filters import TopicFilter
from directory.models import Topic


class TopicList(RecordList):
    """The list of topics."""

    model = Topic
    filterset_class = TopicFilter
    template_name = "directory/topic_list.html"
    shape = TopicSerializer
    members = ("id", "url", "name", "name_language")


class TopicDetail(RecordDetail):
    """The page of a topic, with the statements about it."""

    model = Topic
    template_name = "directory/topic_detail.html"
    shape = TopicSerializer
    members = ("id", "url", "name", "name_language", "names")
    related = {"statements": RelatedList(("statements",))}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the structured data."""
        return super().get_context_data(jsonld=jsonld.topic(self.object, site_of(self.request)), **kwargs)

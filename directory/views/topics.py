"""The pages of topics."""

from typing import Any

from base.pages.views import RecordDetail, RecordList, site_of
from directory import jsonld
from directory.facts import TopicFacts
from directory.filters import TopicFilter
from directory.models import Topic


class TopicList(RecordList):
    """The list of topics."""

    model = Topic
    filterset_class = TopicFilter
    template_name = "directory/topic_list.html"


class TopicDetail(RecordDetail):
    """One topic: what was said about it."""

    model = Topic
    template_name = "directory/topic_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load the statements, bounded."""
        record: Any = self.object
        facts, (statements,) = self.load(TopicFacts, "statements")
        return super().get_context_data(
            facts=facts,
            statements=statements,
            jsonld=jsonld.topic(record, site_of(self.request), facts),
            **kwargs,
        )

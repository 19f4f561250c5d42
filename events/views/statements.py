"""The pages of statements."""

from typing import Any

from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from events import jsonld
from events.annotations import text_fragment
from events.cards import PLAN, cards
from events.filters import StatementFilter
from events.models import Statement
from events.pages import CARD_MEMBERS, CardSerializer
from events.views.formats import citation_of


class StatementList(RecordList):
    """Every statement on record."""

    model = Statement
    filterset_class = StatementFilter
    facet_names = ("speaker", "kind", "topic", "initiative", "event", "certainty")
    template_name = "events/statement_list.html"
    shape = CardSerializer
    members = CARD_MEMBERS


class StatementDetail(RecordDetail):
    """One statement: its wordings kept apart, who said it as what and for whom, and the passage that shows it."""

    model = Statement
    template_name = "events/statement_detail.html"

    def records(self) -> Any:
        """Return the statements with all that is told of them."""
        return Statement.objects.for_detail()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load the other statements of the same paragraphs."""
        record: Any = self.object
        places = {(passage.source_id, passage.paragraph) for passage in record.passages.all()}
        others = Statement.objects.published().exclude(pk=record.pk).at(places)[:12]
        sources = {passage.pk: passage.source for passage in record.passages.all()}
        fragments = [
            sources[wording.passage_id].url + text_fragment(wording.text)
            for wording in record.printed()
            if wording.passage_id in sources and sources[wording.passage_id].url
        ]
        return super().get_context_data(
            evidence=Evidence(list(sources.values())).add([record], "said"),
            same_passage=cards(PLAN.read(others)) if places else [],
            citation=citation_of(record, self.request),
            at_the_source=fragments[0] if fragments else "",
            jsonld=jsonld.statement(record, site_of(self.request)),
            **kwargs,
        )

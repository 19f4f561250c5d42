"""The list of statements, and the page of a statement."""

from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from base.documents.plan import Document
from base.pages.documents import page_loader
from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from base.sql.prepared import AnyOf
from events import jsonld
from events.annotations import text_fragment
from events.cards import PLAN
from events.filters import StatementFilter
from events.models import Statement
from events.own_statements import event_that_speaks
from events.pages import CARD_MEMBERS, STATEMENT_MEMBERS, CardSerializer, StatementPageSerializer
from events.passage_lines import PassageLine, comparison_of, passage_lines
from events.related_statements import RELATION_PLAN, RelatedGroup, related_groups, rows_of_lists, statement_relations
from events.views.embedding import embedded_frame
from events.views.formats import citation_of
from events.wordings import printed_beside

MOST_IN_PARAGRAPH = 12


class StatementList(RecordList):
    """The list of all statements."""

    model = Statement
    filterset_class = StatementFilter
    facet_names = ("kind", "certainty", "speaker", "speaker_label", "on_behalf_of", "topic", "initiative", "event")
    template_name = "events/statement_list.html"
    shape = CardSerializer
    members = CARD_MEMBERS
    usual_order = _("Newest events first, each in the order of its source")


class StatementDetail(RecordDetail):
    """The page of a statement: its wordings, who said it in which role and for whom, and the passages that prove it."""

    model = Statement
    template_name = "events/statement_detail.html"
    shape = StatementPageSerializer
    members = STATEMENT_MEMBERS

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add other statements of the same paragraphs, and the link that opens the source at the printed words."""
        record = self.object
        lines = passage_lines(record)
        quotes = [wording["segments"] for wording in printed_beside(record["wordings"], None)]
        fragments = [
            segments[0]["original_url"] + text_fragment(*[segment["text"] for segment in segments])
            for segments in quotes
            if segments and segments[0]["original_url"]
        ]
        return super().get_context_data(
            evidence=Evidence().add([{"passages": [line.passage for line in lines]}], "said"),
            passage_lines=lines,
            comparison=comparison_of(lines),
            **self.statements_nearby(lines),
            speaking_event=event_that_speaks(record["group"]) if record["group"] else None,
            citation=citation_of(record, self.request),
            embedded_frame=embedded_frame(record, site_of(self.request)),
            at_the_source=fragments[0] if fragments else "",
            jsonld=jsonld.statement(record, site_of(self.request)),
            **kwargs,
        )

    def statements_nearby(self, lines: list[PassageLine]) -> dict[str, list[Document] | list[RelatedGroup]]:
        """Return other statements of the same paragraphs, the nearest before and after it in its source, and those that make the
        same claim or contradict it. Three queries to find them, five for what is shown of all of them."""
        places = {(line.passage["source_key"], line.passage["paragraph"]) for line in lines}
        if not places:
            return {}
        record, statements, relations = self.object, Statement.objects.published(), statement_relations(self.key)
        begins = [line.passage["source_key"] for line in lines if line.passage["start"] == record["position"]]
        source = (begins or [line.passage["source_key"] for line in lines])[0]
        here = (source, record["position"], self.key)
        same_passage = PLAN.read(statements.exclude(pk=self.key).at(places)[:MOST_IN_PARAGRAPH])
        previous, following, related = rows_of_lists(
            [
                statements.before_in_source(*here)[:1],
                statements.after_in_source(*here)[:1],
                statements.filter(AnyOf("pk", [row[-1] for row in relations])),
            ]
        )
        rows = [*same_passage, *previous, *following, *related]
        if not rows:
            return {}
        cards, documents = page_loader().together((PLAN, rows), (RELATION_PLAN, relations))
        shown = iter(cards)
        return {
            "same_passage": list(islice(shown, len(same_passage))),
            "previous": list(islice(shown, len(previous))),
            "next": list(islice(shown, len(following))),
            "related": list(related_groups(zip(relations, documents, strict=True), zip(related, shown, strict=True))),
        }

"""The list of statements, and the page of a statement."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from base.pages.evidence import Evidence
from base.pages.views import RecordDetail, RecordList, site_of
from events import jsonld
from events.annotations import text_fragment
from events.cards import PLAN, cards
from events.filters import StatementFilter
from events.models import Statement
from events.pages import CARD_MEMBERS, STATEMENT_MEMBERS, CardSerializer, StatementPageSerializer
from events.views.formats import citation_of
from events.wordings import printed_beside


class StatementList(RecordList):
    """The list of all statements."""

    model = Statement
    filterset_class = StatementFilter
    facet_names = ("speaker", "kind", "topic", "initiative", "event", "certainty")
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
        places = {(passage["source_key"], passage["paragraph"]) for passage in record["passages"]}
        others = Statement.objects.published().exclude(pk=self.key).at(places)[:12]
        quotes = [wording["segments"] for wording in printed_beside(record["wordings"], None)]
        fragments = [
            segments[0]["original_url"] + text_fragment(*[segment["text"] for segment in segments])
            for segments in quotes
            if segments and segments[0]["original_url"]
        ]
        return super().get_context_data(
            evidence=Evidence().add([record], "said"),
            same_passage=cards(PLAN.read(others)) if places else [],
            citation=citation_of(record, self.request),
            at_the_source=fragments[0] if fragments else "",
            jsonld=jsonld.statement(record, site_of(self.request)),
            **kwargs,
        )

"""The page that says who works here and how, and what every mark and word of the site means, with examples from the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model, Q
from django.http import HttpRequest
from django.views.generic import TemplateView

from base.documents.plan import Document
from base.lists.counting import MOST_COUNTED
from base.pages.conditional import ConditionalPage
from base.pages.evidence import Evidence
from base.pages.lines import RowLine, line_kind, row_lines
from base.records.provenance import Certainty
from base.records.publishing import PublishableQuerySet, published
from directory.models import Affiliation
from events.cards import PLAN, cards
from events.models import Statement
from events.models.statements import Attribution, StatementKind

CITED_FIRST = (Affiliation, Statement)  # kinds of row among which an example of a doubt is looked for


class Contact(NamedTuple):
    """Where readers reach the editors: an address, and what a reader sees of it."""

    address: str
    label: str


class HowWeWorkPage(ConditionalPage, TemplateView):
    """Who we are, what the marks and words mean, and how a record is made, checked and corrected."""

    template_name = "how_we_work/how_we_work.html"

    def headers_of(self, request: HttpRequest) -> list[str]:
        """Return what the page follows besides the record: who the settings say stands behind the site."""
        return [*super().headers_of(request), settings.SITE_EDITORS, *settings.SITE_CONTACT]

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add the examples, and who stands behind the site."""
        statements = statement_examples()
        printed = statements.get("printed", [])
        return super().get_context_data(
            editors=settings.SITE_EDITORS,
            contacts=[
                Contact(address, address.partition(":")[2].removeprefix("//")) for address in settings.SITE_CONTACT
            ],
            examples=statements,
            strip=next(iter(Evidence().add(printed, "said").strips), None),
            disputed=row_example(Certainty.DISPUTED),
            rejected=row_example(Certainty.REJECTED),
            **kwargs,
        )


def newest_rows(model: type[Model]) -> PublishableQuerySet:
    """Return the newest public rows of a kind, of as many as pages count: a rare example costs no more than a common one."""
    last = model._default_manager.order_by("-pk").values("pk")[:MOST_COUNTED]
    return published(model).filter(pk__in=last).order_by("-pk")


def statement_examples() -> dict[str, list[Document]]:
    """Return a card, in a list of its own, for each word that statements explain; a word without an example is left out.

    One query for each, and five for the cards.
    """
    stated = Q(certainty=Certainty.STATED)
    wanted = {
        "printed": Q(statement_kind=StatementKind.DIRECT) & stated,
        "in_our_words": Q(statement_kind=StatementKind.REPORTED) & stated,
        "direct": Q(statement_kind=StatementKind.DIRECT) & stated,
        "reported": Q(statement_kind=StatementKind.REPORTED) & stated,
        "narrated": Q(statement_kind=StatementKind.NARRATED),
        "stated": Q(attribution=Attribution.EXPLICIT) & stated,
        "inferred": Q(certainty=Certainty.INFERRED),
    }
    chosen: dict[str, tuple[Any, ...]] = {}
    for word, condition in wanted.items():
        keys = {row[0] for row in chosen.values()}
        rows = PLAN.read(newest_rows(Statement).filter(condition)[: len(keys) + 1])
        if rows:  # another one for each word, where there are enough
            chosen[word] = next((row for row in rows if row[0] not in keys), rows[0])
    return {word: [card] for word, card in zip(chosen, cards(list(chosen.values())), strict=True)} if chosen else {}


def row_example(certainty: str) -> RowLine | None:
    """Return the newest row of this certainty: a position, which a reader knows best, else a statement. At most ten queries."""
    return next(_rows_of(certainty), None)


def _rows_of(certainty: str) -> Iterator[RowLine]:
    for model in CITED_FIRST:
        kind = line_kind(model)
        yield from row_lines([(kind, kind.plan.read(newest_rows(model).filter(certainty=certainty)[:1]))])

"""The home page: what the site is for, shown by a quote, one statement a speaker, what they speak about, and what is in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.generic import TemplateView

from base.changes.cache import cached_for
from base.documents.plan import Document
from base.lists.counting import RowCount, count_rows
from base.pages.conditional import ConditionalPage
from base.pages.documents import page_loader
from base.pages.evidence import Evidence, Strip
from base.pages.lines import RowLine, line_kind, row_lines
from base.records.kinds import kinds
from base.records.publishing import Publishable, published
from base.records.records import Record
from base.sql.prepared import AnyOf, Row
from base.text.languages import CODES, address_in
from directory.models import Person
from events import home_choices
from events.cards import PLAN, cards
from events.models import Statement

# The offer to read the page in the language that the browser prefers, in that language.
OFFERS = {"th": "อ่านหน้านี้เป็นภาษาไทย", "vi": "Đọc trang này bằng tiếng Việt"}


def preferred(request: HttpRequest) -> str:
    """Return the language that the browser prefers among those of the interface, else English. Cookies are ignored."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.partition("-")[0]
        if code in CODES:
            return code
    return settings.LANGUAGE_CODE


@dataclass(frozen=True)
class HomeRows:
    """What the home page shows, as it is kept until the next write: numbers, and rows that documents are made of.

    A write while they are read may take a row away that was chosen, which is then left out.
    """

    counts: list[tuple[type[Record], RowCount]]
    quote: int | None  # the key of the statement whose words stand on top
    printed: list[tuple[str, int]]  # where its words are printed: ids of sources, and numbers of paragraphs
    others: list[int]  # the keys of one statement of each other speaker
    quoted: list[int]  # the keys of direct quotes, for an example of what to search for
    statements: list[Row]  # of all of these, as PLAN reads them
    labels: list[dict[str, str]]  # the names by language of the people who speak in them
    abbreviation: tuple[str, str]  # and its language
    topics: list[Row]
    doubts: list[tuple[type[Publishable], Row]]

    def cards(self) -> dict[int, Document]:
        """Return the cards of the statements by their keys. Five queries."""
        return dict(zip([row[0] for row in self.statements], cards(self.statements), strict=True))


def home_rows() -> HomeRows:
    """Choose what the home page shows. A fixed number of bounded queries, and one for each kind of record that is counted."""
    among = home_choices.candidates()
    quote = home_choices.chosen_quote(among)
    others = home_choices.one_a_speaker(among, quote)
    quoted = home_choices.quoted(among, quote)
    shown = [*([quote] if quote else []), *others]
    people = home_choices.people_of(shown)
    labels = dict(published(Person).filter(AnyOf("pk", people)).values_list("pk", "labels"))
    keys = {*(one.key for one in shown), *quoted}
    return HomeRows(
        counts=[(kind, count_rows(published(kind))) for kind in kinds("menu")],
        quote=quote.key if quote else None,
        printed=home_choices.printed_places(quote.key) if quote else [],
        others=[one.key for one in others],
        quoted=quoted,
        statements=PLAN.read(published(Statement).filter(AnyOf("pk", sorted(keys)))),
        labels=[labels[key] for key in people if key in labels],
        abbreviation=home_choices.abbreviation(),
        topics=home_choices.spoken_topics(),
        doubts=home_choices.doubtful_rows(),
    )


def examples(rows: HomeRows, by_key: dict[int, Document], language: str) -> list[tuple[str, str, str]]:
    """Return (words, their language, what to search for) of examples for the search box, all taken from the record.

    They are a Thai name, a Vietnamese name, the beginning of a quote in the reader's language, and an abbreviation.
    """
    shown: list[tuple[str, str, str] | None] = [
        next(((labels[code], code, labels[code]) for labels in rows.labels if code in labels), None)
        for code in ("th", "vi")
    ]
    readings = [reading for key in rows.quoted if key in by_key and (reading := by_key[key]["reading"])]
    clauses = [(home_choices.first_clause(reading["text"]), reading["language"]) for reading in readings]
    shown.append(next(((f"“{text}”", spoken, text) for text, spoken in clauses if text), None))
    text, spoken = rows.abbreviation
    shown.append((text, spoken, text) if text else None)
    return [example for example in shown if example]


def doubts(rows: list[tuple[type[Publishable], Row]]) -> list[RowLine]:
    """Return the lines of rows in doubt, in their order. As many queries as the lines of their kinds take."""
    models = dict.fromkeys(model for model, _row in rows)
    lines = row_lines([(line_kind(model), [row for kind, row in rows if kind is model]) for model in models])
    by_place = {(line.kind.model, line.key): line for line in lines}
    return [by_place[model, row[0]] for model, row in rows if (model, row[0]) in by_place]


def strip_of(printed: list[tuple[str, int]]) -> Strip | None:
    """Return the strip of a source that prints the words of a statement, with the paragraphs that do. At most one query."""
    strips = Evidence().add_places(printed, "said").strips
    return strips[0] if strips else None


class HomePage(ConditionalPage, TemplateView):
    """The home page. In English it offers a link to the language that the browser prefers; nobody is redirected."""

    template_name = "pages/home.html"

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The headers that the page depends on: only the English page offers another language."""
        return ("Accept-Language",) if get_language() == settings.LANGUAGE_CODE else ()

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Add the offer of another language."""
        if self.depends_on and (code := preferred(request)) in OFFERS:
            kwargs["offer"] = {"code": code, "text": OFFERS[code], "href": address_in(request.path, code)}
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add what was chosen, as documents in the reader's language."""
        rows = cached_for(self.request, "home", home_rows)
        by_key = rows.cards()
        quote = by_key.get(rows.quote) if rows.quote is not None else None
        topics = page_loader().documents(home_choices.SPOKEN_TOPIC, rows.topics)
        statements = dict(rows.counts)[Statement]
        return super().get_context_data(
            counts=rows.counts,
            plus="+" if statements.more else "",
            quote=quote,
            strip=strip_of(rows.printed) if quote else None,
            statements=[by_key[key] for key in rows.others if key in by_key],
            examples=examples(rows, by_key, get_language() or "en"),
            topics=topics,
            most_uses=max((topic["uses"] for topic in topics), default=1),
            doubts=doubts(rows.doubts),
            **kwargs,
        )

"""The newest statements as Atom and JSON Feed, with the filters of the list. Each entry says kind and certainty."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from base.documents.plan import Document
from base.lists.facets import chips
from base.pages.atom import StorableAtomFeed
from base.pages.conditional import ConditionalFile
from base.pages.documents import list_plan, page_loader
from base.pages.outputs import LanguageNotOffered, entries_of, language_asked, open_to_scripts
from base.pages.views import site_of
from base.records.doubt import certainty_label
from base.records.permanent_ids import tag_uri
from base.text.characters import storable
from base.text.moments import utc_text

from .filters import StatementFilter
from .models import Statement
from .pages import FEED_MEMBERS, FeedEntrySerializer
from .qualifiers import cited_words, credited, kind_label, qualifier_sentences, spoken_as
from .titles import speaker_of, titled
from .wordings import wording_to_read

MOST = 50
LAST_CHANGE_OF_EMPTY_FEED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class StatementAtomFeed(StorableAtomFeed):
    """An Atom feed whose categories have a scheme, which Django does not give them."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        """Write an entry, with kind and certainty as categories."""
        super().add_item_elements(handler, item)
        for scheme, term, label in item["qualifiers"]:
            handler.addQuickElement("category", "", {"scheme": scheme, "term": term, "label": label})


class StatementFeed(ConditionalFile):
    """The newest statements that match the filters. An invalid filter is answered with 400 and its name.

    `lang` is the language of the entries: en (as without it), th or vi. An entry has the same identity in all of them.
    """

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        """Return the feed in the form asked for: atom or json."""
        try:
            language = language_asked(request)
        except LanguageNotOffered as unknown:
            return unknown.answer()
        with override(language):
            return self.feed(request, form)

    def feed(self, request: HttpRequest, form: str) -> HttpResponse:
        """Return the feed in the language that is active."""
        filterset = StatementFilter(request.GET, queryset=Statement.objects.published())
        if not filterset.form.is_valid():
            errors_of_form = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            text = f"{errors_of_form}\n"
            return open_to_scripts(HttpResponse(text, status=400, content_type="text/plain; charset=utf-8"))
        plan = list_plan(FeedEntrySerializer, Statement, FEED_MEMBERS)
        rows = plan.read(filterset.qs.order_by("-published_at", "-pk")[:MOST])
        return open_to_scripts(FORMS[form](request, page_loader().documents(plan, rows), title_of_feed(filterset)))


def title_of_feed(filterset: StatementFilter) -> str:
    """Return the title of a feed, with what it is narrowed to: readers follow several."""
    values = ", ".join(str(chip.text) for chip in chips(filterset))
    return storable(_("On the Record: statements") + (f": {values}" if values else ""))


def list_address(request: HttpRequest) -> str:
    """Return the address of the list that a feed is of, with its filters."""
    query = request.GET.copy()
    query.pop("lang", None)
    return f"{site_of(request)}{reverse('statement-list')}" + (f"?{query.urlencode()}" if query else "")


def atom_feed(request: HttpRequest, statements: list[Document], title: str) -> HttpResponse:
    """Return an Atom feed (RFC 4287); `id` never changes and `updated` is the last change of content."""
    site = site_of(request)
    feed = StatementAtomFeed(
        title=title,
        link=list_address(request),
        description="",
        feed_url=site + request.get_full_path(),
        author_name="On the Record",
        language=_language(),
    )
    for entry in entries_of(statements, "Atom feed", lambda statement: atom_entry(statement, site)):
        feed.add_item(**entry)  # type: ignore[arg-type]  # the stubs know nothing of members of our own
    if not feed.items:  # Django would say that an empty feed changed just now
        feed.latest_post_date = lambda: LAST_CHANGE_OF_EMPTY_FEED  # type: ignore[method-assign]
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def atom_entry(statement: Document, site: str) -> dict[str, object]:
    """Return an entry as Django's feed generator wants it, with characters alone that XML can hold."""
    kind, certainty = statement["kind"], statement["certainty"]
    return {
        "title": storable(title(statement)),
        "link": site + statement["url"],
        "description": storable(content(statement)),
        "unique_id": tag_uri("statement", statement["key"]),
        "author_name": storable(credited(author_of(statement), statement)),
        "pubdate": statement["published_at"],
        "updateddate": statement["updated_at"],
        "categories": [storable(tag["name"]) for tag in statement["tags"]],
        "qualifiers": [
            (f"{site}/statements/?kind=", str(kind), kind_label(statement)),  # a scheme is the same in every language
            (f"{site}/statements/?certainty=", str(certainty), certainty_label(certainty)),
        ],
    }


def json_feed(request: HttpRequest, statements: list[Document], title: str) -> HttpResponse:
    """Return a feed in JSON Feed 1.1."""
    site = site_of(request)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": list_address(request),
        "feed_url": site + request.get_full_path(),
        "language": _language(),
        "items": entries_of(statements, "JSON feed", lambda statement: json_item(statement, site)),
    }
    return JsonResponse(
        feed, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
    )


def json_item(statement: Document, site: str) -> dict[str, object]:
    """Return an item; `_on_the_record` is an extension as the format has them, for programs that know this site."""
    reading = wording_to_read(statement["wordings"], _language())
    return {
        "id": tag_uri("statement", statement["key"]),
        "url": site + statement["url"],
        "title": title(statement),
        "content_text": content(statement),
        "date_published": utc_text(statement["published_at"]),
        "date_modified": utc_text(statement["updated_at"]),
        "authors": [{"name": credited(author_of(statement), statement)}],
        "tags": [
            kind_label(statement),
            certainty_label(statement["certainty"]),
            *(tag["name"] for tag in statement["tags"]),
        ],
        "_on_the_record": {
            "about": f"{site}/api/v1/docs/",
            "kind": statement["kind"],
            "certainty": statement["certainty"],
            "note": statement["note"],
            "text": reading["text"] if reading else "",
            "text_language": reading["language"] if reading else "",
            "text_nature": reading["nature"] if reading else "",
        },
    }


def title(statement: Document) -> str:
    """Return the title of an entry, so that nobody takes a paraphrase for a quotation or a doubtful speaker for a certain one."""
    return titled(author_of(statement), statement, _language())


def author_of(statement: Document) -> str:
    """Return the speaker: in English by the first name, as feeds always had it, in another language by the name in it."""
    if not (statement["speaker"] or statement["speaker_organization"]):
        return speaker_of(statement)
    return str(statement["author"]) if _language() == "en" else speaker_of(statement)


def _language() -> str:
    return get_language() or "en"


def content(statement: Document) -> str:
    """Return the text of an entry: the words, kind and certainty, and as what and for whom they were said."""
    parts = [
        *cited_words(statement, _language()),
        qualifier_sentences(statement),
        statement["note"],
        spoken_as(statement),
    ]
    return "\n".join(part for part in parts if part)


FORMS: dict[str, Callable[[HttpRequest, list[Document], str], HttpResponse]] = {"atom": atom_feed, "json": json_feed}

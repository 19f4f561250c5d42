"""Every form in which a statement leaves the site says its kind and its certainty, in the language of the form.

FORMS (statement_forms.py) has every address that tells of a statement. An address that is in neither list fails the test below it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from base.records.provenance import Certainty
from events.models import Statement
from events.models.statements import StatementKind
from events.views import STATEMENT_FORMS
from tests import factories as make
from tests.events.statement_forms import FORMS, NOTE, QUOTE, file_of

pytestmark = pytest.mark.django_db
CASES = {
    "direct": ("direct", "stated"),
    "reported": ("reported", "stated"),
    "narrated": ("narrated", "stated"),
    "inferred": ("narrated", "inferred"),
    "disputed": ("reported", "disputed"),
    "rejected": ("direct", "rejected"),
}


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Statement]]:
    """Make one statement of each case, all at one event, about one topic, in paragraphs of one source."""
    with django_db_blocker.unblock(), transaction.atomic():
        source = make.make_source("The article", language="th")
        event, topic = make.make_event("Film Workshop", date="2025"), make.make_topic()
        board = make.make_organization("Film Board")
        statements = {}
        for number, (case, (kind, certainty)) in enumerate(CASES.items()):
            words = f"{QUOTE} {number}" + (" … ผู้คนสร้างภาพยนตร์" if case == "rejected" else "")  # divided
            statement = make.make_statement(
                make.make_person(f"Speaker {number}"),
                event,
                words if kind == "direct" else f"Films join people, {number}.",
                nature="verbatim" if kind == "direct" else "paraphrase",
                language="th" if kind == "direct" else "en",
                passages=[make.make_passage(source, part) for part in words.split(" … ")],
                statement_kind=kind,
                certainty=certainty,
                note="" if certainty == "stated" else NOTE,
                topics=[topic],
                on_behalf_of=board,
                role_at_time="director",
            )
            if kind == "direct":
                make.make_wording(statement, f"Films join people, {number}.", nature="translation", by="A. Translator")
            statements[case] = statement
        yield statements
        transaction.set_rollback(True)


RECORDS = ("event", "person", "organization", "initiative", "source", "topic")
# Addresses that tell of no statement, and why.
WITHOUT_STATEMENTS = {
    **{f"{kind}-list": "names" for kind in RECORDS},
    **{f"{kind}-csv": "rows of its kind" for kind in RECORDS},
    **{f"api:{kind}-{form}": "no statements" for kind in RECORDS for form in ("list", "detail", "csv", "ndjson")},
    **dict.fromkeys(("event-calendars", "event-calendar"), "events: tests/events/test_forms.py"),
    **dict.fromkeys(("suggest", "network"), "names and links"),
    **{f"{kind}-changes": "what was changed of names and facts" for kind in RECORDS},
    **dict.fromkeys(("preview", "preview-record"), "the pages above, for those who have the secret address"),
    "initiative-detail": "cards, as on the pages of topics",
    "check": "passages and what they are: tests/events/test_check_page.py",
    "api:source-passages": "passages, without what rests on them",
    **dict.fromkeys(("doubts", "how-we-work"), "some statements: test_doubts.py, test_how_we_work.py"),
    **dict.fromkeys(
        ("corrections", "corrections-atom"), "what was changed of any record, as on the page of its changes"
    ),
    **dict.fromkeys(
        ("statement-card", "statement-share-image"), "of one statement: test_a_card_and_a_picture_say_kind_and_doubt"
    ),
    **dict.fromkeys(("api-guide", "api-guide-changes", "api-guide-example"), "guides"),
    **dict.fromkeys(("data", "quality", "report-new", "report-detail"), "figures and reports: titles and lines"),
    **dict.fromkeys(("sitemap", "sitemap-section", "robots", "security", "icon"), "addresses"),
    **dict.fromkeys(("api:root", "api:export", "api:docs", "api:openapi-json", "api:openapi-yaml"), "addresses"),
    **dict.fromkeys(("api:redirects", "api:event-participants", "api:organization-people"), "names and links"),
    **{f"api:reconcile{part}": "names of other kinds" for part in ("", "/preview/", "/properties/", "/view/")},
    **{f"api:reconcile/suggest/{part}/": "names of other kinds" for part in ("entity", "property", "type")},
    r"api:^(?:[\s\S]*/)?\Z": "what is not there",
}


def address_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Yield the name of every address of the site, but for those of the admin."""
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLResolver):
            yield namespace + (pattern.name or str(pattern.pattern))
        elif pattern.namespace != "admin":
            yield from address_names(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)


def test_every_address_and_every_format_is_looked_at() -> None:
    looked_at = {name.partition(",")[0] for name in FORMS}
    names = set(address_names(get_resolver()))
    assert names - looked_at - WITHOUT_STATEMENTS.keys() == set(), (
        "Does the new address tell of a statement? Add it to FORMS, or to WITHOUT_STATEMENTS with the reason."
    )
    assert looked_at - names == set()
    forms = {name.split(" ")[1] for name in FORMS if name.startswith("statement-form,")}
    assert forms == set(STATEMENT_FORMS), "Add the new format to FORMS."


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FORMS)
def test_a_form_says_kind_and_doubt(client: Client, shared: dict[str, Statement], name: str, case: str) -> None:
    statement = shared[case]
    form, languages = FORMS[name]
    for language in sorted(languages):
        text = form(client, statement, language).casefold()
        with override(language):
            kind, certainty = (
                str(word).casefold()
                for word in (StatementKind(statement.statement_kind).label, Certainty(statement.certainty).label)
            )
        assert kind in text, (name, language)
        if statement.certainty != "stated":
            assert certainty in text, (name, language)


@pytest.mark.parametrize(("language", "translation"), [("en", "Films join people, 0."), ("vi", "Phim nối người.")])
def test_a_quote_is_cited_with_its_translation_and_whose_it_is(
    client: Client, shared: dict[str, Statement], language: str, translation: str
) -> None:
    statement = shared["direct"]
    make.make_wording(statement, "Phim nối người.", nature="translation", language="vi", by="A. Translator")
    for form in ("txt", "bib", "ris", "csl.json"):
        text = file_of(client, statement, form, language)
        assert f"“{QUOTE} 0”" in text
        assert translation in text
        assert f"“{translation}" not in text
        assert "A. Translator" in text
        assert "director" in text
        assert "Film Board" in text


def test_a_paraphrase_never_stands_in_quotation_marks(client: Client, shared: dict[str, Statement]) -> None:
    for form in STATEMENT_FORMS:
        text = file_of(client, shared["inferred"], form, "en")
        assert "“" not in text
        assert "English paraphrase by the editors" in text


def test_a_language_that_is_not_there_is_named(client: Client, shared: dict[str, Statement]) -> None:
    answer = client.get(f"/statements/{shared['direct'].slug}.bib", {"lang": "de"})
    assert (answer.status_code, answer.content.decode()) == (400, "lang: There is no “de”; choose en, th, vi.\n")
    assert file_of(client, shared["direct"], "bib", "TH") == file_of(client, shared["direct"], "bib", "th")

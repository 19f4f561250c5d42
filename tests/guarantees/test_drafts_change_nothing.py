"""Whatever curators prepare, no byte of any public page or API answer changes until they publish it."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.records.publishing import Publishable
from tests import factories as make
from tests.world import add_drafts, publish_world

LINK = re.compile(rb'(?:href|action)="(/[^"#]*)|"(?:url|page|next|[a-z_]+_url)":\s*"http://testserver(/[^"]*)"')
# What a form is signed with is another one every time.
SIGNED = re.compile(rb'name="(?:csrfmiddlewaretoken|started)" value="[^"]*"')
STARTS = [
    "/",
    "/sitemap.xml",
    "/sitemap-people.xml",
    "/sitemap-statements.xml",
    "/api/v1/",
    "/api/v1/changes/",
    "/api/v1/changes/?expand=record&page_size=20",
    "/api/v1/redirects/",
    "/search/?q=film",
    "/search/?q=hidden",
    "/search/?q=article",
    "/search/suggest/?q=film",
    "/search/suggest/?q=hidden",
    "/api/v1/statements/?q=hidden",
    "/api/v1/reconcile/?queries=%7B%22q%22%3A%7B%22query%22%3A%22Hidden%20Person%22%7D%7D",
    "/api/v1/reconcile/suggest/entity/?prefix=hidden",
    "/api/v1/reconcile/preview/?id=people/ann-lee-1",
]
SKIPPED = ("/static/", "/admin/", "/api/v1/docs/")


def crawl(client: Client) -> dict[str, tuple[int, bytes]]:
    """Fetch every public address that can be reached, and return status and body of each."""
    found: dict[str, tuple[int, bytes]] = {}
    waiting = list(STARTS)
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in found or address.startswith(SKIPPED) or "{{" in address:
            continue
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        found[address] = (answer.status_code, SIGNED.sub(b"", body))
        path, asked, _query = address.partition("?")
        if not asked:  # filters of filters would never end
            waiting += [(page or api).decode() for page, api in LINK.findall(body)]
            waiting += [path + query.decode() for query in re.findall(rb'href="(\?[^"]*)"', body)]
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_drafts_change_no_byte_of_any_public_answer(client: Client) -> None:
    world = publish_world()
    before = crawl(client)
    assert len(before) > 60
    failed = {address: status for address, (status, _body) in before.items() if status != 200}
    assert failed == {}, "A page or an answer links to these, and they do not answer."

    rows = add_drafts(world)

    after = crawl(client)
    do = "These show something of a draft: let what they read go through published()."
    assert sorted(after) == sorted(before), do
    changed = [address for address in before if before[address] != after[address]]
    assert changed == [], do
    # The crawl would have seen the rows: every kind that can be a draft was added as one.
    publishable = {m for m in apps.get_models() if issubclass(m, Publishable)}
    assert {type(row) for row in rows} == publishable, "Add a draft of the new model to add_drafts() in tests/world.py."


@pytest.mark.slow
@pytest.mark.django_db
def test_the_crawl_sees_what_is_published(client: Client) -> None:
    """The test above would notice a leak: what it holds back appears as soon as it is public."""
    world = publish_world()
    before = crawl(client)
    rows: list[Any] = add_drafts(world)
    for row in rows:
        if row.status == "draft":
            row.status = "published"
            row.save()
    after = crawl(client)
    assert b"Hidden Person" in after["/people/"][1]
    assert len(after) > len(before)
    changed = {address for address in before if before[address] != after.get(address)}
    assert {"/", "/api/v1/changes/", "/people/", "/people/ann-lee-1/", "/api/v1/people/ann-lee-1/"} <= changed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", ["people", "organizations", "initiatives", "topics", "events", "statements", "sources"]
)
@pytest.mark.slow
def test_a_draft_has_no_address(client: Client, kind: str) -> None:
    for row in add_drafts(publish_world()):
        if getattr(row, "plural", "") == kind and row.status == "draft":
            assert client.get(f"/{kind}/{row.slug}/").status_code == 404
            assert client.get(f"/api/v1/{kind}/{row.slug}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/people/{}/", "/api/v1/people/{}/", "/th/people/{}/"])
def test_a_draft_and_a_deleted_one_answer_like_what_is_not_there(address: str) -> None:
    """By the same queries, so that the time it takes tells nobody that there is a draft."""
    make.make_person("Draft Person", slug="draft-1", status="draft")
    make.make_person("Gone Person", slug="gone-10", status="draft").delete()
    client, asked, answers = Client(), [], []
    client.get(address.format("warm-up"))
    for slug in ("nobody-", "draft-1", "gone-10"):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address.format(slug))
        # psycopg tells the text of a prepared query now and then only.
        texts = (
            [query["sql"].replace(slug, "*") for query in queries] if connection.vendor == "sqlite" else len(queries)
        )
        asked.append(texts)
        answers.append((response.status_code, response.content.replace(slug.encode(), b"*")))
    assert asked[0] == asked[1] == asked[2]
    assert answers[0] == answers[1] == answers[2]

"""A first visit to every kind of page, on a phone with an empty cache: how much travels, and whether the page moves as it loads."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, Route
from pytest_django import DjangoDbBlocker

from tests.browser.served_site import serve_uncommitted
from tests.browser.test_manners import WATCH
from tests.reading import article

# In one transaction, on one connection that the server shares: the tests of a whole module read the same rows.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PHONE = {"width": 360, "height": 740}
MOST_BYTES, MOST_SHIFT = 150_000, 0.02
# One page of every kind that a visitor comes to first, each in the language that has most to load for it, or by turns.
PAGES = [
    "/",
    "/th/",
    "/vi/",
    "/search/?q=tony",
    "/vi/people/ngo-phuong-lan/",
    "/th/organizations/vfda/",
    "/th/initiatives/aiws-film-park/",
    "/th/topics/artificial-intelligence/",
    "/events/",
    "/th/events/vietnam-us-film-workshop-harvard/",
    "/statements/",
    "/vi/statements/st-1kvhg6/",
    "/statements/st-g114xc/",
    "/th/statements/st-1kvhg6/embed/",
    "/th/sources/film-workshop/",
    "/vi/network/",
    "/th/doubts/",
    "/vi/how-we-work/",
    "/th/check/?source=film-workshop",
    "/vi/corrections/",
    "/api-guide/",
    "/th/data/",
    "/vi/data/quality/inferred/",
    "/th/reports/new/?record=/people/tony-bui/",
    "/vi/people/tony-bui/changes/",
]


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Serve the article, once for all tests of this module."""
    with article(django_db_blocker), serve_uncommitted() as url:
        yield url


def travelling(url: str, body: bytes) -> int:
    """Return how many bytes travel of a file: the tests serve them as they are, a site packs all but fonts and pictures."""
    return len(body) if url.endswith((".woff2", ".png")) else len(gzip.compress(body))


@pytest.mark.parametrize("address", PAGES)
def test_a_first_visit_is_light_and_nothing_moves(site: str, browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(WATCH)
    page = context.new_page()
    sizes: dict[str, int] = {}

    def note_size(request: Request) -> None:
        if answer := request.response():
            sizes[request.url] = travelling(request.url, answer.body())

    page.on("requestfinished", note_size)
    page.goto(f"{site}{address}", wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    shifted = page.evaluate("shifted")
    context.close()
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert shifted < MOST_SHIFT


PAINTED = """new Promise((done) => new PerformanceObserver((list) => {
  if (list.getEntriesByName("first-contentful-paint").length) done();
}).observe({ type: "paint", buffered: true }))"""


@pytest.mark.parametrize("address", ["/th/", "/th/doubts/", "/th/statements/st-1kvhg6/embed/"])
def test_thai_stays_where_it_is_when_its_fonts_come_late(site: str, browser: Browser, address: str) -> None:
    """The first words are painted in a font of the machine; ours come after that, and no line breaks elsewhere."""
    context = browser.new_context(viewport=PHONE)
    context.add_init_script(WATCH)
    page = context.new_page()
    late: list[Route] = []
    page.route("**/*.woff2", lambda route: late.append(route))
    page.goto(f"{site}{address}", wait_until="commit")
    page.evaluate(PAINTED)
    page.unroute("**/*.woff2")  # which lets those go that wait
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))"
    )
    assert late
    assert page.evaluate("shifted") < MOST_SHIFT
    context.close()

"""Every page type in a real Chromium, held to the manners of the site: one load of a page answers many questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

from base.text.languages import address_in
from tests.browser.served_site import serve_uncommitted
from tests.guarantees.test_languages import page_names
from tests.reading import article
from tests.review.article import PREVIEW_KEY, make_preview

# In one transaction, on one connection that the server shares: the tests of a whole module read the same rows.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

STATEMENT = "/statements/st-1kvhg6/"
GONE, REPORT = "/statements/st-zzzzzz/", "/reports/OTR-PPPPPP/"
# One page of every type, some of them in Thai or Vietnamese.
PAGES = [
    "/",
    "/th/",
    "/search/?q=aiws",
    "/th/search/?q=ฟอง",
    "/search/?q=nothing+at+all",
    "/people/",
    "/th/people/tony-bui/",
    "/organizations/",
    "/organizations/harvard-university/",
    "/initiatives/",
    "/vi/initiatives/aiws-film-park/",
    "/topics/",
    "/topics/diplomacy/",
    "/events/",
    "/vi/events/vietnam-us-film-workshop-harvard/",
    "/statements/?kind=direct",
    "/statements/?kind=sung",
    STATEMENT,
    f"/th{STATEMENT}",
    GONE,
    "/sources/",
    "/sources/film-workshop/",
    "/people/tony-bui/changes/",
    "/th/organizations/harvard-university/changes/",
    "/initiatives/aiws-film-park/changes/",
    "/topics/diplomacy/changes/",
    "/vi/events/vietnam-us-film-workshop-harvard/changes/",
    f"/th{STATEMENT}changes/",
    "/sources/film-workshop/changes/",
    "/network/",
    "/th/network/?focus=people/tony-bui",
    "/doubts/",
    "/vi/doubts/",
    "/how-we-work/",
    "/th/how-we-work/",
    "/check/",
    "/check/?source=film-workshop",
    f"/th/check/?statement={STATEMENT.split('/')[2]}",
    f"/th{STATEMENT}embed/",
    "/corrections/",
    "/api-guide/",
    "/api-guide/changes/",
    "/data/",
    "/vi/data/quality/inferred/",
    "/reports/new/",
    "/th/reports/new/?record=/people/tony-bui/",
    REPORT,
    f"/preview/{PREVIEW_KEY}/",
    f"/th/preview/{PREVIEW_KEY}/people/ola-brun/",
    "/people/nobody/",
]
NOT_FOUND = "/people/nobody/"


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Serve the article, a withdrawn statement and an answered report, once for all tests of this module."""
    from base.records.change_sets import change_set
    from directory.models import Person
    from events.models import Statement
    from reports.models import Report, State
    from reports.subjects import subject_at

    with article(django_db_blocker):
        gone = Statement.objects.create(slug="st-zzzzzz", speaker_label="a delegate", status="published")
        gone.status, gone.withdrawn_reason = "withdrawn", "It was a caption."
        gone.save()
        person = Person.objects.get(slug="tony-bui")
        for wikidata in ("Q1", person.wikidata):
            with change_set(reason="It was looked up again."):
                person.wikidata = wikidata
                person.save()
        report = Report(reference="OTR-PPPPPP", part="role", message="He was\nno director.")
        report.about(subject_at("/people/tony-bui/"))
        report.answer, report.message_is_public = "It is marked as disputed now.", True
        report.move_to(State.ACCEPTED, report.answer)
        make_preview()
        with serve_uncommitted() as url:
            yield url


# Adds up every shift of the layout, from the first paint on.
WATCH = """window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) shifted += entry.value; })
  .observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all pages; they set no cookie that another would mind."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_init_script(WATCH)
    yield context
    context.close()


def broken(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """Return the rules of axe that a page breaks, those for targets of 24 pixels included."""
    options: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}
    if rules:
        options = {"runOnly": list(rules)}
    found = Axe().run(page, options=options).response["violations"]
    return [(rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in found]


# Wider than the window, or cut off: its own box is smaller than what is in it. What is hidden from the eye on purpose, and the
# name of an event on a card, which is cut with an ellipsis and stands in full one link away, are no loss.
CUT = """() => {
  const cut = [], wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) cut.push(`the page by ${wide}`);
  for (const element of document.querySelectorAll("body *:not(svg *)")) {
    if (element.closest(".visually-hidden, .where, .trap, .skip, [hidden], option")) continue;
    const style = getComputedStyle(element);
    const hides = (axis) => ["hidden", "clip"].includes(style[`overflow${axis}`]);
    const over = { X: element.scrollWidth - element.clientWidth, Y: element.scrollHeight - element.clientHeight };
    if (["X", "Y"].some((axis) => hides(axis) && over[axis] > 1)) cut.push(element.outerHTML.slice(0, 120));
  }
  return cut;
}"""
# Scrolls sideways inside the page: allowed for tables and pictures (WCAG 1.4.10), and for these alone.
SCROLLERS = """() => [...document.querySelectorAll("body *")]
  .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && !element.matches(".scroll, textarea"))
  .map((element) => element.outerHTML.slice(0, 120))"""
# The spacing of WCAG 1.4.12, put on as a reader's own style would be.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
# Everything the keyboard reaches, one after the other: its ring, whether it can be seen, and whether something lies over it.
FOCUS = """() => {
  const faults = [];
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    if (element.tabIndex > 0) faults.push(`jumps the queue: ${element.outerHTML.slice(0, 100)}`);
    if (element.tabIndex < 0 || element.type === "hidden" || element.closest("[hidden], .trap")) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    element.focus();
    if (document.activeElement !== element) { faults.push(`takes no focus: ${element.outerHTML.slice(0, 100)}`); continue; }
    const style = getComputedStyle(element), told = element.outerHTML.slice(0, 100);
    const lines = [...element.getClientRects()];  // a long link has several, and more than fit into a small window
    const box = lines.find((line) => line.bottom > 0 && line.top < innerHeight) ?? lines[0];
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push(`no ring: ${told}`);
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 10), 1), innerHeight - 1);
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const top = document.elementFromPoint(x, y);
    if (!seen) faults.push(`out of sight: ${told}`);
    else if (!element.contains(top) && !top?.contains(element))
      faults.push(`covered by ${top?.outerHTML.slice(0, 60)}: ${told}`);
  }
  return faults;
}"""


def test_every_page_type_is_looked_at() -> None:
    names = {resolve(address_in(path.partition("?")[0], "en")).url_name for path in PAGES}
    assert names == page_names()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_manners(site: str, context: BrowserContext, path: str) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(site) else wrong.append(request.url))
    answer = page.goto(site + path, wait_until="load")
    faults: dict[str, Any] = {}
    page.evaluate("document.fonts.ready.then(() => true)")

    assert answer
    refused = {GONE: 410, NOT_FOUND: 404, "/statements/?kind=sung": 400}
    assert answer.status == refused.get(path, 200)
    faults["moves while it loads"] = shifted if (shifted := page.evaluate("shifted")) > 0.02 else None
    faults["axe"] = broken(page)
    page.keyboard.press("Tab")  # from here on the focus is the keyboard's, and shown
    faults["keyboard"] = page.evaluate(FOCUS)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %, by night
    faults["axe by night at 400 %"] = broken(page, "target-size", "scrollable-region-focusable", "color-contrast")
    faults["cut at 400 %"] = page.evaluate(CUT)
    faults["scrolls two ways at 400 %"] = page.evaluate(SCROLLERS)
    faults["keyboard at 400 %"] = page.evaluate(FOCUS)
    page.evaluate(SPACING)
    faults["cut when spaced"] = page.evaluate(CUT)
    page.evaluate("document.adoptedStyleSheets = []")

    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 720, "height": 1000})
    faults["cut on paper"] = page.evaluate(CUT)
    faults["on paper"] = page.evaluate(
        """() => [...document.querySelectorAll("nav, form, button")]
          .filter((element) => element.checkVisibility() && !element.matches(".facet"))
          .map((element) => element.outerHTML.slice(0, 100))"""
    )
    faults["colour of the paper"] = page.evaluate(
        """() => { const colour = getComputedStyle(document.documentElement).backgroundColor;
          return colour === "rgb(255, 255, 255)" ? null : colour }"""
    )
    if answer.status != 200:
        wrong = [message for message in wrong if "the server responded with a status of" not in message]
    faults["logged, or asked of another host"] = wrong
    page.close()
    assert "\n".join(f"{what}: {found}" for what, found in faults.items() if found) == ""


def test_no_page_needs_script(site: str, browser: Browser) -> None:
    """Headings and words stand there without it, and nothing is offered that only script could do."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in PAGES:
        page.goto(site + path, wait_until="commit")
        assert page.locator("h1").inner_text().strip(), path
        dead = page.locator("button:visible").evaluate_all(
            "buttons => buttons.filter((button) => !button.form).map((button) => button.outerHTML)"
        )
        assert dead == [], path
        assert page.locator("form:visible").count() == page.locator("form:visible:has(input, button)").count(), path
    context.close()

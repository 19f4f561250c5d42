"""One page of every type of the admin in a real Chromium, at 1280 and 768 px: axe has nothing to say, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from base.text.languages import address_in
from tests import factories as make
from tests.browser.served_site import serve_uncommitted
from tests.import_page import as_csv, body, good_line
from tests.reading import article

# In one transaction, on one connection that the server shares: the tests of a whole module read the same rows.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Serve the article, a report, a draft, a change and an account, once for all tests of this module."""
    from base.records.change_sets import change_set
    from directory.models import Person
    from reports.models import Report, State

    with article(django_db_blocker):
        Report(record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.").move_to(State.OPEN)
        make.make_person("Ann Lee", status="draft")
        with change_set(reason="It was looked up again."):
            person = Person.objects.get(slug="tony-bui")
            person.wikidata = "Q1"
            person.save()
        hand_in_statements(User.objects.create_superuser("root"))
        with serve_uncommitted() as url:
            yield url


def hand_in_statements(user: User) -> None:
    """Hand a file of statements in, of which one is new and one is wrong."""
    client = Client()
    client.force_login(user)
    line = good_line()
    content = as_csv([line, {**line, "person_id": "nobody"}])
    body(client.post(reverse("admin:events_statement_import"), {"file": SimpleUploadedFile("statements.csv", content)}))


@pytest.fixture(scope="module")
def curator(site: str, browser: Browser) -> Iterator[Page]:
    """Return a page on which a superuser is signed in."""
    client = Client()
    client.force_login(User.objects.get(username="root"))
    context = browser.new_context(base_url=site, reduced_motion="reduce")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])
    yield context.new_page()
    context.close()


# Scrolls sideways inside the page.
SCROLLERS = """() => [...document.querySelectorAll("body *")]
  .filter((element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX))
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && !element.matches("textarea, .scrolls-sideways"))
  .map((element) => element.outerHTML.slice(0, 120))"""
# Families of the letters that are seen; the first of each list is the one that has Latin letters.
FONTS = """() => [...new Set([...document.querySelectorAll("body *")]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((element) => element.checkVisibility() && !element.matches("code, code *, pre, .monospace"))
  .map((element) => getComputedStyle(element).fontFamily.split(",")[0].replaceAll('"', "")))]"""
OURS = {"Noto Sans", "Source Serif 4"}


def faults(page: Page) -> dict[str, Any]:
    """Return what is wrong with the page that is open, at both widths."""
    found: dict[str, Any] = {}
    page.evaluate("document.fonts.ready.then(() => true)")
    for width, scheme in ((1280, "light"), (768, "dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        options = {"rules": {"target-size": {"enabled": True}}, "preload": False, "resultTypes": ["violations"]}
        rules = Axe().run(page, options=options)
        found[f"axe at {width}"] = [
            (rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in rules.response["violations"]
        ]
        found[f"too wide at {width}"] = max(page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
        found[f"scrolls at {width}"] = page.evaluate(SCROLLERS)
    found["in other fonts"] = set(page.evaluate(FONTS)) - OURS
    return {what: each for what, each in found.items() if each}


def url_of(model: str, page: str, *args: Any) -> str:
    """Return the address of an admin page of a model, given as `directory_person`."""
    return reverse(f"admin:{model}_{page}", args=args)


def first(label: str, **conditions: Any) -> int:
    """Return the key of a row of a model that has a page in the admin."""
    row = admin_model(label)._base_manager.filter(**conditions).order_by("pk").first()
    assert row is not None
    return int(row.pk)


def admin_model(label: str) -> type[Model]:
    """Return the model of a page, given as `directory_person`."""
    return next(each for each in admin.site._registry if f"{each._meta.app_label}_{each._meta.model_name}" == label)


def page_types() -> dict[str, str]:
    """Return one page of every type that an address opens."""
    from events.models import StatementFile

    forms = ["directory_person", "directory_topic", "directory_source", "directory_passage", "directory_personname"]
    forms += ["events_statement", "reports_report", "auth_user", "auth_group"]
    person = first("directory_person", slug="tony-bui")
    names = [
        "records",
        "account",
        "second_factor",
        "password_change",
        "desk_guide",
        "desk_doubts",
        "review_submissions",
    ]
    return {
        **{f"form of {label}": url_of(label, "change", first(label)) for label in forms},
        **{name: reverse(f"admin:{name}") for name in names},
        "list": f"{url_of('events_statement', 'changelist')}?q=film&status__exact=published",
        "list of reports": url_of("reports_report", "changelist"),
        "list of accounts": url_of("auth_user", "changelist"),
        "log": url_of("axes_accesslog", "changelist"),
        "new record": url_of("events_statement", "add"),
        "new account": url_of("auth_user", "add"),
        "in a popup": f"{url_of('directory_passage', 'add')}?_popup=1",
        "delete": url_of("directory_person", "delete", first("directory_person", status="draft")),
        "history": url_of("directory_person", "history", person),
        "history of a report": url_of("reports_report", "history", first("reports_report")),
        "undo": reverse("admin:change_set", args=[first_change()]),
        "sheet": url_of("directory_person", "sheet"),
        "import": reverse("admin:events_statement_import"),
        "file of an import": reverse("admin:events_statement_import_file", args=[StatementFile.objects.get().pk]),
        "withdraw": f"{url_of('directory_person', 'withdrawal')}?rows={person}",
        "split": url_of("directory_person", "split", person),
        "one app": reverse("admin:app_list", args=["directory"]),
        "password of another": url_of("auth_user", "password_change", first("auth_user")),
        "first page": reverse("admin:index"),
    }


def first_change() -> int:
    """Return the key of the change that the site made."""
    from base.models import ChangeSet

    return int(ChangeSet.objects.latest("pk").pk)


def test_no_page_type_keeps_anybody_out(curator: Page) -> None:
    problems: list[str] = []
    curator.on("pageerror", lambda error: problems.append(str(error)))
    broken = {}
    for number, (name, path) in enumerate(page_types().items()):
        answer = curator.goto(address_in(path, ("en", "th", "vi")[number % 3]))
        assert answer is not None
        assert answer.ok, name
        broken[name] = faults(curator)
    assert {name: found for name, found in broken.items() if found} == {}
    assert problems == []


def test_uniting_keeps_nobody_out(curator: Page) -> None:
    curator.goto(url_of("directory_person", "changelist"))
    for box in curator.locator("#result_list .action-select").all()[:2]:
        box.check()
    curator.locator("select[name=action]").select_option("merge_doubles")
    curator.locator(".actions button[type=submit]").click()
    expect(curator.locator(".curation-action")).to_be_visible()
    assert faults(curator) == {}


def test_who_is_not_signed_in_is_not_kept_out(site: str, browser: Browser) -> None:
    context = browser.new_context(base_url=site, reduced_motion="reduce", locale="th")
    page = context.new_page()
    broken = {}
    for name, path in (
        ("sign in", "/admin/login/"),
        ("signed out", "/admin/logout/"),
        ("not found", "/admin/nowhere/"),
    ):
        page.goto(path)
        broken[name] = faults(page)
    context.close()
    assert {name: found for name, found in broken.items() if found} == {}

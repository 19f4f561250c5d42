"""Each role at each door in a real Chromium: what is offered is what the role may do by tests/accounts/admin_addresses.txt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.submissions import Submission
from directory.models import Person
from reports.models import Report
from review.gathering import drafts_to_submit
from review.submissions import submit
from tests import factories as make
from tests.accounts.admin_addresses import ROLES, expected
from tests.accounts.people import PASSWORD, make_user
from tests.browser.editor_steps import windows
from tests.curation import change_url, url_of

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GROUPS = ("contributor", "editor", "keeper")


@dataclass
class Door:
    """A page, and the buttons and links on it, each with the line of admin_addresses.txt that says who may use it."""

    address: str
    offers: dict[str, str]  # line by CSS selector


def submission_by(account: str) -> Submission:
    """Submit a draft in the name of an account."""
    topic = make.make_topic(f"Tides of {account}", status="draft")
    user = User.objects.get(username=account)
    return submit(user, topic, str(topic), drafts_to_submit(topic), {}, "")


def doors() -> list[Door]:
    """Make what stands behind the doors, and return them."""
    passage = make.make_passage(words="Ann Lee spoke.")
    public, double = (make.make_person("Ann Lee", passages=[passage]) for _number in range(2))
    draft = make.make_person("Bo Ek", status="draft", passages=[passage])
    board = make.make_organization("Port of Sond")
    for number, role in enumerate(("pilot", "harbour master")):
        words = make.make_passage(make.make_source(f"Port news {number}", text="She was there.\n"), "She was there.")
        make.make_affiliation(public, board, role=role, passages=[words])
    article = make.make_source("Tides", text="One.\n", status="draft")
    report = Report(record_kind="person", record_id=public.slug, record_path="/people/ann-lee/", message="She is Anne.")
    report.move_to("open")
    acts = []
    for person in (public, draft):
        with change_set(action=ChangeAction.SAVE):
            person.wikidata = "Q42"
            person.save()
        acts.append(reverse("admin:change_set", args=[ChangeSet.objects.latest("id").pk]))
    undo = "#content-main form [type=submit]"
    return [
        Door(
            url_of(Person, "changelist"),
            {
                "option[value=publish_selected]": "record action publish_selected draft",
                "option[value=withdraw_selected]": "record action withdraw_selected public",
                "option[value=merge_doubles]": "deed unite",
                "option[value=delete_selected]": "record action delete_selected draft",
                "a[href*='/sheet/xlsx/']": "deed download a sheet",
                "a[href$='/sheet/']": "deed hand in a sheet of drafts",
            },
        ),
        Door(
            change_url(draft),
            {
                "[name=_save]": "record change POST draft",
                "[name=_submit]": "deed submit a draft",
                "[name=_publish]": "record _publish POST draft",
                ".deletelink": "record delete POST draft",
                "a[href$='/history/']": "deed look at a history",
            },
        ),
        Door(
            change_url(public),
            {
                "[name=_save]": "record change POST public",
                "[name=_withdraw]": "record _withdraw POST public",
                "a[href$='/split/']": "deed split",
            },
        ),
        Door(
            reverse("admin:review_submission", args=[submission_by("target").pk]),
            {
                "[value=publish]": "deed publish another's",
                "[value=date]": "deed set a date",
                "[value=send-back]": "deed send back another's",
                "[value=preview]": "deed preview another's",
                "[value=take-back]": "deed take back another's",
            },
        ),
        Door(acts[0], {undo: "deed undo a change of a public record"}),
        Door(acts[1], {undo: "deed undo a change of a draft"}),
        Door(
            f"{reverse('admin:desk_doubts')}?kind=roles",
            {
                "[value^=prefer]": "deed prefer one of two public facts",
                "[value=keep]": "deed keep both",
                "[value=later]": "deed put a doubt off",
            },
        ),
        Door(
            f"{reverse('admin:desk_doubles')}?kind=person&record={double.pk}",
            {"form[action*='/person/'] button": "deed unite", "[value=different]": "deed tell apart"},
        ),
        Door(reverse("admin:desk_read", args=[article.slug]), {"#publish-button": "record _publish POST draft"}),
        Door(change_url(report), {"[name=_save]": "report change POST row", ".deletelink": "report delete POST row"}),
    ]


def sign_in(page: Page, account: str) -> None:
    """Sign in by the form."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".desk-menu")).to_contain_text(account)


def test_each_role_is_offered_what_it_may_do(windows: Any, live_server: Any) -> None:
    for name in (*GROUPS, "target"):
        make_user(name, *([name] if name in GROUPS else []))
    measured, houses, wrong = expected(), doors(), []
    for role in GROUPS:
        page = windows(live_server.url)
        sign_in(page, role)
        own = Door(
            reverse("admin:review_submission", args=[submission_by(role).pk]),
            {
                "[value=publish]": "deed publish one's own",
                "[value=take-back]": "deed take back one's own",
                "[value=preview]": "deed preview one's own",
            },
        )
        for door in (*houses, own):
            page.goto(door.address)
            for selector, line in door.offers.items():
                may, offered = measured[line][ROLES.index(role)] == "ok", page.locator(selector).count() > 0
                if may != offered:
                    wrong.append(f"{role} at {door.address}: {selector} is {'' if offered else 'not '}offered ({line})")
    assert wrong == []

"""What curators do on the pages of review, uniting, sheets, doubts and undoing, done rightly, so that only a right can stop it.

tests/accounts/test_addresses.py does all of it as every role; what each gets is in admin_addresses.txt, in the lines that begin
with “deed”.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.submissions import ReviewState, Submission
from desk.doubts.kinds import Doubt
from directory.models import Affiliation, Person, Topic
from review.gathering import drafts_to_submit
from review.submissions import send_back, submit
from tests import factories as make
from tests.curation import url_of
from tests.desk.test_doubts import seen

Deed = Callable[[Client, str], Any]  # a browser, and the role that is signed in there; returns the answer
LATER = "2099-05-01T08:00"
REVIEW = "admin:review_submission"


def allowed(response: Any) -> str:
    """Return what came of a deed: ok, no (a list does not offer it), or a status."""
    status: int = response.status_code
    told = [str(text) for text in get_messages(response.wsgi_request)]
    if "No action selected." in told or (status == 200 and "cl" in (response.context or ())):
        return "no"
    if response.wsgi_request.method == "GET":
        return "ok" if status == 200 else str(status)
    return "ok" if status == 302 else f"{status}"


# Review -----------------------------------------------------------------------------------------------------------------------
def account(role: str) -> User:
    """Return the account of a role; that of the contributor for those who have none."""
    return User.objects.filter(username=role).first() or User.objects.get(username="contributor")


def submission_by(user: User) -> Submission:
    """Submit a draft of a topic in somebody's name."""
    topic = make.make_topic("Tides", status="draft")
    return submit(user, topic, str(topic), drafts_to_submit(topic), {}, "")


def of_another(role: str) -> Submission:
    """Return what somebody else submitted."""
    return submission_by(User.objects.get(username="target"))


def own(role: str) -> Submission:
    """Return what this role submitted."""
    return submission_by(account(role))


def own_sent_back(role: str) -> Submission:
    """Return what this role submitted and was sent back."""
    submission = own(role)
    return send_back(submission.pk, User.objects.get(username="superuser"), "Name the role.")


def of_another_with_date(role: str) -> Submission:
    """Return what somebody else submitted, with a date."""
    submission = of_another(role)
    editor = User.objects.get(username="superuser")
    Submission.objects.filter(pk=submission.pk).update(publish_on="2099-05-01T08:00Z", scheduled_by=editor)
    return submission


def pressed(action: str, made: Callable[[str], Submission], **fields: str) -> Deed:
    """Return the deed of pressing a button of a submission, as it is shown to whoever may do everything."""

    def do(client: Client, role: str) -> Any:
        submission = made(role)
        superuser = Client()
        superuser.force_login(User.objects.get(username="superuser"))
        url = reverse(REVIEW, args=[submission.pk])
        seen = superuser.get(url).context["seen"] if submission.state == ReviewState.WAITING else ""
        return client.post(url, {"action": action, "seen": seen, **fields})

    return do


def submitted(client: Client, role: str) -> Any:
    """Submit a draft."""
    topic = make.make_topic("Tides", status="draft")
    return client.post(f"{reverse('admin:review_submit')}?row=directory.topic:{topic.pk}", {"note": ""})


def looked_at(client: Client, role: str) -> Any:
    """Look at what somebody else submitted."""
    return client.get(reverse(REVIEW, args=[of_another(role).pk]))


# Uniting and splitting --------------------------------------------------------------------------------------------------------
def doubles() -> tuple[Person, Person]:
    """Make two public people of one name."""
    first, second = (make.make_person("Mai Tran", passages=[make.make_passage()]) for _number in range(2))
    return first, second


def united(client: Client, role: str) -> Any:
    """Unite two records."""
    first, second = doubles()
    chosen = {
        "action": "merge_doubles",
        "_selected_action": [first.pk, second.pk],
        "confirmed": "yes",
        "reason": "Same.",
    }
    return client.post(url_of(Person, "changelist"), {**chosen, "winner": first.pk, "all_the_same": "on"})


def split(client: Client, role: str) -> Any:
    """Split a record."""
    person = make.make_person("Mai Tran", passages=[make.make_passage()])
    statement = make.make_statement(person)
    chosen = {
        "events.statement.speaker": statement.pk,
        "target": make.make_person("Bo Ek").slug,
        "reason": "Two people.",
    }
    url, superuser = url_of(person, "split", person.pk), Client()
    superuser.force_login(User.objects.get(username="superuser"))
    shown = superuser.post(url, {**chosen, "show": "yes"}).content.decode()
    [digest] = re.findall(r'name="expected" value="(\w+)"', shown)
    return client.post(url, {**chosen, "split": "yes", "expected": digest})


def told_apart(client: Client, role: str) -> Any:
    """Say that two are not the same."""
    first, second = doubles()
    answer = {"kind": "person", "record": first.pk, "other": second.pk, "answer": "different"}
    return client.post(reverse("admin:desk_doubles"), answer)


# Undoing ----------------------------------------------------------------------------------------------------------------------
def undone(change: Callable[[], Any]) -> Deed:
    """Return the deed of undoing a change."""

    def do(client: Client, role: str) -> Any:
        with change_set(action=ChangeAction.SAVE):
            change()
        return client.post(reverse("admin:change_set", args=[ChangeSet.objects.latest("id").pk]), {"reason": "A slip."})

    return do


def changed(status: str) -> Callable[[], None]:
    """Return what changes a record of this status."""

    def change() -> None:
        person = Person.objects.filter(status=status).earliest("pk")
        person.wikidata = "Q42"
        person.save()

    return change


def merged() -> None:
    """Unite two records."""
    first, second = doubles()
    merge(first, second, reason="Same.")


def history_shown(client: Client, role: str) -> Any:
    """Look at the history of a record."""
    person = Person.objects.published().earliest("pk")
    return client.get(url_of(person, "history", person.pk))


# Sheets -----------------------------------------------------------------------------------------------------------------------
def downloaded(client: Client, role: str) -> Any:
    """Download a list as a workbook."""
    return client.get(url_of(Topic, "sheet_file", "xlsx"))


def sheet_with(status: str) -> Deed:
    """Return the deed of handing a sheet in that changes a row of this status, and taking it over."""

    def do(client: Client, role: str) -> Any:
        superuser, person = Client(), make.make_person("Mai Tran", status=status, passages=[make.make_passage()])
        superuser.force_login(User.objects.get(username="superuser"))
        file = superuser.get(url_of(Person, "sheet_file", "csv")).content.decode("utf-8-sig")
        head, *lines = csv.reader(io.StringIO(file, newline=""))
        rows = [dict(zip(head, line, strict=True)) for line in lines]
        row = next(row for row in rows if row[head[0]] == person.slug)
        text = io.StringIO(newline="")
        csv.writer(text).writerows([head, list({**row, "wikidata": "Q42"}.values())])
        sheet = SimpleUploadedFile("people.csv", text.getvalue().encode("utf-8-sig"))
        shown = client.post(url_of(Person, "sheet"), {"file": sheet})
        if shown.status_code != 200 or "signed" not in (shown.context or ()):
            return shown
        return client.post(url_of(Person, "sheet"), {"rows": shown.context["signed"], "reason": "Looked up."})

    return do


# Doubts -----------------------------------------------------------------------------------------------------------------------
def doubt(answer: str, status: str = "published") -> Deed:
    """Return the deed of settling a doubt about two positions of a person."""

    def do(client: Client, role: str) -> Any:
        person, board = (
            make.make_person("Mai Tran", status=status),
            make.make_organization("Port of Sond", status=status),
        )
        keys = []
        for number, position in enumerate(("pilot", "harbour master")):
            words = make.make_passage(make.make_source(f"Article {number}", status=status), "She was there.")
            keys.append(make.make_affiliation(person, board, role=position, passages=[words]).pk)
        fields = {"kind": "roles", "model": Affiliation._meta.label, "first": keys[0], "second": keys[1]}
        fields["seen"] = seen(Doubt("roles", Affiliation, *keys))
        chosen = f"{answer}:{keys[0]}" if answer == "prefer" else answer
        return client.post(reverse("admin:desk_doubts"), {**fields, "answer": chosen, "reason": "Her own site."})

    return do


# What is typed ----------------------------------------------------------------------------------------------------------------
def forgotten(client: Client, role: str) -> Any:
    """Throw away what was typed into a form and kept."""
    return client.post(reverse("admin:form_drafts"), {"draft_path": url_of(Topic, "add"), "draft_action": "dismiss"})


DEEDS: Mapping[str, Deed] = {
    "submit a draft": submitted,
    "take back one's own": pressed("take-back", own),
    "take back another's": pressed("take-back", of_another),
    "submit again one's own": pressed("again", own_sent_back, note=""),
    "preview one's own": pressed("preview", own),
    "preview another's": pressed("preview", of_another),
    "look at another's submission": looked_at,
    "send back another's": pressed("send-back", of_another, answer="Name the role."),
    "publish one's own": pressed("publish", own, answer=""),
    "publish another's": pressed("publish", of_another, answer=""),
    "set a date": pressed("date", of_another, moment=LATER),
    "take a date back": pressed("no-date", of_another_with_date),
    "unite": united,
    "split": split,
    "tell apart": told_apart,
    "look at a history": history_shown,
    "undo a change of a draft": undone(changed("draft")),
    "undo a change of a public record": undone(changed("published")),
    "undo a uniting": undone(merged),
    "download a sheet": downloaded,
    "hand in a sheet of drafts": sheet_with("draft"),
    "hand in a sheet of public rows": sheet_with("published"),
    "prefer one of two drafts": doubt("prefer", "draft"),
    "prefer one of two public facts": doubt("prefer"),
    "keep both": doubt("keep"),
    "put a doubt off": doubt("later"),
    "throw away what was kept": forgotten,
}

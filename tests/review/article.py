"""An article in work and its curators, for tests of review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from base.records.provenance import sha256_of
from base.records.submissions import Submission, SubmittedRow
from directory.models import Organization, Passage, Person, Source, Topic
from events.models import Event, Statement
from tests import factories as make
from tests.accounts.people import make_user

TEXT = "Mira Olen spoke at the quay.\nShe asked for a tide table.\nThe towns agreed.\n"


def browser(name: str, *groups: str) -> Client:
    """Return a browser in which an account of these groups is signed in; it is made if there is none."""
    client = Client()
    user = User.objects.filter(username=name).first() or make_user(name, *groups, first_name=name.title())
    client.force_login(user)
    return client


@dataclass
class Work:
    """What was made of an article: all drafts, saved by a contributor called mai."""

    source: Source
    person: Person
    organization: Organization
    event: Event
    topic: Topic
    statements: list[Statement]
    mai: Client
    lan: Client  # an editor
    editor: User

    @property
    def drafts(self) -> list[Any]:
        """All that is a draft."""
        return [self.source, self.person, self.organization, self.event, self.topic, *self.statements]

    def statuses(self) -> set[str]:
        """Return the statuses that its rows have in the database."""
        return {type(row)._base_manager.get(pk=row.pk).status for row in self.drafts}


def make_work(title: str = "Harbour towns agree") -> Work:
    """Make an article in work, its contributor mai and an editor lan."""
    mai, lan = browser("mai", "contributor"), browser("lan", "editor")
    source = make.make_source(title, text=TEXT, status="draft")
    first, second, _third = (make.make_passage(source, line) for line in TEXT.splitlines())
    person = make.make_person("Mira Olen", status="draft", passages=[first])
    organization = make.make_organization("Quay Board", status="draft", passages=[first])
    event = make.make_event("Quay Talk", status="draft", passages=[first])
    topic = make.make_topic("Tides", status="draft")
    make.make_affiliation(person, organization, passages=[first])
    statements = [
        make.make_statement(
            person, event, f"Asks for a tide table, {number}.", passages=[second], status="draft", topics=[topic]
        )
        for number in (1, 2)
    ]
    mira = User.objects.get(username="mai")
    for row in (source, person, organization, event, topic, *statements):
        for version in row.history.all():
            version.history_user = mira
            version.save()
    return Work(source, person, organization, event, topic, statements, mai, lan, User.objects.get(username="lan"))


PREVIEW_KEY = "P" * 32


def make_preview() -> None:
    """Submit a draft of a person called Ola Brun, of whom a statement is on record, with a preview at PREVIEW_KEY."""
    person = make.make_person("Ola Brun", status="draft", passages=[make.make_passage(words="Ola Brun spoke.")])
    statement = make.make_statement(person, passages=[make.make_passage(words="The towns agreed.")], status="draft")
    until = timezone.now() + timedelta(days=1)
    submission = Submission.objects.create(
        kind="directory.Person", row=person.pk, label="Ola Brun", preview_key=PREVIEW_KEY, preview_until=until
    )
    for row in (person, statement):
        SubmittedRow.objects.create(submission=submission, kind=row._meta.label, row=row.pk, label=str(row))


def submit_url(row: Any) -> str:
    """Return the address where a row is submitted."""
    return f"{reverse('admin:review_submit')}?row={row._meta.label_lower}:{row.pk}"


def submit(client: Client, row: Any, note: str = "Please look.") -> Submission:
    """Submit a row, and return the submission."""
    before = set(Submission.objects.values_list("pk", flat=True))
    response = client.post(submit_url(row), {"note": note})
    assert response.status_code == 302, response.content.decode()
    return Submission.objects.exclude(pk__in=before).get()


def url_of(submission: Submission) -> str:
    """Return the page of a submission."""
    return reverse("admin:review_submission", args=[submission.pk])


def move(passage: Passage) -> None:
    """Move the end of a passage by one letter, as a curator does."""
    passage.end -= 1
    passage.sha256 = sha256_of(passage.source.text[passage.start : passage.end])
    passage.save()


def press(client: Client, submission: Submission, action: str, **data: Any) -> Any:
    """Open the page of a submission, press a button, and return the answer. `seen` is as the page has it, unless given."""
    page = client.get(url_of(submission))
    seen = page.context["seen"] if page.status_code == 200 else ""
    return client.post(url_of(submission), {"action": action, "seen": seen, **data})

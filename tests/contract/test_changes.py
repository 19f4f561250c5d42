"""The change feed tells what a reader sees happen to every record, once and in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from base.api import streams
from base.changes import feed as changes
from base.models import Change, KnownRecord, TouchedRow
from base.records.merging import merge
from directory.models import Affiliation, Topic
from events.models import Statement
from tests import factories as make
from tests.contract.conftest import HOST
from tests.queries import Queries
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
Line = tuple[str, ...]


class Feed:
    """Reads on in the feed."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.address = ask, "changes/?page_size=3"

    def rows(self) -> list[dict[str, Any]]:
        """Return what is new since the last call."""
        found = []
        more = True
        while more:
            answer = self.ask(self.address)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            assert answer["Link"] == f'<{page["next"]}>; rel="next"'
            assert len(page["results"]) <= 3
            found += page["results"]
            self.address, more = page["next"], page["more"]
        return found

    def new(self) -> set[Line]:
        """Return (action, kind, id, former id) of what is new; each was told once."""
        lines = [line(row) for row in self.rows()]
        assert len(lines) == len(set(lines))
        return set(lines)


def line(row: dict[str, Any]) -> Line:
    former = (row["former_id"],) if row["former_id"] else ()
    return (row["action"], row["kind"], row["id"], *former)


@pytest.fixture
def feed(ask: Ask) -> Feed:
    return Feed(ask)


def test_a_line_is_complete(ask: Ask) -> None:
    person = make.make_person("Ann Lee")
    answer = ask("changes/?expand=record")
    [told] = answer.json()["results"]
    change = Change.objects.get()
    cursor = changes.cursor_of(change.position)
    assert told == {
        "cursor": cursor,
        "at": change.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "action": "created",
        "kind": "person",
        "id": "ann-lee",
        "former_id": None,
        "url": f"{HOST}/api/v1/people/ann-lee/",
        "reason": "",
        "record": ask("people/ann-lee/").json(),
    }
    assert answer.json() == {
        "next": f"{HOST}/api/v1/changes/?expand=record&after={cursor}",
        "cursor": cursor,
        "more": False,
        "results": [told],
    }
    assert ask("changes/").json()["results"] == [{**told, "record": None}]
    assert person.slug == "ann-lee"


def test_what_happens_to_a_record_of_every_kind(feed: Feed) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "person": make.make_person,
        "organization": make.make_organization,
        "initiative": make.make_initiative,
        "event": make.make_event,
        "topic": make.make_topic,
        "source": make.make_source,
        "statement": lambda: make.make_statement(passages=[]),
    }
    assert set(makers) == set(changes.models_by_kind())
    for kind, maker in makers.items():
        record, other = maker(), maker()
        one, two = record.slug, other.slug
        assert feed.new() == {("created", kind, one), ("created", kind, two)}
        record.touch()
        assert feed.new() == {("changed", kind, one)}
        record = type(record).objects.get(pk=record.pk)
        record.slug = f"{kind}-renamed"
        record.save()
        assert feed.new() == {("renamed", kind, f"{kind}-renamed", one)}
        if kind != "source":
            merge(record, other, reason="The same.")
            assert feed.new() == {("merged", kind, two, f"{kind}-renamed"), ("changed", kind, two)}
        other.refresh_from_db()
        other.status, other.withdrawn_reason = "withdrawn", "It was a mistake."
        other.save()
        rows = feed.rows()
        assert [line(row) for row in rows] == [("withdrawn", kind, two)]
        assert rows[0]["reason"] == "It was a mistake."
        other.status = "published"
        other.save()
        assert feed.new() == {("created", kind, two)}
        type(record).objects.filter(merged_into=other).update(merged_into=None, withdrawn_reason="x")
        type(other).objects.filter(pk=other.pk).delete()
        assert feed.new() == {("deleted", kind, two)}


def test_a_draft_says_nothing_until_it_is_published(feed: Feed) -> None:
    person = make.make_person("Ann Lee", status="draft")
    statement = make.make_statement(person, passages=[])
    assert feed.new() == set()
    person.publish()
    assert feed.new() == {("created", "person", "ann-lee"), ("created", "statement", statement.slug)}


def test_drafts_of_everything_say_nothing(feed: Feed) -> None:
    world = publish_world()
    assert len(feed.new()) > 6
    drafts = add_drafts(world)
    assert len(drafts) > 15
    assert feed.new() == set()


def test_a_statement_goes_and_comes_with_its_speaker(feed: Feed) -> None:
    person = make.make_person("Ann Lee")
    statement = make.make_statement(person, passages=[])
    other = make.make_statement(passages=[])
    assert len(feed.new()) == 3
    person.status, person.withdrawn_reason = "withdrawn", "She asked for it."
    person.save()
    assert feed.new() == {("withdrawn", "person", "ann-lee"), ("withdrawn", "statement", statement.slug)}
    person.status = "published"
    person.save()
    assert feed.new() == {("created", "person", "ann-lee"), ("created", "statement", statement.slug)}
    assert other.status == "published"


def test_whatever_shows_a_record_changes_with_it(feed: Feed) -> None:
    source = make.make_source("Article")
    passage = make.make_passage(source, "Words.")
    person, board = make.make_person("Ann Lee"), make.make_organization("Film Board")
    event, topic = make.make_event("Workshop"), make.make_topic("Training")
    make.make_affiliation(person, board, passages=[passage])
    make.make_participation(person, event)
    statement = make.make_statement(person, event, topics=[topic], passages=[passage])
    make.make_person("Nobody else")
    feed.new()

    name = person.names.get()
    name.text = "Anne Lee"
    name.save()
    shown = {("changed", "person", "ann-lee"), ("changed", "organization", "film-board")}
    shown |= {("changed", "event", "workshop"), ("changed", "statement", statement.slug)}
    assert feed.new() == shown

    source.title = "Another title"
    source.save()
    changed = {("changed", "source", "article"), ("changed", "person", "ann-lee")}
    changed |= {("changed", "organization", "film-board"), ("changed", "statement", statement.slug)}
    assert feed.new() == changed

    topic.status, topic.withdrawn_reason = "withdrawn", "Too vague."
    topic.save()
    assert feed.new() == {("withdrawn", "topic", "training"), ("changed", "statement", statement.slug)}

    event.date = "2025"
    event.save()
    assert feed.new() == {("changed", "event", "workshop"), ("changed", "statement", statement.slug)}

    Affiliation.objects.all().delete()
    assert feed.new() == {("changed", "person", "ann-lee"), ("changed", "organization", "film-board")}

    passage.check_state = "verified"
    type(passage).objects.filter(pk=passage.pk).update(check_state="verified")
    assert feed.new() == {("changed", "statement", statement.slug)}

    statement.passages.clear()
    assert feed.new() == {("changed", "statement", statement.slug)}

    Statement.objects.update(role_at_time="Director")
    assert feed.new() == {("changed", "statement", statement.slug)}
    assert feed.new() == set()


def test_an_address_that_another_record_took_is_not_taken_from_it(feed: Feed) -> None:
    first, second = make.make_person("Ann Lee"), make.make_person("Bo Kim")
    feed.new()
    model = type(first)
    model.objects.filter(pk=first.pk).update(slug="tmp")
    model.objects.filter(pk=second.pk).update(slug="ann-lee")
    model.objects.filter(pk=first.pk).update(slug="bo-kim")
    kept = {"ann-lee": "Ann Lee", "bo-kim": "Bo Kim"}
    for row in feed.rows():
        kept.pop(row["former_id"] or "", None)
        kept[row["id"]] = row["url"]
    assert sorted(kept) == ["ann-lee", "bo-kim"]


def test_a_state_between_two_looks_that_somebody_was_given_is_corrected(ask: Ask, feed: Feed) -> None:
    """An export ran between two writes that undo each other: the record changed for who holds that export."""
    person = make.make_person("Ann Lee")
    statement = make.make_statement(passages=[], role_at_time="Director")
    feed.new()
    rows = Statement.objects.filter(pk=statement.pk)

    rows.update(role_at_time="Minister")
    rows.update(role_at_time="Director")
    assert feed.new() == set()

    rows.update(role_at_time="Minister")
    assert b"Minister" in b"".join(ask("export/statements.ndjson"))
    rows.update(role_at_time="Director")
    assert [line(row) for row in feed.rows()] == [("changed", "statement", statement.slug)] * 2

    rows.update(slug="other")
    assert b"other" in b"".join(ask("export/statements.ndjson"))
    rows.update(slug=statement.slug)
    there, back = ("renamed", "statement", "other", statement.slug), ("renamed", "statement", statement.slug, "other")
    assert [line(row) for row in feed.rows()] == [there, back]

    draft = make.make_person("Bo Kim", status="draft")
    draft.publish()
    assert b"bo-kim" in b"".join(ask("export/people.ndjson"))
    type(draft).objects.filter(pk=draft.pk).update(status="draft")
    assert [line(row) for row in feed.rows()] == [("created", "person", "bo-kim"), ("withdrawn", "person", "bo-kim")]

    before = TouchedRow.objects.count()
    assert b"".join(ask("export/people.ndjson")) != b""
    assert feed.new() == set()
    assert (before, person.slug) == (0, "ann-lee")


def test_what_is_given_after_the_feed_began_is_told_in_an_export_that_began_before(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether somebody follows the feed is asked again for each page."""
    monkeypatch.setattr(streams, "PAGE", 1)
    make.make_topic("Film")
    make.make_topic("Music")
    pages = iter(ask("export/topics.ndjson").streaming_content)
    assert b"film" in next(pages)
    start = ask("changes/").json()["cursor"]
    rows = Topic.objects.filter(slug="music")
    rows.update(name="Sound")
    assert b"Sound" in next(pages)
    rows.update(name="Music")
    told = ask(f"changes/?after={start}").json()["results"]
    assert [(row["action"], row["id"]) for row in told] == [("changed", "music")] * 2


def test_an_address_of_this_site_in_a_text_changes_nothing_by_being_read(ask: Ask, feed: Feed) -> None:
    """A source may have its original here. Who is given it is given what was told, however often."""
    source = make.make_source("A report", url=f"{HOST}/media/report.pdf", note=f'At "{HOST}/media/" as well.')
    feed.new()
    for _time in range(2):
        last = ask("changes/?expand=record").json()["results"][-1]["record"]
        assert last == ask(f"sources/{source.slug}/").json()
        assert b"".join(ask("export/sources.ndjson")) == ask(f"sources/{source.slug}/").content + b"\n"
        assert feed.rows() == []


def test_an_export_says_from_where_to_go_on(ask: Ask) -> None:
    make.make_person("Ann Lee")
    ask("changes/")
    answer = ask("export/people.ndjson")
    list(answer)
    assert answer["Change-Cursor"] == ask("changes/").json()["cursor"]
    assert ask("export/people.csv")["Change-Cursor"] == answer["Change-Cursor"]
    assert ask("export/datapackage.zip")["Change-Cursor"] == answer["Change-Cursor"]
    make.make_person("Bo Kim")
    rows = ask(f"changes/?after={answer['Change-Cursor']}").json()["results"]
    assert [line(row) for row in rows] == [("created", "person", "bo-kim")]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=nonsense", "after"),
        ("after=0", "after"),
        ("after=12345", "after"),
        ("after=" + "f" * 300, "after"),
        ("after=%00", "after"),
        ("after=%FF", "after"),
        ("page_size=0", "page_size"),
        ("page_size=501", "page_size"),
        ("page_size=1e3", "page_size"),
        ("page_size=%E0%B9%91", "page_size"),
        ("expand=names", "expand"),
        ("page=2", "page"),
        ("affter=x", "affter"),
        ("after=x&after=x", "after"),
    ],
)
def test_what_is_not_understood_is_refused(ask: Ask, query: str, parameter: str) -> None:
    answer = ask(f"changes/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_a_cursor_that_is_not_kept_any_more_is_gone(ask: Ask) -> None:
    for name in ("Ann Lee", "Bo Kim"):
        make.make_person(name)
        ask("changes/")
    first, last = (changes.cursor_of(change.position) for change in Change.objects.all())
    assert changes.prune(timezone.now()) == 2
    for query in ("", f"?after={first}", "?after=" + changes.cursor_of(5), "?after=" + changes.cursor_of(2**60)):
        answer = ask(f"changes/{query}")
        assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
        assert answer.json()["export_url"] == f"{HOST}/api/v1/export/"
    assert ask(f"changes/?after={last}").json()["results"] == []
    make.make_person("Cy Tran")
    answer = ask(f"changes/?after={last}").json()
    assert [line(row) for row in answer["results"]] == [("created", "person", "cy-tran")]
    assert list(ask("export/people.ndjson"))


def test_the_command_tells_and_prunes(ask: Ask) -> None:
    make.make_person("Ann Lee")
    call_command("update_changes", verbosity=0)
    assert (TouchedRow.objects.count(), Change.objects.count()) == (0, 1)
    Change.objects.update(at=timezone.now() - timedelta(days=31))
    call_command("update_changes", "--keep-days", "30", verbosity=0)
    assert Change.objects.count() == 0
    assert KnownRecord.objects.count() == 1


def test_asking_again_is_cheap(ask: Ask) -> None:
    make.make_person("Ann Lee")
    first = ask("changes/")
    assert first["Cache-Control"] == "public, max-age=60"
    assert ask("changes/", if_none_match=first["ETag"]).status_code == 304


def test_a_request_looks_at_a_bounded_number_of_rows(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "BATCH", 1)
    for number in range(8):
        make.make_person(f"Person {number}")
    told = []
    address, more = "changes/", True
    while more:
        page = ask(address).json()
        address, more = page["next"], page["more"]
        told.append(len(page["results"]))
    assert sum(told) == 8
    assert len(told) > 1
    assert max(told) <= 5


def test_the_feed_takes_the_same_queries_for_one_line_and_for_three(ask: Ask, queries: Queries) -> None:
    make.make_person("Bo Kim")
    for size in (1, 3):
        for _number in range(size):
            make.make_person("Ann Lee")
        ask("changes/")
        with queries("/api/v1/changes/"):  # rows to look at, where the feed begins, lines
            ask(f"changes/?page_size={size}")
        cursor = changes.cursor_of(Change.objects.order_by("position").values_list("position", flat=True)[0])
        with queries("/api/v1/changes/?after={}"):  # and whether the cursor stands in it
            ask(f"changes/?page_size={size}&after={cursor}")

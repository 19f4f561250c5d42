"""A public row never rests on one that is not public: whatever curators do, one after the other, with what they are offered."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from base.records.kinds import kinds
from base.records.support import all_unsupported, unfit
from directory.models import Organization, Passage, Person, PersonName, Source, Topic
from events.models import Event, Participation, Statement, Wording
from tests import factories as make
from tests.curation import change_url, opened, url_of

pytestmark = pytest.mark.django_db

RECORDS = [Source, Source, Person, Organization, Event, Topic, Statement]


def some_world(random_: random.Random) -> None:
    """Make three sources, one of them a draft, and records that cite them in all combinations."""
    sources = [make.make_source(f"Article {n}", status="draft" if n == 2 else "published") for n in range(3)]
    passages = [make.make_passage(source, f"Words {n} of it.") for source in sources for n in range(2)]
    public = passages[:4]
    for number in range(4):
        person = make.make_person(f"Person {number}", passages=random_.sample(public, 1))
        make.make_name(person, f"Also {number}", "vi", passages=random_.sample(public, 1))
        body = make.make_organization(f"Board {number}", passages=random_.sample(public, 1))
        event = make.make_event(f"Event {number}", passages=random_.sample(public, 1))
        topic = make.make_topic(f"Topic {number}")
        make.make_affiliation(person, body, passages=random_.sample(public, 2))
        make.make_participation(person, event, passages=random_.sample(public, 1))
        for count in (1, 2):
            cited = random_.sample(public, count)
            links = {"topics": [topic], "on_behalf_of": body, "passages": cited}
            make.make_statement(person, event, f"Statement {number}.{count}.", **links)
        quote = random_.choice(public)
        words = quote.source.text[quote.start : quote.end]
        make.make_statement(person, event, words, nature="verbatim", passages=[quote])


class CuratorInTheAdmin:
    """Does what the admin offers, at random and as a browser would; what is refused is refused."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client, self.random, self.done = client, random.Random(seed), 0

    def any(self, model: Any) -> Any:
        return self.random.choice(list(model.objects.order_by("pk")))

    def post(self, url: str, data: dict[str, Any]) -> None:
        response = self.client.post(url, data)
        assert response.status_code in (200, 302, 403, 409, 422), (url, response.status_code)
        self.done += response.status_code == 302

    def step(self) -> None:
        """Do one thing."""
        names = sorted(name for name in dir(self) if name.startswith("do_"))
        getattr(self, self.random.choice(names))()

    def do_withdraw(self) -> None:
        model = self.random.choice(RECORDS)
        rows = [self.any(model).pk for _n in range(self.random.choice((1, 1, 2)))]
        data = {"action": "withdraw_selected", "_selected_action": rows, "confirmed": "yes", "reason": "A mistake."}
        self.post(url_of(model, "changelist"), data)

    def do_withdraw_on_its_page(self) -> None:
        record = self.any(self.random.choice(RECORDS))
        self.save(record, _withdraw="1", withdrawn_reason="A mistake.")

    def do_publish(self) -> None:
        model = self.random.choice(RECORDS)
        rows = [self.any(model).pk for _n in range(3)]
        self.post(url_of(model, "changelist"), {"action": "publish_selected", "_selected_action": rows})

    def do_publish_again(self) -> None:
        record = self.any(self.random.choice(RECORDS))
        self.post(url_of(record, "republication", record.pk), {})

    def do_unite(self) -> None:
        model = self.random.choice([Person, Organization, Event, Topic])
        rows = [self.any(model).pk for _n in range(2)]
        data = {"action": "merge_doubles", "_selected_action": rows, "confirmed": "yes", "reason": "The same."}
        self.post(url_of(model, "changelist"), {**data, "winner": rows[0]})

    def do_cite_something_else(self) -> None:
        row = self.any(self.random.choice([Statement, PersonName, Participation, Event]))
        self.save(row, passages=[self.any(Passage).pk for _n in range(self.random.choice((0, 1, 2)))])

    def do_print_elsewhere(self) -> None:
        self.save(self.any(Wording), passage=self.any(Passage).pk)

    def do_change_a_status(self) -> None:
        row = self.any(self.random.choice([PersonName, Participation, Wording]))
        self.save(row, status=self.random.choice(["draft", "published", "withdrawn"]))

    def do_delete(self) -> None:
        model = self.random.choice([PersonName, Wording, Passage, Participation, Person, Source])
        self.post(url_of(model, "delete", self.any(model).pk), {"post": "yes"})

    def do_go_back(self) -> None:
        row = self.any(self.random.choice([Statement, PersonName, Wording]))
        version = self.random.choice(list(row.history.all()))
        url = url_of(row, "simple_history", row.pk, version.pk)
        self.post(url, opened(self.client, url))

    def save(self, row: Any, **changes: Any) -> None:
        self.post(change_url(row), {**opened(self.client, change_url(row)), **changes})


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_curators_do_every_public_row_is_carried(admin_client: Client, seed: int) -> None:
    some_world(random.Random(seed))
    curator = CuratorInTheAdmin(admin_client, seed)
    for number in range(60):
        curator.step()
        found = {model.__name__: [str(row) for row in rows] for model, rows in all_unsupported() if rows.exists()}
        assert found == {}, number
    assert curator.done > 20
    public = Client()
    for statement in Statement.objects.published():
        document = public.get(f"/api/v1/statements/{statement.slug}/").json()
        assert document["passages"] != [], statement


def test_the_problems_told_are_the_rows_found() -> None:
    """`publish_problems`, in sentences, and `unfit`, in SQL, are of one mind."""
    some_world(random.Random(7))
    hidden = Passage.objects.filter(source__status="draft").first()
    assert hidden is not None
    for statement in Statement.objects.order_by("pk")[:3]:
        statement.passages.set([hidden])
    Statement.objects.order_by("pk").last().wordings.update(status="draft")  # type: ignore[union-attr]
    Event.objects.order_by("pk")[1].passages.set([hidden])
    Person.objects.order_by("pk")[1].names.update(status="draft")
    for model in kinds():
        rows = list(model.objects.filter(status="published"))
        wrong = set(unfit(model, {row.pk for row in rows}).values_list("pk", flat=True))
        assert {row.pk for row in rows if row.publish_problems()} == wrong, model
    assert wrong != set() or Statement in kinds()


def test_a_command_finds_what_sql_by_hand_has_done() -> None:
    some_world(random.Random(7))
    said = io.StringIO()
    call_command("check_published", stdout=said)
    assert said.getvalue() == "Every public row rests on public ones.\n"
    Source.objects.filter(status="published").update(status="withdrawn", withdrawn_reason="By hand.")
    with pytest.raises(CommandError, match="public rows rest on nothing public"):
        call_command("check_published", stdout=said)
    assert "statements: 12" in said.getvalue()


def test_loading_rows_that_rest_on_nothing_is_said_at_once(tmp_path: Path) -> None:
    statement = make.make_statement(make.make_person(), wording="Films are made here.", passages=[make.make_passage()])
    whole, without = tmp_path / "whole.json", tmp_path / "without.json"
    call_command("dumpdata", "events.statement", output=str(whole))
    (row,) = json.loads(whole.read_text())
    row["fields"]["passages"] = []
    without.write_text(json.dumps([row]))
    said = io.StringIO()
    call_command("loaddata", str(whole), verbosity=0, stderr=said)
    assert said.getvalue() == ""
    call_command("loaddata", str(without), verbosity=0, stderr=said)
    assert "1 public rows rest on nothing public now. `manage.py check_published` names them" in said.getvalue()
    assert list(unfit(Statement, [statement.pk])) == [statement]

"""Two curators at once: one of both waits, sees what the other did, and no public row is left on nothing.

What rests on row locks is tried on PostgreSQL alone: on SQLite writers take turns, and the second one sees what the first did.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from base.records.merging import CannotMerge, merge
from base.records.support import all_unsupported
from base.records.withdrawal_plan import plan_withdrawal
from base.records.withdrawals import Withdrawal
from base.records.withdrawing import PlanChanged, RowsInUse, publish_together, withdraw_together
from directory.models import Passage, Person, PersonName, Source
from events.models import Statement
from tests import factories as make
from tests.curation import change_url, errors, opened, url_of

side_by_side = pytest.mark.skipif(connection.vendor != "postgresql", reason="writers of SQLite take turns")
two_connections = [side_by_side, pytest.mark.django_db(transaction=True)]


class Other(threading.Thread):
    """Does something on a connection of its own; `result` is what came of it, an exception too."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work, self.result = work, None

    def run(self) -> None:
        """Do it."""
        try:
            self.result = self.work()
        except Exception as error:
            self.result = error
        finally:
            connection.close()


def waits(thread: Other) -> bool:
    """Return whether the thread comes to wait for a lock, rather than to its end."""
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False


@contextmanager
def uncommitted(work: Callable[[], Any], other: Callable[[], Any], seen: list[Any]) -> Iterator[None]:
    """Do `work`, begin `other` beside it before that is committed, and let `other` end afterwards."""
    with transaction.atomic():
        work()
        thread = Other(other)
        thread.start()
        waited = waits(thread)
    thread.join(30)
    seen += [waited, thread.result]
    yield


@pytest.fixture
def sources() -> tuple[Source, Source]:
    """Return two public sources, the first of which carries a statement."""
    first, second = make.make_source("First"), make.make_source("Second")
    make.make_passage(second, "Other words of it.")
    cited = make.make_passage(first, "Words of the first.")
    make.make_statement(make.make_person(), wording="Films are made here.", passages=[cited])
    return first, second


def client() -> Client:
    """Return a browser of somebody who may do everything."""
    browser, user = Client(), User.objects.filter(username="admin").first()
    browser.force_login(user or User.objects.create_superuser("admin"))
    return browser


def nothing_rests_on_nothing() -> bool:
    """Whether every public row is carried."""
    return not any(rows.exists() for _model, rows in all_unsupported())


def moves() -> dict[str, Callable[[Client, Passage], Any]]:
    """Return the ways in which a curator lets something rest on another passage."""

    def move_statement(browser: Client, passage: Passage) -> Any:
        url = change_url(Statement.objects.get())
        return browser.post(url, {**opened(browser, url), "passages": [passage.pk]})

    def move_name(browser: Client, passage: Passage) -> Any:
        url = change_url(PersonName.objects.get())
        return browser.post(url, {**opened(browser, url), "passages": [passage.pk]})

    return {"statement": move_statement, "name": move_name}


@pytest.mark.parametrize("way", moves())
class TestMovingToASourceThatIsBeingWithdrawn:
    """A row of the first source is moved to the second one, which somebody withdraws."""

    pytestmark = two_connections

    def test_whoever_withdraws_waits_for_the_form(self, sources: tuple[Source, Source], way: str) -> None:
        browser, passage, seen = client(), sources[1].passages.get(), []  # type: ignore[var-annotated]
        shown = plan_withdrawal([sources[1]]).digest
        answers = []
        with uncommitted(
            lambda: answers.append(moves()[way](browser, passage)),
            lambda: withdraw_together([sources[1]], "Forged.", expected=shown),
            seen,
        ):
            assert answers[0].status_code == 302
            assert seen[0] is True
            assert isinstance(seen[1], PlanChanged)
            assert nothing_rests_on_nothing()

    def test_the_form_waits_for_whoever_withdraws(self, sources: tuple[Source, Source], way: str) -> None:
        browser, passage, seen = client(), sources[1].passages.get(), []  # type: ignore[var-annotated]
        with uncommitted(
            lambda: withdraw_together([sources[1]], "Forged."), lambda: moves()[way](browser, passage), seen
        ):
            assert seen[0] is True
            assert errors(seen[1])[""]
            assert nothing_rests_on_nothing()


@pytest.mark.django_db(transaction=True)
@side_by_side
def test_a_row_that_has_to_go_and_is_being_saved_refuses_the_withdrawal(sources: tuple[Source, Source]) -> None:
    statement, seen = Statement.objects.get(), []  # type: ignore[var-annotated]
    hold = Statement.objects.select_for_update().filter(pk=statement.pk)
    with uncommitted(lambda: list(hold), lambda: withdraw_together([sources[0]], "Forged."), seen):
        assert seen[0] is False
        assert isinstance(seen[1], RowsInUse)
        assert Statement.objects.published().count() == 1


@pytest.mark.django_db(transaction=True)
@side_by_side
def test_what_comes_to_rest_on_a_person_who_goes_with_a_source(sources: tuple[Source, Source]) -> None:
    """The name of a person goes with its source, the person with the name; a statement is just being given to them."""
    other = make.make_person("Bo Lin", passages=[sources[1].passages.get()])
    url, browser, seen = change_url(Statement.objects.get()), client(), []  # type: ignore[var-annotated]
    data = {**opened(browser, url), "speaker": other.pk}
    with uncommitted(lambda: browser.post(url, data), lambda: withdraw_together([sources[1]], "Forged."), seen):
        assert isinstance(seen[1], RowsInUse)
        assert nothing_rests_on_nothing()


@pytest.mark.django_db(transaction=True)
@side_by_side
def test_publishing_again_while_another_source_goes(sources: tuple[Source, Source]) -> None:
    person, statement = Person.objects.get(), Statement.objects.get()
    withdraw_together([person], "A mix-up.")
    withdrawal, seen = Withdrawal.objects.get(), []  # type: ignore[var-annotated]
    with uncommitted(lambda: publish_together(withdrawal), lambda: withdraw_together([sources[0]], "Forged."), seen):
        statement.refresh_from_db()
        assert seen[0] is True
        assert nothing_rests_on_nothing()


# One after the other, on both databases ----------------------------------------------------------------------------------


def withdraw_again(browser: Client, source: Source) -> Callable[[], Any]:
    """Open the page on which a source is withdrawn, and return what sends it."""
    url = url_of(Source, "withdrawal") + f"?rows={source.pk}"
    digest = browser.get(url).context["digest"]
    sent = {"_selected_action": [source.pk], "confirmed": "1", "expected": digest, "reason": "My reason."}
    return lambda: browser.post(url, sent)


@pytest.mark.django_db
def test_a_source_that_somebody_withdrew_meanwhile_keeps_their_reason(sources: tuple[Source, Source]) -> None:
    second = sources[1]
    send = withdraw_again(client(), second)
    withdraw_together([second], "Their reason.")
    assert "Meanwhile" in send().content.decode()
    second.refresh_from_db()
    assert second.withdrawn_reason == "Their reason."


@pytest.mark.django_db
def test_a_source_that_somebody_withdrew_and_published_again_meanwhile_is_as_it_was_shown(
    sources: tuple[Source, Source],
) -> None:
    second = sources[1]
    send = withdraw_again(client(), second)
    withdraw_together([second], "Their reason.")
    Source.objects.filter(pk=second.pk).update(status="published", withdrawn_reason="")
    assert send().status_code == 302
    assert Source.objects.get(pk=second.pk).withdrawn_reason == "My reason."


@pytest.mark.django_db
def test_what_somebody_published_again_meanwhile_is_told(sources: tuple[Source, Source]) -> None:
    browser = client()
    withdraw_together([sources[0]], "A mix-up.")
    url = url_of(Source, "republication", sources[0].pk)
    assert browser.get(url).status_code == 200
    publish_together(Withdrawal.objects.get())
    answer = browser.post(url, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Nothing was withdrawn together with it."]
    assert browser.post(url_of(Source, "republication", 999999), follow=True).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", ["deleted", "merged", "withdrawn", "changed"])
def test_uniting_what_somebody_changed_meanwhile(meanwhile: str) -> None:
    ann, anne, third = make.make_person("Ann Lee"), make.make_person("Anne Lee"), make.make_person("A. Lee")
    make.make_statement(anne, wording="She speaks.")
    browser, url = client(), url_of(Person, "changelist")
    sent = {"action": "merge_doubles", "_selected_action": [ann.pk, anne.pk]}
    page = browser.post(url, sent)
    sent |= {f"expected-{ann.pk}": page.context["sides"][0].plan.digest, "winner": ann.pk, "reason": "The same."}
    if meanwhile == "deleted":
        Statement.objects.all().delete()
        anne.delete()
    elif meanwhile == "merged":
        merge(anne, third, reason="The same.")
    elif meanwhile == "withdrawn":
        withdraw_together([ann], "A mix-up.")
    else:
        make.make_statement(anne, wording="She speaks again.")
    answer = browser.post(url, {**sent, "confirmed": "1"}, follow=True)
    assert answer.status_code == (200 if meanwhile == "deleted" else 409)
    told = [str(message) for message in answer.context["messages"]] + [
        str(error) for form in [answer.context.get("form")] if form for error in form.non_field_errors()
    ]
    assert len(told) == 1
    assert Person.objects.filter(merged_into=ann).count() == 0


@pytest.mark.django_db
def test_uniting_with_a_row_that_is_gone_is_refused() -> None:
    ann, anne = make.make_person("Ann Lee"), make.make_person("Anne Lee")
    Person.objects.filter(pk=anne.pk).delete()
    with pytest.raises(CannotMerge):
        merge(anne, ann, reason="The same.")

"""Uniting, splitting and undoing beside somebody else: who comes second waits, is told, and overwrites nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merge_plan import plan_merge
from base.records.merging import CannotMerge, merge
from base.records.reverting import CannotRevert, revert
from base.records.split_plan import SplitChoices
from base.records.splitting import CannotSplit, split
from base.records.withdrawing import withdraw_together
from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.directory.test_at_the_same_moment import two_connections, uncommitted

pytestmark = two_connections
People = tuple[Person, Person, Person]


@pytest.fixture
def people() -> People:
    """Return three people; the first has said something and spells the name as the second does."""
    people = tuple(make.make_person("Ann Lee", passages=[make.make_passage(words=f"{n}.")]) for n in "abc")
    make.make_statement(people[0], wording="She speaks.", about_people=[people[0]])
    return people  # type: ignore[return-value]


@pytest.mark.parametrize("swapped", [False, True])
def test_the_same_pair(people: People, swapped: bool) -> None:
    loser, winner, _third = people
    pair, seen = (winner, loser) if swapped else (loser, winner), []  # type: ignore[var-annotated]
    with uncommitted(lambda: merge(loser, winner, reason="Mine."), lambda: merge(*pair, reason="Theirs."), seen):
        assert seen[0] is True
        assert isinstance(seen[1], CannotMerge)
    assert Statement.objects.get().speaker == winner
    assert ChangeSet.objects.filter(action="merge").count() == 1


@pytest.mark.parametrize(("column", "act"), [("speaker", "merge"), ("speaker", "split"), ("about_people", "split")])
def test_a_statement_that_is_being_given_to_somebody_else(people: People, act: str, column: str) -> None:
    loser, winner, third = people
    statement, seen = Statement.objects.get(), []  # type: ignore[var-annotated]
    shown = plan_merge(loser, winner).digest
    rows = {f"events.statement.{name}": {statement.pk} for name in ("speaker", "about_people")}

    def give() -> None:
        list(Statement.objects.select_for_update().filter(pk=statement.pk))
        if column == "speaker":
            statement.speaker = third
            statement.save()
        else:
            statement.about_people.set([third])

    works: dict[str, Callable[[], Any]] = {
        "merge": lambda: merge(loser, winner, reason="The same.", expected=shown),
        "split": lambda: split(loser, winner, SplitChoices(rows), reason="Two of them."),
    }
    with uncommitted(give, works[act], seen):
        assert seen[0] is True
        assert isinstance(seen[1], CannotMerge | CannotSplit)
        assert "Meanwhile somebody changed one of them." in str(seen[1])
    statement.refresh_from_db()
    now = {"speaker": statement.speaker, "about_people": statement.about_people.get()}
    assert now == {"speaker": loser, "about_people": loser, column: third}


def test_a_statement_that_is_being_made_to_be_about_somebody_else(people: People) -> None:
    """Uniting looks at each kind of link anew, once the statement is free: what is not about the double any more stays so."""
    loser, winner, third = people
    statement, seen = Statement.objects.get(), []  # type: ignore[var-annotated]

    def give() -> None:
        list(Statement.objects.select_for_update().filter(pk=statement.pk))
        statement.about_people.set([third])

    with uncommitted(give, lambda: merge(loser, winner, reason="The same."), seen):
        assert seen[0] is True
    statement.refresh_from_db()
    assert (statement.speaker, statement.about_people.get()) == (winner, third)


def test_an_equal_whose_note_is_being_changed_keeps_it(people: People) -> None:
    loser, winner, _third = people
    name, seen = winner.names.get(), []  # type: ignore[var-annotated]

    def note() -> None:
        name.note = "As in the letter."
        name.save()

    with uncommitted(note, lambda: merge(loser, winner, reason="The same."), seen):
        assert seen[0] is True
    assert winner.names.get().note == "As in the letter."


@pytest.mark.parametrize("act", ["merge", "split"])
def test_the_other_record_is_being_withdrawn(people: People, act: str) -> None:
    loser, winner, _third = people
    rows, seen = {"events.statement.speaker": {Statement.objects.get().pk}}, []  # type: ignore[var-annotated]
    works: dict[str, Callable[[], Any]] = {
        "merge": lambda: merge(loser, winner, reason="The same."),
        "split": lambda: split(loser, winner, SplitChoices(rows), reason="Two of them."),
    }
    with uncommitted(lambda: withdraw_together([winner], "A mix-up."), works[act], seen):
        assert seen[0] is True
        assert isinstance(seen[1], CannotMerge | CannotSplit)
        assert "is withdrawn" in str(seen[1])
    assert Statement.objects.get().speaker == loser


def test_undone_by_both(people: People) -> None:
    act, seen = merge(people[0], people[1], reason="The same.").change_set, []  # type: ignore[var-annotated]
    assert act is not None
    with uncommitted(lambda: revert(act), lambda: revert(act), seen):
        assert seen[0] is True
        assert isinstance(seen[1], CannotRevert)
        assert "Nothing of it is left to undo." in str(seen[1])


def test_undone_while_somebody_changes_it(people: People) -> None:
    name, seen = people[0].names.get(), []  # type: ignore[var-annotated]
    with change_set(action=ChangeAction.SAVE):
        name.text = "Ann Li"
        name.save()
    act = ChangeSet.objects.get()

    def change() -> None:
        name.text = "Ann Ly"
        name.save()

    with uncommitted(change, lambda: revert(act), seen):
        assert seen[0] is True
        assert isinstance(seen[1], CannotRevert)
        assert "it was changed again since" in str(seen[1])
    name.refresh_from_db()
    assert name.text == "Ann Ly"

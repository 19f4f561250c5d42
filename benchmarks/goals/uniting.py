"""Goal 11: a person with 1,000 statements is united with another in under five seconds; what undoing and splitting take."""

from __future__ import annotations

from collections.abc import Iterator

from ..bench import Bench, Figure, at_most, number

STATEMENTS = 1_000
SECONDS = 5.0


def measure(bench: Bench) -> Iterator[Figure]:
    """Unite, undo, split and undo over the large database, in a transaction that is taken back."""
    rounds = [bench.site(bench.large).call(seconds) for _round in range(bench.rounds)]
    best = {step: min(each[step] for each in rounds) for step in rounds[0]}
    what = f"a person with {STATEMENTS:,} statements: "
    yield at_most(11, f"{what}looked at and united", best["look"] + best["unite"], SECONDS, " s")
    for step in ("look", "unite", "undo", "split", "undo the split"):
        yield Figure(11, f"{what}{step}", f"{number(best[step])} s")


def seconds() -> dict[str, float]:
    """Return what each step takes. Runs in the process of the site; nothing of it stays."""
    from contextlib import contextmanager
    from time import perf_counter

    from django.db import transaction

    from base.records.merge_plan import plan_merge
    from base.records.merging import merge
    from base.records.reverting import revert
    from base.records.split_plan import SplitChoices
    from base.records.splitting import split
    from directory.models import Person
    from events.models import Statement

    taken: dict[str, float] = {}

    @contextmanager
    def timed(step: str) -> Iterator[None]:
        start = perf_counter()
        yield
        taken[step] = perf_counter() - start

    with transaction.atomic():
        winner, other = Person.objects.published().order_by("-pk")[:2]
        loser = Person.objects.published().get(pk=other.pk)
        keys = list(Statement.objects.filter(speaker=1).order_by("pk").values_list("pk", flat=True)[:STATEMENTS])
        Statement.objects.filter(speaker=loser).exclude(pk__in=keys).update(speaker=1)
        Statement.objects.filter(pk__in=keys).update(speaker=loser)
        with timed("look"):
            digest = plan_merge(loser, winner).digest
        with timed("unite"):
            united = merge(loser, winner, reason="The same.", expected=digest).change_set
        assert united is not None
        with timed("undo"):
            revert(united, None, "Two people.")
        loser, winner = (Person.objects.get(pk=row.pk) for row in (loser, winner))
        with timed("split"):
            choices = SplitChoices({"events.statement.speaker": set(keys)})
            _winner, counts = split(loser, winner, choices, reason="Two people.")
        assert counts.change_set is not None
        with timed("undo the split"):
            revert(counts.change_set, None, "One after all.")
        transaction.set_rollback(True)
    return taken

"""What may have a problem is found without asking every row, and no row with a problem is missed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from base.records.publishing_together import mark_public, refusals, show_public
from base.records.support import may_have_problems, publishable_models
from events.models import Wording
from review.gathering import is_reviewable
from tests import factories as make
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db


def add_broken_drafts() -> None:
    """Make drafts that lack something, each something else, and what rests on them."""
    hidden = make.make_passage(make.make_source("Hidden", status="draft"), "Nobody reads this.")
    person = make.make_person("No Name Left", status="draft")
    person.names.all().delete()
    make.make_statement(person, status="draft")
    make.make_person("Rejected Name", status="draft").names.update(certainty="rejected", note="Wrong.")
    make.make_person("Hidden Name", status="draft", passages=[hidden])
    make.make_statement(status="draft", passages=[])
    make.make_statement(status="draft", passages=[hidden])
    make.make_statement(status="draft").wordings.all().delete()
    make.make_statement(status="draft", speaker_label="delegates").wordings.update(status="draft")
    nobody = make.make_statement(status="draft")
    type(nobody)._base_manager.filter(pk=nobody.pk).update(speaker_label="")
    quote = make.make_statement(wording="Words as printed.", nature="verbatim", status="draft")
    make.make_wording(quote, "Words as printed, ours.", language="de")
    Wording._base_manager.filter(statement=quote, nature="verbatim").update(proven=False)
    other = make.make_statement(make.make_person("Withdrawn", status="withdrawn"), status="draft")
    make.make_wording(other, "Other.", language="fr", status="draft")
    public = make.make_person("Public")
    make.make_name(public, "Uncited", "fr", status="draft")
    make.make_name(public, "Cites what is hidden", "de", status="draft", passages=[hidden])
    make.make_affiliation(
        public, make.make_organization("Draft Body", status="draft"), status="draft", passages=[hidden]
    )


def test_no_row_with_a_problem_is_missed() -> None:
    add_drafts(publish_world())
    add_broken_drafts()
    models = [model for model in publishable_models() if is_reviewable(model)]
    rows = {model: set(model._base_manager.filter(status="draft").values_list("pk", flat=True)) for model in models}
    with transaction.atomic():
        broken = mark_public(rows)
        problems = 0
        for model in models:
            left = rows[model] - {key for other, key in broken if other is model}
            suspects = may_have_problems(model, left)
            found = {row.pk for row in model._base_manager.filter(pk__in=left) if row.publish_problems()}
            assert found <= suspects, model
            problems += len(found)
            public = {row.pk for row in model.objects.published() if row.publish_problems()} - left
            assert public <= may_have_problems(model, [row.pk for row in model.objects.published()]), model
        assert problems >= 8
        transaction.set_rollback(True)


def test_a_sound_article_costs_the_same_however_large_it_is() -> None:
    counts = []
    for number in (3, 9):
        source = make.make_source(f"Article {number}", status="draft")
        statements = [
            make.make_statement(passages=[make.make_passage(source, f"Line {number} {i}.")], status="draft")
            for i in range(number)
        ]
        rows = {type(source): {source.pk}, type(statements[0]): {row.pk for row in statements}}
        counts.append((_queries(lambda rows=rows: refusals(rows)), _queries(lambda rows=rows: _shown(rows))))
        assert refusals(rows) == {}
    assert counts[0] == counts[1]


def _shown(rows: Any) -> None:
    with transaction.atomic():
        assert show_public(rows) == rows
        transaction.set_rollback(True)


def _queries(work: Any) -> int:
    number = 0

    def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal number
        number += 1
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        work()
    return number

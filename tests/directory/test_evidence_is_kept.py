"""What a fact rests on cannot be taken away unnoticed."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from directory.models import Passage
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_cited_passage_cannot_be_deleted() -> None:
    passage = make.make_passage()
    person = make.make_person(passages=[passage])
    with pytest.raises(ProtectedError, match="is cited and cannot be deleted"), transaction.atomic():
        passage.delete()
    assert list(person.names.get().passages.all()) == [passage]
    person.names.get().passages.clear()
    passage.delete()
    assert not Passage.objects.exists()


def test_a_merged_record_cannot_be_published() -> None:
    winner = make.make_person("Ann Lee")
    loser = make.make_person("Anne Lee", status="draft")
    loser.merged_into = winner
    assert loser.publish_problems() == ["It was merged into “Ann Lee”."]

"""What is public: one definition for every model, its parents included."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError

from base.records.publishing import Publishable
from directory.models import Affiliation, Organization, Passage, Person, PersonName, Topic
from events.models import Participation, Statement, Wording
from tests import factories as make
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db

PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable)]


def is_public(row: Any) -> bool:
    """Say whether a row is public, by walking from row to row in Python: a second opinion on published_q."""
    own = row.status == "published" if hasattr(row, "status") and row.status is not None else True
    parents = [getattr(row, name) for name in row.public_parents]
    proven = not isinstance(row, Wording) or row.nature != "verbatim" or row.proven
    return own and proven and all(is_public(parent) for parent in parents if parent is not None)


def test_published_is_what_walking_to_the_parents_says() -> None:
    add_drafts(publish_world())
    for model in PUBLISHABLE:
        rows = list(model._base_manager.all())
        assert {row.pk for row in model.objects.published()} == {row.pk for row in rows if is_public(row)}, model
        assert {is_public(row) for row in rows} == {True, False}, model


def test_curators_see_everything_and_nobody_else_does() -> None:
    add_drafts(publish_world())
    for model in PUBLISHABLE:
        everything, public = model.objects.count(), model.objects.published().count()
        seen = [model.objects.visible_to(user).count() for user in (User(is_staff=True), User(), AnonymousUser())]
        assert seen == [everything, public, public], model
        assert public < everything, model


def test_seen_through_a_relation_the_condition_is_the_same() -> None:
    add_drafts(publish_world())
    for model, name in ((Affiliation, "person"), (Participation, "event"), (Wording, "statement")):
        parent = model._meta.get_field(name).related_model
        by_join = model.objects.filter(parent.published_q(f"{name}__")).values_list("pk", flat=True)
        by_ids = model.objects.filter(**{f"{name}__in": parent.objects.published()}).values_list("pk", flat=True)
        assert sorted(by_join) == sorted(by_ids)


def test_an_empty_end_hides_nothing() -> None:
    affiliation = make.make_affiliation(make.make_person())
    assert list(Affiliation.objects.published()) == [affiliation]
    statement = make.make_statement()
    assert list(Statement.objects.published()) == [statement]


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_a_hidden_end_hides_the_link_and_comes_back_with_it(status: str) -> None:
    person, organization = make.make_person(), make.make_organization()
    affiliation = make.make_affiliation(person, organization)
    for end in (person, organization):
        end.status, end.withdrawn_reason = status, "A mistake."
        end.save()
        assert list(Affiliation.objects.published()) == []
        end.status = "published"
        end.save()
        assert list(Affiliation.objects.published()) == [affiliation]


def test_a_passage_is_as_public_as_its_source() -> None:
    passage = make.make_passage(make.make_source(status="draft"), "Words.")
    assert list(Passage.objects.published()) == []
    passage.source.status = "published"
    passage.source.save()
    assert list(Passage.objects.published()) == [passage]


def test_firm_leaves_out_what_was_rejected() -> None:
    person = make.make_person("Ann Lee")
    names = [
        make.make_name(person, certainty, certainty=certainty, note="Doubt.")
        for certainty in ("inferred", "disputed", "rejected")
    ]
    public = {name.pk for name in PersonName.objects.published()}
    assert {name.pk for name in names} < public
    assert {name.pk for name in PersonName.objects.firm()} == public - {names[2].pk}


def test_publish_names_every_reason_at_once() -> None:
    statement = Statement(event=make.make_event("Hidden Workshop", status="draft"))
    statement.save()
    with pytest.raises(ValidationError) as refused:
        statement.publish()
    assert refused.value.messages == [
        "The event “Hidden Workshop” is not published yet.",
        "Nobody is named as the speaker.",
        "No passage is cited.",
        "It has no wording.",
    ]
    statement.refresh_from_db()
    assert statement.status == "draft"


def test_a_record_needs_a_name_and_a_fact_a_passage() -> None:
    person = Person()
    person.save()
    assert person.publish_problems() == ["It has no name yet."]
    name = make.make_name(person, "Ann Lee", status="draft")
    assert name.publish_problems() == [
        f"The person “{person.slug}” is not published yet.",
        "A stated fact needs at least one passage.",
    ]
    with pytest.raises(ValidationError):
        name.publish()
    make.cite(name, make.make_passage())
    name.status = "published"
    name.save()
    person.refresh_from_db()
    person.publish()
    assert list(Person.objects.published()) == [person]
    assert person.published_at is not None


def test_an_inferred_fact_needs_no_passage_and_a_topics_name_none() -> None:
    organization = make.make_organization()
    name = make.make_name(organization, "Film Bureau", certainty="inferred", note="From elsewhere.", status="draft")
    name.publish()
    assert name.status == "published"
    topic = make.make_topic()
    name = make.make_name(topic, "การฝึกอบรม", "th", status="draft")
    name.publish()
    assert Topic.objects.get().labels == {"en": "Training", "th": "การฝึกอบรม"}


def test_only_rejected_names_are_no_name() -> None:
    organization = Organization()
    organization.save()
    make.make_name(organization, "Wrong", certainty="rejected", note="A title.")
    assert organization.publish_problems() == ["It has no name yet."]


def test_a_change_concerns_readers_only_where_they_could_see_it() -> None:
    person = make.make_person("Ann Lee")
    before = Person.objects.get().updated_at
    draft = make.make_name(person, "Draft", status="draft")
    draft.text = "Draft two"
    draft.save()
    assert Person.objects.get().updated_at == before
    draft.status = "published"
    draft.save()
    published = Person.objects.get().updated_at
    assert published > before
    name = PersonName.objects.get(pk=draft.pk)
    name.status = "draft"
    name.save()
    assert Person.objects.get().updated_at > published

"""What the database itself refuses: every constraint of both apps, violated once below the models and once through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from base.models import Change, ContentVersion, FeedState, KnownRecord
from directory.models import (
    Affiliation,
    InitiativeDescription,
    InitiativeOrganization,
    InitiativePart,
    OrganizationLink,
    Passage,
)
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart, Wording
from events.models.figures import KeptFigure
from tests import factories as make

pytestmark = pytest.mark.django_db

KEPT_BY_THE_SITE = (
    "base.changes.models",
    "events.models.figures",
    "events.models.list_index",
    "events.models.statement_files",
)
OWN_MODELS = [
    model
    for app in ("directory", "events")
    for model in apps.get_app_config(app).get_models()
    if not model.__name__.startswith("Historical") and model.__module__ not in KEPT_BY_THE_SITE
]
CONSTRAINTS = {constraint.name: model for model in OWN_MODELS for constraint in model._meta.constraints}

# A row of each model, and another beside it.
PAIRS: dict[str, Callable[[], tuple[Any, Any]]] = {
    **{
        kind: lambda maker=maker: (maker("One"), maker("Two"))
        for kind, maker in {
            "person": make.make_person,
            "organization": make.make_organization,
            "initiative": make.make_initiative,
            "topic": make.make_topic,
            "event": make.make_event,
            "source": lambda title: make.make_source(title, text="Words."),
        }.items()
    },
    **{
        f"{kind}name": lambda maker=maker: _names(maker("One"))
        for kind, maker in {
            "person": make.make_person,
            "organization": make.make_organization,
            "initiative": make.make_initiative,
            "topic": make.make_topic,
            "event": make.make_event,
        }.items()
    },
    "statement": lambda: (make.make_statement(), make.make_statement()),
    "wording": lambda: _two(
        Wording, {"statement": make.make_statement(), "nature": "paraphrase", "text": "Words."}, language=("th", "vi")
    ),
    "passage": lambda: (make.make_passage(words="One."), make.make_passage(words="Two.")),
    "affiliation": lambda: _two(Affiliation, {"person": make.make_person()}, role=("director", "founder")),
    "participation": lambda: tuple(
        make.make_participation(person, make.make_event())
        for person in (make.make_person("One"), make.make_person("Two"))
    ),
    "organizationlink": lambda: _two(
        OrganizationLink,
        {"organization": make.make_organization("One"), "related": make.make_organization("Two")},
        role=("part_of", "related_to"),
    ),
    "initiativedescription": lambda: _two(
        InitiativeDescription, {"initiative": make.make_initiative()}, text=("One.", "Two.")
    ),
    "initiativeorganization": lambda: _two(
        InitiativeOrganization,
        {"initiative": make.make_initiative(), "organization": make.make_organization()},
        role=("lead", "partner"),
    ),
    "initiativepart": lambda: _two(
        InitiativePart,
        {"initiative": make.make_initiative("One")},
        parent=(make.make_initiative("Two"), make.make_initiative("Three")),
    ),
    "eventdescription": lambda: _two(EventDescription, {"event": make.make_event()}, text=("One.", "Two.")),
    "eventorganization": lambda: _two(
        EventOrganization,
        {"event": make.make_event(), "organization": make.make_organization()},
        role=("host", "partner"),
    ),
    "eventinitiative": lambda: _two(
        EventInitiative,
        {"event": make.make_event(), "initiative": make.make_initiative()},
        role=("launched", "discussed"),
    ),
    "statementrelation": lambda: tuple(
        make.make_statement_relation(make.make_statement(), make.make_statement()) for _number in range(2)
    ),
    "eventpart": lambda: _two(
        EventPart, {"event": make.make_event("One")}, parent=(make.make_event("Two"), make.make_event("Three"))
    ),
}


def _two(model: type[models.Model], columns: dict[str, Any], **differing: tuple[Any, Any]) -> tuple[Any, Any]:
    """Make two rows of a model that differ in one column."""
    ((name, values),) = differing.items()
    return tuple(model._base_manager.create(**columns, **{name: value}) for value in values)  # type: ignore[return-value]


def _names(record: Any) -> tuple[Any, Any]:
    """Give a record two more names."""
    return make.make_name(record, "Uno"), make.make_name(record, "Un")


def pair(model: type[models.Model]) -> tuple[Any, Any]:
    """Make two rows of a model."""
    return PAIRS[str(model._meta.model_name)]()


def same(*names: str) -> Callable[[Any, Any], dict[str, Any]]:
    """Return what makes the second row the double of the first in these columns."""
    return lambda one, _two: {name: getattr(one, name) for name in names}


# What is wrong, by constraint; the names that many models share are given by their ending.
WRONG: dict[str, Callable[[Any, Any], dict[str, Any]]] = {
    "has_id": lambda *_pair: {"slug": ""},
    "status_known": lambda *_pair: {"status": "secret"},
    "withdrawal_says_why": lambda *_pair: {"status": "withdrawn", "withdrawn_reason": ""},
    "published_since": lambda *_pair: {"status": "published", "published_at": None},
    "merged_is_not_public": lambda one, _two: {"status": "published", "merged_into": one},
    "doubt_says_why": lambda *_pair: {"certainty": "disputed", "note": ""},
    "certainty_known": lambda *_pair: {"certainty": "sure", "note": "It is."},
    "not_empty": lambda *_pair: {"text": ""},
    "kind_known": lambda *_pair: {"kind": "nickname"},
    "role_known": lambda *_pair: {"role": "caterer"},
    "statement_relation_kind_known": lambda *_pair: {"kind": "resembles"},
    **{f"{kind}_name_once": same("text") for kind in ("person", "organization", "initiative", "topic", "event")},
    "initiative_organization_once": same("role"),
    "initiative_part_once": same("parent"),
    "initiative_part_of_another": lambda _one, two: {"parent": two.initiative},
    "affiliation_once": lambda one, two: _at_one_organization(one, two),
    "affiliation_profession_once": same("role"),
    "affiliation_has_role": lambda *_pair: {"role": ""},
    "organization_link_once": same("role"),
    "organization_link_to_another": lambda _one, two: {"related": two.organization},
    "source_public_text_has_licence": lambda *_pair: {"text_is_public": True, "licence": ""},
    "source_url_of_the_web": lambda *_pair: {"url": "javascript:alert(1)"},
    "passage_is_not_empty": lambda _one, two: {"end": two.start},
    "passage_paragraph_from_one": lambda *_pair: {"paragraph": 0},
    "passage_once": same("start", "end"),
    "statement_relation_once": lambda one, _two: {"statement": one.other, "other": one.statement},
    "statement_relation_to_another": lambda _one, two: {"other": two.statement},
    "event_part_once": same("parent"),
    "event_part_of_another": lambda _one, two: {"parent": two.event},
    "event_organization_once": same("role"),
    "event_initiative_once": same("role"),
    "participation_once": same("person", "event", "role"),
    "statement_has_speaker": lambda *_pair: {"speaker_label": ""},
    "statement_one_speaker": lambda *_pair: {
        "speaker": make.make_person(),
        "speaker_organization": make.make_organization(),
    },
    "statement_kind_known": lambda *_pair: {"statement_kind": "sung"},
    "wording_verbatim_has_passage": lambda *_pair: {"nature": "verbatim", "passage": None},
    "wording_not_empty": lambda *_pair: {"text": ""},
    "wording_nature_known": lambda *_pair: {"nature": "summary"},
    "wording_once": same("language"),
}


def _at_one_organization(one: Affiliation, two: Affiliation) -> dict[str, Any]:
    organization = make.make_organization()
    type(one).objects.filter(pk__in=[one.pk, two.pk]).update(organization=organization)
    return {"organization": organization, "role": one.role}


def wrong_columns(name: str, one: Any, two: Any) -> dict[str, Any]:
    """Return the columns that violate this constraint."""
    own = f"{two._meta.app_label}_{two._meta.model_name}_"
    return WRONG[name if name in WRONG else ending(name, own)](one, two)


def ending(name: str, own: str) -> str:
    """Return the part of a constraint's name that many models share."""
    return next(end for end in (name.removeprefix(own), "role_known") if end in WRONG)


def test_every_constraint_is_tested_here() -> None:
    used = set()
    for name, model in CONSTRAINTS.items():
        own = f"{model._meta.app_label}_{model._meta.model_name}_"
        used.add(name if name in WRONG else ending(name, own))
        assert str(model._meta.model_name) in PAIRS
    assert used == set(WRONG)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_refuses_it(name: str) -> None:
    model = CONSTRAINTS[name]
    one, two = pair(model)
    wrong = wrong_columns(name, one, two)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model._base_manager.filter(pk=two.pk).update(**wrong)
    columns = [model._meta.get_field(column).column for column in wrong]
    assert name in str(refused.value) or all(f".{column}" in str(refused.value) for column in columns)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_curator_is_told_in_a_sentence(name: str) -> None:
    model = CONSTRAINTS[name]
    one, two = pair(model)
    constraint = next(constraint for constraint in model._meta.constraints if constraint.name == name)
    for column, value in wrong_columns(name, one, two).items():
        setattr(two, column, value)
    with pytest.raises(ValidationError) as refused:
        constraint.validate(model, two)
    (message,) = refused.value.messages
    assert message == str(constraint.violation_error_message)
    assert message.endswith(".")
    assert "Constraint" not in message
    with pytest.raises(ValidationError):
        two.full_clean()


@pytest.mark.parametrize(
    "model", [m for m in OWN_MODELS if not m.__name__.endswith("FormerId")], ids=lambda m: m.__name__
)
def test_permanent_ids_are_unique(model: type[models.Model]) -> None:
    one, two = pair(model)
    key = "slug" if any(field.name == "slug" for field in model._meta.fields) else "uid"
    with pytest.raises(IntegrityError), transaction.atomic():
        model._base_manager.filter(pk=two.pk).update(**{key: getattr(one, key)})


@pytest.mark.parametrize("model", [m for m in OWN_MODELS if m.__name__.endswith("FormerId")], ids=lambda m: m.__name__)
def test_a_former_id_belongs_to_one_record(model: type[models.Model]) -> None:
    one, two = PAIRS[str(model._meta.get_field("record").related_model._meta.model_name)]()
    one.former_ids.create(slug="old")
    with pytest.raises(IntegrityError), transaction.atomic():
        two.former_ids.create(slug="old")


def test_a_passage_of_the_same_place_in_another_source_is_another() -> None:
    first = make.make_passage(make.make_source("One", text="Words."), "Words.")
    second = make.make_passage(make.make_source("Two", text="Words."), "Words.")
    assert Passage.objects.count() == 2
    assert first.uid != second.uid


# Rows that no curator writes: what the site keeps of its own changes and figures.
BOOKKEEPING = {
    "content_version_is_one_row": lambda: ContentVersion.objects.create(id=2, version=1),
    "feed_state_is_one_row": lambda: FeedState.objects.create(id=2),
    "known_record_once": lambda: [KnownRecord.objects.create(kind="person", record=1, public=True) for _ in range(2)],
    "kept_figure_once": lambda: [
        KeptFigure.objects.create(check_key="x", kind="y", count=1, total=1, counted_at=timezone.now())
        for _ in range(2)
    ],
    "change_action_known": lambda: Change.objects.create(position=1, at=timezone.now(), action="lost"),
}


def test_every_constraint_of_the_bookkeeping_is_tested_here() -> None:
    kept = [model for model in apps.get_models() if model.__module__ in KEPT_BY_THE_SITE]
    assert {constraint.name for model in kept for constraint in model._meta.constraints} == set(BOOKKEEPING)


@pytest.mark.parametrize("name", BOOKKEEPING)
def test_the_bookkeeping_refuses_it(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BOOKKEEPING[name]()

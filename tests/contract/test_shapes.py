"""What of a document is answered: chosen members, references in full, the language of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework import serializers

from base.documents.base import Shape, ShapeError
from base.documents.plan import Limits, plan_of, shape_of
from base.documents.shapes import NameSerializer, RecordRefSerializer
from base.records.kinds import kinds
from base.records.records import Record
from directory.models import Organization, Person
from tests import factories as make

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def test_only_the_fields_asked_for_are_answered(ask: Ask) -> None:
    person, topic = make.make_person(passages=[make.make_passage()]), make.make_topic()
    statement = make.make_statement(person, wording="She will.", topics=[topic])
    path = f"statements/{statement.slug}/"
    assert ask(f"{path}?fields=id").json() == {"id": statement.slug}
    assert ask(f"{path}?fields=speaker.name,wordings.text,topics.id,kind").json() == {
        "kind": "reported",
        "speaker": {"name": "Ann Lee"},
        "topics": [{"id": "training"}],
        "wordings": [{"text": "She will."}],
    }
    whole = ask(path).json()
    assert ask(f"{path}?fields=speaker.name,speaker").json() == {"speaker": whole["speaker"]}
    assert ask(f"{path}?fields=reading.text").json() == {"reading": {"text": "She will."}}
    (row,) = ask("people/?fields=names.passages.source.name").json()["results"]
    assert row == {"names": [{"passages": [{"source": {"name": person.names.get().passages.get().source.name}}]}]}


def test_a_reference_is_shown_in_full_if_asked_for(ask: Ask) -> None:
    person, event = make.make_person(), make.make_event()
    other = make.make_person("Bo Lin")
    make.make_affiliation(person, make.make_organization())
    statement = make.make_statement(person, event, about_people=[other, person])
    make.make_participation(person, event)
    whole = {slug: ask(f"people/{slug}/").json() for slug in ("ann-lee", "bo-lin")}
    body = ask(f"statements/{statement.slug}/?expand=speaker,about_people").json()
    assert body["speaker"] == whole["ann-lee"]
    assert body["about_people"] == [whole["ann-lee"], whole["bo-lin"]]
    assert set(body["event"]) == {"id", "url", "name", "name_language"}
    (row,) = ask("events/?expand=participants.person").json()["results"]
    assert row["participants"][0]["person"] == whole["ann-lee"]
    body = ask(f"statements/{statement.slug}/?expand=speaker&fields=id,speaker.affiliations.role").json()
    assert body == {"id": statement.slug, "speaker": {"affiliations": [{"role": "director"}]}}
    (row,) = ask("events/film-workshop/participants/?expand=person&fields=person.labels").json()["results"]
    assert row == {"person": {"labels": {"en": "Ann Lee"}}}


def test_names_and_wordings_follow_the_language_asked_for_and_tell_it(ask: Ask) -> None:
    person = make.make_person("Nguyễn Đặng", "vi", slug="nguyen")
    make.make_name(person, "เหงียน", "th", kind="transliteration")
    statement = make.make_statement(person, wording="She will.")
    make.make_wording(statement, "Cô ấy sẽ làm.", language="vi", nature="translation")
    path = f"statements/{statement.slug}/"
    for query, header, name, language, text in (
        ("", {}, "Nguyễn Đặng", "vi", "She will."),
        ("?lang=th", {}, "เหงียน", "th", "She will."),
        ("?lang=th-TH", {}, "เหงียน", "th", "She will."),
        ("?lang=vi", {}, "Nguyễn Đặng", "vi", "Cô ấy sẽ làm."),
        ("?lang=de", {}, "Nguyễn Đặng", "vi", "She will."),
        ("", {"accept_language": "th-TH,th;q=0.9,en;q=0.8"}, "เหงียน", "th", "She will."),
        ("?lang=vi", {"accept_language": "th"}, "Nguyễn Đặng", "vi", "Cô ấy sẽ làm."),
        ("", {"accept_language": "*"}, "Nguyễn Đặng", "vi", "She will."),
    ):
        body = ask(f"{path}{query}", **header).json()
        assert (body["speaker"]["name"], body["speaker"]["name_language"]) == (name, language), (query, header)
        assert body["reading"]["text"] == text, (query, header)
        record = ask(f"people/nguyen/{query}", **header).json()
        assert (record["name"], record["name_language"]) == (name, language)


class PersonShape(Shape):
    """A shape that can be read."""

    id = serializers.CharField(source="slug")
    names = NameSerializer(many=True)


def plan(shape: type[Shape], *wanted: str, model: type[Record] = Person) -> Any:
    """Return a plan of a shape of this file, made anew."""
    return plan_of.__wrapped__(shape, model, frozenset(wanted), frozenset())


def test_a_shape_refuses_to_make_documents_itself() -> None:
    person = make.make_person()
    assert plan(PersonShape).members == ("id", "names")
    for refused in (
        lambda: PersonShape(person).data,
        lambda: PersonShape([person], many=True).data,
        lambda: PersonShape(data={"id": "x", "names": []}).is_valid(),
        lambda: shape_of(Person)(person).data,
    ):
        with pytest.raises(
            NotImplementedError, match=r"Person\w+: a shape only declares; documents are made by base/documents"
        ):
            refused()


def test_every_shape_of_a_record_is_one_that_refuses() -> None:
    shapes = [shape_of(model) for model in kinds()]
    assert len(shapes) == 7
    for shape in shapes:
        fields = [getattr(field, "child", field) for field in shape().fields.values()]
        nested = [field for field in fields if isinstance(field, serializers.BaseSerializer)]
        assert [type(field) for field in [shape(), *nested] if not isinstance(field, Shape)] == []


class OtherSerializer(serializers.Serializer[Any]):
    """A serializer that is no shape."""

    id = serializers.CharField()


class LoudField(serializers.CharField):
    """A field that makes something of its value."""

    def to_representation(self, value: str) -> str:
        return value.upper()


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (
            serializers.SerializerMethodField(),
            "a SerializerMethodField cannot be read from rows; use one of BooleanField, ",
        ),
        (serializers.ReadOnlyField(), "a ReadOnlyField cannot be read"),
        (LoudField(source="slug"), "a LoudField cannot be read"),
        (
            serializers.CharField(),
            "Person has no column “wrong”; give the field the `source` of one, or say .* in WrongShape",
        ),
        (serializers.CharField(source="get_absolute_url"), "Person has no column “get_absolute_url”"),
        (serializers.CharField(source="names"), "Person has no column “names”"),
        (serializers.CharField(source="merged_into__nobody"), "Person has no column “merged_into__nobody”"),
        (serializers.CharField(source="names__text"), "Person has no column “names__text”"),
        (serializers.ChoiceField([], source="merged_into__status"), "Person has no field named 'merged_into__status'"),
        (RecordRefSerializer(), "Person has no field named 'wrong'"),
        (RecordRefSerializer(source="slug"), "Person.slug is no foreign key"),
        (RecordRefSerializer(source="names"), "“names” is no column of Person, but a relation"),
        (RecordRefSerializer(many=True, source="names"), "Person.names is no many-to-many field"),
        (
            NameSerializer(source="names"),
            "one NameSerializer alone cannot be read; use many=True, or a shape that `refers`",
        ),
        (NameSerializer(many=True), "Person has no field named 'wrong'"),
        (NameSerializer(many=True, source="slug"), "Person.slug is no relation of rows"),
        (OtherSerializer(many=True, source="names"), "OtherSerializer is no shape; derive it from Shape"),
        (OtherSerializer(source="merged_into"), "OtherSerializer is no shape; derive it from Shape"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_when_the_plan_is_made(field: serializers.Field, reason: str) -> None:
    shape = type("WrongShape", (PersonShape,), {"wrong": field})
    with pytest.raises(ShapeError, match=rf"^WrongShape\.wrong: {reason}"):
        plan(shape)
    assert plan(shape, "id").members == ("id",)  # what is not asked for is not read


def test_a_wrong_field_is_named_with_the_shape_it_stands_in() -> None:
    row = type("WrongName", (NameSerializer,), {"loudness": serializers.IntegerField()})
    shape = type("WrongShape", (PersonShape,), {"names": row(many=True)})
    with pytest.raises(ShapeError, match=r"^WrongName\.loudness: PersonName has no column “loudness”"):
        plan(shape)


def test_a_member_that_the_shape_does_not_declare_is_named() -> None:
    with pytest.raises(ShapeError, match=r"^PersonSerializer has no members nmae; name those that it declares\.$"):
        plan(shape_of(Person), "id", "nmae")


def test_columns_that_are_read_in_another_way_are_known() -> None:
    organization = plan_of(shape_of(Organization), Organization, frozenset(), frozenset(), Limits(3))
    assert {"people_count", "organizations"} <= set(organization.members)
    shape = type("Counted", (PersonShape,), {"annotations": ("uses",), "uses": serializers.IntegerField()})
    assert plan(shape).columns[-1] == "uses"


def test_tags_have_no_case(ask: Any) -> None:
    make.make_name(make.make_person("Ann"), "แอน", "th")
    answers = [ask(f"people/ann/?lang={tag}") for tag in ("th", "TH", "Th")]
    assert [answer.json()["name"] for answer in answers] == ["แอน"] * 3

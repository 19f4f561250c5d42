"""The cards of names: whose name it is, what a new record would be, and what is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from desk.fields import value_of_record
from desk.models import DifferentRecords
from desk.selections import digest_of_words
from directory.models import Affiliation, Organization, OrganizationName, Person, PersonName
from events.models import Event
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import Article, english, thai, vietnamese

pytestmark = pytest.mark.django_db


def open_card(client: Client, article: Article, words: str, kind: str = "name") -> Any:
    """Open a card for these words, as the page does."""
    start, end = article.span(words)
    return client.get(article.url(kind), {"start": start, "end": end, "digest": digest_of_words(words)})


def as_opened(answer: Any, **more: Any) -> dict[str, Any]:
    """Return what the browser would send if the card were saved as it was opened."""
    form = answer.context["form"]
    data: dict[str, Any] = {"action": "save", "key": answer.context["key"]}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            values = value if isinstance(value, list) else [value]
            data[field.html_name] = [v if isinstance(v, str) else value_of_record(v) for v in values]
    selections = answer.context["card"].selections
    data |= {"start": [s.start for s in selections], "end": [s.end for s in selections]}
    return {**data, "quote": [s.words for s in selections], **more}


def guess(answer: Any, name: str) -> object:
    """Return the first value of a field."""
    return answer.context["form"][name].value()


def errors(answer: Any) -> dict[str, list[str]]:
    """Return the errors of a refused card."""
    assert answer.status_code == 422, answer.content.decode()[:500]
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


# Guesses -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make_article", "words", "kind", "language"),
    [
        (english, "Tomas Reka", "person", "en"),
        (english, "the port of Sond", "person", "en"),
        (thai, "นางสาวอรุณี แก้วใส", "person", "th"),
    ],
)
def test_kind_and_language_are_guessed(
    admin_client: Client, make_article: Any, words: str, kind: str, language: str
) -> None:
    article = make_article()
    Person.objects.all().delete() if make_article is thai else None
    answer = open_card(admin_client, article, words)
    assert answer.status_code == 200
    assert (guess(answer, "kind_of_record"), guess(answer, "language")) == (kind, language)


@pytest.mark.parametrize(
    "sentence", ["Ông Lò Văn Khang nói: “Đậu đã mất.”", "Văn phòng Lũng Vài đóng cửa, Lò Văn Khang về."]
)
def test_the_middle_name_of_a_vietnamese_man_makes_no_body_of_him(admin_client: Client, sentence: str) -> None:
    article = vietnamese()
    article.source.text = sentence
    article.source.paragraphs = [[0, len(sentence)]]
    article.source.save()
    assert guess(open_card(admin_client, article, "Lò Văn Khang"), "kind_of_record") == "person"
    if "Văn phòng" in sentence:
        assert guess(open_card(admin_client, article, "Văn phòng Lũng Vài"), "kind_of_record") == "organization"


def test_words_for_bodies_events_and_initiatives_tell_the_kind(admin_client: Client) -> None:
    text = "The Institute of Coastal Measurement and the Pellmere Film Festival met. คณะเดินเรือ Mr Jon Aske said no.\n"
    article = english()
    article.source.text = text
    article.source.paragraphs = [[0, len(text) - 1]]
    article.source.save()
    for words, kind in (
        ("Institute of Coastal Measurement", "organization"),
        ("Pellmere Film Festival", "event"),
        ("Jon Aske", "person"),
    ):
        assert guess(open_card(admin_client, article, words), "kind_of_record") == kind
    body = open_card(admin_client, article, "Institute of Coastal Measurement")
    assert guess(body, "organization_kind") == "forum"
    assert guess(open_card(admin_client, article, "คณะเดินเรือ"), "language") == "th"


def test_a_spelling_on_record_chooses_its_record(admin_client: Client) -> None:
    article = english()
    answer = open_card(admin_client, article, "Ines Aldana")
    assert guess(answer, "same") == value_of_record(article.speaker)
    assert b"the same spelling" in answer.content


def test_two_of_one_name_are_told_apart_and_neither_is_chosen(admin_client: Client) -> None:
    article = english()
    other = make.make_person("Ines Aldana", status="draft")
    make.make_affiliation(other, None, role="harpist")
    answer = open_card(admin_client, article, "Ines Aldana")
    assert not guess(answer, "same")
    assert b"harpist" in answer.content
    refused = admin_client.post(article.url("name"), as_opened(answer))
    assert errors(refused) == {
        "same": ["Several go by this name. Say which of them is meant, or that it is a new one."]
    }
    saved = admin_client.post(article.url("name"), as_opened(answer, same=value_of_record(other)))
    assert saved.status_code == 200
    assert other.names.count() == 1, "the spelling was on record already"


# Saving ------------------------------------------------------------------------------------------------------------------------
def test_one_key_and_one_save_make_a_person_with_name_passage_and_history(admin_client: Client) -> None:
    article = english()
    answer = open_card(admin_client, article, "Tomas Reka")
    saved = admin_client.post(article.url("name"), as_opened(answer))
    assert saved.status_code == 200
    assert saved["HX-Trigger"] == "marks-changed"
    person = Person.objects.get(slug="tomas-reka")
    name = person.names.get()
    assert (person.status, name.text, name.language, name.kind) == ("draft", "Tomas Reka", "en", "official")
    assert (name.certainty, name.status) == ("stated", "published")
    passage = name.passages.get()
    assert (passage.source, passage.paragraph, passage.check_state) == (article.source, 4, "verified")
    assert (passage.start, passage.end) == article.span("Tomas Reka")
    assert name.history.count() == 1
    assert name.history.get().passages.count() == 1
    assert "¶4" in name.history.get().history_change_reason
    assert person.history.first().history_user.is_superuser


def test_an_exact_spelling_on_record_only_gets_the_passage(admin_client: Client) -> None:
    article = english()
    before = PersonName.objects.count()
    saved = admin_client.post(article.url("name"), as_opened(open_card(admin_client, article, "Ines Aldana")))
    assert saved.status_code == 200
    assert PersonName.objects.count() == before
    assert article.speaker.names.get().passages.filter(source=article.source, paragraph=2).exists()
    again = admin_client.post(article.url("name"), as_opened(open_card(admin_client, article, "Ines Aldana")))
    assert again.status_code == 200
    assert article.speaker.names.get().passages.filter(paragraph=2).count() == 1


def test_another_spelling_becomes_a_row_of_the_record(admin_client: Client) -> None:
    article = thai()
    person = make.make_person("Arunee Kaewsai", status="draft")
    answer = open_card(admin_client, article, "อรุณี แก้วใส")
    saved = admin_client.post(
        article.url("name"), as_opened(answer, same="", record=[value_of_record(person)], name_kind="transliteration")
    )
    assert saved.status_code == 200, saved.content.decode()
    name = person.names.get(language="th")
    assert (name.text, name.kind, name.position) == ("อรุณี แก้วใส", "transliteration", 1)


def test_a_new_body_is_made_by_the_card_of_bodies(admin_client: Client) -> None:
    article = english()
    Affiliation.objects.all().delete()
    Organization.objects.all().delete()
    answer = open_card(admin_client, article, "Lantern Coast Association", "organization")
    assert guess(answer, "organization_kind") == "association"
    assert admin_client.post(article.url("organization"), as_opened(answer)).status_code == 200
    body = Organization.objects.get()
    assert (body.slug, body.status, body.organization_kind) == ("lantern-coast-association", "draft", "association")


def test_what_is_not_the_same_is_remembered_with_the_new_record(admin_client: Client) -> None:
    article = english()
    other = make.make_person("Tomáš Řeka")
    answer = open_card(admin_client, article, "Tomas Reka")
    assert guess(answer, "same") == value_of_record(other)
    saved = admin_client.post(
        article.url("name"),
        as_opened(answer, same="new", kind_of_record="person", not_the_same=[value_of_record(other)]),
    )
    assert saved.status_code == 200
    person = Person.objects.get(slug="tomas-reka-2")
    assert DifferentRecords.objects.keys_for(person) == {other.pk}
    contradiction = as_opened(answer, same=value_of_record(other), not_the_same=[value_of_record(other)])
    assert "same" in errors(admin_client.post(article.url("name"), contradiction))


def test_publishing_a_person_asks_about_a_public_namesake(admin_client: Client) -> None:
    article = english()
    other = make.make_person("Tomas Reka")
    data = as_opened(open_card(admin_client, article, "Tomas Reka"), same="new", action="publish")
    data |= {"kind_of_record": "person"}
    refused = admin_client.post(article.url("name"), data)
    assert refused.status_code == 422
    assert "has the same name" in refused.content.decode()
    assert Person.objects.filter(slug__startswith="tomas-reka").count() == 1, (
        "nothing is kept of a card that is refused"
    )
    saved = admin_client.post(article.url("name"), {**data, "not_the_same": [value_of_record(other)]})
    assert saved.status_code == 200
    assert Person.objects.get(slug="tomas-reka-2").status == "published"


def test_an_event_is_made_with_its_passage(admin_client: Client) -> None:
    article = english()
    answer = open_card(admin_client, article, "met in Pellmere")
    data = as_opened(answer, same="new", kind_of_record="event")
    assert admin_client.post(article.url("name"), data).status_code == 200
    event = Event.objects.get(slug="met-in-pellmere")
    assert event.passages.count() == event.names.get().passages.count() == 1


# Roles and refusals ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("group", ["contributor", "editor", "keeper"])
def test_every_group_makes_drafts(client: Client, group: str) -> None:
    client.force_login(make_user("mai", group))
    article = english()
    answer = open_card(client, article, "Tomas Reka")
    assert client.post(article.url("name"), as_opened(answer)).status_code == 200
    assert Person.objects.get(slug="tomas-reka").status == "draft"


def test_a_contributor_changes_nothing_that_readers_see(client: Client) -> None:
    client.force_login(make_user("mai", "contributor"))
    article = english()
    data = as_opened(open_card(client, article, "Ines Aldana"))
    refused = client.post(article.url("name"), data)
    assert refused.status_code == 422
    assert "is public. An editor has to add what you selected" in refused.content.decode()
    assert not article.speaker.names.get().passages.filter(source=article.source, paragraph=2).exists()
    other = as_opened(open_card(client, article, "Tomas Reka"), same="", record=[value_of_record(article.speaker)])
    assert client.post(article.url("name"), other).status_code == 200
    assert article.speaker.names.get(text="Tomas Reka").status == "draft"


def test_nobody_without_the_right_opens_the_card(client: Client) -> None:
    article = english()
    viewer = make_user("mai")
    viewer.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(viewer)
    assert open_card(client, article, "Tomas Reka").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"same": "person:987654321"}, "same"),
        ({"same": "topic:1"}, "same"),
        ({"same": "x"}, "same"),
        ({"record": ["person:987654321"]}, "record"),
        ({"record-text": "somebody typed"}, "record"),
        ({"language": "zz"}, "language"),
        ({"language": ""}, "language"),
        ({"kind_of_record": "topic"}, "kind_of_record"),
        ({"name_kind": "nickname"}, "name_kind"),
        ({"certainty": "inferred"}, "note"),
        ({"certainty": "sure"}, "certainty"),
        ({"note": "a\u202eb"}, "note"),
        ({"not_the_same": ["person:1", "x"]}, "not_the_same"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_made(
    admin_client: Client, change: dict[str, Any], field: str
) -> None:
    article = english()
    data = as_opened(open_card(admin_client, article, "Tomas Reka"), **change)
    refused = admin_client.post(article.url("name"), data)
    assert field in errors(refused)
    assert not Person.objects.filter(slug="tomas-reka").exists()


def test_a_selection_that_is_no_name_is_refused(admin_client: Client) -> None:
    article = english()
    article.source.text = "x" * 600 + "\n"
    article.source.paragraphs = [[0, 600]]
    article.source.save()
    words = "x" * 501
    answer = open_card(admin_client, article, words)
    refused = admin_client.post(article.url("name"), as_opened(answer))
    assert refused.status_code == 422
    assert "too long for a name" in refused.content.decode()


def test_a_stale_card_says_so(admin_client: Client) -> None:
    article = english()
    data = as_opened(open_card(admin_client, article, "Tomas Reka"))
    article.source.text = article.source.text.replace("Tomas Reka", "Tomas Roka")
    article.source.save()
    assert admin_client.post(article.url("name"), data).status_code in (409, 422)
    assert not Person.objects.filter(slug="tomas-reka").exists()


def test_the_same_spelling_elsewhere_is_one_more_passage_and_another_is_refused(admin_client: Client) -> None:
    article = vietnamese()
    data = as_opened(open_card(admin_client, article, "Pellmere"))
    part = {"action": "part", "new-start": article.span("Trần")[0], "new-end": article.span("Trần")[1]}
    refused = admin_client.post(article.url("name"), {**data, **part, "new-quote": "Trần"})
    assert refused.status_code == 422
    assert "A name has one spelling" in refused.content.decode()


def test_opening_costs_the_same_however_many_are_called_nearly_so(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    article = english()
    for number in range(8):
        make.make_organization(f"Tomas Reka {number}")
        make.make_affiliation(make.make_person(f"Tomas Reka {number}"), None, role="pilot")
    with django_assert_max_num_queries(75):
        open_card(admin_client, article, "Tomas Reka")


def test_a_name_of_a_body_is_a_row_of_the_body(admin_client: Client) -> None:
    article = english(status="draft")
    data = as_opened(open_card(admin_client, article, "The Lantern Coast Association", "organization"))
    data |= {"same": value_of_record(article.body)}
    assert admin_client.post(article.url("organization"), data).status_code == 200
    assert OrganizationName.objects.filter(organization=article.body).count() == 2

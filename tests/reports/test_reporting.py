"""A reader says that something is wrong, gets a number, and everybody sees what became of it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from base.fair_use import network_of
from reports import forms, limits
from reports.models import Report, State
from reports.subjects import subject_at
from tests import factories as make
from tests.queries import Queries

pytestmark = pytest.mark.django_db

FORM = "/reports/new/?record=/people/ann-lee/"
SECRET = "reader@example.org"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests fill in the form as fast as they like; one test puts the time back."""
    monkeypatch.setattr(forms, "MIN_AGE", -1)


def typed(**columns: str) -> dict[str, str]:
    """Return what a browser sends."""
    started = signing.dumps("", salt=forms.SALT)
    return {"part": "name", "message": "Her name is Anne.", "contact": SECRET, "started": started, **columns}


def send(client: Client, form: str = FORM, **columns: str) -> Any:
    return client.post(form, typed(**columns))


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_a_report_gets_a_number_and_a_page(client: Client) -> None:
    make.make_person()
    page = text_of(client.get("/people/ann-lee/"))
    assert FORM in page.replace("&amp;", "&")
    answer = send(client)
    assert answer.status_code == 302
    report = Report.objects.get()
    assert re.fullmatch(r"OTR-[0-9B-DF-HJKMNP-TV-Z]{6}", report.reference)
    assert (report.record_kind, report.record_id, report.record_path) == ("person", "ann-lee", "/people/ann-lee/")
    assert (report.record_status, report.state, report.part, report.contact) == ("published", "open", "name", SECRET)
    shown = text_of(client.get(answer["Location"]))
    assert report.reference in shown
    assert "Open" in shown
    assert "Withdraw this report" in shown
    # Whoever has only the number sees the state, and nothing the reader wrote.
    other = client.get(f"/reports/{report.reference}/")
    assert "Withdraw this report" not in text_of(other)
    for page in (shown, text_of(other)):
        assert SECRET not in page
        assert "Her name is Anne" not in page
    assert other["X-Robots-Tag"] == "noindex"
    assert client.get(f"/reports/{report.reference.lower()}/")["Location"] == f"/reports/{report.reference}/"
    assert client.get("/reports/OTR-000000/").status_code == 404


def test_every_kind_of_record_can_be_reported(client: Client) -> None:
    records = [
        make.make_source(),
        make.make_person(),
        make.make_organization(),
        make.make_initiative(),
        make.make_topic(),
        make.make_event(),
        make.make_statement(),
    ]
    for record in records:
        address = f"/reports/new/?record=/{record.plural}/{record.slug}/"
        assert address in text_of(client.get(record.get_absolute_url()))
        assert client.get(address).status_code == 200
        found = subject_at(f"http://testserver/th/{record.plural}/{record.slug}/?page=2#p3")
        assert found is not None
        assert (found.record, found.path) == (record, f"/{record.plural}/{record.slug}/")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"message": ""}, "Say what is wrong."),
        ({"message": " \n "}, "Say what is wrong."),
        ({"message": "x" * 10_000}, "This is 10000 characters long; 4000 fit."),
        ({"message": "It is\x00 wrong"}, "It holds a control character (U+0000)"),
        ({"message": "It is\x1b wrong"}, "It holds a control character (U+001B)"),
        ({"part": ""}, "Choose what is wrong"),
        ({"part": "nonsense"}, "Select a valid choice"),
        ({"contact": "nobody"}, "This is no e-mail address."),
        ({"website": "http://spam.example"}, "A field that readers do not see was filled in."),
        ({"started": ""}, "The form did not come back whole."),
        ({"started": "made-up:1:2"}, "The form did not come back whole."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(client: Client, columns: dict, said: str) -> None:
    make.make_person()
    answer = send(client, **columns)
    page = text_of(answer)
    assert answer.status_code == 400
    assert said in page
    assert "Nothing you wrote is lost" in page
    kept = typed(**columns)
    assert kept["message"].strip(" \n") in page
    assert f'value="{kept["contact"]}"' in page
    assert Report.objects.count() == 0


def test_lines_count_the_same_however_they_end(client: Client) -> None:
    make.make_person()
    assert send(client, message="x\r\n" * 2000 + "y").status_code == 400
    assert send(client, message="x\r\n" * 1999 + "yz").status_code == 302
    assert "\r" not in Report.objects.get().message


def test_a_program_is_quicker_than_a_reader(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_person()
    monkeypatch.setattr(forms, "MIN_AGE", 3)
    started = signing.dumps("", salt=forms.SALT)
    answer = send(client, started=started)
    assert answer.status_code == 400
    assert "within seconds of being opened" in text_of(answer)
    assert f'value="{started}"' in text_of(answer)  # the same form may be sent again
    now = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 10)
    assert send(client, started=started).status_code == 302
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 90_000)
    answer = send(client, started=started)
    assert "open for more than a day" in text_of(answer)
    assert f'value="{started}"' not in text_of(answer)


def test_what_a_reader_writes_is_never_markup(client: Client) -> None:
    make.make_person()
    words = '<script>alert(1)</script> "><img src=x onerror=alert(2)> {{ 7|add:1 }}'
    refused = text_of(send(client, message=words, part=""))
    assert "<script>alert" not in refused
    assert "<img" not in refused
    send(client, message=words)
    report = Report.objects.get()
    report.answer, report.message_is_public = words, True
    report.move_to(State.DECLINED, words)
    page = text_of(client.get(report.get_absolute_url()))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    asked = text_of(client.get("/reports/new/", {"record": words}))
    assert "<script>alert" not in asked


def test_one_network_sends_five_an_hour(client: Client) -> None:
    make.make_person()
    for _n in range(limits.MAX_REPORTS):
        assert send(client).status_code == 302
    answer = send(client, message="A sixth one.")
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert "send it in 60 minutes" in text_of(answer)
    assert "A sixth one." in text_of(answer)
    # Another network is not held up, and another process counts the same rows.
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert send(other).status_code == 302
    assert send(Client()).status_code == 429
    # An hour later the hashes are gone and the network may send again.
    Report.objects.update(created_at=timezone.now() - datetime.timedelta(minutes=61))
    assert send(client).status_code == 302
    assert Report.objects.exclude(sender="").count() == 1


def test_an_address_is_never_stored(client: Client, rf: Any, settings: Any) -> None:
    make.make_person()
    send(Client(REMOTE_ADDR="192.0.2.99"))
    report = Report.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", report.sender)
    assert "192.0.2.99" not in " ".join(str(value) for value in Report.objects.values_list().get())
    tracked = {field.name for field in Report.history.model._meta.get_fields()}
    assert not tracked & {"sender", "contact"}

    def network(**meta: str) -> str:
        return network_of(rf.get("/", **meta))

    assert network(REMOTE_ADDR="2001:db8::1") == network(REMOTE_ADDR="2001:db8::ffff") == "2001:db8::/64"
    assert network(REMOTE_ADDR="2001:db8:1::1") != network(REMOTE_ADDR="2001:db8::1")
    assert network(REMOTE_ADDR="::ffff:192.0.2.1") == "192.0.2.1"
    assert network(REMOTE_ADDR="") == ""
    forwarded = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 192.0.2.1"}
    assert network(**forwarded) == "10.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert network(**forwarded) == "192.0.2.1"
    settings.TRUSTED_PROXIES = 2
    forwarded["HTTP_X_FORWARDED_FOR"] = "6.6.6.6, 192.0.2.1:4711, 10.0.0.9"
    assert network(**forwarded) == "192.0.2.1"
    assert network(HTTP_X_FORWARDED_FOR="[2001:db8::7]:4711, 10.0.0.9") == "2001:db8::/64"
    assert network(HTTP_X_FORWARDED_FOR="192.0.2.8") == "192.0.2.8"  # it came past the outer proxy
    assert network() == network(HTTP_X_FORWARDED_FOR="unknown, 10.0.0.9") == ""


def test_only_the_form_sets_a_cookie(client: Client) -> None:
    world = make.make_person()
    for address in ("/", "/people/", world.get_absolute_url(), "/reports/new/"):
        assert not client.get(address).cookies, address
    cookie = client.get(FORM).cookies["csrftoken"]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert "no-store" in client.get(FORM)["Cache-Control"]


def test_a_lost_cookie_loses_nothing(client: Client) -> None:
    make.make_person()
    strict = Client(enforce_csrf_checks=True)
    answer = send(strict)
    assert answer.status_code == 403
    page = text_of(answer)
    assert "did not send back the cookie" in page
    assert "Her name is Anne." in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    assert send(strict, csrfmiddlewaretoken=token[1]).status_code == 302
    assert strict.post("/admin/login/", {}).status_code == 403


@pytest.mark.parametrize(
    "record", ["/people/nobody/", "/people/hidden/", "/nothing/x/", "people", "\0", "http://[", "/"]
)
def test_what_was_never_public_cannot_be_reported(client: Client, record: str) -> None:
    make.make_person("Hidden", status="draft")
    for answer in (client.get("/reports/new/", {"record": record}), send(client, "/reports/new/")):
        assert answer.status_code == 404
    assert client.get("/reports/new/").status_code == 200


def test_the_sender_can_withdraw_while_it_is_open(client: Client) -> None:
    make.make_person()
    address = send(client)["Location"]
    path = address.partition("?")[0]
    assert client.post(path).status_code == 404
    assert client.post(f"{path}?key=wrong").status_code == 404
    assert client.post(address)["Location"] == path
    report = Report.objects.get()
    assert report.state == "withdrawn"
    assert [entry.state for entry in report.entries.all()] == ["open", "withdrawn"]
    assert client.post(address).status_code == 302
    assert report.entries.count() == 2
    send(client)
    other = Report.objects.exclude(pk=report.pk).get()
    assert client.post(address.replace(report.reference, other.reference)).status_code == 404


def test_the_words_are_public_only_if_a_curator_says_so(client: Client) -> None:
    make.make_person()
    send(client)
    report = Report.objects.get()
    report.answer = "Corrected after paragraph 4."
    report.move_to(State.ACCEPTED, report.answer)
    page = text_of(client.get(report.get_absolute_url()))
    assert "Accepted" in page
    assert "Corrected after paragraph 4." in page
    assert "Her name is Anne" not in page
    report.message_is_public = True
    report.save()
    page = text_of(client.get(report.get_absolute_url()))
    assert "Her name is Anne" in page
    assert SECRET not in page
    report.move_to(State.OPEN)
    assert "Her name is Anne" not in text_of(client.get(report.get_absolute_url()))


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "accepted"},
        {"state": "declined"},
        {"state": "nonsense"},
        {"part": "nonsense"},
        {"message_is_public": True},
        {"message": ""},
        {"record_path": ""},
    ],
)
def test_the_database_refuses_what_makes_no_sense(columns: dict) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**{"record_path": "/people/x/", "message": "Wrong.", **columns})


def test_a_report_outlives_its_record(client: Client) -> None:
    person = make.make_person()
    path = send(client)["Location"].partition("?")[0]
    person.slug = "anne-lee"
    person.save()
    assert 'href="/people/anne-lee/"' in text_of(client.get(path))
    person.status, person.withdrawn_reason = "withdrawn", "It was somebody else."
    person.save()
    page = text_of(client.get(path))
    assert "(withdrawn)" in page
    assert "Ann Lee" not in page


def test_a_withdrawn_record_says_since_when_and_can_be_reported(client: Client) -> None:
    statement = make.make_statement(status="withdrawn", withdrawn_reason="Attributed to the wrong speaker.")
    statement.history.filter(status="withdrawn").update(
        history_date=datetime.datetime(2025, 3, 14, 12, tzinfo=datetime.UTC)
    )
    statement.save()  # a later save is no second withdrawal
    answer = client.get(statement.get_absolute_url())
    page = text_of(answer)
    assert answer.status_code == 410
    assert "Attributed to the wrong speaker." in page
    assert '<time datetime="2025-03-14T12:00:00Z">14 March 2025</time>' in page
    address = f"/reports/new/?record=/statements/{statement.slug}/"
    assert address in page
    assert send(client, address).status_code == 302
    assert Report.objects.get().record_status == "withdrawn"


def test_a_record_that_fell_with_another_has_no_day_of_its_own(client: Client) -> None:
    person = make.make_person()
    statement = make.make_statement(person)
    person.status, person.withdrawn_reason = "withdrawn", "Mistaken."
    person.save()
    page = text_of(client.get(statement.get_absolute_url()))
    assert "Withdrawn since" not in page
    assert statement.withdrawn_since() is None


def test_pages_cost_a_fixed_number_of_queries(client: Client, queries: Queries) -> None:
    make.make_person()
    client.get(FORM)
    with queries("/reports/new/"):
        client.get(FORM)
    path = send(client)["Location"].partition("?")[0]
    for _n in range(2):
        with queries("/reports/{}/"):
            client.get(path)
        send(client)
        Report.objects.first().move_to(State.OPEN)

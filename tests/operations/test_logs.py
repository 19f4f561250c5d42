"""Each answer has one line of the log, each line the id of its request; nothing from outside can begin a line."""

from __future__ import annotations

import importlib
import io
import json
import logging
import logging.config
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from operations.logs import LineFormatter, PlainFormatter, RequestIdFilter, logging_config, request_id
from operations.requests import RequestLogMiddleware
from tests import factories as make

NASTY = "a\nb\r\x1b[31m\u202e\u2028\x85\x00"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return a function that returns the lines of JSON that were logged since it was last called."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    handler.addFilter(RequestIdFilter())
    loggers = [logging.getLogger(name) for name in ("access", "django", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)

    def read() -> list[dict[str, Any]]:
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield read
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/people/", "/api/v1/people/", "/nothing/", "/export/people.csv"])
def test_each_answer_has_a_line_without_what_was_searched_for(lines: Any, client: Client, path: str) -> None:
    answer = client.get(path, {"q": "private words"}, REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="secret browser")
    body = answer.getvalue()
    answer.close()
    (line,) = [line for line in lines() if line["logger"] == "access"]
    assert line["request_id"] == answer["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", line["request_id"])
    assert (line["method"], line["path"], line["status"], line["bytes"]) == ("GET", path, answer.status_code, len(body))
    assert line["ms"] > 0
    assert re.fullmatch(r"[0-9a-f]{12}", line["client"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    assert not re.search("private|192|secret", json.dumps(line["client"] + line["message"] + line["path"]))


def answered(request: HttpRequest, response: Any) -> Any:
    """Return the answer of the middleware around a view that returns this."""
    return RequestLogMiddleware(lambda _request: response)(request)


@pytest.mark.django_db  # an answer that is closed looks after the connection
def test_a_stream_has_its_line_when_it_ends_or_is_cut_off(lines: Any, rf: RequestFactory) -> None:
    whole = answered(rf.get("/stream"), StreamingHttpResponse(iter([b"one", b"two"])))
    assert lines() == []
    assert b"".join(whole) == b"onetwo"
    whole.close()
    assert [line["bytes"] for line in lines()] == [6]
    cut = answered(rf.get("/stream"), StreamingHttpResponse(iter([b"one", b"two"])))
    next(iter(cut))
    cut.close()
    assert [line["bytes"] for line in lines()] == [3]
    never = answered(rf.head("/stream"), StreamingHttpResponse(iter([b"one"])))
    never.close()
    assert [line["bytes"] for line in lines()] == [0]

    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError

    failed = answered(rf.get("/stream"), StreamingHttpResponse(broken()))
    with pytest.raises(RuntimeError):
        list(failed)
    failed.close()
    assert [line["bytes"] for line in lines()] == [3]


@pytest.mark.parametrize("given", ["abcdef12", "a-B_9." * 10])
def test_the_id_of_a_proxy_is_taken_only_from_a_proxy(settings: Any, rf: RequestFactory, given: str) -> None:
    request = rf.get("/", headers={"x-request-id": given})
    assert answered(request, HttpResponse())["X-Request-ID"] != given
    settings.TRUSTED_PROXIES = 1
    assert answered(request, HttpResponse())["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "abc defgh", "abcdefgh\n", "a\r\nSet-Cookie: a=b", "ไทยไทยไทย"]
)
def test_an_id_that_is_not_well_formed_is_replaced(settings: Any, rf: RequestFactory, given: str) -> None:
    settings.TRUSTED_PROXIES = 1
    request = rf.get("/")
    request.META["HTTP_X_REQUEST_ID"] = given
    assert re.fullmatch(r"[0-9a-f]{32}", answered(request, HttpResponse())["X-Request-ID"])


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.django_db
def test_programs_that_ask_all_day_leave_no_line(lines: Any, client: Client, path: str) -> None:
    client.get(path)
    assert [line for line in lines() if line["logger"] == "access"] == []


def record(message: str, *args: object, exc_info: Any = None, **extra: object) -> logging.LogRecord:
    """Return a record of the log."""
    made = logging.LogRecord("test", logging.ERROR, __file__, 1, message, args, exc_info)
    made.__dict__.update(extra)
    return made


def test_nothing_from_outside_begins_a_line() -> None:
    try:
        raise ValueError(NASTY)
    except ValueError:
        trouble = sys.exc_info()
    line = LineFormatter().format(record("Not Found: %s", NASTY, exc_info=trouble))
    assert line.isascii()
    assert line.isprintable()
    assert (json.loads(line)["message"], json.loads(line)["level"]) == (f"Not Found: {NASTY}", "ERROR")
    assert "ValueError: a" in json.loads(line)["exception"]
    plain = PlainFormatter("{levelname} {message}", style="{").format(record("Not Found: %s", NASTY, exc_info=trouble))
    first, *rest = plain.split("\n")
    assert first == r"ERROR Not Found: a\nb\r\x1b[31m\u202e\u2028\x85\x00"
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_a_line_has_the_id_of_its_request_and_no_objects(rf: RequestFactory) -> None:
    request_id.set("0123456789abcdef")
    made = record("Internal Server Error", request=rf.get("/?q=private"), status_code=500)
    assert RequestIdFilter().filter(made)
    assert json.loads(LineFormatter().format(made)) | {"time": ""} == {
        "time": "",
        "level": "ERROR",
        "logger": "test",
        "message": "Internal Server Error",
        "request_id": "0123456789abcdef",
    }
    assert PlainFormatter("{message}", style="{").format(made) == "[01234567] Internal Server Error"
    request_id.set("")


@pytest.mark.django_db
def test_a_fault_is_logged_with_its_traceback_and_the_id_that_the_reader_was_given(
    lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_names: object) -> None:
        raise RuntimeError("it broke")

    monkeypatch.setattr("directory.views.people.PersonList.get", broken)
    answer = Client(raise_request_exception=False).get("/people/?q=private")
    assert answer.status_code == 500
    error, access = lines()
    assert error["request_id"] == access["request_id"] == answer["X-Request-ID"]
    assert error["exception"].endswith("RuntimeError: it broke")
    assert (error["level"], access["status"]) == ("ERROR", 500)
    assert "private" not in json.dumps([error, access])


@pytest.mark.django_db
def test_the_words_of_a_row_do_not_get_into_the_log() -> None:
    person = make.make_person()
    table, columns = person._meta.db_table, "slug, name, status"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ('private words', 'private\nwords', 'unknown')")
    except Exception:
        trouble = sys.exc_info()
    for formatter in (LineFormatter(), PlainFormatter()):
        assert "private" not in formatter.format(record("Trouble: %s", trouble[1], exc_info=trouble)).split("INSERT")[0]


def test_the_form_follows_the_terminal_and_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def form(setting: str) -> object:
        handlers: Any = logging_config(setting, access=True)["handlers"]
        return handlers["console"]["formatter"]

    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert [form(name) for name in ("auto", "json", "plain")] == ["json", "json", "plain"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert [form(name) for name in ("auto", "json", "plain")] == ["plain", "json", "plain"]


@pytest.mark.parametrize("path", ["/people/", "/api/v1/people/", "/admin/login/"])
@pytest.mark.django_db
def test_a_query_with_thousands_of_parameters_is_one_line_at_warning(client: Client, path: str) -> None:
    stream = io.StringIO()
    config: Any = logging_config("json", access=False)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    filters = config["filters"]
    for name in config["handlers"]["console"]["filters"]:
        module, _dot, kind = filters[name]["()"].rpartition(".")
        handler.addFilter(getattr(importlib.import_module(module), kind)())
    django = logging.getLogger("django")
    django.addHandler(handler)
    try:
        assert client.get(f"{path}?{'a=1&' * 3000}").status_code == 400
    finally:
        django.removeHandler(handler)
    logged = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["level"] for line in logged if line["level"] != "WARNING"] == []
    assert not any("exception" in line for line in logged if line["logger"].startswith("django.security"))
    assert len([line for line in logged if line["logger"].startswith("django.security")]) <= 1

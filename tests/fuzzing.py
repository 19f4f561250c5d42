"""Wrong values and wrong bodies for the forms of the admin, and what comes of sending them. Everything follows from a seed."""

from __future__ import annotations

import random
import time
import traceback
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_from_bytes

from django.core.signals import got_request_exception
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.curation import filled

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----fuzz"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

# What no field, or hardly one, can hold. `bytes` are sent as they are, percent-encoded.
VALUES: list[str | bytes] = [
    *("", " ", "a" * 300, "a" * 10_001, "ก" * 3000, "\0", "a\0b", "a\x07b", "a\x1fb", "\x7f", "\x85"),
    *(
        "\u200b",
        "\u00ad",
        "\u202eabc",
        "\u2066a",
        "\ufeffa",
        "\ufffe",
        "\U0010ffff",
        "e\u0301",
        "\u0e33\u0e48",
        "\u0301",
    ),
    *(b"\xed\xa0\x80", b"a\xed\xb0\x80b", b"\xff\xfe", b"\xc0\x80", b"\xf4\x90\x80\x80"),
    *("9" * 30, "9" * 5000, "-1", "-" + "9" * 30, "0", "2147483648", "9223372036854775808", "1e400", "NaN", "Infinity"),
    *("abc", "1.5", "٣", "²", "1_0", " 1 ", "1,2", "None", "null", "true", "[]", "{}", '{"a":1}', "on"),
    *("2569-10-24", "Y1E2000000", "9999-12-31", "0000-00-00", "2025-13-45", "[" * 300, "2025/..", "../2025", "-9999"),
    *("<script>", "=1+1", "{{ x }}", "%s%n", "../../etc", "a/b", "a\r\nb", "a\tb", "\u2028", "javascript:alert(1)"),
    *("http://[", "http://[::1", "https://" + "a" * 2100, "https://x:99999/", "https://\u200b/", "zz", "x" * 64, "Q0"),
]
NUMBERS = ["-1", "9999999", "9" * 30, "abc", "", "0", "1", "201", "1.0", "\0"]
BODIES: list[tuple[str, bytes]] = [
    ("application/json", b'{"a": 1}'),
    ("application/json", b"[" * 5000),
    ("text/plain", b"hello"),
    ("application/octet-stream", b"\xff\x00"),
    ("", b"a=b"),
    (URLENCODED, b""),
    (URLENCODED, b"\xff\xfe=\xff&%=%&&&==;"),
    (URLENCODED, b"&" * 1200),
    (URLENCODED, b"a=" + b"x" * 3_000_000),
    (f"{URLENCODED}; charset=utf-16", b"a=b"),
    (f"{URLENCODED}; charset=nothing", b"a=b"),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=", b"x"),
    (MULTIPART, b""),
    (MULTIPART, f"--{BOUNDARY}--\r\n".encode()),
    (MULTIPART, f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=a\r\n".encode()),
    (MULTIPART, f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--\r\n".encode()),
    (
        MULTIPART,
        "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\nx\r\n' for n in range(1000)
        ).encode()
        + f"--{BOUNDARY}--\r\n".encode(),
    ),
    (
        MULTIPART,
        "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f{n}"; filename="f"\r\n\r\nx\r\n'
            for n in range(300)
        ).encode()
        + f"--{BOUNDARY}--\r\n".encode(),
    ),
    (
        MULTIPART,
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n'
        f"--{BOUNDARY}--\r\n".encode(),
    ),
]
Fields = list[tuple[str, str | bytes]]
Request = tuple[str, str, bytes]  # what is wrong with it, content type, body
BUTTONS = ("_to_field", "_popup", "_saveasnew", "_addanother", "_continue", "_publish", "_withdraw", "_source_model")
MOST_QUERIES = 400  # of one answer; the form of a public record with all its tables needs the most
MOST_SECONDS = 10  # of the processor


def urlencoded(fields: Fields) -> bytes:
    """Return the fields as a browser sends them."""

    def quoted(value: str | bytes) -> str:
        return quote_from_bytes(value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields).encode()


def multipart(fields: Fields, files: dict[str, bytes]) -> bytes:
    """Return the fields as a browser sends them with files."""
    parts = []
    for name, value in fields:
        content = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        parts.append(f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content)
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        parts.append(head.encode() + content)
    return b"".join(f"--{BOUNDARY}\r\n".encode() + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def fields_of(data: dict[str, Any]) -> Fields:
    """Return the fields of a form in a list."""
    return [
        (name, str(each))
        for name, value in data.items()
        for each in (value if isinstance(value, list | tuple) else [value])
    ]


def form_of(response: Any) -> dict[str, Any]:
    """Return what a browser would send, and every other field of the form empty, with one more row in each table."""
    data, names = filled(response), [field.html_name for field in response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets") or []:
        formset = inline.formset
        names += [field.html_name for form in formset.forms for field in form]
        number = formset.total_form_count()
        data[f"{formset.prefix}-TOTAL_FORMS"] = number + 1
        for field in formset.empty_form:
            name, value = field.html_name.replace("__prefix__", str(number)), field.value()
            names.append(name)
            if value not in (None, "", [], False):
                data[name] = value
    return {**dict.fromkeys(names, ""), **data}


def wrong_request(data: dict[str, Any], keys: Sequence[str], chance: random.Random) -> Request:
    """Return a form that is wrong in one of many ways. `keys` are numbers of rows, of this kind and of others."""
    fields = fields_of({name: value for name, value in data.items() if value != ""})
    way = chance.choices(["value", "values", "field", "form", "button", "body"], [8, 3, 3, 2, 2, 2])[0]
    name = chance.choice(list(data))
    value = chance.choice(NUMBERS if name.endswith("_FORMS") else [*VALUES, *keys])
    if way == "value":
        wrong: Fields = [*((each, old) for each, old in fields if each != name), (name, value)]
        return f"{name}={value[:20]!r}", URLENCODED, urlencoded(wrong)
    if way == "values":
        several = {
            each: chance.choice(VALUES) for each in data if not each.endswith("_FORMS") and chance.random() < 0.2
        }
        wrong = [*((each, old) for each, old in fields if each not in several), *several.items()]
        return f"wrong: {', '.join(several)[:80]}", URLENCODED, urlencoded(wrong)
    if way == "field":
        others = [(each, old) for each, old in fields if each != name]
        twice: Fields = [(name, str(data[name])), (name, value), (name, "1"), (name, "1")]
        return chance.choice(
            [
                (f"without {name}", URLENCODED, urlencoded(others)),
                (f"{name} more than once", URLENCODED, urlencoded([*others, *twice])),
                (f"{name} as a file", MULTIPART, multipart(others, {name: b"\xff\0 x"})),
                (f"{name} as an empty file", MULTIPART, multipart(others, {name: b""})),
            ]
        )
    if way == "form":
        number = chance.choice(NUMBERS)
        counted: Fields = [(each, number if each.endswith("_FORMS") else old) for each, old in fields]
        return chance.choice(
            [
                ("no management form", URLENCODED, urlencoded([each for each in fields if "_FORMS" not in each[0]])),
                (f"all _FORMS={number[:20]!r}", URLENCODED, urlencoded(counted)),
                ("in another encoding", URLENCODED, urlencoded(fields).decode().encode("utf-16")),
            ]
        )
    if way == "button":
        button, pressed = (
            chance.choice(BUTTONS),
            chance.choice(["1", "abc", "\0", "id", "pk", "slug", "password", "9" * 30]),
        )
        return f"{button}={pressed[:20]!r}", URLENCODED, urlencoded([*fields, (button, pressed)])
    kind, body = chance.choice(BODIES)
    return f"{kind} {body[:40]!r}", kind, body


def faults_shown(response: Any) -> bool:
    """Whether a form that was shown again says what is wrong, at a field, in a table or at the top."""
    form = response.context["adminform"].form
    formsets = [inline.formset for inline in response.context.get("inline_admin_formsets") or []]
    return bool(form.errors) or any(formset.total_error_count() for formset in formsets)


class Sender:
    """Sends requests, takes back what they did, and keeps in `faults` what must not be, each kind once."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self.statuses: dict[int, int] = {}
        self._traceback = ""

    def _catch(self, **_kwargs: object) -> None:
        self._traceback = traceback.format_exc()

    def post(self, client: Client, url: str, request: Request) -> None:
        """Send a form."""
        self.send(client, "POST", url, request)

    def send(self, client: Client, method: str, url: str, request: Request) -> None:
        """Send one request."""
        what, kind, body = request
        cookies, client.raise_request_exception = client.cookies.copy(), False
        self._traceback, queries, start = "", 0, time.thread_time()

        def count(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            nonlocal queries
            queries += 1
            return execute(sql, parameters, many, context)

        got_request_exception.connect(self._catch)
        with transaction.atomic(), connection.execute_wrapper(count):
            response: Any = client.generic(method, url, body, content_type=kind)
            seconds = time.thread_time() - start
            fault = self._fault(response, queries, seconds)
            transaction.set_rollback(True)
        got_request_exception.disconnect(self._catch)
        client.cookies = cookies
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        if fault:
            self.faults.setdefault(fault, f"{url} with {what}: {response.status_code}\n{self._traceback[-3000:]}")

    def _fault(self, response: Any, queries: int, seconds: float) -> str:
        """Return what is wrong with an answer, in words that are the same for faults of one kind; empty if nothing is."""
        if response.status_code >= 500:
            lines = self._traceback.strip().splitlines()
            places = [line.strip() for line in lines if line.startswith("  File")]
            return f"{lines[-1][:60]} {places[-1]}" if places else str(response.status_code)
        if queries > MOST_QUERIES or seconds > MOST_SECONDS:
            return f"more than {MOST_QUERIES} queries or {MOST_SECONDS} seconds"
        if response.status_code in (400, 413) and not response.content.strip():
            return "refused without a word"
        if response.status_code == 200 and "adminform" in (response.context or ()) and not faults_shown(response):
            return "a form shown again without a word"
        try:
            if response.status_code == 302:
                connection.check_constraints()  # SQLite would only look at the end of the transaction
        except DatabaseError as error:
            return str(error)[:60]
        return ""

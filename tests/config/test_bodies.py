"""Bodies of requests that nobody can read: 400, 413 or 415 with a sentence, on every address that takes one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from config.bodies import without_other_charset
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
WHOLE_PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
ADDRESSES = [
    "/reports/new/?record=/people/ann-lee/",
    "/admin/login/",
    "/admin/directory/person/add/",
    "/api/v1/reconcile/",
]
UNREADABLE = {
    "charset utf-7": (f"{FORM}; charset=utf-7", b"words=a", "UTF-8"),
    "charset that is no text": (f"{PARTS}; boundary=x; charset=base64", WHOLE_PART, "UTF-8"),
    "charset of addresses": (f"{FORM}; charset=idna", b"words=a", "UTF-8"),
    "charset of parts": (f"{PARTS}; boundary=x; charset=utf-7", WHOLE_PART, "UTF-8"),
    "unknown charset": (f"{FORM}; charset=no-such", b"words=a", "UTF-8"),
    "charset with signs": (f'{FORM}; charset="%00"', b"words=a", "UTF-8"),
    "no boundary": (PARTS, WHOLE_PART, "parts"),
    "odd boundary": (f"{PARTS}; boundary={'é' * 80}", WHOLE_PART, "parts"),
    "too many fields": (FORM, b"&".join(b"a=b" for _n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)), "fields"),
    "too large": (FORM, b"a=" + b"b" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "bytes"),
    "many files": (
        f"{PARTS}; boundary=x",
        b"".join(b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nb\r\n' for _n in range(101))
        + b"--x--\r\n",
        "files",
    ),
}


def through_the_server(client: Client) -> None:
    """Have a client's requests pass what stands before Django, and its failures come back as answers."""
    handler = client.handler
    client.raise_request_exception = False
    # The test client calls its handler with the environment alone, and gets the answer back.
    client.handler = lambda environ: without_other_charset(lambda inner, _start: handler(inner))(environ, None)


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unreadable_body_is_refused_with_a_sentence(admin_client: Client, address: str, kind: str) -> None:
    make.make_person("Ann Lee")
    content_type, body, word = UNREADABLE[kind]
    through_the_server(admin_client)
    answer = admin_client.generic("POST", address, body, content_type=content_type)
    if answer.status_code == 415 and address.startswith("/api/"):  # which takes no parts at all, and says so
        word = "Send a form"
    assert answer.status_code in (400, 413, 415), answer.content[:500]
    assert word in answer.content.decode()


@pytest.mark.parametrize("charset", ["utf-7", "base64", "idna", "undefined", "no-such", "utf-16"])
def test_a_charset_makes_no_address_unreadable(client: Client, charset: str) -> None:
    through_the_server(client)
    answer = client.get("/people/?q=%C3%A9", CONTENT_TYPE=f"text/plain; charset={charset}")
    assert answer.status_code == 200
    assert "é" in answer.content.decode()

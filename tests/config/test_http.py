"""HTTP as the shipped server speaks it: what is kept open, what is refused, and that nobody can hide one request in another."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.servers import Server
from config.server import parser
from tests.config.sockets import connect, exchange, read_all, seconds_to_answer, serve, statuses

pytestmark = pytest.mark.once

HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET /api/v1/topics/ HTTP/1.1\r\n" + HOST
LAST = GET + b"Connection: close\r\n\r\n"
POST = b"POST /api/v1/reconcile/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
# What a smuggled request would be: an answer to it would be one answer too many.
HIDDEN = b"GET /people/ HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def server(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a site without records."""
    var = tmp_path_factory.mktemp("var")
    shutil.copy(migrated_file, var)
    server = serve(var)
    try:
        for _time in range(6):  # the first answer of a process takes longer
            seconds_to_answer(server, patience=60)
        yield server
    finally:
        server.stop()


def test_a_connection_is_kept_and_requests_may_be_sent_ahead(server: Server) -> None:
    assert statuses(exchange(server, (GET + b"\r\n") * 3 + LAST)) == [200] * 4


def test_requests_of_http_1_0_are_answered_once(server: Server) -> None:
    answer = exchange(server, b"GET /api/v1/topics/ HTTP/1.0\r\n\r\n" + HIDDEN)
    assert statuses(answer) == [200]
    assert b"Connection: close" in answer
    kept = b"GET /api/v1/topics/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    assert statuses(exchange(server, kept + LAST)) == [200, 200]


@pytest.mark.parametrize("path", ["/api/v1/topics/", "/people/", "/", "/robots.txt", "/api/v1/export/topics.csv"])
def test_head_has_the_headers_of_get_and_no_body(server: Server, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    head, _blank, body = exchange(server, request.replace(b"GET", b"HEAD", 1)).partition(b"\r\n\r\n")
    whole = exchange(server, request).partition(b"\r\n\r\n")[0]
    assert body == b""
    names = [{line.partition(b":")[0] for line in one.split(b"\r\n")} for one in (head, whole)]
    assert names[0] == names[1]
    lengths = [[line for line in one.split(b"\r\n") if line.startswith(b"Content-Length")] for one in (head, whole)]
    assert lengths[0] == lengths[1]


def test_after_head_the_connection_goes_on(server: Server) -> None:
    assert statuses(exchange(server, GET.replace(b"GET", b"HEAD") + b"\r\n" + LAST)) == [200, 200]


def test_a_client_may_ask_before_it_sends_a_body(server: Server) -> None:
    head = POST + b"Expect: 100-continue\r\nConnection: close\r\nContent-Length: 10\r\n\r\n"
    with connect(server, head) as connection:
        assert connection.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"queries={}")
        assert statuses(read_all(connection)) == [200]


@pytest.mark.parametrize(
    "body", [b"a\r\nqueries={}\r\n0\r\n\r\n", b"8;x=y\r\nqueries=\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n"]
)
def test_a_body_may_come_in_chunks(server: Server, body: bytes) -> None:
    request = POST + b"Transfer-Encoding: chunked\r\n\r\n" + body
    plain = POST + b"Content-Length: 10\r\n\r\nqueries={}"
    assert statuses(exchange(server, request + LAST)) == [200, 200]
    assert exchange(server, request + LAST).count(b"{}") == exchange(server, plain + LAST).count(b"{}")


CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
UNCLEAR = {
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 400\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 50\r\n\r\n",
    "one length twice": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\nabc",
    "a length with a sign": POST + b"Content-Length: +3\r\n\r\nabc",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length in hexadecimal": POST + b"Content-Length: 0x3\r\n\r\nabc",
    "a length with a blank": POST + b"Content-Length: 1 1\r\n\r\nabc",
    "a length without end": POST + b"Content-Length: " + b"1" * 5000 + b"\r\n\r\n",
    "an empty length": POST + b"Content-Length: \r\n\r\nabc",
    "a header with a blank before the colon": POST + b"Content-Length : 3\r\n\r\nabc",
    "a folded header": GET + b"X: 1\r\n Transfer-Encoding: chunked\r\n\r\n",
    "a folded first header": b"GET / HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n",
    "lines that end with LF": b"GET / HTTP/1.1\nHost: 127.0.0.1\n\n",
    "one line that ends with LF": GET + b"X: y\nTransfer-Encoding: chunked\r\n\r\n",
    "one line that ends with CR": GET + b"X: y\rTransfer-Encoding: chunked\r\n\r\n",
    "chunks in HTTP/1.0": POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a size that is no number": CHUNKED + b"x\r\nabc\r\n0\r\n\r\n",
    "a size with a sign": CHUNKED + b"-1\r\nabc\r\n0\r\n\r\n",
    "a size with a prefix": CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n",
    "a size with a blank": CHUNKED + b"3 \r\nabc\r\n0\r\n\r\n",
    "a size that ends with LF": CHUNKED + b"3\nabc\r\n0\r\n\r\n",
    "a chunk longer than its size": CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n",
    "a size of thousands of digits": CHUNKED + b"0" * 20_000 + b"3\r\nabc\r\n0\r\n\r\n",
    "an extension of thousands of letters": CHUNKED + b"3;" + b"x" * 20_000 + b"\r\nabc\r\n0\r\n\r\n",
    "a header without a name": GET + b": x\r\n\r\n",
    "a header without a colon": GET + b"abc\r\n\r\n",
    "a header with a NUL": GET + b"X: a\0b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": GET + HOST + b"\r\n",
    "no version": b"GET /\r\n\r\n",
    "no address": b"GET HTTP/1.1\r\n\r\n",
    "a blank in the address": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "letters of a method that are small": b"get / HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "more headers than any client has": GET + b"X: y\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("request_bytes", UNCLEAR.values(), ids=UNCLEAR)
def test_a_request_that_could_be_read_in_two_ways_is_refused_and_ends_the_connection(
    server: Server, request_bytes: bytes
) -> None:
    answer = exchange(server, request_bytes + HIDDEN)
    assert statuses(answer)[:1] in ([400], [505])
    assert len(statuses(answer)) == 1
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET / HTTP/1.9\r\n" + HOST + b"\r\n", 505),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        (b"GET /" + b"a" * 8300 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /" + b"a" * 100_000, 414),
        (GET + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431),
        (GET + b"X: " + b"a" * 100_000, 431),
    ],
)
def test_what_is_not_supported_or_too_long_has_its_own_status(
    server: Server, request_bytes: bytes, status: int
) -> None:
    assert statuses(exchange(server, request_bytes)) == [status]


@pytest.mark.parametrize("expects", [b"", b"Expect: 100-continue\r\n"])
@pytest.mark.parametrize("path", [b"/reports/new/", b"/api/v1/reconcile/", b"/admin/login/", b"/nothing/"])
def test_a_body_that_is_too_long_is_refused_before_it_is_sent(server: Server, path: bytes, expects: bytes) -> None:
    head = POST.replace(b"/api/v1/reconcile/", path) + expects + b"Content-Length: 400000000\r\n\r\n"
    started = time.monotonic()
    assert statuses(exchange(server, head)) == [413]
    assert time.monotonic() - started < 10


def test_who_sends_on_regardless_still_reads_why(server: Server) -> None:
    head = POST.replace(b"/api/v1/reconcile/", b"/reports/new/") + b"Content-Length: 400000000\r\n\r\n"
    with connect(server, head) as connection:
        for _time in range(20):
            connection.sendall(b"x" * 50_000)
        assert statuses(read_all(connection)) == [413]


def test_chunks_without_end_are_refused(server: Server) -> None:
    with connect(server, CHUNKED) as connection:
        sent = 0
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        connection.settimeout(0.001)
        answer = b""
        while not answer and sent < 4 * parser.MOST_BODY:
            connection.settimeout(20)
            connection.sendall(chunk)
            sent += len(chunk)
            connection.settimeout(0.001)
            try:
                answer = connection.recv(4096)
            except TimeoutError:
                continue
    assert statuses(answer) == [413]


def test_a_form_of_the_size_that_django_takes_passes(server: Server) -> None:
    body = b"queries=" + b"x" * 2_000_000
    request = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert statuses(exchange(server, request + body)) == [400]  # no JSON, and not too much of it


FORWARDED = (
    b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-For: 192.0.2.9\r\n"
    b"X-Forwarded-Port: 1\r\nForwarded: host=evil.example;proto=https\r\nSCRIPT_NAME: /evil\r\nScript-Name: /evil\r\n"
    b"REMOTE_ADDR: 192.0.2.9\r\nRemote-User: curator\r\nREMOTE_USER: curator\r\nX-Script-Name: /evil\r\n"
)


def test_what_a_sender_says_of_itself_is_not_believed_without_a_proxy(server: Server) -> None:
    plain = exchange(server, LAST).partition(b"\r\n\r\n")[2]
    forwarded = exchange(server, GET + FORWARDED + b"Connection: close\r\n\r\n").partition(b"\r\n\r\n")[2]
    assert forwarded == plain
    detail = b"GET /api/v1/ HTTP/1.1\r\n" + HOST + FORWARDED + b"Connection: close\r\n\r\n"
    assert b"http://127.0.0.1/api/v1/people/" in exchange(server, detail)
    assert b"evil" not in exchange(server, detail)


def test_an_application_sees_no_header_that_proxies_write() -> None:
    from waitress.adjustments import Adjustments

    request = parser.RequestParser(Adjustments())
    request.received(GET + b"SCRIPT_NAME: /evil\r\nREMOTE_USER: me\r\n\r\n")
    assert set(request.headers) == {"HOST"}

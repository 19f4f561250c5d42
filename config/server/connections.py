"""Connections of clients: how long each may take, how much is kept for it, and how it ends."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.task import ErrorTask, WSGITask

from .parser import RequestParser, RequestTimeout

HEAD_SECONDS = 10  # from the first byte of a request, or the beginning of a connection, to the end of the head
BODY_SECONDS = 20  # for a body, and a second more for each BODY_RATE bytes of it that arrived
BODY_RATE = 16_384
IDLE_SECONDS = 30  # until a connection is closed that had an answer and asks for nothing more
READ_SECONDS = 30  # in which a client has to take READ_BYTES of an answer that waits for it
READ_BYTES = 65_536
SPOOL = 67_108_864  # bytes of one answer that wait for its client; those beyond 1 MB in a temporary file
FILE_BYTES = 1_048_576  # of an answer in one temporary file; it is deleted when they are taken
THREAD_SECONDS = 10  # that a thread waits for a client whose spool is full
LINGER_SECONDS = 2  # in which the rest of a refused request is read and thrown away


class Answer(WSGITask):
    """The answer of the application to one request."""

    def build_response_header(self) -> bytes:
        """Return the head; the connection ends with this answer if the process is about to stop."""
        if self.channel.server.count_answer():
            self.set_close_on_finish()
        self.channel.unsent_head = super().build_response_header()
        return b""  # sent with the first part of the body, in one packet

    def write(self, data: bytes) -> None:
        """Send a part of the body; nothing of it if only the head was asked for."""
        if self.request.command == "HEAD":
            self.content_bytes_written += len(data)
            data = b""
        super().write(data)

    def finish(self) -> None:
        """Send what ends the answer."""
        if self.request.command == "HEAD":
            self.write(b"")
            self.chunked_response = False
        super().finish()
        self.channel.send_head()


class Refusal(ErrorTask):
    """The answer to a request that the application never sees."""

    def start(self) -> None:
        """Begin, and have the connection closed in such a way that the client can read why."""
        self.channel.refused = True
        super().start()


class Connection(HTTPChannel):
    """One connection. The event loop calls its methods, but for `write_soon` and `service`, which the threads call."""

    task_class = Answer
    error_task_class = Refusal
    parser_class = RequestParser
    partial: RequestParser | None = None  # a request that has begun to arrive
    refused = False  # whether a request was refused, and the connection ends
    lingering = False  # whether nothing is sent any more, and what arrives is thrown away
    answered = False  # whether it had an answer before
    bytes_taken = 0  # of answers, by the client
    bytes_read = 0  # of requests, from the client
    current_outbuf_count: int  # bytes of the newest part of the answers
    unsent_head = b""  # of the answer that a thread is about to send
    thread_sends = False  # whether a thread is just sending

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.opened = self.since = self.sent_at = self.checked_at = (
            time.monotonic()
        )  # `since`: when `partial` began, or ended
        self.bytes_at_check = 0
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> bool:
        """Take bytes from the client, and note when a request began to arrive."""
        if self.request is None:
            data = data.lstrip(b"\r\n")  # some clients send blank lines between requests; they are no request
        self.bytes_read += len(data)
        accepted = bool(super().received(data))
        if self.is_busy and self.server.kept.add(len(data)):
            self.server.trigger.pull_trigger(self.server.kept.make_room)
        if self.request is not self.partial:
            self.partial, self.since = self.request, time.monotonic()
        return accepted

    def readable(self) -> bool:
        """Whether to read from the client now."""
        return self.lingering or bool(super().readable())

    def handle_read(self) -> None:
        """Read from the client."""
        if self.lingering:
            self.recv(65_536)
        else:
            super().handle_read()

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send as much as the client takes now, and return how many bytes that is."""
        sent = int(super().send(data, do_close=do_close))
        self.bytes_taken += sent
        self.sent_at = time.monotonic()
        return sent

    def service(self) -> None:
        """Answer one request."""
        super().service()
        self.since, self.answered = time.monotonic(), True

    def write_soon(self, data: bytes) -> int:
        """Send a part of an answer, or keep it until the client takes it. Raises ClientDisconnected if there is too much of it."""
        if self.total_outbufs_len > SPOOL and not self.wait_for_client():
            self.server.trigger.pull_trigger(self.close_now)  # in the event loop
            raise ClientDisconnected
        if not data:
            return 0
        if self.server.kept.add(len(data)):
            self.server.trigger.pull_trigger(self.server.kept.make_room)
        if self.current_outbuf_count >= FILE_BYTES:
            self.current_outbuf_count = SPOOL  # what comes now goes into another file
        head, self.unsent_head = self.unsent_head, b""
        self.thread_sends = True
        try:
            if isinstance(data, bytes):
                return int(super().write_soon(head + data))
            return int(super().write_soon(head) + super().write_soon(data))  # a static file
        finally:
            self.thread_sends = False
            if self.total_outbufs_len:
                self.server.pull_trigger()

    def send_head(self) -> None:
        """Send the head of an answer that turned out to have no body."""
        head, self.unsent_head = self.unsent_head, b""
        self.write_soon(head)

    def writable(self) -> bool:
        """Whether to send in the event loop now. What a thread is just sending would only make the loop run idle."""
        return not self.thread_sends and bool(super().writable())

    def wait_for_client(self) -> bool:
        """Wait in a thread, while at least one other is free, until the client has taken enough. Return whether it did."""
        if not self.server.waiting_threads.acquire(blocking=False):
            return False
        try:
            with self.outbuf_lock:
                self.server.pull_trigger()
                return bool(
                    self.outbuf_lock.wait_for(
                        lambda: not self.connected or self.total_outbufs_len <= SPOOL, THREAD_SECONDS
                    )
                )
        finally:
            self.server.waiting_threads.release()

    def handle_close(self) -> None:
        """Close. After a refusal stop sending first: what is closed with bytes unread takes back what was sent."""
        if self.refused and not self.lingering and self.connected:
            self.lingering, self.will_close, self.since = True, False, time.monotonic()
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
                return
        self.close_now()

    def close_now(self) -> None:
        """Close, whatever has not been sent yet."""
        if self.request is not None:
            self.request.close()  # a body that did not arrive as a whole
        if self.socket is not None:
            super().handle_close()

    @property
    def is_busy(self) -> bool:
        """Whether a request is being read or answered."""
        return bool(self.requests or self.total_outbufs_len or self.request is not None)

    @property
    def bytes_kept(self) -> int:
        """How many bytes are kept: of answers, of a request that is arriving, and of requests that wait for a thread."""
        requests = [request for request in (self.request, *self.requests) if request is not None]
        return int(self.total_outbufs_len) + sum(request.bytes_kept for request in requests)

    @property
    def pace(self) -> float:
        """How many bytes a second the client has sent and taken since it came."""
        return (self.bytes_taken + self.bytes_read) / max(time.monotonic() - self.opened, 1.0)

    @property
    def waits_since(self) -> float:
        """When the request began to arrive that is not there yet, or when the last answer was sent."""
        return self.since if self.request is not None else max(self.since, self.sent_at if self.answered else 0)

    def check_time(self, now: float) -> None:
        """End what takes too long: a request that does not arrive, an answer that is not read, a connection without either."""
        if self.total_outbufs_len:
            self.check_reading(now)
            return
        self.bytes_at_check, self.checked_at = self.bytes_taken, now
        request, waiting = self.request, now - self.waits_since
        if self.lingering:
            if now - self.since > LINGER_SECONDS:
                self.close_now()
        elif self.requests or self.will_close or self.close_when_flushed:
            return
        elif request is None:
            if waiting > (IDLE_SECONDS if self.answered else HEAD_SECONDS):
                self.close_now()
        elif waiting > (
            BODY_SECONDS + request.body_bytes_received / BODY_RATE if request.headers_finished else HEAD_SECONDS
        ):
            self.refuse(request)

    def check_reading(self, now: float) -> None:
        """Close the connection if the client took too little of its answer since the last check."""
        if self.bytes_taken - self.bytes_at_check >= READ_BYTES:
            self.bytes_at_check, self.checked_at = self.bytes_taken, now
        elif now - self.checked_at > READ_SECONDS:
            self.close_now()

    def refuse(self, request: RequestParser) -> None:
        """Answer a request that did not arrive in time, and end the connection."""
        request.error = RequestTimeout("The request did not arrive in time.")
        request.completed, self.request, self.partial = True, None, None
        Refusal(self, request).service()
        self.close_when_flushed = True

"""Reads requests as waitress does, and refuses what two servers in a row could read differently, or what is too large."""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

MOST_LINE = 8190  # bytes of the request line
MOST_HEAD = 32_768  # bytes of the request line and all headers
MOST_FIELDS = 100  # headers
MOST_BODY = 2_621_440  # bytes; Django refuses larger forms itself (DATA_UPLOAD_MAX_MEMORY_SIZE)
MOST_UPLOAD = 20_971_520  # bytes that a curator may send: the text of a source
UPLOADS = ("/admin/", "/th/admin/", "/vi/admin/")  # a test compares them with the languages of the site
MOST_CHUNK_LINE = 1024  # bytes of the line before a chunk
LONE_LINE_FEED = re.compile(rb"(?<!\r)\n")
FOLDED_LINE = re.compile(rb"\r\n[ \t]")


class RequestLineTooLong(BadRequest):
    """The answer to a request line that is longer than any address of ours."""

    code = 414
    reason = "URI Too Long"


class VersionNotSupported(BadRequest):
    """The answer to a request in a version of HTTP other than 1.0 and 1.1."""

    code = 505
    reason = "HTTP Version Not Supported"


class RequestTimeout(BadRequest):
    """The answer to a request that did not arrive as a whole in time."""

    code = 408
    reason = "Request Timeout"


class UnsupportedVersion(Exception):
    """Raised while a head is read whose version of HTTP is not ours."""


class RequestParser(HTTPRequestParser):
    """One request, from its first byte to the last one of its body."""

    command = path = ""  # as long as the head was not read
    error: Error | None = None

    def received(self, data: bytes) -> int:
        """Take bytes of the request and return how many of them belong to it. Sets `completed`, and `error` if it is refused."""
        try:
            consumed = int(super().received(data))
        except UnsupportedVersion:
            self.error = VersionNotSupported("This server speaks HTTP/1.1 and HTTP/1.0.")
            self.headers_finished, consumed = True, len(data)
        else:
            self.error = self.error or self.fault()
        if self.error is not None:
            # Who waits for “100 Continue” is told not to send the body.
            self.completed, self.expect_continue = True, False
        return consumed

    @property
    def bytes_kept(self) -> int:
        """How many bytes of it are kept until it is answered."""
        return len(self.header_plus) + int(self.body_bytes_received)

    def fault(self) -> Error | None:
        """Return why what arrived so far is refused; None if it is not."""
        if not self.headers_finished:
            if len(self.header_plus) > MOST_LINE and b"\r\n" not in self.header_plus[:MOST_LINE]:
                return RequestLineTooLong(f"The request line has at most {MOST_LINE} bytes.")
            if LONE_LINE_FEED.search(self.header_plus.lstrip(b"\r\n")):
                return BadRequest("A line ends with CR and LF.")
            return None
        if self.empty:
            return None
        most = MOST_UPLOAD if self.path.startswith(UPLOADS) else MOST_BODY
        if self.content_length > most or self.body_bytes_received > most:
            return RequestEntityTooLarge(f"A request has at most {most} bytes here.")
        body = self.body_rcv
        if isinstance(body, ChunkedReceiver) and max(len(body.control_line), len(body.trailer)) > MOST_CHUNK_LINE:
            return BadRequest("The line before a chunk is too long.")
        return None

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the headers. Raises ParsingError where they are not clear."""
        if header_plus.find(b"\r\n") > MOST_LINE:
            # The error is kept; the request itself is not read.
            self.error = RequestLineTooLong(f"The request line has at most {MOST_LINE} bytes.")
            header_plus = b"GET / HTTP/1.0\r\n"
        if FOLDED_LINE.search(header_plus):
            raise ParsingError("A header may not go on in the next line.")
        if header_plus.count(b"\r\n") > MOST_FIELDS + 2:
            raise ParsingError(f"There are at most {MOST_FIELDS} headers.")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # a length of thousands of digits, an address with half an IPv6 address
            raise ParsingError("The request cannot be read.") from error
        if self.version not in ("1.0", "1.1"):
            raise UnsupportedVersion
        if self.version == "1.0" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("HTTP/1.0 has no Transfer-Encoding.")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("A request has either Content-Length or Transfer-Encoding.")
        if self.version == "1.1" and "HOST" not in self.headers:
            raise ParsingError("A request has a header Host.")

"""Bodies that are sent in chunks, without a Content-Length: Django reads as much as that header says, which is nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def with_content_length(application: WSGIApplication) -> WSGIApplication:
    """Return an application that is given such a body whole, with its length. One that is too long is answered with 413."""

    def application_with_content_length(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if not chunked or environ.get("CONTENT_LENGTH") or not environ.get("wsgi.input_terminated"):
            return application(environ, start_response)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = environ["wsgi.input"].read(most + 1)
        if len(body) > most:
            text = f"A body without Content-Length has at most {most} bytes.\n".encode()
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))]
            start_response("413 Content Too Large", [*headers, ("Cache-Control", "no-store"), ("Connection", "close")])
            return [text]
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        return application(environ, start_response)

    return application_with_content_length

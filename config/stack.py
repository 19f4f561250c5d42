"""Room on Python's stack for a whole request.

CPython keeps the frames of a thread in chunks of 16 kB, and gives a chunk back as soon as its first frame returns. Where a chunk
happens to end below a template, every one of the thousands of small functions that the template calls allocates a chunk and gives
it back. Pages took between 1.0 and 1.8 times as long, depending on nothing but how many middlewares stand above the view:
docs/decisions/033-room-on-the-stack.md. A function that asks for a large frame gets a chunk of its own, whose rest all
functions below it share.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Of 8 bytes each: 264 kB, for which CPython allocates a chunk of 512 kB. The half that is left holds a request; memory that is not
# touched costs nothing.
SLOTS = 33_000


def with_room_on_the_stack(application: WSGIApplication) -> WSGIApplication:
    """Return an application whose calls all have their frames in one chunk of the stack."""

    def application_with_room(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return application(environ, start_response)

    application_with_room.__code__ = application_with_room.__code__.replace(co_stacksize=SLOTS)
    return application_with_room

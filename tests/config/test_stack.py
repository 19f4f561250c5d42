"""A request has room on Python's stack."""

import sys

from config.stack import SLOTS, with_room_on_the_stack

CHUNK = 16 * 1024 // 8  # slots that CPython allocates at once


def test_the_application_is_called_below_a_frame_that_is_larger_than_a_chunk():
    frames = []

    def application(environ, start_response):
        frames.append(sys._getframe().f_back.f_code.co_stacksize)
        start_response(f"200 {environ['PATH_INFO']}", [])
        return [b"body"]

    statuses = []
    answer = with_room_on_the_stack(application)({"PATH_INFO": "/"}, lambda status, headers: statuses.append(status))
    assert (answer, statuses) == ([b"body"], ["200 /"])
    assert frames == [SLOTS]
    assert SLOTS > 2 * CHUNK

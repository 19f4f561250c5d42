"""A process of gunicorn that serves with waitress: one event loop for all connections, and threads for whole requests."""

from __future__ import annotations

import os
import resource
import socket
import threading
import time

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from .connections import SPOOL, Connection
from .kept import KeptBytes
from .parser import MOST_HEAD, MOST_UPLOAD

IDLE_LINGER = 2  # seconds that a stopping process waits for requests which may be on their way
MOST_FILES = 65_536  # file descriptors: one for a connection, more for what is kept of its answers


class Listener(TcpWSGIServer):
    """A socket that listens, and the connections that came by it."""

    channel_class = Connection

    def __init__(self, worker: BufferingWorker, adjustments: Adjustments, listening: socket.socket) -> None:
        self.worker, self.waiting_threads, self.kept = worker, worker.waiting_threads, worker.kept
        sockinfo = (listening.family, listening.type, listening.proto, listening.getsockname())
        super().__init__(
            worker.wsgi, worker.sockets_of_loop, True, listening, worker.dispatcher, adjustments, sockinfo, False
        )
        self.server_name = self.effective_host  # for requests in HTTP/1.0, which may name no host

    def accept_connections(self) -> None:
        """Take connections from now on; gunicorn has made the socket listen."""
        self.accepting = True

    def count_answer(self) -> bool:
        """Count an answer, and return whether its connection has to end with it."""
        return self.worker.count_answer()

    def handle_accept(self) -> None:
        """Accept a connection. If there are too many, the one that has been without a request for longest is closed."""
        if len(self.active_channels) >= self.worker.most_connections:
            waiting = [c for c in self.active_channels.values() if not c.requests and not c.total_outbufs_len]
            if waiting:
                min(waiting, key=lambda connection: connection.waits_since).close_now()
        super().handle_accept()

    def maintenance(self, _now: float) -> None:
        """End what takes too long; once a second."""
        now = time.monotonic()
        for connection in list(self.active_channels.values()):
            connection.check_time(now)
        self.kept.make_room()


class UnixListener(Listener):
    """A Unix socket that listens: for a proxy on the same machine."""

    def getsockname(self) -> tuple[str, str]:
        """Return what stands for host and port."""
        return "localhost", ""

    def set_socket_options(self, connection: socket.socket) -> None:
        """Set none: those of TCP mean nothing here."""

    def fix_addr(self, _address: object) -> tuple[str, int]:
        """Return the address of a client: it has none."""
        return "", 0


class BufferingWorker(Worker):
    """A process that reads requests as a whole before a thread answers them, and keeps answers until they are taken."""

    listeners: tuple[Listener, ...] = ()
    alive: bool

    def run(self) -> None:
        """Serve until told to stop, then end what was begun."""
        self.most_connections = self._connections_to_allow()
        self.sockets_of_loop: dict[int, wasyncore.dispatcher] = {}
        self.kept = KeptBytes(self.connections)
        self.waiting_threads = threading.BoundedSemaphore(max(1, self.cfg.threads - 1))
        self.dispatcher = ThreadedTaskDispatcher()
        self.dispatcher.set_thread_count(self.cfg.threads)
        adjustments = Adjustments(
            threads=self.cfg.threads,
            asyncore_use_poll=True,
            cleanup_interval=1,
            connection_limit=self.most_connections + 100,
            max_request_header_size=MOST_HEAD,
            max_request_body_size=MOST_UPLOAD + 1,
            outbuf_high_watermark=SPOOL,
            clear_untrusted_proxy_headers=not believes_proxies(),
            ident=None,
            log_socket_errors=False,
        )
        self.listeners = tuple(
            (UnixListener if one.family == socket.AF_UNIX else Listener)(self, adjustments, one.sock)
            for one in self.sockets
        )
        while self.alive and self.ppid == os.getppid():
            self.turn(1)
        self.alive = False
        self.end_connections()

    def connections(self) -> list[Connection]:
        """Return all connections."""
        return [c for listener in self.listeners for c in list(listener.active_channels.values())]

    def turn(self, seconds: float) -> None:
        """Wait so long for sockets to become ready, and do what they are ready for."""
        self.notify()
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.sockets_of_loop, count=1)

    def end_connections(self) -> None:
        """Accept no more connections, and close the others once they are answered, or after the time allowed."""
        for listener in self.listeners:
            listener.del_channel()  # the other processes go on accepting
        stopped = time.monotonic()
        while time.monotonic() < stopped + self.cfg.graceful_timeout:
            now = time.monotonic()
            connections = self.connections()
            for connection in connections:
                connection.check_time(now)
                if not connection.is_busy and now > stopped + IDLE_LINGER:
                    connection.handle_close()
            if not connections:
                break
            self.turn(0.1)
        self.dispatcher.shutdown(timeout=0)

    def count_answer(self) -> bool:
        """Count an answer, and return whether the process is about to stop."""
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("A process has answered its number of requests and is replaced.")
            self.handle_exit(0, None)
        return not self.alive

    def handle_exit(self, sig: int, frame: object) -> None:
        """Begin to stop (receives SIGTERM)."""
        super().handle_exit(sig, frame)
        for listener in self.listeners:
            listener.pull_trigger()

    def _connections_to_allow(self) -> int:
        """Return how many connections may be open at a time: as configured, unless the system allows fewer files."""
        files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files < MOST_FILES:
            files = min(MOST_FILES, most) if most != resource.RLIM_INFINITY else MOST_FILES
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
        return int(min(self.cfg.worker_connections, max(files // 2 - 100, 10)))


def believes_proxies() -> bool:
    """Whether a proxy in front of the site is to be believed; otherwise what proxies say is taken out of every request."""
    from django.conf import settings  # the settings are loaded with the application, after the fork

    return bool(settings.BEHIND_PROXY or settings.TRUSTED_PROXIES)

"""What tests run inside the process of a site that is told of a replica: asking, writing, and getting into trouble."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.site import Site, environ_of


def impatient() -> None:
    """Try a replica that failed again after a second."""
    from config import replica

    replica.RETRY_AFTER_FAILURE = 1.0


def look_again() -> None:
    """Forget what is known of the replica."""
    from config.replica import NEVER, watch

    watch.complete = watch.next_check = NEVER
    watch.pending.clear()


def know_all() -> None:
    """Look at the replica until it has replayed all that was written before; any server writes to its log now and then."""
    from time import monotonic, sleep

    from config.replica import watch

    started = monotonic()
    while watch.complete < started:
        assert monotonic() < started + 15, "the replica does not follow"
        watch.check()
        sleep(0.02)


def ask(address: str, session: bool = False, looks: bool = True, **headers: str) -> Any:
    """Ask for an address; return status, headers, body and the number of queries by database."""
    from contextlib import ExitStack

    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    from config.replica import watch

    ask.application = getattr(ask, "application", None) or get_wsgi_application()  # type: ignore[attr-defined]
    if not looks:
        watch.complete_until()
        watch.next_check = float("inf")
    counts = {"default": 0, "replica": 0}

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counts[context["connection"].alias] += 1
        return execute(sql, params, many, context)

    told: dict[str, Any] = {}

    def start(status: str, fields: list[tuple[str, str]], *rest: Any) -> None:
        told.update(status=int(status[:3]), headers={name.lower(): value for name, value in fields})

    environ = environ_of(address, {**headers, **({"cookie": "sessionid=curator"} if session else {})})
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(count))
        response = ask.application(environ, start)  # type: ignore[attr-defined]
        body = b"".join(response)
        response.close()
    if not looks:
        watch.next_check = float("-inf")
    return told["status"], told["headers"], body, counts


def get(site: Site, address: str, **options: Any) -> Any:
    """Ask the site for an address."""
    return site.call(partial(ask, address, **options))


def rename(name: str) -> None:
    """Write: call the first person something else."""
    from directory.models import Person

    Person.objects.filter(pk=Person.objects.order_by("pk")[0].pk).update(name=name, labels={})


def slug() -> str:
    """Return the id of that person."""
    from directory.models import Person

    return str(Person.objects.order_by("pk")[0].slug)


def send_report(path: str) -> str:
    """Keep a report as the form does, and return its page."""
    from reports.models import Report, State
    from reports.subjects import subject_at

    report = Report(message="It is wrong.")
    report.about(subject_at(path))
    report.move_to(State.OPEN)
    return report.get_absolute_url()


def fails_once(error: str) -> None:
    """Have the next list of the API run into trouble in its middle, on whatever server it reads."""
    from django.db import connections, router

    from directory.api.views import PersonViewSet
    from directory.models import Person

    def rows(self: Any, *arguments: Any) -> Any:
        del PersonViewSet.rows
        list(Person.objects.all()[:1])
        with connections[router.db_for_read(Person)].cursor() as cursor:
            cursor.execute(error)
        return super(PersonViewSet, self).rows(*arguments)

    PersonViewSet.rows = rows  # type: ignore[method-assign]


def left_alone() -> bool:
    """Whether the replica is not read for now."""
    from config.replica import NEVER, watch

    return watch.complete == NEVER


def close_all() -> None:
    """Forget connections whose settings a test changed."""
    from django.db import connections

    connections.close_all()

"""Goal 10: what every type of page weighs and costs, and that none grows with the site."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from ..bench import Bench, Figure, at_most, compare, landmarks, number
from ..site import Loader, Site

ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')
GROWTH = 1.5  # of a page over the large database against the same over the small one
ROUNDS = 3


def addresses(marks: dict[str, Any]) -> dict[str, str]:
    """Return an address of every type of page; of records those that have the most, so that both sizes fill the page."""
    return {
        "home": "/",
        "search": "/search/?q=film",
        "statements": "/statements/",
        "a statement": f"/statements/{marks['statement']}/",
        "people": "/people/",
        "a person": f"/people/{marks['speaker']}/",
        "events": "/events/",
        "an event": f"/events/{marks['event']}/",
        "organizations": "/organizations/",
        "an organization": f"/organizations/{marks['organization']}/",
        "initiatives": "/initiatives/",
        "an initiative": f"/initiatives/{marks['initiative']}/",
        "topics": "/topics/",
        "a topic": f"/topics/{marks['topic']}/",
        "sources": "/sources/",
        "a source": f"/sources/{marks['source']}/",
        "network": "/network/",
        "one in the network": f"/network/?focus=events/{marks['event']}",
        "data": "/data/",
        "a figure": "/data/quality/no-english/",
    }


def measure(bench: Bench) -> Iterator[Figure]:
    """Weigh every page at both sizes, ask for it again, and compare the largest records in the admin with small ones."""
    small, large = bench.both
    for site in bench.both:
        site.call(prepare)
    at_small, at_large = (addresses(site.call(landmarks)) for site in bench.both)
    for name, address in at_large.items():
        first = large.get(address)  # the first since the figures were counted: nothing is kept
        kept = large.get(address, 3)
        one, other = small.get(anew(at_small[name])), large.get(anew(address))
        if other.status != 200:
            yield Figure(10, f"{name}: first visit", f"{other.status}", "200", False)
            continue
        packed, files = len(gzip.compress(other.body, 6)) / 1024, len(set(ASSET.findall(other.body)))
        weight = f"{packed:.1f} kB packed, {1 + files} requests, {other.queries} queries"
        told = f"kept {number(kept.ms)} ms, made anew {number(other.ms)} ms, first after a write {number(first.ms)} ms"
        yield Figure(10, f"{name}: first visit", f"{weight}; {told}")
        yield _repeat(name, large, address, kept)
        ratio = compare(ROUNDS, partial(_anew, large, address), partial(_anew, small, at_small[name]))
        told = f"{name}, made anew: {bench.sizes[1]:,} against {bench.sizes[0]:,} statements ({_against(other, one)})"
        yield at_most(10, told, ratio, GROWTH)
    yield from _largest(bench, large)


_number = count()


def anew(address: str) -> str:
    """Return the address with a parameter that pages ignore: it is another one, so no kept page answers it."""
    return f"{address}{'&' if '?' in address else '?'}n={next(_number)}"


def _anew(site: Site, address: str) -> Loader:
    return site.get(anew(address))


def _against(large: Loader, small: Loader) -> str:
    """Return the bytes and queries of both."""
    return (
        f"{len(large.body) / 1024:.0f} and {len(small.body) / 1024:.0f} kB, {large.queries} and {small.queries} queries"
    )


def _repeat(name: str, site: Site, address: str, page: Loader) -> Figure:
    """Return what the page costs who has it."""
    tag = page.headers.get("etag")
    if not tag:
        return Figure(10, f"{name}: repeat visit", "no ETag: whole again", "304, 1 query", False)
    again = site.get(address, 5, if_none_match=tag)
    value = f"{again.status}, {len(again.body)} bytes, {again.queries} query, {number(again.ms)} ms"
    return Figure(10, f"{name}: repeat visit", value, "304, 1 query", (again.status, again.queries) == (304, 1))


def _largest(bench: Bench, site: Site) -> Iterator[Figure]:
    marks = site.call(landmarks)
    pairs = {
        "person who speaks most": (f"/people/{marks['speaker']}/", f"/people/{marks['speakers'][19]}/"),
        "event of 2,500": (f"/events/{marks['event']}/", f"/events/{marks['another_event']}/"),
    }
    for what, (big, plain) in pairs.items():
        ratio = compare(bench.rounds, partial(_anew, site, big), partial(_anew, site, plain))
        yield at_most(10, f"page of the {what}, made anew, against another", ratio, GROWTH)
    cookie = site.call(sign_in)
    try:
        for what, kind, app in (
            ("person who speaks most", "person", "directory"),
            ("event of 2,500", "event", "events"),
        ):
            big, plain = f"/admin/{app}/{kind}/1/change/", f"/admin/{app}/{kind}/40/change/"
            answer = site.get(big, cookie=cookie)
            one, other = (partial(site.get, address, cookie=cookie) for address in (big, plain))
            ratio = compare(ROUNDS, one, other)
            kilobytes = len(answer.body) / 1024
            figure = at_most(10, f"admin of the {what} against another ({kilobytes:,.0f} kB)", ratio, GROWTH)
            yield figure if answer.status == 200 else Figure(10, figure.what, f"{answer.status}", "200", False)
        for what, address in CURATION.items():
            answer = site.get(address, cookie=cookie)
            value = f"{number(answer.ms)} ms, {answer.queries} queries, {len(answer.body) / 1024:,.0f} kB"
            yield Figure(10, f"admin: {what}", value, "200", None if answer.status == 200 else False)
    finally:
        site.call(sign_out)


CURATION = {
    "list of statements": "/admin/events/statement/",
    "search in statements": "/admin/events/statement/?q=film",
    "list of people": "/admin/directory/person/",
    "list of passages": "/admin/directory/passage/",
    "what a field offers": "/admin/autocomplete/?app_label=events&model_name=statement&field_name=speaker&term=an",
    "history of an event": "/admin/events/event/1/history/",
}


def prepare() -> None:
    """Count the figures that are counted beforehand, which is a write as well. Runs in the process of the site."""
    from django.core.management import call_command

    call_command("count_quality", verbosity=0)


def sign_in() -> str:
    """Make a curator and return her cookie."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    sign_out()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    return f"sessionid={client.cookies['sessionid'].value}"


def sign_out() -> None:
    """Take the curator away."""
    from django.contrib.auth import get_user_model

    get_user_model().objects.filter(username="bench").delete()

"""Goal 10: what every type of page weighs and costs, and that none grows with the site."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..bench import Bench, Figure, at_most, compare, landmarks, number
from ..site import Answer, Site

ASSET = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def addresses(marks: dict[str, Any]) -> dict[str, str]:
    """Return an address of every type of page."""
    return {
        "home": "/",
        "search": "/search/?q=film",
        "statements": "/statements/",
        "a statement": f"/statements/{marks['statement']}/",
        "people": "/people/",
        "a person": f"/people/{marks['quiet']}/",
        "events": "/events/",
        "an event": f"/events/{marks['another_event']}/",
        "organizations": "/organizations/",
        "an organization": f"/organizations/{marks['organization']}/",
        "initiatives": "/initiatives/",
        "an initiative": f"/initiatives/{marks['initiative']}/",
        "topics": "/topics/",
        "a topic": f"/topics/{marks['topic']}/",
        "sources": "/sources/",
        "a source": f"/sources/{marks['source']}/",
        "network": "/network/",
        "data": "/data/",
    }


def measure(bench: Bench) -> Iterator[Figure]:
    """Weigh every page at both sizes; compare the largest records with small ones, in the admin too."""
    small, large = bench.both
    at_small, at_large = (addresses(site.call(landmarks)) for site in bench.both)
    for name, address in at_large.items():
        one, other = _patient(small, at_small[name]), _patient(large, address)
        files = len(set(ASSET.findall(other.body)))
        packed = len(gzip.compress(other.body, 6)) / 1024
        tag = other.headers.get("etag")
        again = large.get(address, if_none_match=tag) if tag else None
        repeat = f"{again.status}, {number(again.ms)} ms" if again else "no ETag: whole again"
        value = f"{number(other.ms)} ms ({number(one.ms)} ms at {bench.sizes[0]:,}), {other.queries} queries"
        what = f"{name}: first visit; repeat visit"
        weight = f"{packed:.1f} kB packed, {1 + files} requests"
        yield Figure(10, what, f"{weight}, {value}; {repeat}", "200", None if other.status == 200 else False)
    yield from _largest(bench, large)


def _patient(site: Site, address: str) -> Answer:
    """Ask once, and again for a median unless it takes long."""
    answer = site.get(address)
    return answer if answer.ms > 2000 else site.get(address, 3)


def _largest(bench: Bench, site: Site) -> Iterator[Figure]:
    marks = site.call(landmarks)
    pairs = {
        "person who speaks most": (f"/people/{marks['speaker']}/", f"/people/{marks['speakers'][19]}/"),
        "event of 2,500": (f"/events/{marks['event']}/", f"/events/{marks['another_event']}/"),
    }
    for what, (big, plain) in pairs.items():
        ratio = compare(bench.rounds, partial(site.get, big, 2), partial(site.get, plain, 2))
        yield at_most(10, f"page of the {what} against another", ratio, 1.5)
    cookie = site.call(sign_in)
    try:
        for what, kind, app in (
            ("person who speaks most", "person", "directory"),
            ("event of 2,500", "event", "events"),
        ):
            big, plain = f"/admin/{app}/{kind}/1/change/", f"/admin/{app}/{kind}/40/change/"
            answer = site.get(big, cookie=cookie)
            one, other = (partial(site.get, address, cookie=cookie) for address in (big, plain))
            ratio = compare(3, one, other)
            kilobytes = len(answer.body) / 1024
            figure = at_most(10, f"admin of the {what} against another ({kilobytes:,.0f} kB)", ratio, 1.5)
            yield figure if answer.status == 200 else Figure(10, figure.what, f"{answer.status}", "200", False)
    finally:
        site.call(sign_out)


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

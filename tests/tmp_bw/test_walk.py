import collections
import logging
import sys
import traceback

import pytest
from django.core.signals import got_request_exception

from tests.guarantees import test_admin_addresses as t

pytestmark = pytest.mark.django_db


def test_it(admin_client):
    t.publish_world()
    c = admin_client
    c.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    seen = collections.OrderedDict()
    last = [None]

    def note(**k):
        e = sys.exc_info()
        tb = traceback.extract_tb(e[2])
        last[0] = (
            e[0].__name__,
            str(e[1])[:70],
            [
                f"{f.filename.split('/')[-1]}:{f.name}"
                for f in tb
                if "/w/inputs/" in f.filename or "contrib/admin" in f.filename or "simple_history" in f.filename
            ][-3:],
        )

    got_request_exception.connect(note)
    names = [
        "directory_person",
        "events_statement",
        "events_wording",
        "events_participation",
        "directory_passage",
        "directory_personname",
        "auth_user",
        "reports_report",
        "auth_group",
        "directory_source",
    ]
    from urllib.parse import quote

    from django.db import transaction

    def go(m, a):
        with transaction.atomic():
            r = getattr(c, m)(a)
            transaction.set_rollback(True)
        if r.status_code >= 500:
            k = last[0]
            seen.setdefault(str(k), []).append(m + " " + a[:110])

    vals = [quote(v.encode("utf-8", "surrogatepass")) for v in t.ODD_VALUES]
    for n in names:
        b = "/admin/" + n.replace("_", "/", 1) + "/"
        for k in t.ODD_KEYS:
            for p in ("change/", "delete/", "history/", "history/1/", "password/"):
                for m in ("get", "post"):
                    go(m, b + k + "/" + p)
            go("get", b + "1/history/" + k + "/")
        for v in vals[:: 1 if n == "events_statement" else 4]:
            for p in t.LIST_PARAMETERS:
                go("get", f"{b}?{p}={v}")
            for p in t.ADD_PARAMETERS:
                go("get", f"{b}add/?{p}={v}")
    for v in vals:
        for p in ("term", "p", "app_label", "model_name", "field_name", "page"):
            q = {"app_label": "events", "model_name": "statement", "field_name": "speaker", "term": "a"}
            q[p] = "@"
            go("get", "/admin/autocomplete/?" + "&".join(f"{a}={v if x == '@' else x}" for a, x in q.items()))
        for p in (
            "/admin/r/%s/1/",
            "/admin/r/1/%s/",
            "/admin/jsi18n/?language=%s",
            "/admin/?x=%s",
            "/admin/%s/",
            "/admin/login/?next=%s",
            "/admin/password_change/?x=%s",
        ):
            go("get", p % v.replace("%00", "%2500"))
    with open("/tmp/bw/out.txt", "w") as f:
        for k, v in seen.items():
            print(len(v), k, v[:3], file=f)

"""Errors are sent to Sentry, or to whatever speaks its protocol, if SENTRY_DSN is set. Without it nothing here is loaded.

An event says where the code failed. It does not say who asked, with which words or cookies, nor what the texts were that were
being handled: those may not be public.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

import sentry_sdk
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event, Hint

from operations.logs import request_id, without_values


def start_reporting(dsn: str, transport: type[Transport] | None = None) -> None:
    """Send unhandled exceptions and lines of the level ERROR from now on. `transport` stands in for the network.

    Personal data stays out by default (the option send_default_pii is not given); `scrubbed` takes out the rest.
    """
    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,  # they would hold queries with their values
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            DjangoIntegration(),
            DedupeIntegration(),
            LoggingIntegration(level=None, event_level=logging.ERROR),
        ],
        server_name="",
        before_send=scrubbed,
    )


def scrubbed(event: Event, hint: Hint) -> Event:
    """Return the event without what says who asked for what, and without values of rows."""
    request = event.pop("request", None) or {}
    address = str(request.get("url") or "")
    if address:
        event["request"] = {"method": request.get("method"), "url": without_values(urlsplit(address).path)}
    for name in ("user", "extra", "breadcrumbs", "server_name"):
        event.pop(name, None)  # type: ignore[misc]
    for exception in (event.get("exception") or {}).get("values", []):
        exception["value"] = without_values(str(exception.get("value") or ""))
    entry = event.get("logentry")
    if entry:
        event["logentry"] = {"message": without_values(str(entry.get("formatted") or entry.get("message") or ""))}
    if request_id.get():
        event["tags"] = {**(event.get("tags") or {}), "request_id": request_id.get()}
    return event

"""The addresses of a reconciliation service."""

from __future__ import annotations

from django.urls import URLPattern, path

from base.reconcile.matching import EntityKind
from base.reconcile.preview import EntityPage, EntityPreview
from base.reconcile.service import Reconcile
from base.reconcile.suggest import PropertyProposals, Suggest


def reconcile_urls(kinds: tuple[EntityKind, ...]) -> list[URLPattern]:
    """Return the addresses of a service for these kinds."""
    return [
        path("reconcile/", Reconcile.as_view(kinds=kinds), name="reconcile"),
        *[
            path(f"reconcile/suggest/{what}/", Suggest.as_view(kinds=kinds), {"what": what})
            for what in ("entity", "property", "type")
        ],
        path("reconcile/properties/", PropertyProposals.as_view(kinds=kinds)),
        path("reconcile/view/", EntityPage.as_view(kinds=kinds)),
        path("reconcile/preview/", EntityPreview.as_view(kinds=kinds)),
    ]

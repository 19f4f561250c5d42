"""The addresses of the desk, inside the admin site."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views import View

from desk.cards.views import CardDraftView, CardView
from desk.doubles_page import DoublesView
from desk.proposals_page import ProposalsView
from desk.suggestions import SuggestionsView


def urls_of(site: AdminSite) -> list[URLPattern]:
    """Return the pages of the desk, each behind the admin's sign-in (`site.admin_view`)."""

    def of_curators(view: type[View]) -> Callable[..., HttpResponseBase]:
        return site.admin_view(view.as_view(site=site))

    return [
        path("desk/suggestions/", of_curators(SuggestionsView), name="desk_suggestions"),
        path("desk/doubles/", of_curators(DoublesView), name="desk_doubles"),
        path("desk/<slug:slug>/cards/<slug:kind>/", of_curators(CardView), name="desk_card"),
        path("desk/<slug:slug>/proposals/", of_curators(ProposalsView), name="desk_proposals"),
        path("desk/<slug:slug>/drafts/", of_curators(CardDraftView), name="desk_card_draft"),
    ]

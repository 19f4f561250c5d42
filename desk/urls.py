"""The addresses of the desk, inside the admin site."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views import View

from desk.views.intake import CutView, NewArticleView


def urls_of(site: AdminSite) -> list[URLPattern]:
    """Return the pages of the desk, each behind the admin's sign-in (`site.admin_view`)."""

    def of_curators(view: type[View]) -> Callable[..., HttpResponseBase]:
        return site.admin_view(view.as_view(site=site))

    return [
        path("desk/new/", of_curators(NewArticleView), name="desk_new"),
        path("desk/new/<slug:key>/", of_curators(CutView), name="desk_cut"),
    ]

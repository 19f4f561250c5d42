"""The addresses of the desk, inside the admin site."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from desk.views.doubles import DoublesView


def urls_of(site: AdminSite) -> list[URLPattern]:
    """Return the pages of the desk, each behind the admin's sign-in (`site.admin_view`)."""
    return [path("desk/doubles/", site.admin_view(DoublesView.as_view(admin_site=site)), name="desk_doubles")]

"""Addresses: pages, curation and API."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("config.api")),
    path("", include("events.urls")),
    path("", include("directory.urls")),
]

handler404 = "config.views.not_found"

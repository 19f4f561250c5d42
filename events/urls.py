"""Addresses of the home page, search, and the pages of events and statements; and of the files, which have no language."""

import re

from django.urls import path, re_path

from base.pages.changes import changes_path
from base.pages.csv import CsvRedirect

from . import calendars, feeds, views
from .filters import EventFilter, StatementFilter
from .models import Event, Statement

urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("search/", views.Search.as_view(), name="search"),
    path("events/", views.EventList.as_view(), name="event-list"),
    path("events/<str:slug>/", views.EventDetail.as_view(), name="event-detail"),
    path("network/", views.NetworkPage.as_view(), name="network"),
    path("doubts/", views.DoubtsPage.as_view(), name="doubts"),
    path("how-we-work/", views.HowWeWorkPage.as_view(), name="how-we-work"),
    path("check/", views.CheckPage.as_view(), name="check"),
    path("api-guide/", views.ApiGuide.as_view(), name="api-guide"),
    path("api-guide/changes/", views.ApiGuide.as_view(document="api-changes.md"), name="api-guide-changes"),
    path("data/", views.DataPage.as_view(), name="data"),
    path("data/quality/<str:key>/", views.QualityPage.as_view(), name="quality"),
    path("statements/", views.StatementList.as_view(), name="statement-list"),
    path("statements/<str:slug>/", views.StatementDetail.as_view(), name="statement-detail"),
    path("statements/<str:slug>/share.png", views.ShareImage.as_view(), name="statement-share-image"),
    path("statements/<str:slug>/embed/", views.EmbeddedStatement.as_view(), name="statement-card"),
    changes_path(Event),
    changes_path(Statement),
]

# One address each, whatever the language of the reader.
files = [
    path("search/suggest/", views.SearchSuggestions.as_view(), name="suggest"),
    path("events.csv", CsvRedirect.as_view(filterset_class=EventFilter), name="event-csv"),
    path("statements.csv", CsvRedirect.as_view(filterset_class=StatementFilter), name="statement-csv"),
    path("events.ics", calendars.EventsCalendar.as_view(), name="event-calendars"),
    re_path(r"^events/(?P<slug>[^/.]+)\.ics$", calendars.EventCalendar.as_view(), name="event-calendar"),
    re_path(
        rf"^statements/(?P<slug>[^/.]+)\.(?P<form>{'|'.join(map(re.escape, views.STATEMENT_FORMS))})$",
        views.StatementFormat.as_view(),
        name="statement-form",
    ),
    path("statements.atom", feeds.StatementFeed.as_view(), {"form": "atom"}, name="statement-atom"),
    path("statements.feed.json", feeds.StatementFeed.as_view(), {"form": "json"}, name="statement-json-feed"),
    path("api-guide/mirror.py", views.ApiExample.as_view(), name="api-guide-example"),
    path("oembed/", views.OEmbed.as_view(), name="oembed"),
]

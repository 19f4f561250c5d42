"""Addresses of the home page, search, and the pages of events and statements."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("search/", views.Search.as_view(), name="search"),
    path("events/", views.EventList.as_view(), name="event-list"),
    path("events/<str:slug>/", views.EventDetail.as_view(), name="event-detail"),
    path("statements/", views.StatementList.as_view(), name="statement-list"),
    path("statements/<str:slug>/", views.StatementDetail.as_view(), name="statement-detail"),
]

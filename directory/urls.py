"""Addresses of the pages of sources, people, organizations, initiatives and topics."""

from django.urls import path

from . import views

urlpatterns = [
    path("people/", views.PersonList.as_view(), name="person-list"),
    path("people/<str:slug>/", views.PersonDetail.as_view(), name="person-detail"),
    path("organizations/", views.OrganizationList.as_view(), name="organization-list"),
    path("organizations/<str:slug>/", views.OrganizationDetail.as_view(), name="organization-detail"),
    path("initiatives/", views.InitiativeList.as_view(), name="initiative-list"),
    path("initiatives/<str:slug>/", views.InitiativeDetail.as_view(), name="initiative-detail"),
    path("topics/", views.TopicList.as_view(), name="topic-list"),
    path("topics/<str:slug>/", views.TopicDetail.as_view(), name="topic-detail"),
    path("sources/", views.SourceList.as_view(), name="source-list"),
    path("sources/<str:slug>/", views.SourceDetail.as_view(), name="source-detail"),
]

"""Addresses of the pages of sources, people, organizations, initiatives and topics; and of the files, which have no language."""

from django.urls import path

from . import exports, views

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

# One address each, whatever the language of the reader.
files = [
    path("people.csv", exports.PersonCsv.as_view(), name="person-csv"),
    path("organizations.csv", exports.OrganizationCsv.as_view(), name="organization-csv"),
    path("initiatives.csv", exports.InitiativeCsv.as_view(), name="initiative-csv"),
    path("topics.csv", exports.TopicCsv.as_view(), name="topic-csv"),
    path("sources.csv", exports.SourceCsv.as_view(), name="source-csv"),
]

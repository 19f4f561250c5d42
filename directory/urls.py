"""The addresses of the pages of people, organizations, initiatives, topics and sources, and of their CSV files."""

from django.urls import path

from base.pages.changes import changes_path
from base.pages.csv import CsvRedirect

from . import views
from .filters import InitiativeFilter, OrganizationFilter, PersonFilter, SourceFilter, TopicFilter
from .models import Initiative, Organization, Person, Source, Topic

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
    *map(changes_path, (Person, Organization, Initiative, Topic, Source)),
]

# Files have one address for all languages.
files = [
    path("people.csv", CsvRedirect.as_view(filterset_class=PersonFilter), name="person-csv"),
    path("organizations.csv", CsvRedirect.as_view(filterset_class=OrganizationFilter), name="organization-csv"),
    path("initiatives.csv", CsvRedirect.as_view(filterset_class=InitiativeFilter), name="initiative-csv"),
    path("topics.csv", CsvRedirect.as_view(filterset_class=TopicFilter), name="topic-csv"),
    path("sources.csv", CsvRedirect.as_view(filterset_class=SourceFilter), name="source-csv"),
]

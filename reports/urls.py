"""Addresses of reports."""

from django.urls import path

from . import views

urlpatterns = [
    path("reports/new/", views.NewReport.as_view(), name="report-new"),
    path("reports/<str:reference>/", views.ReportPage.as_view(), name="report-detail"),
]

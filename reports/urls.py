"""The addresses of the pages for reports."""

from django.urls import path

from . import views

urlpatterns = [
    path("reports/new/", views.ReportCreate.as_view(), name="report-new"),
    path("reports/<str:reference>/", views.ReportDetail.as_view(), name="report-detail"),
]

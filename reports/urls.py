"""The addresses of the pages for reports."""

from django.urls import path

from . import corrections, views

urlpatterns = [
    path("corrections/", corrections.CorrectionsPage.as_view(), name="corrections"),
    path("reports/new/", views.ReportCreate.as_view(), name="report-new"),
    path("reports/<str:reference>/", views.ReportDetail.as_view(), name="report-detail"),
]

# One address, whatever the language of the reader.
files = [path("corrections.atom", corrections.CorrectionsFeed.as_view(), name="corrections-atom")]

"""The addresses of review: pages inside the admin site, and the public previews."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views import View

from review.preview import PreviewList, PreviewPage
from review.views import SubmissionsView, SubmissionView, SubmitView

urlpatterns = [
    path("preview/<str:key>/", PreviewList.as_view(), name="preview"),
    path("preview/<str:key>/<str:plural>/<str:slug>/", PreviewPage.as_view(), name="preview-record"),
]


def admin_urls(site: AdminSite) -> list[URLPattern]:
    """Return the pages of review, each behind the admin's sign-in (`site.admin_view`)."""

    def of_curators(view: type[View]) -> Callable[..., HttpResponseBase]:
        return site.admin_view(view.as_view(site=site))

    return [
        path("review/", of_curators(SubmissionsView), name="review_submissions"),
        path("review/submit/", of_curators(SubmitView), name="review_submit"),
        path("review/<str:id>/", of_curators(SubmissionView), name="review_submission"),
    ]

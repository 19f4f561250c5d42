"""The addresses of the site: pages and the admin once in every language, the API and files without a language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from directory import urls as directory
from events import urls as events
from reports import urls as reports

from .robots import Robots, SecurityTxt
from .sitemaps import Sitemap, SitemapIndex
from .views import Icon

urlpatterns = [
    path("api/v1/", include("config.api")),
    path("favicon.ico", Icon.as_view(), name="icon"),
    path("robots.txt", Robots.as_view(), name="robots"),
    path(".well-known/security.txt", SecurityTxt.as_view(), name="security"),
    path("sitemap.xml", SitemapIndex.as_view(), name="sitemap"),
    path("sitemap-<section>.xml", Sitemap.as_view(), name="sitemap-section"),
    path("", include(events.files)),
    path("", include(directory.files)),
    path("", include(reports.files)),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", include("reports.urls")),
        path("", include("review.urls")),
        path("", include("events.urls")),
        path("", include("directory.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

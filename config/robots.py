"""What the site tells programs that visit it: robots.txt for crawlers, security.txt for whoever finds a weakness."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from base.pages.conditional import ConditionalFile
from base.pages.views import site_of
from base.text.languages import CODES, address_in

PLAIN = "text/plain; charset=utf-8"
VALID_FOR = datetime.timedelta(days=180)  # RFC 9116: less than a year is recommended


class Robots(ConditionalFile):
    """robots.txt (RFC 9309): crawlers may read every page, and lists narrowed by one filter; the API has exports for programs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file. What is allowed comes first: some crawlers take the first line that fits, others the longest."""
        lines = [
            "User-agent: *",
            f"Allow: {reverse('api:docs')}",
            f"Disallow: {reverse('api:root')}",
            *(f"Disallow: {address_in(path, code)}" for path in ("/admin/", "/search/", "/reports/") for code in CODES),
            *(f"Disallow: {address_in('/network/', code)}?focus=" for code in CODES),
            "Disallow: /*?*&",  # two filters and more: there are more such addresses than anybody can read
            "Disallow: /*?*q=",
            "Disallow: /*?*ordering=",
            f"Sitemap: {site_of(request)}{reverse('sitemap')}",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


class SecurityTxt(ConditionalFile):
    """security.txt (RFC 9116), if SECURITY_CONTACT says whom to write to."""

    daily = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file, which is valid for half a year from today. Raises Http404 without a contact."""
        if not settings.SECURITY_CONTACT:
            raise Http404
        today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=datetime.UTC)
        lines = [
            *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
            f"Expires: {today + VALID_FOR:%Y-%m-%dT%H:%M:%SZ}",
            f"Preferred-Languages: {', '.join(CODES)}",
            f"Canonical: {request.build_absolute_uri()}",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)

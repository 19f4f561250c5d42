"""The page that says who works here and how, and what every mark and word of the site means."""

from __future__ import annotations

from django.views.generic import TemplateView

from base.pages.conditional import ConditionalPage


class HowWeWorkPage(ConditionalPage, TemplateView):
    """Who we are, what the marks and words mean, and how a record is made, checked and corrected."""

    template_name = "how_we_work/how_we_work.html"

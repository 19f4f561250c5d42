"""The page of doubts: competing readings side by side, and what was concluded rather than read."""

from __future__ import annotations

from django.views.generic import TemplateView

from base.pages.conditional import ConditionalPage


class DoubtsPage(ConditionalPage, TemplateView):
    """Everything on record that is not simply stated by a passage."""

    template_name = "doubts/doubts.html"

"""The home page: what the site answers, what is in it, and the newest statements."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.generic import TemplateView

from base.changes.conditional_pages import ConditionalPage, cached_for
from base.lists.counting import count_rows
from base.lists.paging import FilteredRows
from base.text.languages import CODES, address_in
from directory.models import Initiative, Organization, Person, Source, Topic
from events.cards import Cards
from events.filters import StatementFilter
from events.models import Event, Statement

# What a first visitor reads whose browser asks for another language. Each sentence is in its own language.
OFFERS = {"th": "อ่านหน้านี้เป็นภาษาไทย", "vi": "Đọc trang này bằng tiếng Việt"}


def preferred(request: HttpRequest) -> str:
    """Return the language the browser asks for most, if the interface speaks it; else English. No cookie is looked at."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.partition("-")[0]
        if code in CODES:
            return code
    return settings.LANGUAGE_CODE


class Home(ConditionalPage, TemplateView):
    """The front door. In English it offers itself in the language the browser asks for; nobody is sent anywhere."""

    template_name = "pages/home.html"

    @property
    def depends_on(self) -> tuple[str, ...]:
        """Only the English page makes an offer."""
        return ("Accept-Language",) if get_language() == settings.LANGUAGE_CODE else ()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add the offer."""
        if self.depends_on and (code := preferred(request)) in OFFERS:
            kwargs["offer"] = {"code": code, "text": OFFERS[code], "href": address_in(request.path, code)}
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Count what is public and load what is new."""
        numbers = cached_for(self.request, "home", self.numbers)
        return super().get_context_data(statements=Cards(FilteredRows(StatementFilter, {}))[:6], **numbers, **kwargs)

    def numbers(self) -> dict[str, Any]:
        """Count the records of every kind, and what the newest statements are about. One query each."""
        statements = Statement.objects.published()
        kinds: list[Any] = [Event, Person, Organization, Initiative, Statement, Source]
        return {
            "counts": [(kind, count_rows(kind.objects.published())) for kind in kinds],
            "topics": list(Topic.objects.most_used(statements)),
            "initiatives": list(Initiative.objects.most_used(statements, 8)),
        }

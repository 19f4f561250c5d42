"""The home page: what the site is for, the numbers of records, and the newest statements."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.generic import TemplateView

from base.changes.cache import cached_for
from base.documents.plan import plan_of
from base.lists.counting import RowCount, count_rows
from base.lists.paging import FilteredRows
from base.pages.conditional import ConditionalPage
from base.pages.documents import DocumentList, page_loader
from base.records.kinds import kinds
from base.records.publishing import published
from base.records.records import Record
from base.sql.prepared import Row
from base.text.languages import CODES, address_in
from directory.models import Initiative, Topic
from directory.pages import StatementCountSerializer
from events.cards import PLAN
from events.filters import StatementFilter
from events.models import Statement

USED_TOPIC = plan_of(StatementCountSerializer, Topic, frozenset(), frozenset())
USED_INITIATIVE = plan_of(StatementCountSerializer, Initiative, frozenset(), frozenset())
# The offer to read the page in the language that the browser prefers, in that language.
OFFERS = {"th": "อ่านหน้านี้เป็นภาษาไทย", "vi": "Đọc trang này bằng tiếng Việt"}


def preferred(request: HttpRequest) -> str:
    """Return the language that the browser prefers among those of the interface, else English. Cookies are ignored."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = tag.partition("-")[0]
        if code in CODES:
            return code
    return settings.LANGUAGE_CODE


class HomePage(ConditionalPage, TemplateView):
    """The home page. In English it offers a link to the language that the browser prefers; nobody is redirected."""

    template_name = "pages/home.html"

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The headers that the page depends on: only the English page offers another language."""
        return ("Accept-Language",) if get_language() == settings.LANGUAGE_CODE else ()

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Add the offer of another language."""
        if self.depends_on and (code := preferred(request)) in OFFERS:
            kwargs["offer"] = {"code": code, "text": OFFERS[code], "href": address_in(request.path, code)}
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add the numbers of public records, the newest statements, and the topics and initiatives they are about."""
        counts, topics, initiatives = cached_for(self.request, "home", self.numbers)
        loader = page_loader()
        return super().get_context_data(
            statements=DocumentList(FilteredRows(StatementFilter, {}), PLAN)[:6],
            counts=counts,
            topics=loader.documents(USED_TOPIC, topics),
            initiatives=loader.documents(USED_INITIATIVE, initiatives),
            **kwargs,
        )

    def numbers(self) -> tuple[list[tuple[type[Record], RowCount]], list[Row], list[Row]]:
        """Count the records of every kind, and find what statements are about most. One query each."""
        statements = Statement.objects.published()
        return (
            [(kind, count_rows(published(kind))) for kind in kinds("menu")],
            USED_TOPIC.read(Topic.objects.most_used(statements)),
            USED_INITIATIVE.read(Initiative.objects.most_used(statements, 8)),
        )

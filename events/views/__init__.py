"""The home page, search, and the pages of events and statements."""

from .api_guide import ApiExample, ApiGuide
from .check import CheckPage
from .data import DataPage, QualityPage
from .doubts import DoubtsPage
from .embedding import EmbeddedStatement, OEmbed
from .events import EventDetail, EventList
from .formats import STATEMENT_FORMS, StatementFormat
from .home import HomePage
from .how_we_work import HowWeWorkPage
from .network import NetworkPage
from .search import Search, SearchSuggestions
from .share_images import ShareImage
from .statements import StatementDetail, StatementList

__all__ = [
    "STATEMENT_FORMS",
    "ApiExample",
    "ApiGuide",
    "CheckPage",
    "DataPage",
    "DoubtsPage",
    "EmbeddedStatement",
    "EventDetail",
    "EventList",
    "HomePage",
    "HowWeWorkPage",
    "NetworkPage",
    "OEmbed",
    "QualityPage",
    "Search",
    "SearchSuggestions",
    "ShareImage",
    "StatementDetail",
    "StatementFormat",
    "StatementList",
]
